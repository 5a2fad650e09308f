"""From a membership to a scope: which pilots and which partners a person sees while acting for one organisation."""

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import Membership
from accounts.roles import ROLES
from accounts.scope import Scope, acting_as


def memberships_of(user_id: int | None) -> list[Membership]:
    """The person's open memberships in organisations that are not suspended, oldest first. Nobody has none."""
    if user_id is None:
        return []
    return list(
        Membership.objects.filter(
            user_id=user_id, ended_at__isnull=True, organisation__suspended_at__isnull=True, user__is_active=True
        )
        .select_related("organisation")
        .order_by("id")
    )


def scope_for(membership: Membership, request: str = "") -> Scope:
    """The scope of a person acting under this membership, its rights read from the database now.

    Must be called as the app role (outside any scope): a reader role sees only its own organisation's rows.
    """
    role = ROLES[membership.role]
    with connection.cursor() as cursor:
        cursor.execute(
            "with mine as (select pilot_id from pilots_participation"
            "   where organisation_id = %(org)s and left_on is null)"
            " select coalesce((select array_agg(pilot_id order by pilot_id) from mine), '{}'),"
            "   coalesce((select array_agg(distinct organisation_id) from pilots_participation"
            "     where pilot_id in (select pilot_id from mine)), '{}')",
            {"org": membership.organisation_id},
        )
        pilots, organisations = cursor.fetchone()
    return Scope(
        user_id=membership.user_id,
        organisation_id=membership.organisation_id,
        role_code=role.code,
        db_role=role.db_role,
        pilot_ids=tuple(pilots),
        organisation_ids=tuple(sorted({*organisations, membership.organisation_id})),
        request=request,
        kind=membership.organisation.kind,
    )


def scope_of(user_id: int | None, organisation_id: int | None, request: str = "") -> Scope:
    """The scope a person has for this organisation now; PermissionDenied when the membership is over."""
    for membership in memberships_of(user_id):
        if membership.organisation_id == organisation_id:
            return scope_for(membership, request)
    raise PermissionDenied("membership")


def scope_of_email(email: str, organisation: str | None = None, request: str = "") -> Scope:
    """The scope of the person named by e-mail (commands' ``--as``), for the organisation's slug when they have two."""
    with acting_as(None):
        user = get_user_model().objects.filter(email__iexact=email, is_active=True).first()
        found = memberships_of(user.pk) if user else []
        if organisation:
            found = [m for m in found if m.organisation.slug == organisation]
        if len(found) != 1:
            raise PermissionDenied(_not_one(email, organisation, [m.organisation.slug for m in found]))
        return scope_for(found[0], request)


def _not_one(email: str, organisation: str | None, slugs: list[str]) -> str:
    if slugs:
        return (
            f"{email} is a member of several organisations: name one of them with --organisation ({', '.join(slugs)})."
        )
    where = f"in the organisation “{organisation}”" if organisation else "in any organisation"
    return f"{email} has no open membership {where}, so nothing can be done in their name."
