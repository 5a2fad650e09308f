"""Kinds of report: who may ask for which, for whom it is written, and what stands in it. One table."""

from dataclasses import dataclass

from accounts.roles import Kind
from workers.journey.steps import marked as words

JOURNEY = (
    "funnel", "conversion", "women", "time_in_stage", "departed_within", "time_to_deploy", "fill_rate", "training", "completion",
    "retention", "worker_months", "early_ends", "ends_for_time", "on_time_return",
)  # fmt: skip
RIGHTS = ("check_coverage", "pass_rate", "open_critical", "remedied", "money_recovered", "days_to_remedy")
EVERYTHING = (
    *JOURNEY, "overstay_stock", "rehire", "deployments_per_person",
    "income_multiple", "monthly_difference", "net_pay", "deduction_share", "net_gain",
    "cost_ratio", "cost_ratio_of_totals", "payback", *RIGHTS,
)  # fmt: skip
# What a worker earned at home or paid for the job is not for the employer to read.
FOR_EMPLOYERS = (*JOURNEY, "rehire", *RIGHTS)


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One kind: its title, the audience whose disclosure rule applies, the readers' kinds, and its metrics in order."""

    code: str
    title: str
    audience: str
    readers: frozenset[str]
    metrics: tuple[str, ...]
    own_only: bool = False  # only the placements of the organisation that reads it


KINDS: dict[str, ReportKind] = {
    kind.code: kind
    for kind in (
        ReportKind("employer", words("Employer report"), "employer", frozenset({Kind.EMPLOYER}), FOR_EMPLOYERS, True),
        ReportKind("origin-government", words("Report for the government of origin"), "origin-government",
                   frozenset({Kind.ORIGIN_GOVERNMENT}), EVERYTHING),
        ReportKind("destination-government", words("Report for the government of destination"),
                   "destination-government", frozenset({Kind.DESTINATION_GOVERNMENT}), EVERYTHING),
        ReportKind("funder", words("Funder report"), "funder", frozenset({Kind.FUNDER}), EVERYTHING),
        ReportKind("pilot", words("Pilot review"), "programme", frozenset({Kind.PROGRAMME}), EVERYTHING),
    )
}  # fmt: skip


def kinds_for(organisation_kind: str) -> list[ReportKind]:
    """The kinds of report that an organisation of this kind may ask for and read as its own."""
    return [kind for kind in KINDS.values() if organisation_kind in kind.readers]
