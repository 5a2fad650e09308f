"""What the page of a finding shows of its actions and its money, and the forms that stand there."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.forms import Form

from accounts.roles import Permission
from accounts.scope import Scope
from compliance.models import CorrectiveAction, Finding, RemedyEntry
from compliance.remedies.actions import owners, standing
from compliance.remedies.balances import balances
from compliance.remedies.closing import hindrances
from compliance.remedy_forms import ActionForm, EntryForm

USUAL_DAYS = 14


def actions_of(finding: Finding) -> list[CorrectiveAction]:
    """The actions put for a finding with their ``state``, the newest first."""
    rows = standing(CorrectiveAction.objects.filter(finding=finding)).select_related("owner")
    return list(rows.order_by("-put_on", "-recorded_at", "-pk"))


def mending(scope: Scope, finding: Finding, today: date, sent: Mapping[str, Form]) -> dict[str, Any]:
    """Context of the two panels: actions, entries, balance, what stands in the way, and the forms one may use."""
    may = scope.allows(Permission.FINDING_RESOLVE)
    waives = scope.allows(Permission.FINDING_WAIVE)
    entries = list(RemedyEntry.objects.filter(finding=finding).order_by("happened_on", "pk"))
    taken_back = {e.reverses_id for e in entries if e.reverses_id}
    balance = balances([finding.pk]).get(finding.pk)
    action_form: Form | None = None
    if may and finding.state != Finding.State.RESOLVED:
        able = owners(finding)
        start = {"due_on": today + timedelta(days=USUAL_DAYS), "owner": next(iter(able), "")}
        action_form = sent.get("action_form") or ActionForm(owners=able, initial=start)
    currency = balance.currency if balance else finding.pilot.currency
    entry_start = {"on": today, "currency": currency}
    return {
        "actions": actions_of(finding), "balance": balance, "in_the_way": hindrances([finding.pk]).get(finding.pk, []),
        "entries": [
            {
                "entry": e, "taken_back": e.pk in taken_back,
                "may_take_back": not e.reverses_id and e.pk not in taken_back
                and (waives if e.kind == RemedyEntry.Kind.WRITTEN_OFF else may),
            }
            for e in entries
        ],
        "action_form": action_form,
        "entry_form": (sent.get("entry_form") or EntryForm(may_write_off=waives, initial=entry_start)) if may else None,
    }  # fmt: skip
