"""An answer as it is given, judged against the catalogue before anything is stored.

``judge`` refuses with words what may not be stored, turns a yes or no without evidence into "not verified", and says
which words stay in sight of programme officers and which go to the private notes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from compliance.catalogue.reader import NO, NOT_VERIFIED, WORKER_ALONE, YES, Catalogue, Item, UnknownItem, catalogue

GROUP = "group"
KEPT_APART = "kept apart"
PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: what was said, who or what showed it, and words about it.

    ``shown_by``: a key of the catalogue's ``answered_by``. ``critical``: the item's ``critical_if`` was found to be so.
    ``note`` is always private. ``photo``: a photo of it was looked at and will be kept; it shows the answer.
    """

    answer: str
    shown_by: str = ""
    evidence: str = ""
    note: str = ""
    critical: bool = False
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something cannot be recorded. ``item`` is empty where the whole contact is meant."""

    words: str
    item: str = ""
    placement_id: int | None = None


class CannotRecord(ValueError):
    """Nothing was stored. ``problems`` has every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{p.item}: {p.words}" if p.item else p.words for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer as it will be stored."""

    item: Item
    answer: str
    failed: bool
    severity: str
    shown_by: str
    evidence: str
    note: str


def fails(item: Item | str, answer: str) -> bool:
    """Whether this answer to this item is a failure; "not applicable" and "not verified" never are."""
    return catalogue().fails(item, answer)


def judge(
    stage: str, answers: Mapping[str, Answered | str], *, mode: str, private: bool, told: bool
) -> tuple[list[Judged], list[Problem]]:
    """Every answer as it will be stored, in the catalogue's order, and every reason against.

    ``told``: the worker told of it by themselves. Only then may an item that is led by disclosure be answered, and
    nothing else is asked in the same breath.
    """
    book = catalogue()
    judged, problems = [], []
    for code, given in answers.items():
        said = given if isinstance(given, Answered) else Answered(given)
        try:
            item = book.item(code)
        except UnknownItem:
            problems.append(Problem(_("The catalogue has no item of this code."), code))
            continue
        words = _against(book, item, said, stage, mode, told)
        if words:
            problems.append(Problem(words, code))
        else:
            judged.append(_judged(book, item, said, private))
    if not answers:
        problems.append(Problem(_("Answer at least one item.")))
    order = {item.code: place for place, item in enumerate(book.items)}
    return sorted(judged, key=lambda j: order[j.item.code]), problems


def _against(book: Catalogue, item: Item, said: Answered, stage: str, mode: str, told: bool) -> str:
    """Why this answer may not be stored; empty when it may."""
    if item.stage != stage:
        return _("This item is not asked at this stage.")
    if item.disclosure_led and not told:
        return _("This is recorded only when the worker tells of it, never asked.")
    if told and not item.disclosure_led:
        return _("What was told in confidence is recorded apart from the routine questions.")
    if said.answer not in book.answers:
        return _("Answer yes, no, not applicable or not verified.")
    if said.shown_by and said.shown_by not in book.answered_by:
        return _("Say who or what showed it in the words of the list.")
    if said.shown_by and said.shown_by not in item.answered_by:
        return _("This item cannot be shown in this way.")
    if mode == GROUP and item.private and said.shown_by in ("", WORKER_ALONE):
        return _("This is asked to the worker alone, not in a group.")
    if len(said.evidence) > 280 or len(said.note) > 3000:
        return _("Write less: 280 characters of evidence, 3,000 of a note.")
    return ""


def _judged(book: Catalogue, item: Item, said: Answered, private: bool) -> Judged:
    text, note = said.evidence.strip(), said.note.strip()
    has_evidence = bool(text or said.shown_by or said.photo)
    apart = private or item.restricted or item.restricted_evidence
    answer = said.answer
    if answer in (YES, NO) and not has_evidence:
        answer = NOT_VERIFIED
    if text and apart:
        note = f"{text}\n\n{note}".strip()
        text = ""
    photo = PHOTO if said.photo and not apart else ""
    evidence = (text or said.shown_by or photo or KEPT_APART) if has_evidence else ""
    failed = book.fails(item, answer)
    severity = item.severity_when(said.critical) if failed else item.severity
    return Judged(item, answer, failed, severity, said.shown_by, evidence, note)
