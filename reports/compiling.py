"""``compile_report``: from the facts of a pilot to the content of an edition, disclosed for its reader.

The compiling hand is a database role of its own: it reads the facts of the one pilot and writes editions. The asker
never sees what it reads; they see what passed the disclosure rule for their audience.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import jobs
from accounts.models import Job, Organisation
from accounts.roles import Kind, Permission
from accounts.scope import Scope, acting_as, compiler_scope
from pilots.models import Participation, Pilot
from pilots.schemes.reader import load
from reports.comparing import against_targets, with_comparisons
from reports.consistency import contradictions
from reports.content import (
    BaseCount,
    Content,
    Definition,
    Missing,
    Section,
    canonical,
)
from reports.disclosure import disclose, disclose_missing, note_on
from reports.editions import what_changed
from reports.kinds import KINDS, ReportKind, by_what_money_buys
from reports.metrics import METRIC, METRICS, Window, purchasing
from reports.metrics.gathering import ask, gathered
from reports.metrics.rights import catalogue_version
from reports.models import Edition, EditionFile
from reports.published import Selection
from reports.recorders import recorders
from reports.register import People, as_sections, enter, hold, people_of, published_before, signed_for
from reports.rendering import media_type, render_all
from reports.spanning import aims_of, facts_of, settled, window_of, windows
from reports.tables import Cell


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: kind, pilot, reader, period and the data cut-off."""

    kind: str
    pilot_id: int
    organisation_id: int
    period_from: date
    period_to: date
    as_of: datetime
    reason: str = ""
    prices: str = purchasing.MARKET

    @property
    def key(self) -> str:
        """The same order has the same key, so that asking twice compiles once."""
        text = json.dumps([self.kind, self.pilot_id, self.organisation_id, str(self.period_from), str(self.period_to),
                           self.as_of.isoformat(), self.prices])  # fmt: skip
        return hashlib.sha256(text.encode()).hexdigest()


def check_order(order: Order, by: Scope) -> ReportKind:
    """The kind of an order that this scope may give; PermissionDenied or ValueError with a sentence otherwise.

    A reader orders for itself, the programme also for a partner of the pilot: under that reader's disclosure rule.
    """
    by.require(Permission.REPORT_REQUEST)
    kind = KINDS.get(order.kind)
    if kind is None or not (_own(order, kind, by) or _of_a_partner(order, kind, by)):
        raise PermissionDenied(_("Your organisation does not receive this kind of report."))
    if order.pilot_id not in by.pilot_ids:
        raise PermissionDenied("pilot")
    if order.period_to < order.period_from:
        raise ValueError(_("The period ends before it begins."))
    return by_what_money_buys(kind) if order.prices == purchasing.PURCHASING else kind


def _own(order: Order, kind: ReportKind, by: Scope) -> bool:
    return order.organisation_id == by.organisation_id and by.kind in kind.readers


def _of_a_partner(order: Order, kind: ReportKind, by: Scope) -> bool:
    return (
        by.kind == Kind.PROGRAMME
        and not kind.across
        and Participation.objects.filter(
            pilot_id=order.pilot_id, organisation_id=order.organisation_id, kind__in=kind.readers, left_on__isnull=True
        ).exists()
    )


def ask_for(order: Order, *, by: Scope) -> Job:
    """Ask for a report in the background; the same order given twice is one job."""
    order = settled(order, check_order(order, by), by)
    return jobs.ask(
        "compile_report", key=order.key, by=by, pilot_id=order.pilot_id, report=order.kind,
        period_from=order.period_from.isoformat(), period_to=order.period_to.isoformat(),
        as_of=order.as_of.isoformat(), reason=order.reason, prices=order.prices, organisation=order.organisation_id,
    )  # fmt: skip


