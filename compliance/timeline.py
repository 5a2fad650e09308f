"""What compliance adds to the timeline of a placement: checks, visits that reached nobody, findings, private notes.

Of what was told in confidence it says only that it was told; of a private note, that there is one. Words are read on the
page of the check, where the reading is recorded.
"""

from typing import Any, Final

from django.db.models import CharField, Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Permission
from compliance.models import Check, CheckAnswer, ContactAttempt, Finding, FindingEvent, PrivateNote
from compliance.words import finding_words, stage_words
from workers.models import Placement
from workers.timeline.kinds import of_placement
from workers.timeline.table import CHECKS, CONTACTS, FINDINGS, NOTES, Kind, Told

Said = dict[str, Any]
TONES: Final = {
    FindingEvent.Kind.OPENED: "warning", FindingEvent.Kind.RAISED: "critical", FindingEvent.Kind.REOPENED: "warning",
    FindingEvent.Kind.RESOLVED: "good", FindingEvent.Kind.VERIFIED: "good",
}  # fmt: skip


def _answers(**which: Any) -> Coalesce:
    """How many answers of the check are such."""
    rows = CheckAnswer.objects.filter(check_record=OuterRef("pk"), **which).order_by().values("check_record")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), IntegerField()), 0)


def _checked(said: Said, placement: Placement) -> Told:
    if said["restricted"]:
        return Told(_("Told in confidence"), who=said["where"], url=reverse("compliance:check", args=[said["id"]]))
    n, bad = said["answers"], said["failed"]
    parts = [str(Check.Mode(said["mode"]).label), _("worker alone") if said["private"] else ""]
    parts.append(ngettext("%(n)d answer", "%(n)d answers", n) % {"n": n})
    if bad:
        parts.append(ngettext("%(n)d failed", "%(n)d failed", bad) % {"n": bad})
    title = _("Check: %(stage)s") % {"stage": stage_words(said["stage"])}
    return Told(title, " · ".join(p for p in parts if p), said["where"] or "", "warning" if bad else "good",
                url=reverse("compliance:check", args=[said["id"]]))  # fmt: skip


def _missed(said: Said, placement: Placement) -> Told:
    title = _("Nobody reached: %(stage)s") % {"stage": stage_words(said["stage"])}
    return Told(title, str(ContactAttempt.Reason(said["reason"]).label), said["where"] or "", "warning")


def _found(said: Said, placement: Placement) -> Told:
    kind = FindingEvent.Kind(said["kind"])
    what = Finding(code=said["code"], evidence=said["evidence"] or {}, restricted=said["restricted"])
    title = _("%(what)s: %(happened)s") % {"what": finding_words(what), "happened": kind.label}
    words = "" if said["restricted"] else said["words"]
    return Told(title, words, said["who"] or said["where"] or "", TONES.get(kind, "neutral"),
                url=reverse("compliance:finding", args=[said["finding"]]))  # fmt: skip


def _noted(said: Said, placement: Placement) -> Told:
    check = reverse("compliance:check", args=[said["check"]])
    return Told(_("Private note"), _("Its words stand with the check. Who reads them is recorded."), url=check)


LIST = (
    Kind("private note", "lock", PrivateNote, {NOTES: Q()}, "check_record__done_on", "recorded_at",
         lambda p: Q(check_record__placement=p.pk), _noted, {"check": F("check_record_id")}, Permission.CHECK_VIEW),
    Kind("finding", "flag", FindingEvent, {FINDINGS: Q()}, "happened_on", "recorded_at",
         lambda p: Q(finding__placement=p.pk), _found,
         {"kind": F("kind"), "words": F("words"), "code": F("finding__code"), "evidence": F("finding__evidence"),
          "restricted": F("finding__restricted"), "finding": F("finding_id"), "who": F("who"),
          "where": F("organisation__name")}, Permission.FINDING_VIEW),
    Kind("attempt", "phone-missed", ContactAttempt, {CONTACTS: Q()}, "tried_on", "recorded_at", of_placement, _missed,
         {"stage": F("stage"), "reason": Cast("reason", CharField()), "where": F("organisation__name")},
         Permission.CHECK_VIEW),
    Kind("check", "clipboard-check", Check, {CHECKS: Q(), CONTACTS: ~Q(mode=Check.Mode.DOCUMENT)}, "done_on",
         "recorded_at", of_placement, _checked,
         {"id": F("pk"), "stage": F("stage"), "mode": F("mode"), "private": F("private"), "restricted": F("restricted"),
          "where": F("organisation__name"), "answers": _answers(), "failed": _answers(failed=True)},
         Permission.CHECK_VIEW),
)  # fmt: skip
OF_COMPLIANCE: Final = {kind.code: kind for kind in LIST}
