"""Lists of this app as files: the rows of its pages, asked by the same functions, and the kind of sheet ``checks``."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from compliance.catalogue.reader import catalogue
from compliance.duties.door import organisations
from compliance.duties.words import duty_words, owner_words, state_words
from compliance.models import Check, CheckAnswer, Finding
from compliance.queries import asked_findings, partners_of_findings, ranked, sites_to_choose
from compliance.remedies import actions
from compliance.remedies.totals import totals
from compliance.views.actions import STATES as ACTION_STATES
from compliance.views.actions import rows_of_state
from compliance.views.duties import asked_duties
from compliance.words import finding_words, severity_words
from pilots.chosen import pilot_number
from pilots.models import Pilot
from workers.exports.apart import apart_of
from workers.exports.listings import DAY, GROUP, NUMBER, PERSON, SHIFT, TEXT, WHOLE, YES, Asked, Cell, Listing, Plan
from workers.exports.of_kinds import BASE_FILTERS, chosen
from workers.sheets import versions
from workers.sheets.kinds import COLUMNS

PACKET = 500
WORKER = gettext_lazy("Worker ID")


def _cells(*columns: tuple) -> tuple[Cell, ...]:
    return tuple(Cell(key, str(header), "", form) for key, header, form in columns)


def _person(placement: object) -> tuple[str | None, str | None]:
    person = getattr(placement, "person", None)
    return (person.worker_code, person.name) if person else (None, None)


def findings_plan(asked: Asked) -> Plan:
    """Findings under the filters of their page, the gravest and longest due first."""
    rows = asked_findings(asked.given)
    found = ranked(rows).select_related("placement__person", "placement__employer", "site", "pilot")

    def values() -> Iterator[tuple]:
        for f in found.iterator(chunk_size=PACKET):
            code, name = _person(f.placement)
            yield (
                code, name, f.pilot.name, getattr(f.site, "name", None),
                getattr(f.placement.employer, "name", None) if f.placement else None, finding_words(f),
                None if f.restricted else f.code, str(severity_words(f.severity)), f.get_state_display(), f.opened_on,
                f.due_on, (asked.today - f.opened_on).days,
            )  # fmt: skip

    cells = _cells(
        ("worker_id", WORKER, TEXT), ("name", _("Name"), TEXT), ("pilot", _("Pilot"), TEXT), ("site", _("Site"), TEXT),
        ("employer", _("Employer"), TEXT), ("finding", _("Finding"), TEXT), ("code", _("Item or rule"), TEXT),
        ("severity", _("Severity"), TEXT), ("state", _("State"), TEXT), ("opened", _("Opened"), DAY),
        ("due", _("Act by"), DAY), ("days", _("Days open"), WHOLE),
    )  # fmt: skip
    return Plan(cells, filters=_finding_words(asked), values=values, total=rows.count, seen=rows)


def _finding_words(asked: Asked) -> tuple[tuple[str, str], ...]:
    given = asked.given
    states, pilot = dict(Finding.State.choices), pilot_number(given.get("pilot", ""))
    words = [(_("State"), str(states.get(given.get("state") or "open", states["open"])))]
    if given.get("severity"):
        words.append((_("Severity"), str(severity_words(given["severity"]))))
    if given.get("code"):
        words.append((_("Item or rule"), given["code"]))
    if pilot is not None:
        words.append((_("Pilot"), Pilot.objects.filter(pk=pilot).values_list("name", flat=True).first() or _("none")))
    for name, label, choices in (
        ("partner", _("Employer or recruiter"), partners_of_findings), ("site", _("Place of work"), sites_to_choose),
    ):  # fmt: skip
        if given.get(name):
            words.append((label, dict(choices()).get(given[name], _("none"))))
    return tuple(words)


def _action_words(state: str) -> str:
    return {
        actions.PUT: _("To be done"), actions.DONE: _("Reported done"), actions.RETURNED: _("Returned"),
        actions.VERIFIED: _("Verified"), actions.WITHDRAWN: _("Withdrawn"),
    }.get(state, state)  # fmt: skip


def actions_plan(asked: Asked) -> Plan:
    """Corrective actions in one state, the longest due first."""
    state = asked.given.get("state", "open")
    rows = rows_of_state(state if state in ACTION_STATES else "open")

    def values() -> Iterator[tuple]:
        for row in rows.iterator(chunk_size=PACKET):
            code, name = _person(row.placement)
            yield code, name, row.pilot.name, row.words, row.owner.name, row.person, _action_words(row.state), row.put_on, row.due_on  # fmt: skip

    cells = _cells(
        ("worker_id", WORKER, TEXT), ("name", _("Name"), TEXT), ("pilot", _("Pilot"), TEXT),
        ("words", _("What is to be done"), TEXT), ("owner", _("Who must act"), TEXT),
        ("person", _("Person who sees to it"), TEXT), ("state", _("State"), TEXT), ("put", _("Put to them"), DAY),
        ("due", _("Due"), DAY),
    )  # fmt: skip
    return Plan(cells, filters=((_("State"), state),), values=values, total=rows.count, seen=rows)


def duties_plan(asked: Asked) -> Plan:
    """Duties under the filters of their page, the longest overdue first."""
    _everything, found = asked_duties(asked.by, asked.given, asked.today)

    def values() -> Iterator[tuple]:
        names = organisations(found)
        pilots = dict(Pilot.objects.values_list("pk", "name"))
        for owed in found:
            owners = ", ".join(names[pk].name for pk in owed.organisation_ids if pk in names)
            yield (
                owed.worker or None, owed.name, pilots.get(owed.pilot_id), duty_words(owed), owner_words(owed), owners,
                state_words(owed.state), owed.starts, owed.due, owed.done,
            )  # fmt: skip

    cells = _cells(
        ("worker_id", WORKER, TEXT), ("name", _("About"), TEXT), ("pilot", _("Pilot"), TEXT), ("duty", _("Duty"), TEXT),
        ("owner", _("Who owes it"), TEXT), ("organisation", _("Organisation"), TEXT), ("state", _("State"), TEXT),
        ("starts", _("Starts"), DAY), ("due", _("Due"), DAY), ("done", _("Done"), DAY),
    )  # fmt: skip
    words = tuple((label, asked.given[name]) for name, label in (
        ("state", _("State")), ("owner", _("Who owes it")), ("worker", _("Worker")), ("pilot", _("Pilot"))
    ) if asked.given.get(name))  # fmt: skip
    return Plan(cells, filters=words, values=values, total=lambda: len(found), marks=4)


def ledger_plan(asked: Asked) -> Plan:
    """What workers were owed and what reached them, by who must repay and currency."""
    wanted = pilot_number(asked.given.get("pilot", ""))
    pilots = [p for p in Pilot.objects.order_by("name", "pk") if wanted in (None, p.pk)]

    def values() -> Iterator[tuple]:
        for row in totals([p.pk for p in pilots], on=asked.today):
            yield (
                _("Not known who must repay") if row.unknown else row.debtor or None, row.currency, row.findings, *(float(n) for n in (
                    row.owed, row.claimed, row.agreed, row.paid, row.written_off, row.outstanding
                )), row.settled, row.days, row.oldest,
            )  # fmt: skip

    cells = _cells(
        ("debtor", _("Who must repay"), TEXT), ("currency", _("Currency"), TEXT), ("findings", _("Findings"), WHOLE),
        ("owed", _("To be repaid"), NUMBER), ("claimed", _("Claimed"), NUMBER), ("agreed", _("Agreed"), NUMBER),
        ("paid", _("Paid"), NUMBER), ("written_off", _("Written off"), NUMBER),
        ("outstanding", _("Outstanding"), NUMBER), ("settled", _("Settled"), WHOLE),
        ("days", _("Days until paid"), WHOLE), ("oldest", _("Oldest"), DAY),
    )  # fmt: skip
    words = ((_("Pilot"), pilots[0].name if pilots else _("none")),) if wanted is not None else ()
    return Plan(cells, filters=words, values=values, marks=2)


def checks_plan(asked: Asked) -> Plan:
    """Answers as the kind of sheet ``checks``: the latest of each item and day. What is kept in confidence is not there."""
    params, words = chosen(asked, cohorts=True)
    apart = [item.code for item in catalogue().items if item.restricted or item.disclosure_led]
    source = (
        "from compliance_checkanswer x join compliance_check k on k.id = x.check_record_id"
        " join workers_placement l on l.id = x.placement_id join workers_person p on p.id = l.person_id"
        " where x.pilot_id = %(pilot)s and (%(cohort)s::bigint is null or l.cohort_id = %(cohort)s)"
        " and not x.restricted and x.item <> all(%(apart)s)"
        " and not exists (select from compliance_checkanswer y where y.placement_id = x.placement_id and y.item = x.item"
        " and y.done_on = x.done_on and y.id > x.id)"
    )
    cells = {
        "worker_id": ("p.worker_code", TEXT, PERSON), "item": ("x.item", TEXT, GROUP), "answer": ("x.answer", TEXT, GROUP),
        "date": ("x.done_on", DAY, SHIFT), "mode": ("k.mode", TEXT, GROUP), "private": ("k.private", YES, GROUP),
        "evidence": ("x.evidence", TEXT, apart_of("checks", "evidence")),
        versions.KEY: (versions.of("x.id", ["x.placement_id", "x.item", "x.answer", "x.done_on"]), TEXT, "drop"),
    }  # fmt: skip
    return Plan(
        tuple(Cell(c.key, c.header, *cells[c.key]) for c in COLUMNS["checks"].columns if c.key in cells),
        source, params | {"apart": apart}, words, person="p.id", order="x.id desc", pilot_id=params["pilot"],
        key="x.id",
    )  # fmt: skip


def _sends_checks(by: Scope) -> bool:
    return by.allows(Permission.CHECK_RECORD) and may(Check, by.db_role, "i") and may(CheckAnswer, by.db_role)


def _sees_findings(by: Scope) -> bool:
    return by.allows(Permission.FINDING_VIEW)


LISTINGS: Final[dict[str, Listing]] = {
    "checks": Listing(
        "checks", COLUMNS["checks"].title, checks_plan, _sends_checks, filters=BASE_FILTERS, kind="checks", by_person=True,
        sensitive=True,
    ),
    "findings": Listing("findings", gettext_lazy("Findings"), findings_plan, _sees_findings, page="compliance:findings"),
    "money-owed": Listing("money-owed", gettext_lazy("Money owed"), ledger_plan, _sees_findings, page="compliance:ledger"),
    "actions": Listing(
        "actions", gettext_lazy("Corrective actions"), actions_plan,
        lambda by: by.allows(Permission.ACTION_ANSWER) or by.allows(Permission.FINDING_VIEW), page="compliance:actions",
    ),
    "duties": Listing(
        "duties", gettext_lazy("Duties"), duties_plan, lambda by: by.allows(Permission.PERSON_VIEW), page="compliance:duties",
    ),
}  # fmt: skip
