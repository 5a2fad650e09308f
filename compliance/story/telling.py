"""A story in the order in which an officer needs it: what is wrong now, what is owed, what ends soon, and then the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.scope import Scope
from compliance.models import Check, CorrectiveAction, Finding
from compliance.remedies.balances import Balance, outstanding
from compliance.rules.words import Line, evidence_lines
from compliance.story import contracts, money
from compliance.story.chapters import Chapter, chapters
from compliance.story.reading import Dated, Told, read
from compliance.words import evidence_words, finding_words, question, shown_by, stage_words
from workers.facts.terms import insurance_words
from workers.journey.steps import STEP
from workers.journey.wording import step_phase, step_words
from workers.models import Debt, HousingStay, IdentityDocument, Insurance, Placement

SOON = timedelta(days=60)
SHOWN_CHECKS = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A finding in words: what, how it was shown (by an answer, or by the facts that a rule compared), what is owed of
    it, what was asked of whom."""

    finding: Finding
    words: str
    evidence: str
    lines: list[Line]
    balance: Balance | None
    actions: list[CorrectiveAction]


@dataclass(frozen=True, slots=True)
class Alike:
    """Open findings of one kind: what a rule found for thirteen payslips is said once, with each of them behind it."""

    words: str
    severity: str
    found: list[Found]

    @property
    def since(self) -> date | None:
        """The first day that one of them is about."""
        return min((f.finding.period_start for f in self.found if f.finding.period_start), default=None)

    @property
    def until(self) -> date | None:
        """The last day that one of them is about."""
        return max((f.finding.period_end for f in self.found if f.finding.period_end), default=None)

    @property
    def owed(self) -> list[tuple[str, Decimal]]:
        """What is still owed on them together, by currency."""
        return outstanding(f.balance for f in self.found if f.balance)


@dataclass(frozen=True, slots=True)
class Seen:
    """A check in words: what failed and what nobody could verify."""

    check: Check
    stage: str
    failed: list[str]
    unverified: list[str]


@dataclass(frozen=True, slots=True)
class Ends:
    """A paper or insurance with its end. ``soon``: within 60 days, or over."""

    name: str
    fact: Dated
    soon: bool


@dataclass(frozen=True, slots=True)
class Glance:
    """What stands at the top: findings open and critical, money owed by currency, last contact in person, next end."""

    open: int
    critical: int
    owed: list[tuple[str, Decimal]]
    seen_on: date | None
    tried: int
    ends: Ends | None


@dataclass(frozen=True, slots=True)
class Season:
    """The whole story of one placement."""

    told: Told
    step: str
    phase: str
    glance: Glance
    open: list[Alike]
    settled: list[Found]
    pay: money.Pay | None
    deductions: list[money.Deduction]
    unagreed: list[tuple[str, Decimal, str]]
    paid: list[dict[str, Any]]
    debts: list[Debt]
    versions: list[contracts.Version]
    papers: list[Ends]
    covers: list[Ends]
    courses: list[Dated]
    stays: list[HousingStay]
    checks: list[Seen]
    chapters: list[Chapter]

    @property
    def placement(self) -> Placement:
        """Whose story."""
        return self.told.placement

    @property
    def earlier_checks(self) -> int:
        """How many checks stand behind the newest three."""
        return max(len(self.checks) - SHOWN_CHECKS, 0)

    @property
    def parts(self) -> list[tuple[str, str]]:
        """(anchor, title) of the parts that have something to show, in the order of the page."""
        offered: list[tuple[str, str, Any]] = [
            ("findings", _("Findings"), self.open or self.settled),
            ("pay", _("Pay"), self.pay),
            ("deductions", _("Deductions"), self.deductions or self.unagreed),
            ("costs", _("Costs"), self.told.costs or self.debts),
            ("contract", _("Contract"), self.versions),
            ("papers", _("Papers"), self.papers or self.covers or self.courses),
            ("housing", _("Housing"), self.stays),
            ("checks", _("Checks"), self.checks),
            ("days", _("Day by day"), self.chapters),
        ]
        return [(anchor, title) for anchor, title, there in offered if there]


def stories(placements: Sequence[Placement], *, by: Scope, today: date) -> list[Season]:
    """The story of each placement, in the order given. The number of statements does not grow with them."""
    return [_season(told, today) for told in read(placements, by=by)]


