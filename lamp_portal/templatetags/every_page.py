"""What the layouts link on every page: `{% styles %}` and `{% scripts %}` (lamp_portal/joined.py)."""

from django import template

from lamp_portal import joined

register = template.Library()
register.simple_tag(joined.styles)
register.simple_tag(joined.scripts)
