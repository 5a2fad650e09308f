"""Kinds of report: who may ask for which, for whom it is written, which questions it answers with which metrics. One table."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.roles import Kind
from workers.journey.steps import marked as words


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a reader: the metrics that answer it in order, and the figures that stand first in the report.

    A leading figure is written as its metric, or as metric:dimension=value.
    """

    question: str
    metrics: tuple[str, ...]
    leading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One kind: its title, the audience whose disclosure rule applies, the readers' kinds, and its questions in order.

    ``own_only``: only the placements of the organisation that reads it. ``across``: all pilots of the asker together.
    """

    code: str
    title: str
    audience: str
    readers: frozenset[str]
    parts: tuple[Part, ...]
    own_only: bool = False
    across: bool = False

    @property
    def metrics(self) -> tuple[str, ...]:
        """The codes of its metrics, in order."""
        return tuple(code for part in self.parts for code in part.metrics)


def leading(part: Part) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """The leading figures of a part as metric and cell."""
    for entry in part.leading:
        code, _colon, cell = entry.partition(":")
        name, _sign, value = cell.partition("=")
        yield code, (((name, value),) if cell else ())


# --- The questions, in the words of those who ask them ---
JOURNEY = Part(
    words("How did people come to work?"),
    ("funnel", "conversion", "time_in_stage", "still_waiting", "departed_within", "time_to_deploy", "training"),
    ("funnel:step=departed", "time_to_deploy:point=median"),
)
PLACES = Part(
    words("Were the places filled, and by whom?"), ("fill_rate", "women", "rehire"),
    ("fill_rate:by=departed", "women:step=departed"),
)  # fmt: skip
COURSE = Part(
    words("Did placements run their course?"),
    ("completion", "retention", "worker_months", "early_ends", "ends_for_time"),
    ("completion", "ends_for_time"),
)
RIGHTS = Part(
    words("Were people safe, and was what went wrong put right?"),
    ("check_coverage", "pass_rate", "pay_in_order", "open_critical", "remedied", "money_recovered", "days_to_remedy"),
    ("check_coverage", "pass_rate", "open_critical", "remedied", "money_recovered"),
)
GAIN = Part(
    words("Did people gain?"),
    ("income_multiple", "monthly_difference", "net_pay", "deduction_share", "net_gain", "payback"),
    ("income_multiple", "net_gain:point=middle"),
)
COSTS = Part(
    words("What did the job cost the worker?"), ("cost_ratio", "cost_ratio_of_totals"),
    ("cost_ratio:when=before", "cost_ratio:when=after"),
)  # fmt: skip
AFTERWARDS = Part(
    words("What became of people afterwards?"),
    (
        "survey_response",
        "survey_income",
        "remitted",
        "remitted_share",
        "remittance_cost",
        "satisfied",
        "recommend",
        "survey_not_reached",
    ),
    ("survey_response:wave=endline", "survey_income:wave=endline", "recommend:wave=endline"),
)
CORRIDOR = Part(words("Who goes, and what becomes of them?"), ("corridor_flow",), ("corridor_flow",))
GROUND = Part(words("How firm is the ground?"), ("evidence",), ("evidence:source=answers",))
COHORTS = Part(
    words("Do cohorts differ?"), ("completion_by_cohort", "income_multiple_by_cohort", "check_coverage_by_cohort")
)

BESIDE = Part(
    words("How do people come to work, pilot by pilot?"),
    ("funnel_by_pilot", "departed_within_by_pilot", "women_by_pilot"),
)
OUTCOMES = Part(
    words("What comes of it, pilot by pilot?"),
    ("completion_by_pilot", "retention_by_pilot", "income_multiple_by_pilot", "cost_ratio_by_pilot"),
)
SAFETY = Part(
    words("Were people looked after, pilot by pilot?"), ("check_coverage_by_pilot", "pass_rate_by_pilot"),
)  # fmt: skip

_COMING = Part(JOURNEY.question, JOURNEY.metrics, ("funnel:step=departed",))
_STAY = Part(
    words("Did people stay within their visas, and with their employers?"),
    ("on_time_return", "overstay_stock", "still_there", "early_ends", "ends_for_time"),
    ("on_time_return", "ends_for_time"),
)
_WORK = Part(
    words("Were hours, pay and duties in order?"),
    ("duties_in_time", "pay_in_order", "net_pay", "deduction_share"),
    ("duties_in_time", "pay_in_order"),
)
_RETURN = Part(
    words("Who went, who came back, and who goes again?"),
    (
        "corridor_flow",
        "women",
        "completion",
        "still_there",
        "early_ends",
        "on_time_return",
        "rehire",
        "deployments_per_person",
    ),
    ("corridor_flow", "completion", "rehire:which=returnees"),
)
_SAFE = Part(RIGHTS.question, tuple(code for code in RIGHTS.metrics if code != "pay_in_order"), RIGHTS.leading)

KINDS: dict[str, ReportKind] = {
    kind.code: kind
    for kind in (
        # What a worker earned at home or paid for the job is not for the employer to read.
        ReportKind(
            "employer", words("Employer scorecard"), "employer", frozenset({Kind.EMPLOYER}),
            (
                PLACES, _COMING, COURSE,
                Part(
                    words("Did we do what we owe?"), ("duties_in_time", "pay_in_order", "on_time_return"),
                    ("duties_in_time", "pay_in_order"),
                ),
                _SAFE,
            ),
            own_only=True,
        ),
        ReportKind(
            "origin-government", words("Report for the government of origin"), "origin-government",
            frozenset({Kind.ORIGIN_GOVERNMENT}), (_RETURN, JOURNEY, GAIN, AFTERWARDS, COSTS, RIGHTS, GROUND),
        ),
        ReportKind(
            "destination-government", words("Report for the government of destination"), "destination-government",
            frozenset({Kind.DESTINATION_GOVERNMENT}),
            (_STAY, Part(words("Were the places filled, and by whom?"), ("fill_rate", "women", "worker_months"),
                         ("fill_rate:by=departed",)), _WORK, _SAFE, COSTS, GROUND),
        ),
        ReportKind(
            "funder", words("Funder report"), "funder", frozenset({Kind.FUNDER}),
            (
                Part(GAIN.question, (*GAIN.metrics, "grant_return"), GAIN.leading), AFTERWARDS, COSTS, RIGHTS,
                Part(
                    words("Can it grow?"),
                    ("funnel", "fill_rate", "women", "still_waiting", "time_to_deploy", "completion", "still_there",
                     "worker_months", "early_ends", "ends_for_time", "on_time_return", "rehire", "training"),
                    ("funnel:step=departed", "fill_rate:by=departed", "completion", "women:step=departed"),
                ),
                CORRIDOR, COHORTS, GROUND,
            ),
        ),
        ReportKind(
            "pilot", words("Pilot review"), "programme", frozenset({Kind.PROGRAMME}),
            (
                Part(words("Where does the work stand this week?"), ("standing", "moved_by_week", "blocked"),
                     ("standing", "blocked")),
                JOURNEY, PLACES, COURSE,
                Part(words("Did people stay within their visas?"),
                     ("still_there", "on_time_return", "overstay_stock", "deployments_per_person"), ("on_time_return",)),
                GAIN, AFTERWARDS, COSTS, RIGHTS,
                Part(words("Were duties done in time?"), ("duties_in_time",), ("duties_in_time",)),
                CORRIDOR, COHORTS, GROUND,
            ),
        ),
        # Whoever runs several pilots holds them against each other, by the rule for the public: such a report travels.
        ReportKind(
            "corridors", words("Corridor comparison"), "public", frozenset({Kind.PROGRAMME}), (BESIDE, OUTCOMES, SAFETY),
            across=True,
        ),
        ReportKind(
            "overview", words("Overview of all pilots"), "public", frozenset({Kind.PROGRAMME}),
            (
                Part(words("How far is it to the goal?"), ("goal_reached", "people_reached", "growth_needed"),
                     ("goal_reached", "growth_needed")),
                BESIDE, OUTCOMES, SAFETY,
            ),
            across=True,
        ),
    )
}  # fmt: skip


def by_what_money_buys(kind: ReportKind) -> ReportKind:
    """The kind with the income multiple at purchasing power after the one at market rates, where it has one."""
    after = {"income_multiple": ("income_multiple", "income_multiple_ppp")}
    parts = (
        replace(part, metrics=tuple(code for metric in part.metrics for code in after.get(metric, (metric,))))
        for part in kind.parts
    )
    return replace(kind, parts=tuple(parts))


def kinds_for(organisation_kind: str) -> list[ReportKind]:
    """The kinds of report that an organisation of this kind may ask for and read as its own."""
    return [kind for kind in KINDS.values() if organisation_kind in kind.readers]


def title_of(code: str) -> str:
    """The title of a kind of report in the reader's language; the code of one that is no longer known."""
    return str(_(KINDS[code].title)) if code in KINDS else code