def compile_job(work: jobs.Work) -> dict:
    """The handler of ``compile_report`` jobs."""
    params = work.job.params
    if work.job.pilot_id is None:  # the order of a report names its pilot
        raise PermissionDenied("pilot")
    order = Order(
        params["report"], work.job.pilot_id, params.get("organisation", work.scope.organisation_id),
        date.fromisoformat(params["period_from"]), date.fromisoformat(params["period_to"]),
        datetime.fromisoformat(params["as_of"]), params.get("reason", ""), params.get("prices", purchasing.MARKET),
    )  # fmt: skip
    edition = compile_report(order, by=work.scope, progress=work.progress, job_id=work.job.pk)
    return {"edition": edition.pk, "sha256": edition.sha256, "url": f"/editions/{edition.pk}/"}


def compile_report(
    order: Order, *, by: Scope, progress: jobs.Progress | None = None, job_id: int | None = None
) -> Edition:
    """Compile the order, render its files and freeze both as a new edition. Call it inside a transaction.

    Raises PermissionDenied when the scope may not give this order.
    """
    kind = check_order(order, by)
    order = settled(order, kind, by)
    progress = progress or jobs.Progress()
    hand = compiler_scope(by, by.pilot_ids if kind.across else (order.pilot_id,), order.organisation_id)
    # An edition says the same whoever asked for it, wherever they sit.
    with acting_as(hand), translation.override("en"), timezone.override(UTC):
        _one_at_a_time(order)
        before = _previous(order)
        content, selection, signed, people = _content(order, kind, before, progress)
        progress.say(_("Rendering the files"), done=len(kind.metrics))
        files = render_all(content)
        edition = _freeze(order, content, before, files, by, job_id)
        enter(edition, content, selection, signed, people)
        return edition


def _one_at_a_time(order: Order) -> None:
    """Two orders for the same reader and period are numbered one after the other."""
    with connection.cursor() as cursor:
        name = f"{order.kind}:{order.pilot_id}:{order.organisation_id}:{order.period_from}:{order.period_to}"
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 7302))", [name])


def _previous(order: Order) -> Edition | None:
    return (
        Edition.objects.filter(
            pilot_id=order.pilot_id, organisation_id=order.organisation_id, kind=order.kind,
            period_from=order.period_from, period_to=order.period_to,
        ).order_by("-number").first()
    )  # fmt: skip


def measure(window: Window, kind: ReportKind, progress: jobs.Progress | None = None) -> list[Section]:
    """Every metric of the kind in this window, before anything is hidden. Never show these to a reader.

    Raises AssertionError when figures contradict each other: a report that does not add up is not made.
    """
    sections = []
    for index, code in enumerate(kind.metrics):
        if progress:
            progress.say(_(METRIC[code].title), done=index, total=len(kind.metrics) + 1)
        sections.append(METRIC[code].section(window))
    if wrong := contradictions(sections):
        raise AssertionError("The figures contradict each other: " + " ".join(wrong))
    return sections


def _content(
    order: Order, kind: ReportKind, before: Edition | None, progress: jobs.Progress
) -> tuple[Content, Selection, set[tuple[str, Cell]], People]:
    """The content of the edition, what it was counted over, the cells that were signed for, and the people behind each."""
    pilot = Pilot.objects.select_related("corridor").get(pk=order.pilot_id)
    reader = Organisation.objects.get(pk=order.organisation_id)
    window = window_of(order, kind, pilot)
    hold(pilot.pk)
    about = "+".join(each.slug for each in window.across) or pilot.slug
    selection = Selection(about, order.period_from, order.period_to, window.employer_id)
    progress.say(_("Gathering what was recorded"), done=0, total=len(kind.metrics) + 1)
    with gathered([one.params() for one in windows(window)]):
        base, rows = _base(window), _row_counts(window)
        measured = [*measure(window, kind, progress), *as_sections(base, rows)]
        recorded_by = recorders(window, kind.audience)
    signed = signed_for(pilot.pk, selection, measured)
    published = published_before(pilot.pk, pilot.slug, kind.audience, selection)
    disclosed, note = disclose(measured, kind.audience, published, selection, signed)
    sections, counted = with_comparisons(disclosed[: len(kind.metrics)]), disclosed[len(kind.metrics) :]
    hidden = {section.metric for section in counted if section.figures[0].suppressed}
    if "grant_return" in kind.metrics and (against := against_targets(sections, aims_of(order))):
        sections = (against, *sections)
    scheme = load(pilot.scheme)
    versions = {
        "code": settings.VERSION, "catalogue": catalogue_version(), "scheme": scheme.slug,
        "metrics": ", ".join(f"{m.code} {m.version}" for m in METRICS if m.code in kind.metrics),
    }  # fmt: skip
    return Content(
        kind=kind.code, audience=kind.audience, title=_(kind.title),
        pilot=facts_of(kind, pilot),
        reader=reader.name, period_from=order.period_from, period_to=order.period_to, as_of=order.as_of,
        edition=before.number + 1 if before else 1,
        previous=what_changed(before, sections, versions, order.reason) if before else None,
        base=tuple(replace(b, value=None, suppressed=True) if f"base {b.unit}" in hidden else b for b in base),
        sections=sections, missing=disclose_missing(_missing(sections), kind.audience), definitions=_definitions(order, kind),
        disclosure=note_on(sections, note), versions=versions,
        row_counts={name: None if f"rows {name}" in hidden else number for name, number in rows.items()},
        recorded_by=recorded_by,
    ), selection, signed, people_of(measured)  # fmt: skip


