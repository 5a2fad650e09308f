"""An invented edition with every kind of section, for the tests of the files."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from reports.content import (
    BaseCount,
    Basis,
    Content,
    Definition,
    Dimension,
    Figure,
    Label,
    Missing,
    PilotFacts,
    Previous,
    Section,
)
from reports.disclosure import disclose, disclose_base, disclose_missing, disclose_rows
from reports.statistics import median, ratio, rounded, share

SITES = ("Hawke's Bay packhouse", "Te Puke orchard, block 4 and the nursery behind the river", "Motueka")


def _dimension(name, title, relation, values):
    return Dimension(name=name, title=title, relation=relation, values=tuple(Label(*pair) for pair in values))


def _share(metric, cell, did, base, **more):
    found = share(did, base)
    numbers = {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "numerator": did,
        "denominator": base,
    }
    return Figure(metric=metric, cell=cell, unit="share", **numbers, **more)


def funnel():
    steps = [
        ("registered", "Registered", 96),
        ("selected", "Selected", 84),
        ("contracted", "Contract signed", 84),
    ]
    steps += [
        ("visa", "Visa granted", 72),
        ("deployed", "Left for work", 72),
        ("completed", "Completed as planned", 47),
    ]
    nested = _dimension("step", "Step", "nested", [(step, title) for step, title, _n in steps])
    return Section(
        metric="funnel",
        title="From registration to return",
        definition="How many people of the cohort reached each step by the data cut-off.",
        population="people",
        kind="share",
        numerator_words="People who reached the step.",
        denominator_words="People registered in the cohort.",
        exclusions="Enquirers who never registered.",
        missing_words="A move without a date counts as not reached.",
        uncertainty_words="95 % Wilson interval.",
        source="Journey events recorded by recruiter and programme.",
        statement="Shows where people leave the journey, not why. People still under way count as not there yet.",
        chart="funnel",
        dimensions=(nested,),
        figures=(
            Figure(
                metric="funnel",
                cell={"step": "registered"},
                value=Decimal(1),
                numerator=96,
                denominator=96,
                unit="share",
            ),
            *(_share("funnel", {"step": step}, n, 96) for step, _title, n in steps[1:]),
        ),
        base=96,
        missing=0,
    )


def completion():
    sites = _dimension("site", "Site", "partition", [(f"site-{n}", name) for n, name in enumerate(SITES)])
    sexes = _dimension("sex", "Sex", "partition", [("women", "Women"), ("men", "Men")])
    grid = {("site-0", "women"): (14, 24), ("site-0", "men"): (15, 30), ("site-1", "women"): (3, 4)}
    grid |= {("site-1", "men"): (20, 36), ("site-2", "women"): (22, 40), ("site-2", "men"): (25, 46)}
    figures = [_share("completion", {"site": a, "sex": b}, *pair) for (a, b), pair in grid.items()]
    for name, values in (("site", ["site-0", "site-1", "site-2"]), ("sex", ["women", "men"])):
        for value in values:
            pairs = [pair for key, pair in grid.items() if value in key]
            figures.append(_share("completion", {name: value}, sum(d for d, _ in pairs), sum(b for _, b in pairs)))
    figures.append(_share("completion", {}, sum(d for d, _ in grid.values()), sum(b for _, b in grid.values())))
    return Section(
        metric="completion",
        title="Completed as planned",
        definition="Placements that ended on or after their planned end, less seven days.",
        population="placements",
        kind="share",
        numerator_words="Placements ended as planned.",
        denominator_words="Placements whose planned end has passed.",
        uncertainty_words="95 % Wilson interval.",
        statement="Shows how many placements ran their course. An early end may be a good end for the worker.",
        chart="bars",
        dimensions=(sites, sexes),
        figures=tuple(sorted(figures, key=lambda figure: len(figure.cell))),
        base=200,
        missing=20,
    )


def waiting():
    stages = [
        ("visa", "Contract to visa", 31),
        ("departure", "Visa to departure", 12),
        ("rehire", "Return to next contract", 4),
    ]
    figures = []
    for stage, _title, n in stages:
        found = median([(7 * place * place) % 61 + 3 for place in range(n)], "days")
        numbers: dict[str, Any] = {"value": found.value, "low": found.low, "high": found.high, "denominator": n}
        figures.append(Figure(metric="waiting", cell={"stage": stage}, unit="days", basis=Basis(n), **numbers))
    return Section(
        metric="waiting",
        title="Time in stage",
        definition="Days between entering a stage and leaving it.",
        population="placements",
        kind="duration",
        uncertainty_words="95 % interval from the order of the values; it is 95 % or a little more.",
        statement="Shows the middle placement. Those still waiting are not in it.",
        chart="points",
        dimensions=(_dimension("stage", "Stage", "separate", [(s, t) for s, t, _n in stages]),),
        figures=tuple(figures),
    )


def costs():
    found = ratio(Decimal("18250.40"), Decimal("41311.00"))
    basis = Basis(61, Decimal("0.04"))
    sums: dict[str, Any] = {"numerator": Decimal("18250.40"), "denominator": Decimal("41311.00")}
    figure = Figure(metric="cost", value=found, unit="ratio", note="Before reimbursement.", basis=basis, **sums)
    paid = Figure(metric="paid", value=rounded(Decimal("299.1869"), "NZD"), unit="NZD", denominator=61, basis=basis)
    common: dict[str, Any] = {
        "population": "people",
        "definition": "What workers paid for the job over their first month of pay.",
    }
    one = Section(
        metric="cost",
        title="Recruitment cost ratio",
        kind="ratio",
        statement="A ratio of sums; the middle worker may differ.",
        figures=(figure,),
        base=61,
        missing=14,
        **common,
    )
    two = Section(
        metric="paid",
        title="Paid by each worker",
        kind="money",
        statement="The mean amount in New Zealand dollars.",
        chart="bars",
        figures=(paid,),
        **common,
    )
    return one, two


def findings(words="A finding is opened when a critical item of a check is answered no."):
    kinds = [("pay", "Pay & hours <late>", 14), ("documents", "Documents kept by others", 2)]
    kinds.append(("housing", '=HYPERLINK("http://example.org")', 11))
    figures = [Figure(metric="open", cell={"kind": k}, value=Decimal(n), unit="findings") for k, _t, n in kinds]
    figures.append(Figure(metric="open", value=Decimal(27), unit="findings"))
    return Section(
        metric="open",
        title="Open critical findings",
        definition=words,
        population="findings",
        kind="count",
        statement="A count on one day, not a rate. More findings can mean more checks.",
        chart="bars",
        sensitive=True,
        dimensions=(_dimension("kind", "Subject", "partition", [(k, t) for k, t, _n in kinds]),),
        figures=tuple(figures),
    )


def edition(audience="funder", reader="Pacific Labour Fund (invented)", extra=(), **more):
    """One whole edition through the disclosure rule."""
    sections, note = disclose([funnel(), completion(), waiting(), *costs(), findings(), *extra], audience)
    base = [
        BaseCount("People", 96, "people"),
        BaseCount("Placements", 200, "placements"),
        BaseCount("Sites", 3, "sites"),
    ]
    missing = [Missing("Home income not known", 14, 75), Missing("No date of return", 2, 72)]
    given = {
        "kind": "funder",
        "audience": audience,
        "title": "Outcome report for the funder",
        "pilot": PilotFacts("rse-tonga-2026", "RSE Tonga 2026", "Tonga – New Zealand", "Recognised Seasonal Employer"),
        "reader": reader,
        "period_from": date(2025, 7, 1),
        "period_to": date(2026, 6, 30),
        "as_of": datetime(2026, 7, 15, 9, 30, tzinfo=UTC),
        "edition": 2,
        "previous": Previous(
            1, "0" * 63 + "a", "Late pay records of May.", ("Completed as planned: 12 placements added.",)
        ),
        "base": disclose_base(base, audience),
        "sections": sections,
        "missing": disclose_missing(missing, audience),
        "definitions": (
            Definition("Placement", "One person, one deployment."),
            Definition("Finding", "A breach that stands until resolved."),
        ),
        "disclosure": note,
        "versions": {"code": "0.1.0", "metrics": "1", "catalogue": "2026-03", "scheme": "RSE 2026-01"},
        "row_counts": disclose_rows({"placements": 200, "journey events": 1204, "checks": 3}, audience),
    }
    return Content(**(given | more))
