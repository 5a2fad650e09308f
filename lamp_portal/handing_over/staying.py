"""What is with a person and goes along with nothing else: cases, which are ticked one by one, and things of the organisation.

A case appears to whoever hands over only where they are one of its named readers themselves; to everybody else neither it nor
its number exists. It goes to nobody who may not read it, and nothing of it is written to the common audit trail.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from compliance.grievances import readers
from compliance.grievances.targets import due
from compliance.grievances.writing import Changed
from compliance.models import CorrectiveAction, Grievance
from compliance.remedies.actions import OPEN, standing
from lamp_portal.handing_over.piles import Pile, Thing, To, first, going
from workers.models import ImportBatch

MOST_CASES = 50  # of one person, looked at one by one: who may read a case is asked for each


def led_by(user_id: int | None, by: Scope) -> QuerySet[Grievance]:
    """Open cases that this person (None: anybody) sees to and whose named reader ``by`` is; the oldest first."""
    if not by.allows(Permission.CASE_HANDLE):
        return Grievance.objects.none()
    rows = readers.visible(by).filter(reader_ids__contains=[by.user_id]).exclude(stage=Grievance.Stage.CLOSED)
    rows = rows.filter(lead_id=user_id) if user_id is not None else rows.filter(lead_id__isnull=False)
    return rows.select_related("pilot__corridor").defer("account").order_by("opened_on", "pk")


def cases(user_id: int, to: To | None, by: Scope, today: date) -> Pile:
    """Those of one member, and which of them may go to whoever was chosen."""
    found = list(led_by(user_id, by)[:MOST_CASES])
    things = [
        Thing(
            case.pk, case.code, reverse("compliance:case", args=[case.code]), case.pilot.name,
            next((each.by for each in due(case, on=today)), None), case.restricted,
            _why_no_case(case, to, by) if to else "",
        )
        for case in found
    ]  # fmt: skip
    note = _("Tick each case that is to go: none goes by itself. Cases that you are not named on are not shown.")
    goes = 0 if to is None else going(things, len(things))
    return Pile("cases", _("Cases this person sees to"), "lock", things, len(things), goes, note)


def _why_no_case(case: Grievance, to: To, by: Scope) -> str:
    if to.user_id is None:
        return _("A case has one person who sees to it: choose somebody.")
    able = readers.possible(case.pilot_id, case.sensitivity, case.concerned_ids, case.concerned_user_ids, by=by)
    if to.user_id not in {each.user_id for each in able}:
        return _("%(name)s may not read this case.") % {"name": to.name}
    return ""


def hand_cases(chosen: set[int], user_id: int, to: To, *, by: Scope, on: date) -> int:
    """Each ticked case goes to a person who may read it. ValidationError in words, and then none went."""
    found = {case.pk: case for case in led_by(user_id, by).filter(pk__in=chosen)}
    if chosen - set(found):
        raise ValidationError(_("One of the cases is with somebody else by now. Look again at what is open."))
    why = _("Handed over with the work of %(name)s.") % {"name": _name(user_id)}
    for case in found.values():
        refused = _why_no_case(case, to, by)
        if refused or to.user_id is None:
            raise ValidationError(f"{case.code}: {refused}")
        try:
            readers.hand_over(case, to.user_id, by=by, on=on, why=why)
        except ValidationError as wrong:
            raise ValidationError([f"{case.code}: {each}" for each in wrong.messages]) from None
        except Changed:
            raise ValidationError(
                _("Case %(code)s was changed by another reader in the meantime. Look again at what is open.")
                % {"code": case.code}
            ) from None
    return len(found)


def _name(user_id: int) -> str:
    """Empty for somebody whom the reader does not know."""
    return User.objects.filter(pk=user_id).values_list("name", flat=True).first() or ""


def waiting_sheets(by: Scope) -> QuerySet[ImportBatch]:
    """Sheets that one's own organisation sent and nobody has recorded or taken back."""
    if not by.allows(Permission.SHEET_SEND) or not may(ImportBatch, by.db_role):
        return ImportBatch.objects.none()
    states = (ImportBatch.State.UPLOADED, ImportBatch.State.CHECKED)
    return ImportBatch.objects.filter(
        organisation_id=by.organisation_id, state__in=states, forgotten_at__isnull=True
    ).order_by("pk")


def sheets(user_id: int, by: Scope) -> Pile:
    """Those that one member sent: anybody of the organisation goes on with them."""
    things, total = first(waiting_sheets(by).filter(user_id=user_id).select_related("pilot"), _sheet)
    note = gettext_lazy("Everybody of you who sends sheets can record them: they need nobody to be handed to.")
    return Pile("sheets", _("Sheets not recorded yet"), "table", things, total, note=note, stays=True)


def _sheet(one: ImportBatch) -> Thing:
    return Thing(one.pk, one.file_name, reverse("workers:import", args=[one.pk]), one.pilot.name)


def named_actions(user_id: int, by: Scope) -> Pile:
    """Open corrective actions of the organisation in which this person is named in words."""
    rows = CorrectiveAction.objects.none()
    if by.allows(Permission.ACTION_ANSWER) or by.allows(Permission.FINDING_RESOLVE):
        ours = CorrectiveAction.objects.filter(owner_id=by.organisation_id, person__iexact=_name(user_id)).exclude(
            person=""
        )
        rows = standing(ours, OPEN).select_related("pilot").order_by("due_on", "pk")
    things, total = first(rows, _action)
    note = gettext_lazy(
        "They are put to your organisation, and each of you reports them done; only the name in them is this person’s."
    )
    return Pile(
        "actions", _("Corrective actions that name this person"), "wrench", things, total, note=note, stays=True
    )


def _action(one: CorrectiveAction) -> Thing:
    return Thing(one.pk, one.words, reverse("compliance:action", args=[one.pk]), one.pilot.name, one.due_on)