def _base(window: Window) -> list[BaseCount]:
    counted = "select count(distinct person_id), count(*) from placements"
    rows = [ask(counted, one.params())[0] for one in windows(window)]
    people, placements = (sum(column) for column in zip(*rows, strict=True))
    return [BaseCount(_("People"), people, "people"), BaseCount(_("Placements"), placements, "placements")]


def _missing(sections: tuple[Section, ...]) -> list[Missing]:
    return [
        Missing(f"{s.title}: {s.missing_words}", s.missing, s.base)
        for s in sections
        if s.missing is not None and s.missing_words and not s.missing_suppressed
    ]


def _row_counts(window: Window) -> dict[str, int]:
    asked = (
        "c as (select k.id from compliance_check k join placements p on p.id = k.placement_id"
        "   where k.recorded_at <= %(as_of)s and k.done_on <= %(cut)s),"
        " r as (select k.id from workers_payrecord k join placements p on p.id = k.placement_id"
        "   where k.recorded_at <= %(as_of)s and k.period_end <= %(cut)s)"
        " select (select count(*) from placements),"
        " (select count(*) from events e join placements p on p.id = e.placement_id),"
        " (select count(*) from r), (select count(*) from c)"
    )
    rows = [ask(asked, one.params())[0] for one in windows(window)]
    row = [sum(column) for column in zip(*rows, strict=True)]
    return dict(zip(("placements", "journey events", "pay records", "checks"), row, strict=True))


def _definitions(order: Order, kind: ReportKind) -> tuple[Definition, ...]:
    money = (purchasing.told(order.prices),) if "income_multiple" in kind.metrics else ()
    return (
        *money,
        Definition(_("Person"), _("A worker. Somebody who went twice is one person.")),
        Definition(_("Placement"), _("One person in one cohort: from nomination through one deployment to return.")),
        Definition(_("Finding"), _("A breach that a check found; it stands until it is resolved or waived by name.")),
        Definition(_("Data cut-off"), _("Nothing that was recorded after this moment is in the report.")),
    )


def _freeze(
    order: Order, content: Content, before: Edition | None, files: dict[str, bytes], by: Scope, job_id: int | None
) -> Edition:
    edition = Edition.objects.create(
        pilot_id=order.pilot_id, organisation_id=order.organisation_id, kind=order.kind, number=content.edition,
        period_from=order.period_from, period_to=order.period_to, as_of=order.as_of, content=content.to_json(),
        sha256=hashlib.sha256(canonical(content)).hexdigest(), job_id=job_id, asked_by_id=by.user_id,
        supersedes=before,
    )  # fmt: skip
    EditionFile.objects.bulk_create(
        EditionFile(
            pilot_id=order.pilot_id, organisation_id=order.organisation_id, edition=edition, name=name,
            media_type=media_type(name), body=body, size=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
        )
        for name, body in files.items()
    )  # fmt: skip
    return edition
