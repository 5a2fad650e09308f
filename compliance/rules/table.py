"""The table of the rules: every subject with its rules. Edit here to add a subject; ``rules()`` is the whole list."""

import functools
from collections.abc import Mapping
from typing import Final

from compliance.rules import contracts, costs, deductions, hours, housing, papers, pay, people
from compliance.rules.declaring import Rule, Subject

RULES: Final[tuple[tuple[Subject, tuple[Rule, ...]], ...]] = (
    (costs.COSTS, costs.RULES_COSTS),
    (costs.DEBTS, costs.RULES_DEBTS),
    (costs.RATIOS, costs.RULES_RATIOS),
    (contracts.VERSIONS, contracts.RULES_VERSIONS),
    (contracts.SIGNING, contracts.RULES_SIGNING),
    (pay.PAY, pay.RULES),
    (hours.BLOCKS, hours.RULES_BLOCKS),
    (deductions.DEDUCTIONS, deductions.RULES_DEDUCTIONS),
    (deductions.RENTS, deductions.RULES_RENTS),
    (hours.GAPS, hours.RULES_GAPS),
    (hours.RUNS, hours.RULES_RUNS),
    (papers.PAPERS, papers.RULES_PAPERS),
    (papers.STAYS, papers.RULES_STAYS),
    (papers.INSURANCES, papers.RULES_INSURANCES),
    (people.CONTACTS, people.RULES_CONTACTS),
    (people.RESTS, people.RULES_RESTS),
    (people.RECRUITMENTS, people.RULES_RECRUITMENTS),
    (people.AGES, people.RULES_AGES),
    (people.REGISTRATIONS, people.RULES_REGISTRATIONS),
    (people.BANS, people.RULES_BANS),
    (housing.ROOMS, housing.RULES_ROOMS),
)


@functools.cache
def rules() -> Mapping[str, Rule]:
    """code → rule; a code that two subjects ask about (FEE-03) is one rule."""
    return {rule.code: rule for _subject, asked in RULES for rule in asked}
