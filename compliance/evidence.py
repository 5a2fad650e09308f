"""The door of evidence: photos and papers hung on the answers of a check, and on what an owner reports done.

What was seen with the worker alone, and what belongs to an item whose evidence is kept in confidence, is a restricted
file: the answer may be open to programme officers, its photo is not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.scope import Scope
from compliance.catalogue.reader import catalogue
from compliance.models import AnswerFile, CheckAnswer, CorrectiveStep, StepFile
from compliance.random_ids import random_id
from workers.files.door import FileRefused, Looked, keep

MOST = 20


def attach(checks: Iterable[int], photos: Mapping[str, Looked], *, by: Scope) -> list[str]:
    """Hang each photo on the answers of its item in these checks, of everybody met at a visit; answers sentences on what could not be kept.

    A form that is sent twice hangs each photo once. A check keeps at most 20 files. Must run inside ``acting_as(by)``.
    """
    by.require(Permission.CHECK_RECORD)
    if not photos:
        return []
    rows = CheckAnswer.objects.filter(check_record_id__in=list(checks), item__in=list(photos))
    answers = list(rows.select_related("check_record").order_by("check_record_id"))
    have = AnswerFile.objects.filter(answer__in=answers).values_list("answer_id", "sent_sha256")
    kept, troubles = set(have), []
    of_check = Counter(a.check_record_id for a in answers for pk, _sha in kept if pk == a.pk)
    for answer in answers:
        photo = photos[answer.item]
        if (answer.pk, photo.sent_sha256) in kept:
            continue
        if of_check[answer.check_record_id] >= MOST:
            troubles.append(_("%(item)s: a check keeps at most %(most)d files.") % {"item": answer.item, "most": MOST})
            continue
        try:
            _keep(answer, photo, by)
        except FileRefused as refused:
            troubles.append(f"{answer.item}: {refused.message}")
        else:
            kept.add((answer.pk, photo.sent_sha256))
            of_check[answer.check_record_id] += 1
    return list(dict.fromkeys(troubles))


def show(step: CorrectiveStep, files: Iterable[Looked | FileRefused], *, by: Scope) -> list[str]:
    """Hang what the owner sent on its report; answers sentences on what could not be kept. The report stands either way."""
    troubles, kept = [], set(StepFile.objects.filter(step=step).values_list("sent_sha256", flat=True))
    for file in files:
        if isinstance(file, FileRefused):
            troubles.append(file.message)
        elif file.sent_sha256 not in kept:
            try:
                keep(
                    StepFile, file, by=by, pilot_id=step.pilot_id, step=step, owner_id=step.owner_id,
                    restricted=step.restricted, id=random_id() if step.restricted else None,
                )  # fmt: skip
            except FileRefused as refused:
                troubles.append(refused.message)
            else:
                kept.add(file.sent_sha256)
    return troubles


def _keep(answer: CheckAnswer, photo: Looked, by: Scope) -> AnswerFile:
    restricted = in_confidence(answer)
    return keep(
        AnswerFile, photo, by=by, pilot_id=answer.pilot_id, answer=answer, restricted=restricted,
        id=random_id() if restricted else None,  # numbers without a gap tell nobody that there is one more
    )  # fmt: skip


def in_confidence(answer: CheckAnswer) -> bool:
    """Whether what showed this answer is for welfare officers and the safeguarding lead only."""
    item = next((i for i in catalogue().items if i.code == answer.item), None)
    return answer.restricted or answer.check_record.private or item is None or item.restricted_evidence
