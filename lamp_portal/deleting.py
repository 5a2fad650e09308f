"""Which rules of keeping stand in all apps: ``EVERY_RULE``. A new table of files is named in its app's list."""

from compliance import retention as compliance
from workers.files import retention as workers

EVERY_RULE: tuple[workers.Rule, ...] = (*workers.RULES, *compliance.RULES)
