"""Lists that have pages of their own in this app: the same rows under the same filters, asked by the same functions."""

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.members import members_of
from accounts.models import AuditEvent, Organisation
from accounts.roles import ROLES, Kind, Permission
from pilots.models import Cohort
from workers.forms import CohortFilter, PlacementFilter
from workers.models import ImportBatch
from workers.queries import cohorts
from workers.queries.listing import filtered
from workers.queries.orders import with_places
from workers.queries.placements import Row
from workers.sheets.handling import seen

from .listings import DAY, MOMENT, TEXT, WHOLE, YES, Asked, Cell, Listing, Plan, plan_of

PACKET = 500


def words_of(form: Any, chosen: dict) -> tuple[tuple[str, str], ...]:
    """The filters in use, each with its label and the words of its value."""
    found = []
    for name, value in chosen.items():
        field = form.fields.get(name)
        if field is None:
            continue
        choices = dict(getattr(field, "choices", ()))
        if isinstance(value, list):
            shown = ", ".join(str(choices.get(each, each)) for each in value)
        else:
            shown = _("yes") if value is True else choices.get(value, value)
        found.append((str(field.label), str(shown)))
    return tuple(found)


COLUMNS = (
    ("worker_id", gettext_lazy("Worker ID"), TEXT), ("name", gettext_lazy("Name"), TEXT), ("step", gettext_lazy("Step"), TEXT),
    ("held", gettext_lazy("Held"), YES), ("cohort", gettext_lazy("Cohort"), TEXT), ("pilot", gettext_lazy("Pilot"), TEXT),
    ("employer", gettext_lazy("Employer"), TEXT), ("recruiter", gettext_lazy("Recruiter"), TEXT),
    ("days", gettext_lazy("Days on this step"), WHOLE), ("planned_end", gettext_lazy("Planned end"), DAY),
)  # fmt: skip
MISSING = ("missing", gettext_lazy("Missing before departure"), TEXT)


def _cells(columns: tuple) -> tuple[Cell, ...]:
    return tuple(Cell(key, str(header), "", form) for key, header, form in columns)


def _line(row: Row) -> tuple:
    placement = row.placement
    return (
        placement.person.worker_code, placement.person.name, row.step, row.held, placement.cohort.name,
        placement.pilot.name, getattr(placement.employer, "name", None), getattr(placement.recruiter, "name", None),
        row.days, placement.planned_end,
    )  # fmt: skip


def placements_plan(asked: Asked) -> Plan:
    """The list of workers: placements under its filters, the newest first."""
    form = PlacementFilter(asked.given, by=asked.by)
    chosen = form.chosen()
    rows = filtered(chosen, by=asked.by, today=asked.today).order_by("-pk")

    def values() -> Iterator[tuple]:
        # Words of steps depend on the scheme, and are the page's own.
        for placement in rows.iterator(chunk_size=PACKET):
            yield _yes(_line(Row(placement, asked.today)))

    return Plan(_cells(COLUMNS), filters=words_of(form, chosen), values=values, total=rows.count, seen=rows)


def _yes(row: tuple) -> tuple:
    return tuple(("yes" if value else "no") if isinstance(value, bool) else value for value in row)


def cohort_plan(asked: Asked) -> Plan:
    """The table of a cohort under its filters, by family name, with what is missing before departure."""
    found = Cohort.objects.select_related("pilot").filter(pk=asked.number("cohort_page") or 0).first()
    if found is None:
        return Plan(_cells((*COLUMNS, MISSING)), filters=((_("Cohort"), _("none")),), values=tuple, marks=1)
    line = cohorts.lines(Cohort.objects.filter(pk=found.pk))[0]
    partners = list(Organisation.objects.filter(kind__in=[Kind.RECRUITER, Kind.EMPLOYER]))
    orders = [each.order for each in with_places(found.job_orders.all())]
    steps = cohorts.step_counts(line.now, found.pilot.scheme)
    form = CohortFilter(
        asked.given, by=asked.by, steps=steps, partners=partners, orders=orders, milestones=line.milestone_choices
    )
    chosen = form.chosen()
    rows = cohorts.in_cohort(found, chosen, asked.today)

    def values() -> Iterator[tuple]:
        after: int | None = None
        while True:
            page, after = cohorts.table(rows, by=asked.by, today=asked.today, after=after)
            for row in page:
                yield (*_yes(_line(row)), row.missing_words or None)
            if after is None:
                return

    words = ((_("Cohort"), found.name), *words_of(form, {k: v for k, v in chosen.items() if k != "view"}))
    return Plan(
        _cells((*COLUMNS, MISSING)), filters=words, values=values, pilot_id=found.pilot_id, total=rows.count, seen=rows
    )


