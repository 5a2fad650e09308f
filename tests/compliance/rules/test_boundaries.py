"""The table of boundaries: which case shows each rule holding on one side of an edge, and broken or not to be told on the other.

The cases stand in the modules of their rules and are judged there; here nothing touches the database. What edges a rule must
show follows from how it is declared, so that a new rule, or a new fact that an old one may miss, asks for a row here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pytest

from compliance.rules.declaring import Rule, Subject
from compliance.rules.table import RULES, rules
from pilots.schemes.reader import load
from tests.compliance.rules import (
    test_blocks,
    test_contracts,
    test_costs,
    test_deductions,
    test_edges,
    test_owing,
    test_papers,
    test_pay,
    test_people,
)
from tests.compliance.rules.cases import Case
from tests.compliance.rules.facts import SCHEMES

MODULES = (
    test_pay,
    test_blocks,
    test_costs,
    test_contracts,
    test_deductions,
    test_papers,
    test_people,
    test_owing,
    test_edges,
)
ALL: Mapping[str, Case] = {case.name: case for module in MODULES for case in module.CASES}


@dataclass(frozen=True)
class Edge:
    """Names of cases: of a rule that holds, that is broken, that cannot be told."""

    holds: str = ""
    broken: str = ""
    untold: str = ""


def told(untold: str) -> Edge:
    """A fact is missing."""
    return Edge(untold=untold)


# rule → kind of boundary → its cases. "amount": to the cent, the hour, the square metre; "block": a length of time that is
# not whole, or a number of periods; "change": rules that changed on a day, or that earlier people keep; "missing": a fact.
TABLE: Mapping[str, Mapping[str, Edge]] = {
    "FEE-01": {
        "amount": Edge("a fee paid back whole", "a fee paid back in part"),
        "day": Edge("a fee paid after the day", "a fee paid on the day"),
        "missing": told("a cost nobody says what for"),
    },
    "FEE-02": {
        "amount": Edge("costs that round to 1.00 months", "costs that round to 1.01 months"),
        "currency": Edge("costs in a currency with a rate, below", "costs in a currency with a rate",
                         "costs in a currency without a rate"),
        "day": Edge("costs and no pay yet", untold="costs and no pay after six weeks"),
        "missing": told("costs and pay in two currencies"),
    },
    "FEE-03": {
        "amount": Edge("a deposit given back", "a deposit"),
        "day": Edge("a deposit cleared on the day", "a deposit cleared the day after"),
    },
    "CON-01": {
        "amount": Edge("wage equal", "wage a cent lower"),
        "block": Edge("120 in four weeks is 30 a week", "119 in four weeks is less"),
        "day": Edge("a version signed after the day of the evaluation", "on arrival counts as later"),
        "missing": told("nothing signed at home beside what holds now"),
    },
    "CON-02": {
        "day": Edge("signed on the day of departure", "signed the day after departure"),
        "missing": told("a contract without its day"),
    },
    "PAY-01": {
        "amount": Edge("by the piece at the floor", "by the piece a cent below the floor"),
        "season": Edge("season two needs no more", "season three a cent below"),
        "currency": told("pay in another currency"),
        "change": Edge("the old floor for a period that began on 30 June", "a cent under the floor of July"),
        "missing": told("by the piece without hours"),
    },
    "PAY-02": {
        "amount": Edge("the shortfall was paid", "the shortfall was paid but for a cent"),
        "block": Edge("a last block of two weeks needs sixty hours", "half an hour short in a last block"),
        "day": Edge("the first six weeks are not over", "a block that ends on the day of the evaluation"),
        "change": Edge("thirty in each week under the old rule", "a visa of 1 September 2024 keeps thirty hours in each week",
                       "the visa of a season before says nothing of this one"),
        "missing": told("a payslip of the block is missing"),
    },
    "PAY-03": {
        "amount": Edge("an item of nothing that nobody agreed to", "an item of a cent that nobody agreed to"),
        "day": Edge("consent on the day of pay", "consent a day after pay"),
        "missing": told("deductions without items"),
    },
    "PAY-04": {
        "amount": Edge("the agreed total to the cent", "a cent beyond the agreed total"),
        "day": Edge("the last day of the agreement is the first of the period", "a period that begins after the last day"),
        "currency": told("an agreement in another currency"),
        "missing": told("an agreement in another currency"),
    },
    "PAY-05": {
        "amount": Edge("net pay at the floor", "net pay a cent under the floor"),
        "block": Edge("ten days at the floor of ten days", "ten days a cent under it"),
        "currency": told("net in another currency"),
        "missing": told("net in another currency"),
    },
    "PAY-06": {
        "amount": Edge("not paid, due two days ago", "not paid, due three days ago"),
        "day": Edge("paid two days after it was due", "paid three days after it was due"),
        "missing": told("no day on which pay was due"),
    },
    "PAY-07": {"amount": Edge("net a cent off", "net two cents short")},
    "PAY-08": {
        "amount": Edge("rent at the cap of the best class", "rent a cent above the cap of the best class"),
        "block": Edge("a fortnight's rent at twice the cap", "a fortnight's rent a cent above twice the cap"),
        "day": Edge("another room from the last day of the period", "no rise at all before September 2024"),
        "change": Edge("a permit lodged the day before the caps", "V37: 120 may not rise by a cent more"),
        "missing": told("the wage of the contract is not known"),
    },
    "PAY-09": {
        "day": Edge("five days before the first payslip", "six days before the first payslip"),
        "block": Edge("no payslip for six days at the end", "no payslip since three weeks"),
        "missing": told("leave, and no word whether it was paid"),
    },
    "PAY-10": {
        "day": Edge("to be paid in cash tomorrow", "paid in cash today"),
        "missing": told("not said where the pay went"),
    },
    "PAY-11": {"block": Edge("three equal payslips", "four equal payslips")},
    "HRS-01": {
        "amount": Edge("sixty hours a week", "sixty-one hours a week"),
        "block": Edge("ten days that round to sixty hours a week", "ten days that round to sixty hours and a hundredth"),
        "missing": told("hours not stated"),
    },
    "HRS-02": {
        "day": Edge("at work for 27 days and not asked for rest", untold="at work for 28 days and not asked for rest"),
        "missing": told("a check could not verify it"),
    },
    "DOC-01": {
        "day": Edge("a passport that ends in 61 days", "a passport that ends in 60 days"),
        "missing": told("no passport recorded"),
    },
    "STAY-01": {
        "day": Edge("V42: entry 1 October 2025, seven months: 30 April 2026 is the last day",
                    "V42: on 1 May 2026 the stay is over"),
        "block": Edge("seven months in any eleven: thirty earlier days, on the last day",
                      "seven months in any eleven: thirty earlier days, and a day over"),
        "missing": told("nobody knows when the stay before ended"),
    },
    "INS-01": {
        "day": Edge("joined on the fifteenth day of the contract", "joined on the sixteenth day"),
        "missing": told("no insurance recorded at all"),
    },
    "WEL-01": {"day": Edge("met 28 days ago", "met 29 days ago")},
    "REC-01": {
        "day": Edge("a licence to the day of recruitment", "a licence to the day before"),
        "missing": told("no licence recorded"),
    },
    "AGE-01": {
        "day": Edge("eighteen on the day of departure", "eighteen the day after departure"),
        "missing": told("no date of birth"),
    },
    "AGE-02": {
        "day": Edge("thirty-nine on the day of registration", "forty on the day of registration"),
        "missing": told("the year of the fortieth birthday"),
    },
    "BAN-01": {"day": Edge("a ban that ended yesterday", "a ban that ends today")},
    "HOU-01": {
        "amount": Edge("two people on nine", "two people on less"),
        "missing": told("the area is not known"),
    },
}  # fmt: skip


def must_show(code: str) -> set[str]:
    """The kinds of boundary that follow from the rule's own text, from what it reads, and from the schemes' dated values."""
    return {kind for subject, asked in RULES for rule in asked if rule.code == code for kind in _kinds(subject, rule)}


def _kinds(subject: Subject, rule: Rule) -> Iterable[str]:
    used = [subject.uses[name] for name in (*rule.needs, *rule.reads)]
    if rule.missing != "null":
        yield "missing"
    if not rule.owed.startswith("null::"):
        yield "amount"
    if "currency" in f"{rule.missing} {rule.broken} {rule.owed}":
        yield "currency"
    if any("season" in use.facts for use in used):
        yield "season"
    if any(_changed(use.name) for use in used):
        yield "change"


def _changed(name: str) -> bool:
    """Whether a scheme has had another value before."""
    return any(sum(row.name == name for row in load(scheme).parameters) > 1 for scheme in SCHEMES)


def found(name: str) -> set[str]:
    """The rules that a case breaks."""
    case = ALL[name]
    return {rule for rule, *_rest in case.expected(case.worker("C")).found}


def test_no_two_cases_bear_one_name():
    assert len(ALL) == sum(len(module.CASES) for module in MODULES)


@pytest.mark.parametrize("code", sorted(rules()))
def test_every_rule_shows_each_boundary_that_its_declaration_has(code):
    row = TABLE[code]
    assert must_show(code) <= set(row)
    for kind, edge in row.items():
        both = bool(edge.holds) and bool(edge.broken or edge.untold)
        assert both or (edge.untold and kind in ("missing", "currency")), f"{code} {kind} shows one side only"


@pytest.mark.parametrize("code", sorted(rules()))
def test_every_case_of_the_table_says_of_the_rule_what_the_table_says(code):
    for edge in TABLE[code].values():
        for name in filter(None, (edge.holds, edge.broken, edge.untold)):
            untold = {rule for rule, _missing in ALL[name].untold}
            assert (code in found(name)) == (name == edge.broken), name
            assert (code in untold) == (name == edge.untold), name


def test_the_table_speaks_of_no_rule_that_is_not_there():
    assert set(TABLE) == set(rules())
