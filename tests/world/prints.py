"""A fingerprint of a world: every row of every protected table without its ids and clock times.

A key is replaced by the fingerprint of the row it points at, so that neither numbers nor the order of rows matter.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from django.apps import apps
from django.db import models

from accounts.models import AuditEvent, History, Job, NoticeKnock, Organisation, User
from accounts.scope import Scope, acting_as, operator_scope
from compliance.models import (
    AnswerFile,
    Campaign,
    CampaignAnswer,
    CampaignItem,
    CannotTell,
    ConcernCode,
    Finding,
    Grievance,
    GrievanceEvent,
    GrievanceFile,
    GrievanceIdentity,
    GrievanceMessage,
    GrievanceOffer,
    PartnerChange,
    RuleMark,
    StepFile,
)
from lamp_portal.world import plans
from lamp_portal.world.hands import Hands
from pilots.models import Cohort, Pilot
from reports.models import Edition, EditionFile, RollupRepair
from reports.research.models import ResearchExtract, ResearchFile
from workers.models import (
    CostFile,
    DocumentFile,
    LikenessMark,
    MoveCorrection,
    MoveTakenBack,
    Person,
    Placement,
    Rollup,
    RollupMark,
    TrainingFile,
)

# A sample follows from the ids of its population, which differ from world to world.
# Written by the database for every statement; frozen with the moment of compiling.
LEFT_OUT = {
    History, AuditEvent, Job, EditionFile, CampaignItem, CampaignAnswer, RuleMark, PartnerChange, LikenessMark,
    Rollup, RollupMark, RollupRepair, NoticeKnock, ResearchFile,
}  # fmt: skip
# Salted, drawn at random, with the moment of compiling inside, or changed by whoever signs in to look at the world.
NOT_COMPARED = {
    # What a rule found is known by rule and facts, and the facts by their ids.
    Campaign: {"population_hash"}, Finding: {"source"}, CannotTell: {"source"},
    AnswerFile: {"stored_as"}, CostFile: {"stored_as"}, DocumentFile: {"stored_as"}, TrainingFile: {"stored_as"},
    GrievanceFile: {"stored_as"}, StepFile: {"stored_as"},
    MoveTakenBack: {"event_id"}, MoveCorrection: {"event_id"},
    User: {"password", "last_login"}, Grievance: {"code", "followup_hash"}, ConcernCode: {"code_hash", "poster"},
    Edition: {"content", "sha256"}, ResearchExtract: {"sha256", "size"},
}  # fmt: skip
PLAIN_KEYS = {
    "cohort_id": Cohort, "pilot_id": Pilot, "person_id": Person, "placement_id": Placement, "doer_id": User,
    "lead_id": User, "about_user_id": User, "recorded_by": Organisation,
    "recorder_id": User, "debtor_id": Organisation,
}  # fmt: skip
LISTS = {
    "reader_ids": User,
    "concerned_ids": Organisation,
    "concerned_user_ids": User,
    "told_ids": Organisation,
    "population": Placement,
}
# Read by whoever is named, so that no one reader sees the whole of them.
OF_THE_NAMED = {Grievance, GrievanceEvent, GrievanceFile, GrievanceIdentity, GrievanceMessage, GrievanceOffer}

type Rows = dict[type[models.Model], dict[int, dict[str, object]]]


def _readable(scope: Scope) -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        lines = model.row_policy.lines() if hasattr(model, "row_policy") and model not in LEFT_OUT else ()
        if any(role == scope.db_role and "r" in verbs for role, verbs, _sql in lines):
            yield model


def every_row() -> Rows:
    """Model → id → values: accounts as the operator sees them, the rest as the programmes do, and what only
    safeguarding leads and welfare officers see."""
    hands = Hands()
    rows: Rows = defaultdict(dict)
    programmes = [plan.slug for plan in plans.organisations() if plan.kind == "programme"]
    partners = [plan.slug for plan in plans.organisations() if plan.kind == "welfare"]
    open_to = [operator_scope(), *(hands.of(slug, "programme_officer") for slug in programmes)]
    closed = [hands.of(slug, "safeguarding_lead") for slug in programmes]
    closed += [hands.of(slug, "welfare_officer") for slug in partners]
    seen_by_officers = set(_readable(open_to[1]))
    for scope in open_to + closed:
        with acting_as(scope):
            for model in _readable(scope):
                found = model.objects.order_by()
                if scope in closed and model in seen_by_officers - OF_THE_NAMED:
                    if not any(field.name == "restricted" for field in model._meta.fields):
                        continue
                    found = found.filter(restricted=True)
                rows[model].update({row[model._meta.pk.attname]: row for row in found.values()})
    return rows


def world_print() -> dict[str, str]:
    """Table → fingerprint of all its rows."""
    rows = every_row()

    @cache
    def digest(model: type[models.Model], pk: int | None) -> str:
        if pk is None:
            return ""
        row = rows[model][pk]  # a KeyError: no reader was found who sees a row that others point at
        return hashlib.sha256(repr(list(_values(model, row))).encode()).hexdigest()[:16]

    def _values(model: type[models.Model], row: dict[str, object]) -> Iterator[tuple[str, object]]:
        for field in _fields(model):
            value = row[field.attname]
            if not isinstance(value, datetime):
                yield field.name, _plain(field, value)

    def _plain(field: models.Field, value: object) -> object:
        if field.is_relation:
            return digest(field.related_model, value)
        if field.attname in PLAIN_KEYS:
            return digest(PLAIN_KEYS[field.attname], value)
        if field.attname in LISTS:
            return sorted(digest(LISTS[field.attname], pk) for pk in value)
        if field.attname == "source" and isinstance(value, str) and re.match(r"(finding|person):", value):
            kind, number, *rest = value.split(":")
            return [kind, digest(Finding if kind == "finding" else User, int(number)), rest]
        return json.dumps(value, sort_keys=True, default=str) if isinstance(value, dict | list) else str(value)

    return {
        model.__name__: hashlib.sha256(repr(sorted(digest(model, pk) for pk in found)).encode()).hexdigest()
        for model, found in sorted(rows.items(), key=lambda pair: pair[0].__name__)
    }


@cache
def _fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    """The fields that are compared. A primary key that is another row's key is compared as that row."""
    hidden = NOT_COMPARED.get(model, set()) | {"job_id"}
    return tuple(f for f in model._meta.concrete_fields if f.name not in hidden and not isinstance(f, models.AutoField)
                 and (f.is_relation or not f.primary_key))  # fmt: skip
