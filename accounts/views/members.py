"""Who may act for the organisation: the list, a member's page, another role, the end of a membership."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import members as door
from accounts.forms import InviteForm, RoleChangeForm
from accounts.merging import ask, settle
from accounts.models import Membership
from accounts.requests import PortalRequest
from accounts.roles import ROLES, Permission
from accounts.verbs import SeeOther, requires


@require_safe
@requires(Permission.MEMBER_VIEW)
def members(request: PortalRequest) -> HttpResponse:
    """Members of one's own organisation, and who is invited."""
    return list_page(request)


def list_page(request: PortalRequest, form: InviteForm | None = None, status: int = 200) -> HttpResponse:
    """The list with its invite form, also after a refused invitation."""
    manages = request.membership.manages_members
    now = timezone.now()
    rows = [
        {
            "membership": m, "role": ROLES[m.role], "needs_factor": ROLES[m.role].sees_persons,
            "url": reverse("accounts:member", args=[m.pk]) if manages else "", "self": m.user_id == request.user.pk,
        }
        for m in door.members_of(request.scope)
    ]  # fmt: skip
    invitations = [
        {"invitation": i, "role": ROLES[i.role], "over": i.expires_at <= now}
        for i in door.open_invitations(request.scope)
    ]
    context = {
        "rows": rows, "invitations": invitations, "manages": manages, "organisation": request.membership.organisation,
        "form": form or InviteForm(organisation=request.membership.organisation), "today": timezone.localdate(),
        "hands_over": ROLES[request.membership.role].sees_persons,
    }  # fmt: skip
    return render(request, "accounts/members.html", context, status=status)


@require_safe
@requires(Permission.MEMBER_VIEW)
def member(request: PortalRequest, pk: int) -> HttpResponse:
    """One member: what they may do, and for managers the forms that change it."""
    return _member_page(request, _member(pk))


@require_POST
@requires(Permission.MEMBER_VIEW)
def role(request: PortalRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    membership = _member(pk)
    door.require_manager(request.scope)
    form = RoleChangeForm(request.POST, organisation=request.membership.organisation)
    if form.is_valid():
        try:
            now = _standing(door.lock(membership, request.scope))
            settled = settle(form, now)
            if settled.open and membership.user_id != request.user.pk:  # one's own form is not shown, and is refused
                back = reverse("accounts:member", args=[pk])
                return ask(request, form, settled, now, title=membership.user.name, back=back)
            door.change(membership, **settled.values, by=request.scope)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s has another role now.") % {"name": membership.user})
            return SeeOther(reverse("accounts:members"))
    return _member_page(request, membership, form, status=422)


@require_POST
@requires(Permission.MEMBER_VIEW)
def end(request: PortalRequest, pk: int) -> HttpResponse:
    """End a membership; the person is out with their next request."""
    membership = _member(pk)
    try:
        door.end(membership, by=request.scope, at=timezone.now())
    except ValidationError as error:
        return _member_page(request, membership, trouble=error.messages[0], status=422)
    messages.success(request, _("%(name)s no longer acts for this organisation.") % {"name": membership.user})
    return SeeOther(reverse("accounts:members"))


def _member(pk: int) -> Membership:
    return get_object_or_404(Membership.objects.select_related("user"), pk=pk, ended_at__isnull=True)


def _standing(membership: Membership) -> dict[str, str | bool]:
    return {"role": membership.role, "manages_members": membership.manages_members}


def _member_page(
    request: PortalRequest, membership: Membership, form: RoleChangeForm | None = None, trouble: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    if form is None:
        form = RoleChangeForm(initial=_standing(membership), organisation=request.membership.organisation)
        form.show(_standing(membership))
    context = {
        "membership": membership, "role": ROLES[membership.role], "trouble": trouble, "form": form,
        "manages": request.membership.manages_members, "organisation": request.membership.organisation,
        "hands_over": ROLES[request.membership.role].sees_persons,
    }  # fmt: skip
    return render(request, "accounts/member.html", context, status=status)
