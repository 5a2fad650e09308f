"""Working through a campaign: answers to the questions of one file, and what the whole sample says.

A result is given for a question once every file of the sample has its answer: those left open are seldom the easy ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.names import name_of
from accounts.roles import Permission
from accounts.scope import Scope
from compliance.campaigns.questions import QUESTIONS, Question
from compliance.campaigns.sampling import Estimated, estimate
from compliance.models import Campaign, CampaignAnswer, CampaignItem

COMPLETE, INCOMPLETE, WRONG = CampaignAnswer.Answer.values


@dataclass(frozen=True, slots=True)
class Result:
    """One question over the sample. ``failing``: incomplete or wrong, with its interval; none until all are looked at."""

    question: Question
    complete: int
    incomplete: int
    wrong: int
    sample: int
    failing: Estimated | None

    @property
    def looked_at(self) -> int:
        """Files with an answer."""
        return self.complete + self.incomplete + self.wrong


def current(item: CampaignItem) -> dict[str, CampaignAnswer]:
    """question → the answer that stands: the newest."""
    return {a.question: a for a in CampaignAnswer.objects.filter(item=item).order_by("pk")}


def review(item: CampaignItem, answers: Mapping[str, tuple[str, str]], *, by: Scope, on: date) -> int:
    """Record answers, question → (answer, what was seen); answers how many are new or differ from what stood.

    Must run inside ``acting_as(by)``. Raises ValidationError for every question at once.
    """
    by.require(Permission.FINDING_RESOLVE)
    wrong: dict[str, str] = {}
    asked = item.campaign.questions
    if on < item.campaign.drawn_on:
        wrong["on"] = _("A file is looked at on or after the day the sample was drawn.")
    for code, (answer, words) in answers.items():
        if code not in asked:
            wrong[code] = _("This campaign does not ask that.")
        elif answer not in CampaignAnswer.Answer.values:
            wrong[code] = _("Answer complete, incomplete or wrong.")
        elif answer != COMPLETE and not words.strip():
            wrong[code] = _("Say what is missing or wrong.")
        elif len(words) > 300:
            wrong[code] = _("Write 300 characters at most.")
    if wrong:
        raise ValidationError(wrong)
    stands = current(item)
    who = name_of(by)
    fresh = [
        CampaignAnswer(
            pilot_id=item.pilot_id, item=item, question=code, answer=answer, words=words.strip(), reviewed_on=on,
            user_id=by.user_id, organisation_id=by.organisation_id, who=who,
        )
        for code, (answer, words) in answers.items()
        if code not in stands or (stands[code].answer, stands[code].words) != (answer, words.strip())
    ]  # fmt: skip
    CampaignAnswer.objects.bulk_create(fresh)
    return len(fresh)


def results(campaign: Campaign) -> list[Result]:
    """Each question of the campaign, in the order of the list; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select question, answer, count(*) from (
              select distinct on (a.item_id, a.question) a.question, a.answer
              from compliance_campaignanswer a join compliance_campaignitem i on i.id = a.item_id
              where i.campaign_id = %s order by a.item_id, a.question, a.id desc
            ) s group by question, answer
            """,
            [campaign.pk],
        )
        counts = {(question, answer): n for question, answer, n in cursor.fetchall()}
    found = []
    for code in campaign.questions:
        complete, incomplete, wrong = (counts.get((code, a), 0) for a in (COMPLETE, INCOMPLETE, WRONG))
        whole = complete + incomplete + wrong == campaign.sample_size
        failing = estimate(incomplete + wrong, campaign.sample_size, campaign.population_size) if whole else None
        found.append(Result(QUESTIONS[code], complete, incomplete, wrong, campaign.sample_size, failing))
    return found
