"""Inviting a colleague, withdrawing an invitation, and the invited person's way in."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import invitations as door
from accounts.forms import AcceptForm, InviteForm
from accounts.members import require_manager
from accounts.models import Invitation
from accounts.requests import PortalRequest
from accounts.roles import ROLES, Permission
from accounts.verbs import SeeOther, requires
from accounts.views.members import list_page

SESSION_KEY = "invitation"


@require_POST
@requires(Permission.MEMBER_VIEW)
def invitations(request: PortalRequest) -> HttpResponse:
    """Invite a colleague: the row and its mail, or neither."""
    require_manager(request.scope)
    form = InviteForm(request.POST, organisation=request.membership.organisation)
    if form.is_valid():
        try:
            with transaction.atomic():
                _invite(request, form.cleaned_data)
        except ValidationError as error:
            form.add_error("email", error.messages)
        except OSError:  # smtplib's errors are OSErrors
            form.add_error(None, _("The mail could not be sent, so nobody was invited. Try again in a few minutes."))
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
            return SeeOther(reverse("accounts:members"))
    return list_page(request, form, status=422)


def _invite(request: PortalRequest, data: dict) -> None:
    invitation, token = door.invite(
        data["email"], data["role"], by=request.scope, at=timezone.now(), manages_members=data["manages_members"]
    )
    invitation.organisation = request.membership.organisation
    door.send(invitation, request.build_absolute_uri(reverse("accounts:accept_link", args=[token])))


@require_POST
@requires(Permission.MEMBER_VIEW)
def revoke(request: PortalRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation: its link is dead at once."""
    get_object_or_404(Invitation, pk=pk)
    if door.revoke(pk, by=request.scope, at=timezone.now()):
        messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    else:
        messages.warning(request, _("This invitation was accepted or withdrawn before."))
    return SeeOther(reverse("accounts:members"))


@login_not_required
@require_safe
def open_link(request: PortalRequest, token: str) -> HttpResponse:
    """The link of the mail: keep the token's hash in the session and take the token out of the address."""
    request.session[SESSION_KEY] = door.digest(token)
    return redirect("accounts:accept")


@login_not_required
@require_http_methods(["GET", "POST"])
def accept(request: PortalRequest) -> HttpResponse:
    """The invited person says yes: with a new account, or with the one they have."""
    found = door.find(request.session.get(SESSION_KEY, ""), at=timezone.now())
    if found is None:
        return render(request, "accounts/accept_closed.html", status=404)
    owner = door.holder(found)
    context = {"invitation": found, "organisation": found.organisation, "role": ROLES[found.role]}
    if owner is not None or request.user.is_authenticated:
        return _accept_with_account(request, context, owner)
    form = AcceptForm(request.POST if request.method == "POST" else None, email=found.email)
    if request.method == "POST" and form.is_valid():
        try:
            user = door.accept_as_new(
                found.token_hash, name=form.cleaned_data["name"], password=form.cleaned_data["password"],
                at=timezone.now(), language=get_language() or "en", request=request.id,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            del request.session[SESSION_KEY]
            return perform_password_login(request, {"email": user.email}, Login(user=user, email=user.email))
    status = 422 if form.errors else 200
    return render(request, "accounts/accept_new.html", context | {"form": form}, status=status)


def _accept_with_account(request: PortalRequest, context: dict, owner) -> HttpResponse:
    """Ask the owner of the address to sign in; once they have, one button. Anybody else signs out first."""
    if not request.user.is_authenticated:
        return render(request, "accounts/accept_sign_in.html", context)
    if owner is None or owner.pk != request.user.pk:
        return render(request, "accounts/accept_other.html", context, status=403)
    if request.method == "POST":
        try:
            door.accept_as(request.user, request.session[SESSION_KEY], at=timezone.now(), request=request.id)
        except ValidationError as error:
            messages.warning(request, error.messages[0])
            return SeeOther(reverse("home"))
        del request.session[SESSION_KEY]
        messages.success(request, _("You are now a member of %(name)s.") % {"name": context["organisation"].name})
        return SeeOther(reverse("accounts:switch"))
    return render(request, "accounts/accept_add.html", context)
