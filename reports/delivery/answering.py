"""What a reader says to an edition: ``acknowledge`` it once, ``comment`` on it or on a figure; the programme answers.

The edition's bytes are not touched. A word reaches the reader's own organisation and the programme, and nobody else.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.scope import Scope
from reports.content import Content
from reports.delivery.models import Acknowledgement, EditionComment
from reports.delivery.schedules import may_schedule, require_schedule
from reports.delivery.taking import name_of
from reports.models import Edition


def may_respond(edition: Edition, by: Scope) -> bool:
    """Whether the scope speaks for the reader of the edition."""
    return edition.organisation_id == by.organisation_id


def acknowledge(edition: Edition, *, by: Scope) -> None:
    """The person has read the edition. PermissionDenied for others than its reader, ValidationError the second time."""
    _require_reader(edition, by)
    try:
        with transaction.atomic():
            Acknowledgement.objects.create(
                pilot_id=edition.pilot_id, organisation_id=edition.organisation_id, edition_id=edition.pk,
                user_id=by.user_id, person_name=name_of(by),
            )  # fmt: skip
    except IntegrityError as error:
        raise ValidationError(_("You have acknowledged this edition already.")) from error


def comment(edition: Edition, text: str, *, by: Scope, metric: str = "") -> EditionComment:
    """What the reader says to the edition, or to one figure of it. ValidationError for a figure that it does not hold."""
    _require_reader(edition, by)
    if metric and metric not in dict(figures(edition)):
        raise ValidationError({"metric": _("This edition has no such figure.")})
    return _say(edition, text, by, metric=metric)


def answer(to: EditionComment, text: str, *, by: Scope) -> EditionComment:
    """The programme answers a comment; its reader sees the answer below it."""
    require_schedule(by)
    if to.answers_id is not None:
        raise ValidationError(_("An answer is given to a comment, not to another answer."))
    return _say(to.edition, text, by, metric=to.metric, answers=to)


def _say(edition: Edition, text: str, by: Scope, **more) -> EditionComment:
    if not text.strip():
        raise ValidationError({"text": _("Write something.")})
    return EditionComment.objects.create(
        pilot_id=edition.pilot_id, organisation_id=edition.organisation_id, edition_id=edition.pk, text=text.strip(),
        user_id=by.user_id, person_name=name_of(by), by_organisation_id=by.organisation_id, **more,
    )  # fmt: skip


def _require_reader(edition: Edition, by: Scope) -> None:
    if not may_respond(edition, by):
        raise PermissionDenied(_("An edition is answered by the organisation that it was prepared for."))


def figures(edition: Edition) -> list[tuple[str, str]]:
    """Code and title of every figure of the edition, in its order."""
    return [(section.metric, section.title) for section in Content.from_json(edition.content).sections]


@dataclass(slots=True)
class Thread:
    """A comment with its answers, oldest first, and the title of the figure it is about, if any."""

    comment: EditionComment
    figure: str = ""
    answers: list[EditionComment] = field(default_factory=list)
    form: object = None  # where the programme answers it on the page


def threads(edition: Edition) -> list[Thread]:
    """What was said to the edition, as far as the scope in force may read, in one statement."""
    titles = dict(figures(edition))
    rows = list(EditionComment.objects.filter(edition=edition).select_related("by_organisation").order_by("pk"))
    replies: dict[int, list[EditionComment]] = defaultdict(list)
    for row in rows:
        if row.answers_id:
            replies[row.answers_id].append(row)
    return [Thread(row, titles.get(row.metric, row.metric), replies[row.pk]) for row in rows if row.answers_id is None]


def of_edition(edition: Edition, by: Scope) -> dict:
    """For the page of an edition: who acknowledged it, how many comments there are, and what the scope may do."""
    acknowledged = list(Acknowledgement.objects.filter(edition=edition).order_by("pk"))
    responds = may_respond(edition, by)
    return {
        "acknowledged": acknowledged,
        "may_acknowledge": responds and by.user_id not in {row.user_id for row in acknowledged},
        "may_comment": responds,
        "may_send_links": may_schedule(by),
        "comments": EditionComment.objects.filter(edition=edition, answers__isnull=True).count(),
    }
