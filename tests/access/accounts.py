"""Members, invitations, settings and jobs: everybody has them for their own organisation, nobody for another."""

from datetime import timedelta

from django.utils import timezone

from accounts import jobs
from accounts.models import Invitation, Membership
from accounts.scope import acting_as, operator_scope


def _member(cast, name):
    with acting_as(operator_scope()):
        return Membership.objects.get(user=cast.user(name), ended_at__isnull=True).pk


def _invitation(cast, name):
    scope = cast.scope(name)
    with acting_as(scope):
        return Invitation.objects.create(
            email="guest@cast.example", organisation_id=scope.organisation_id, role=scope.role_code,
            token_hash="0" * 64, expires_at=timezone.now() + timedelta(days=7),
        ).pk  # fmt: skip


def _job(cast, name):
    scope = cast.scope(name)
    with acting_as(scope):
        return jobs.ask("compile_report", key=f"access {name}", by=scope).pk


RESOLVE = {"member": _member, "invitation": _invitation, "job": _job}
MEMBERS = ("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga", "kofi", "nell", "fay", "dana", "abel")
OUTSIDE = {"zed": 302, "nobody": 302, "opal": 302}
EVERYONE = dict.fromkeys(MEMBERS, 200) | OUTSIDE
STRANGERS = dict.fromkeys(MEMBERS, 404) | OUTSIDE
FAIR_PASSAGE = {"ines": 200, "mara": 200, "lena": 200}
MANAGE = {"ines": 303, "mara": 303, "lena": 403}  # lena does not manage members
PUBLIC = dict.fromkeys((*MEMBERS, "zed", "nobody", "opal"), 200)
PAGES = [
    ("accounts:members", {}, EVERYONE),
    ("accounts:me", {}, EVERYONE),
    # Whoever manages members of an organisation that sees persons; those of another organisation do not exist.
    ("caseload", {}, EVERYONE | dict.fromkeys(("lena", "kofi", "nell", "fay"), 403)),
    ("member_handing_over", {"pk": "member=lena"}, STRANGERS | {"ines": 200, "mara": 200, "lena": 403}),
    ("member_handing_over", {"pk": "member=lena"}, STRANGERS | {"ines": 422, "mara": 422, "lena": 403}, "post"),
    ("member_handing_over", {"pk": "member=rosa"}, STRANGERS | {"rosa": 200}),
    ("member_handing_back", {"pk": "member=lena"}, STRANGERS | {"ines": 303, "mara": 303, "lena": 403}, "post"),
    ("accounts:switch", {}, EVERYONE),
    ("accounts:switch", {}, STRANGERS, "post"),  # no such membership
    ("accounts:jobs", {}, EVERYONE),
    ("accounts:member", {"pk": "member=rosa"}, STRANGERS | {"rosa": 200}),
    ("accounts:member", {"pk": "member=lena"}, STRANGERS | FAIR_PASSAGE),
    ("accounts:member_role", {"pk": "member=lena"}, STRANGERS | {"ines": 422, "mara": 422, "lena": 403}, "post"),
    ("accounts:member_end", {"pk": "member=sefo"}, STRANGERS | {"sefo": 422}, "post"),  # the last manager stays
    ("accounts:invitations", {}, EVERYONE | dict.fromkeys(MEMBERS, 422) | {"lena": 403}, "post"),
    ("accounts:invitation_revoke", {"pk": "invitation=ines"}, STRANGERS | MANAGE, "post"),
    ("accounts:job", {"pk": "job=ines"}, STRANGERS | FAIR_PASSAGE),
    ("accounts:job_progress", {"pk": "job=ines"}, STRANGERS | FAIR_PASSAGE),
    ("accounts:job_again", {"pk": "job=ines"}, STRANGERS | {"ines": 303, "mara": 403, "lena": 403}, "post"),
    # Before any organisation: whoever holds a link, whatever they are.
    ("accounts:accept_link", {"token": "x" * 43}, dict.fromkeys(PUBLIC, 302)),
    ("accounts:accept", {}, dict.fromkeys(PUBLIC, 404)),
    ("accounts:language", {}, dict.fromkeys(PUBLIC, 303), "post"),
    ("accounts:language", {}, dict.fromkeys(PUBLIC, 405)),
    ("demo", {}, dict.fromkeys(PUBLIC, 404)),  # the tests are no demonstration
    ("demo_sign_in", {}, dict.fromkeys(PUBLIC, 404), "post"),
    ("no_membership", {}, dict.fromkeys(MEMBERS, 200) | {"zed": 200, "nobody": 302, "opal": 302}),
]
