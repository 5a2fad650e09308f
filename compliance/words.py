"""The words of the catalogue in the reader's language.

The catalogue's texts are data; where a translation is known it is used, else the text itself.
"""

from django.utils.translation import gettext as _

from compliance.catalogue.reader import Item, UnknownItem, catalogue, statements
from compliance.models import Finding
from compliance.rules.table import rules
from workers.models import IdentityDocument

TONES = {"critical": "critical", "major": "warning", "minor": "neutral"}


def answers() -> dict[str, str]:
    """answer → words."""
    return {code: _(words) for code, words in catalogue().answers.items()}


def shown_by() -> dict[str, str]:
    """Who or what showed it → words."""
    return {code: _(words) for code, words in catalogue().answered_by.items()}


def evidence_words(evidence: str) -> str:
    """What showed an answer: who or what, where nothing more was written; else the written words themselves."""
    if evidence == "kept apart":
        return _("Kept in the private notes")
    if evidence == "photo":
        return _("A photo")
    return shown_by().get(evidence, evidence)


def question(item: Item | str) -> str:
    """The question of an item, or a rule's words; the code itself where nobody knows it (an older edition)."""
    if isinstance(item, Item):
        return _(item.question)
    if item in rules():
        return str(rules()[item].words)
    try:
        return _(catalogue().item(item).question)
    except UnknownItem:
        return item


def finding_words(finding: Finding) -> str:
    """A finding as it stands in lists: what is wrong, but of what was told in confidence only that it was told."""
    return _("Told in confidence") if finding.restricted else wrong(finding)


def wrong(finding: Finding) -> str:
    """What is wrong, as a statement: of an item the catalogue's own, of a rule its words and the paper it is about."""
    if finding.code in statements():
        return _(statements()[finding.code])
    words = question(finding.code)
    paper = dict(IdentityDocument.Kind.choices).get(str(finding.evidence.get("paper", "")))
    return _("%(what)s: %(paper)s") % {"what": words, "paper": paper} if paper else words


def stage_words(code: str) -> str:
    """The name of a stage."""
    return {s.code: _(s.label) for s in catalogue().stages}.get(code, code)


def severity_words(code: str) -> str:
    """The name of a severity."""
    words = catalogue().severities.get(code)
    return _(words) if words else code


def indicator_words(codes: list[str]) -> list[str]:
    """The names of indicators, in the order given."""
    known = {i.code: i.words for i in catalogue().indicators}
    return [_(known[code]) if code in known else code for code in codes]
