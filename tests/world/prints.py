"""A fingerprint of a world: every row of every protected table without its ids and clock times.

A key is replaced by the fingerprint of the row it points at, so that neither numbers nor the order of rows matter.
"""

import hashlib
import json
import re
from collections import defaultdict
from datetime import datetime
from functools import cache

from django.apps import apps
from django.db import models

from accounts.models import AuditEvent, History, Job, User
from accounts.scope import acting_as, operator_scope
from compliance.models import Finding, RestrictedCase
from lamp_portal.world import plans
from lamp_portal.world.hands import Hands
from pilots.models import Cohort, Pilot
from reports.models import Edition, EditionFile
from workers.models import ImportBatch, Person, Placement

# Written by the database for every statement; made of random letters; frozen with the moment of compiling.
LEFT_OUT = {History, AuditEvent, Job, EditionFile}
NOT_COMPARED = {User: {"password"}, RestrictedCase: {"code"}, Edition: {"content", "sha256"}}
PLAIN_KEYS = {"cohort_id": Cohort, "pilot_id": Pilot, "person_id": Person, "placement_id": Placement, "job_id": None}


def scopes() -> list:
    """Enough readers to see every row: operators, and each kind of reader of each organisation."""
    hands = Hands()
    roles = {member.role for plan in plans.organisations() for member in plan.people}
    found = [operator_scope()]
    for plan in plans.organisations():
        found += [hands.of(plan.slug, role) for role in sorted(roles) if (plan.slug, role) in hands]
    return found


def every_row() -> dict[type[models.Model], dict[int, models.Model]]:
    """Model → id → row, put together from what each reader sees."""
    rows: dict[type[models.Model], dict[int, models.Model]] = defaultdict(dict)
    tables = [m for m in apps.get_models() if hasattr(m, "row_policy") and m not in LEFT_OUT]
    for scope in scopes():
        with acting_as(scope):
            for model in tables:
                if any(role == scope.db_role and "r" in verbs for role, verbs, _sql in model.row_policy.lines()):
                    rows[model].update(model.objects.order_by().in_bulk())
    return rows


def world_print() -> dict[str, str]:
    """Table → fingerprint of the rows that stand in the world's organisations and pilots."""
    rows = every_row()

    @cache
    def digest(model: type[models.Model], pk: int | None) -> str:
        if pk is None or model is None:
            return ""
        row = rows[model].get(pk)
        return hashlib.sha256(repr(values(model, row)).encode()).hexdigest()[:16] if row else "unseen"

    def values(model: type[models.Model], row: models.Model) -> list:
        hidden = NOT_COMPARED.get(model, set())
        answer = []
        for field in model._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.name in hidden or isinstance(value, datetime) or isinstance(field, models.AutoField):
                continue
            answer.append((field.name, plain(field, value)))
        return answer

    def plain(field: models.Field, value: object) -> object:
        if field.is_relation:
            return digest(field.related_model, value)
        if field.attname in PLAIN_KEYS:
            return digest(PLAIN_KEYS[field.attname], value)
        if field.attname in ("reader_ids", "concerned_ids"):
            other = User if field.attname == "reader_ids" else apps.get_model("accounts", "Organisation")
            return sorted(digest(other, pk) for pk in value)
        if field.attname == "source" and isinstance(value, str) and re.match(r"(finding|person):", value):
            kind, number, *rest = value.split(":")
            return [kind, digest(Finding if kind == "finding" else User, int(number)), rest]
        return json.dumps(value, sort_keys=True, default=str) if isinstance(value, dict | list) else str(value)

    return {
        model.__name__: hashlib.sha256(repr(sorted(digest(model, pk) for pk in found)).encode()).hexdigest()
        for model, found in sorted(rows.items(), key=lambda pair: pair[0].__name__)
    }


assert ImportBatch not in LEFT_OUT
