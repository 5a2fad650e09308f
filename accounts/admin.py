"""The operators' pages for organisations, people with an account, memberships, invitations, jobs and the audit trail.

They run as the operator role, which has no policy on any person's record: what an operator can break is who may
come in, not what anybody did.
"""

from functools import partial
from typing import ClassVar

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from import_export.admin import ImportExportModelAdmin
from import_export.formats.base_formats import Format
from import_export.resources import ModelResource

from accounts import audit, invitations
from accounts.admin_forms import SeenRowForm
from accounts.members import check_role
from accounts.models import AuditEvent, Invitation, Job, Membership, Organisation, User
from accounts.requests import PortalRequest
from accounts.scope import acting_as


class OperatorAdmin(admin.ModelAdmin):
    """Every operator may see, add and change; nothing is ever deleted, because the history points at it."""

    form = SeenRowForm
    view_on_site = False
    list_per_page = 50
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list:
        """What stands in the class, and for a row that stands already what was seen of it."""
        shown = [name for name in super().get_fields(request, obj) if name != "seen"]
        return [*shown, "seen"] if obj is not None and self.has_change_permission(request, obj) else shown

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Operators only."""
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Operators only."""
        return request.user.is_staff

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operators only."""
        return request.user.is_staff

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Operators only."""
        return request.user.is_staff

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False


class ReadOnlyAdmin(OperatorAdmin):
    """To look at, not to touch."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False


class OperatorResource(ModelResource):
    """A sheet that never carries row ids."""

    def after_import(self, dataset, result, **kwargs) -> None:
        """Nothing. The library would set the id sequence, which only the owner may, and only imported ids need."""


class OperatorSheets(OperatorAdmin, ImportExportModelAdmin):
    """A list that operators send and fetch as a sheet. ``sheet_formats`` are the portal's own; the roof hands them over
    (``lamp_portal/operator_formats.py``), because reading and writing sheets stands higher than accounts."""

    sheet_formats: ClassVar[tuple[type[Format], ...]] = ()

    def get_import_formats(self) -> list[type[Format]]:
        """What may be sent."""
        return list(OperatorSheets.sheet_formats)

    def get_export_formats(self) -> list[type[Format]]:
        """What may be fetched."""
        return list(OperatorSheets.sheet_formats)


class OrganisationResource(OperatorResource):
    """Organisations as a sheet: one row for each short name."""

    class Meta:
        model = Organisation
        import_id_fields = ("slug",)
        fields = ("slug", "name", "kind", "country")
        clean_model_instances = True
        skip_unchanged = True


@admin.register(Organisation)
class OrganisationAdmin(OperatorSheets):
    """Partners. A suspended one is out with the next request of its people."""

    resource_classes = [OrganisationResource]
    list_display = ["name", "slug", "kind", "country", "suspended_at"]
    list_filter = ["kind", "country"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "kind", "country", "suspended_at"]


@admin.register(User)
class UserAdmin(OperatorAdmin):
    """People with an account. Accounts are made by invitation, passwords by their owners: neither is done here."""

    list_display = ["name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "language", "time_zone", "is_active", "is_staff", "last_login", "date_joined"]
    readonly_fields = ["email", "last_login", "date_joined"]
    actions = ["remove_second_factors"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By invitation only."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Nobody takes their own rights away, or a way back in from the last operator."""
        own = ["is_active", "is_staff"] if obj is not None and obj.pk == request.user.pk else []
        return [*self.readonly_fields, *own]

    @admin.action(description=gettext_lazy("Remove second factors (device lost); the person sets up a new one"))
    def remove_second_factors(self, request: PortalRequest, queryset: QuerySet[User]) -> None:
        """Remove factors and sessions of the chosen people, except of oneself."""
        people = list(queryset.exclude(pk=request.user.pk))
        Authenticator.objects.filter(user__in=people).delete()
        for person in people:
            audit.record("second_factor_removed", "user", person.pk, reason="by an operator")
            transaction.on_commit(partial(_tell_of_removal, person), robust=True)
        with acting_as(None):  # sessions are no operator's to read
            for session in UserSession.objects.filter(user__in=people):
                session.end()
        messages.success(request, _removed(len(people)))