def _season(told: Told, today: date) -> Season:
    step = told.placement.state.step
    found = [_found(told, finding) for finding in told.findings]
    rows, unagreed = money.deductions(told)
    # Of a placement that is over nothing has to be renewed.
    soon = None if STEP[step].is_end else today + SOON
    papers, covers = _papers(told, soon), _covers(told, soon)
    still = [f for f in found if f.finding.state != Finding.State.RESOLVED]
    return Season(
        told=told,
        step=step_words(step, told.placement.pilot.scheme),
        phase=step_phase(step),
        glance=_glance(told, still, papers + covers),
        open=_alike(still),
        settled=[f for f in found if f.finding.state == Finding.State.RESOLVED],
        pay=money.pay(told),
        deductions=rows,
        unagreed=unagreed,
        paid=money.worker_paid(told),
        debts=told.debts,
        versions=contracts.versions(told.contracts),
        papers=papers,
        covers=covers,
        courses=told.of("training"),
        stays=told.stays,
        checks=[_seen(check) for check in told.checks],
        chapters=chapters(told),
    )


def _glance(told: Told, still: list[Found], ending: list[Ends]) -> Glance:
    met = [c.done_on for c in told.checks if c.mode in (Check.Mode.IN_PERSON, Check.Mode.GROUP)]
    last = max(met, default=None)
    over = STEP[told.placement.state.step].is_end
    running = (
        []
        if over
        else sorted((e for e in ending if e.fact.until and not e.fact.flag), key=lambda e: e.fact.until or date.max)
    )
    return Glance(
        open=sum(f.finding.state == Finding.State.OPEN for f in still),
        critical=sum(f.finding.state == Finding.State.OPEN and f.finding.severity == "critical" for f in still),
        owed=outstanding(told.balances.values()),
        seen_on=last,
        tried=sum(1 for a in told.of("attempt") if last is None or (a.on and a.on > last)),
        ends=running[0] if running else None,
    )


def _alike(found: list[Found]) -> list[Alike]:
    """Those of one kind, gravity and state together, in the order in which the first of each stands."""
    groups: dict[tuple[str, str, str], list[Found]] = {}
    for one in found:
        groups.setdefault((one.words, one.finding.severity, one.finding.state), []).append(one)
    return [Alike(words, severity, group) for (words, severity, _state), group in groups.items()]


def _found(told: Told, finding: Finding) -> Found:
    return Found(
        finding, finding_words(finding), _evidence(finding), [] if finding.restricted else evidence_lines(finding), told.balances.get(finding.pk),
        told.actions.get(finding.pk, []),
    )  # fmt: skip


def _evidence(finding: Finding) -> str:
    """How a check showed it: the answer, who gave it and what was seen; empty for a rule and for what was told."""
    if finding.restricted or finding.answer is None:
        return ""
    shown = shown_by().get(finding.answer.answered_by, "")
    seen = evidence_words(finding.answer.evidence)
    words = [_("Answered “%(answer)s”") % {"answer": finding.answer.get_answer_display()}, shown, seen]
    return " · ".join(dict.fromkeys(w for w in words if w))


def _seen(check: Check) -> Seen:
    failed, unverified = check.failed_items, check.open_items  # type: ignore[attr-defined]  # annotated by reading
    if check.restricted:
        failed, unverified = [], []
    return Seen(
        check,
        stage_words(check.stage),
        [question(item) for item in failed],
        [question(item) for item in unverified],
    )


def _ends_by(fact: Dated, soon: date | None) -> bool:
    return soon is not None and fact.until is not None and fact.until <= soon


def _papers(told: Told, soon: date | None) -> list[Ends]:
    """Papers in use, soonest end first; a paper that a later one of its kind outlives is left out."""
    names = dict(IdentityDocument.Kind.choices)
    last: dict[str, date] = {}
    rows = [d for d in told.of("paper") if not d.flag]
    for paper in rows:
        if paper.until:
            last[paper.what] = max(last.get(paper.what, paper.until), paper.until)
    now = [d for d in rows if d.until is None or d.until == last[d.what]]
    return [
        Ends(str(names.get(d.what, d.what)), d, _ends_by(d, soon))
        for d in sorted(now, key=lambda d: d.until or date.max)
    ]


def _covers(told: Told, soon: date | None) -> list[Ends]:
    claims = dict(Insurance.Claim.choices)
    return [
        Ends(
            _("Insured: %(kind)s") % {"kind": insurance_words(d.what)}
            + ("" if d.more == Insurance.Claim.NONE else f" · {claims.get(d.more, d.more)}"),
            d,
            _ends_by(d, soon),
        )
        for d in told.of("insurance")
    ]
