"""What happens to an edition after it was made: a new one says what changed, one that is wrong is withdrawn, and any can
be made again from what was frozen.
"""

import hashlib
from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Kind, Permission
from accounts.scope import Scope
from reports.content import Content, Figure, Previous, Section
from reports.models import Edition, EditionFile, Withdrawal
from reports.rendering import render_all, words
from reports.tables import Cell


def what_changed(before: Edition, sections: Sequence[Section], versions: Mapping[str, str], reason: str) -> Previous:
    """The edition before, why there is a new one, and every cell that differs, in words; no hidden number is told."""
    earlier = Content.from_json(before.content)
    told = [*_other_versions(earlier.versions, versions)]
    old = {section.metric: section for section in earlier.sections}
    for section in sections:
        told += _changes(old.get(section.metric), section)
    told += [
        _("%(figure)s: no longer in this report.") % {"figure": section.title}
        for metric, section in old.items()
        if metric not in {one.metric for one in sections}
    ]
    return Previous(before.number, before.sha256, reason or _("Compiled again with later data."), tuple(told))


def _other_versions(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    names = {"code": _("the portal"), "catalogue": _("the catalogue of checks"), "scheme": _("the scheme"), "metrics": _("the definitions")}  # fmt: skip
    return [
        _("Another version of %(what)s than in the edition before.") % {"what": names.get(name, name)}
        for name in new
        if name in old and old[name] != new[name]
    ]


def _changes(old: Section | None, new: Section) -> list[str]:
    """One sentence for each cell of a section that is not what it was."""
    if old is None:
        return [_("%(figure)s: new in this report.") % {"figure": new.title}]
    was: dict[Cell, Figure] = {figure.key: figure for figure in old.figures}
    now = {figure.key: figure for figure in new.figures}
    told = [change_of(f"{new.title}, {words.cell_title(new, f)}", was.get(key), f) for key, f in now.items()]
    told += [change_of(f"{old.title}, {words.cell_title(old, f)}", f, None) for key, f in was.items() if key not in now]
    return [sentence for sentence in told if sentence]


def change_of(name: str, was: Figure | None, now: Figure | None) -> str:
    """What differs between a figure and the same figure of the edition before, in one sentence; empty for nothing."""
    if was is None or now is None:
        return _("%(figure)s: %(how)s.") % {"figure": name, "how": _("new") if was is None else _("no longer given")}
    if was.suppressed and now.suppressed:
        return ""
    if now.suppressed:
        return _("%(figure)s: was shown, is hidden now.") % {"figure": name}
    if was.suppressed:
        return _("%(figure)s: was hidden, is shown now: %(now)s.") % {"figure": name, "now": _said(now)}
    if (was.value, was.numerator, was.denominator) == (now.value, now.numerator, now.denominator):
        return ""
    return _("%(figure)s: %(was)s before, %(now)s now.") % {"figure": name, "was": _said(was), "now": _said(now)}


def _said(figure: Figure) -> str:
    counted = words.counted(figure)
    return f"{words.shown(figure)} ({counted})" if counted else words.shown(figure)


def withdraw(edition: Edition, *, by: Scope, reason: str) -> Withdrawal:
    """Say that nobody should rely on an edition any more, and why; its readers see it, its bytes stay.

    For those of the programme who ask for reports. Raises PermissionDenied, and ValidationError with a sentence when
    no reason is given or it was withdrawn before.
    """
    by.require(Permission.REPORT_REQUEST)
    if by.kind != Kind.PROGRAMME:
        raise PermissionDenied(_("An edition is withdrawn by the programme."))
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why the edition is withdrawn; its readers see it.")})
    try:
        with transaction.atomic():
            made = Withdrawal.objects.create(
                pilot_id=edition.pilot_id, organisation_id=edition.organisation_id, edition=edition, reason=reason,
                user_id=by.user_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise ValidationError({"reason": _("This edition is withdrawn already.")}) from error
    audit.record("edition.withdraw", "edition", edition.pk, pilot_id=edition.pilot_id)
    return made


def made_again(edition: Edition) -> dict[str, bool]:
    """Render every file again from the frozen content alone: name → whether its bytes are those that were frozen.

    Reads no fact about a person: whoever was erased since is not needed. The language is that of the edition.
    """
    content = Content.from_json(edition.content)
    with translation.override("en"):
        files = render_all(content)
    frozen = dict(EditionFile.objects.filter(edition=edition).values_list("name", "sha256"))
    return {name: frozen.get(name) == hashlib.sha256(body).hexdigest() for name, body in files.items()} | {
        name: False for name in frozen if name not in files
    }
