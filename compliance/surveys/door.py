"""The door of surveys: ``record`` notes tries at surveys, with the answers where somebody answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.scope import Scope
from compliance.models import SurveyAnswer, SurveyContact
from compliance.surveys.instrument import CHOICE, SCALE, SCALE_TO, Question, edition_on
from compliance.surveys.standing import ANSWERED, DIED, NOT_AGREED, NOT_YET, Owed, of_placements
from workers.models import Placement


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: a choice, or a number, with its currency where it is money."""

    choice: str = ""
    number: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """One try at one survey of one placement, with the answers by question where somebody answered."""

    placement: Placement
    wave: str
    outcome: str
    done_on: date
    mode: str = SurveyContact.Mode.PHONE
    answers: Mapping[str, Said] = field(default_factory=dict)


def record(tries: Sequence[Try], *, by: Scope, today: date) -> list[SurveyContact]:
    """Note tries at surveys, all or none. Must run inside ``acting_as(by)``; the statements do not grow with the tries.

    Raises PermissionDenied without the verb, and ValidationError with a sentence, where it can beside its field: a survey
    that is not owed, not open yet or answered before; a day to come; answers without an answer, or that the wave does not
    ask for.
    """
    by.require(Permission.SURVEY_RECORD)
    standing = of_placements([one.placement.pk for one in tries], on=today, as_of=timezone.now())
    owed = {(one.placement_id, one.wave): one for one in standing}
    for one in tries:
        _refuse(one, owed.get((one.placement.pk, one.wave)), today)
        _refuse_answers(one)
    try:
        with transaction.atomic():
            contacts = SurveyContact.objects.bulk_create(
                SurveyContact(
                    pilot_id=one.placement.pilot_id, placement=one.placement, cohort_id=one.placement.cohort_id,
                    wave=one.wave, instrument=edition_on(one.done_on).version, outcome=one.outcome, mode=one.mode,
                    done_on=one.done_on, user_id=by.user_id, organisation_id=by.organisation_id,
                )
                for one in tries
            )  # fmt: skip
            SurveyAnswer.objects.bulk_create(
                SurveyAnswer(
                    pilot_id=contact.pilot_id, contact=contact, question=code, choice=said.choice, number=said.number,
                    currency=said.currency,
                )
                for contact, one in zip(contacts, tries, strict=True)
                for code, said in one.answers.items()
            )  # fmt: skip
    except IntegrityError as error:
        raise ValidationError(_("This survey was already answered, or this try is already noted.")) from error
    return contacts


def _refuse(one: Try, owed: Owed | None, today: date) -> None:
    if one.done_on > today:
        raise ValidationError({"done_on": _("This day is still to come.")})
    if one.outcome not in SurveyContact.Outcome.values:
        raise ValidationError({"outcome": _("Say whether the person was reached, and why not.")})
    if owed is None:
        raise ValidationError(_("This survey is not planned for this worker."))
    if owed.state == ANSWERED:
        raise ValidationError(_("This survey was already answered."))
    if owed.outcome == NOT_AGREED:
        raise ValidationError(_("This person did not agree to be contacted after return."))
    if owed.state == DIED:
        raise ValidationError(_("Nobody is asked any more."))
    if owed.state == NOT_YET or one.done_on < owed.opens_on:
        day = date_format(owed.opens_on, "j M Y")
        raise ValidationError({"done_on": _("This survey is asked from %(day)s on.") % {"day": day}})


def _refuse_answers(one: Try) -> None:
    if one.outcome == ANSWERED and not one.answers:
        raise ValidationError(_("Note one answer at least, or say why there is none."))
    if one.outcome != ANSWERED and one.answers:
        raise ValidationError({"outcome": _("There are answers, so the person was reached.")})
    questions = {question.code: question for question in edition_on(one.done_on).questions(one.wave)}
    for code, said in one.answers.items():
        if code not in questions or not _fits(questions[code], said):
            raise ValidationError({code: _("This is no answer to this question.")})


def _fits(question: Question, said: Said) -> bool:
    if question.kind == CHOICE:
        return said.choice in dict(question.choices) and said.number is None and not said.currency
    if said.number is None or said.choice:
        return False
    if question.kind == SCALE:
        return not said.currency and said.number == int(said.number) and 1 <= said.number <= SCALE_TO
    return said.number >= 0 and len(said.currency) == 3
