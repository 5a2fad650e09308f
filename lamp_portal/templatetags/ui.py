"""The table of the portal's template tags and filters: each name, and the function that answers it.

The settings put this library into the template builtins, so pages need no `{% load %}`. `docs/components.md` shows
each one.
"""

from django import template

from lamp_portal.screens import blocks, data, formats, forms, icons, lists, slots, states

register = template.Library()

INLINE_TAGS = (
    icons.icon,
    states.button,
    states.link_button,
    states.dialog_link,
    states.badge,
    states.step_badge,
    states.verified,
    states.due,
    states.person,
    states.file_link,
    states.diff,
    states.cell,
    states.share,
    states.bar,
    blocks.crumb,
    blocks.tabs,
    blocks.stepper,
    blocks.pager,
    blocks.job_progress,
    data.tile,
    data.funnel,
    data.select_all,
    data.select_row,
    forms.field,
    forms.form_fields,
    forms.error_summary,
)
CONTEXT_TAGS = (states.post_button, data.filter_bar, lists.download_list, lists.saved_views)
BLOCK_TAGS = (
    blocks.notice,
    blocks.explain,
    blocks.dialog,
    data.facts,
    data.fact,
    data.tiles,
    data.timeline,
    data.event,
    data.chart,
    data.table,
    data.empty_row,
    data.bulk_bar,
    forms.fieldset,
    forms.field_row,
)
# Block tags with several places, filled by `{% fill "name" %}…{% endfill %}`.
SLOTTED_TAGS = (
    blocks.panel,
    blocks.empty_state,
    forms.form_actions,
)
FILTERS = (
    formats.money,
    formats.number,
    formats.percent,
    formats.day,
    formats.moment,
    formats.month,
    formats.days_left,
    formats.file_size,
    blocks.message_tone,
)

for inline in INLINE_TAGS:
    register.simple_tag(inline)
for inline_with_context in CONTEXT_TAGS:
    register.simple_tag(inline_with_context, takes_context=True)
for block in BLOCK_TAGS:
    register.simple_block_tag(block)
for slotted in SLOTTED_TAGS:
    slots.slotted_tag(register, slotted)
register.simple_block_tag(slots.fill, takes_context=True)
for written in FILTERS:
    register.filter(written.__name__, written)