def _removed(count: int) -> str:
    words = ngettext(
        "Removed for %(count)s person, who is signed out.", "Removed for %(count)s people; they are signed out.", count
    )
    return words % {"count": count}


def _tell_of_removal(person: User) -> None:
    get_adapter().send_notification_mail("mfa/email/totp_deactivated", person)


class RoleOfKindForm(SeenRowForm):
    """A role must be one that this kind of organisation may give."""

    def clean(self) -> dict:
        """Check the role against the organisation, the chosen or the standing one."""
        data = super().clean() or {}
        organisation = data.get("organisation") or getattr(self.instance, "organisation", None)
        if organisation and data.get("role"):
            try:
                check_role(data["role"], organisation)
            except ValidationError as error:
                self.add_error("role", error)
        return data


@admin.register(Membership)
class MembershipAdmin(OperatorAdmin):
    """Who acts for whom, in which role, from when to when."""

    form = RoleOfKindForm
    list_display = ["user", "organisation", "role", "manages_members", "started_at", "ended_at"]
    list_filter = ["role", "organisation__kind"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__name", "user__email", "organisation__name"]
    autocomplete_fields = ["user", "organisation"]
    fields = ["user", "organisation", "role", "manages_members", "ended_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        """A membership stays one person's in one organisation; another one is another row."""
        return ["user", "organisation"] if obj else []


class InvitationForm(RoleOfKindForm):
    """An invitation to an address that is neither a member's nor invited already."""

    def clean(self) -> dict:
        """Ask the door of invitations, before the table refuses a second one."""
        data = super().clean()
        if data.get("email") and data.get("organisation"):
            try:
                invitations.check_free(data["email"], data["organisation"].pk, at=timezone.now())
            except ValidationError as error:
                self.add_error("email", error)
        return data


@admin.register(Invitation)
class InvitationAdmin(OperatorAdmin):
    """Invitations: an operator makes the first one of an organisation, its managers the others."""

    form = InvitationForm
    list_display = ["email", "organisation", "role", "created_at", "expires_at", "accepted_at", "revoked_at"]
    list_select_related = ["organisation"]
    search_fields = ["email", "organisation__name"]
    autocomplete_fields = ["organisation"]
    fields = ["email", "organisation", "role", "manages_members"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An invitation is withdrawn by a manager, or lapses."""
        return False

    def save_model(self, request: HttpRequest, obj: Invitation, form: forms.ModelForm, change: bool) -> None:
        """Give the row its token, and mail the link."""
        token = invitations.complete(obj, invited_by=request.user.pk, at=timezone.now())
        super().save_model(request, obj, form, change)
        audit.record("invite", "invitation", obj.pk)
        invitations.send(obj, request.build_absolute_uri(reverse("accounts:accept_link", args=[token])))


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Work in the background and where it stands; what it works on is not shown."""

    list_display = ["id", "kind", "organisation", "state", "attempt", "asked_at", "finished_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["organisation"]
    fields = ["kind", "organisation", "user", "state", "attempt", "asked_at", "sent_at", "lease_until", "finished_at",
              "progress_done", "progress_total", "trouble"]  # fmt: skip


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Sign-ins, refusals, sensitive reads: ids only, and nobody changes a line."""

    list_display = ["at", "user", "organisation", "action", "object_kind", "object_id", "outcome", "reason"]
    list_filter = ["outcome", "action"]
    list_select_related = ["user", "organisation"]
    fields = ["at", "user", "organisation", "pilot_id", "action", "object_kind", "object_id", "outcome", "reason",
              "request"]  # fmt: skip