def imports_plan(asked: Asked) -> Plan:
    """The sheets that were sent, the newest first."""
    rows = seen(ImportBatch.objects.order_by("-pk"), asked.by).annotate(
        new=F("summary__counts__new"), changed=F("summary__counts__changed"), same=F("summary__counts__same"),
        refused=F("summary__counts__refused"), conflict=F("summary__counts__conflict"),
    )  # fmt: skip
    numbers = (
        ("new", _("New")), ("changed", _("Changed")), ("same", _("Same as recorded")), ("refused", _("To mend")),
        ("conflict", _("Changed meanwhile")),
    )  # fmt: skip
    cells = (
        Cell("file", _("File"), "file_name"), Cell("kind", _("What is in it"), "kind"), Cell("pilot", _("Pilot"), "pilot__name"),
        Cell("organisation", _("Sent by"), "organisation__name"), Cell("sent", _("Sent"), "uploaded_at", MOMENT),
        Cell("state", _("State"), "state"), *(Cell(key, words, key) for key, words in numbers),
    )  # fmt: skip
    return plan_of(rows, cells)


def members_plan(asked: Asked) -> Plan:
    """Who may act for the reader's organisation."""
    found = members_of(asked.by)

    def values() -> Iterator[tuple]:
        for m in found:
            yield m.user.name, m.user.email, str(ROLES[m.role].label), "yes" if m.manages_members else "no", "yes" if m.second_factor else "no", timezone.localdate(m.started_at)  # fmt: skip

    cells = _cells(
        (
            ("name", _("Name"), TEXT), ("email", _("E-mail"), TEXT), ("role", _("Role"), TEXT),
            ("manages", _("Manages members"), TEXT), ("factor", _("Second factor"), TEXT), ("since", _("Since"), DAY),
        )
    )  # fmt: skip
    return Plan(cells, values=values, total=lambda: len(found), marks=2)


def audit_plan(asked: Asked) -> Plan:
    """The audit trail as far as the reader sees it, the newest first; persons of other organisations have no name here."""
    cells = (
        Cell("action", _("Action"), "action"), Cell("at", _("At"), "at", MOMENT), Cell("person", _("Person"), "user__name"),
        Cell("organisation", _("Organisation"), "organisation__name"), Cell("kind", _("Of what"), "object_kind"),
        Cell("number", _("Number"), "object_id", WHOLE), Cell("outcome", _("Outcome"), "outcome"),
        Cell("reason", _("Reason"), "reason"),
    )  # fmt: skip
    return plan_of(AuditEvent.objects.order_by("-pk"), cells)


LISTINGS: Final[dict[str, Listing]] = {
    "placements": Listing(
        "placements", gettext_lazy("Workers and their placements"), placements_plan,
        lambda by: by.allows(Permission.PERSON_VIEW), page="workers:list",
    ),
    "cohort": Listing(
        "cohort", gettext_lazy("Workers of a cohort"), cohort_plan, lambda by: by.allows(Permission.PERSON_VIEW),
        page="workers:cohort", own="cohort_page",
    ),
    "imports": Listing(
        "imports", gettext_lazy("Spreadsheets that were sent"), imports_plan, lambda by: by.allows(Permission.SHEET_SEND),
        page="workers:imports",
    ),
    "members": Listing(
        "members", gettext_lazy("Members of the organisation"), members_plan,
        # The pages of downloads are for roles that see people; governments and funders have reports.
        lambda by: by.allows(Permission.MEMBER_VIEW) and by.allows(Permission.PERSON_VIEW),
        page="accounts:members",
    ),
    "audit": Listing(
        "audit", gettext_lazy("Audit trail"), audit_plan, lambda by: by.allows(Permission.HISTORY_VIEW),
    ),
}  # fmt: skip
