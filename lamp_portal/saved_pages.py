"""Keeping a view of a list, and deleting it. The list itself shows them (``{% saved_views %}``)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import SavedView
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from lamp_portal.saved import LISTS, keep


@require_POST
@requires(Permission.PERSON_VIEW)
def keep_view(request: PortalRequest) -> SeeOther:
    """Keep the view that the reader looks at, under a name; then back to it."""
    given = request.POST
    listing, query = given.get("listing", ""), given.get("query", "")
    try:
        view = keep(
            listing, given.get("name", ""), query, shared=given.get("shared") == "on",
            may_share=request.membership.manages_members, by=request.scope,
        )  # fmt: skip
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return SeeOther(f"{reverse(LISTS[listing].address)}?{query}")
    messages.success(request, _("The view is kept."))
    return SeeOther(f"{reverse(LISTS[listing].address)}?{view.query}")


@require_POST
@requires(Permission.PERSON_VIEW)
def delete_view(request: PortalRequest, pk: int) -> SeeOther:
    """Delete a view of one's own."""
    view = get_object_or_404(SavedView, pk=pk, user_id=request.scope.user_id)
    address = reverse(LISTS[view.listing].address)
    view.delete()
    messages.success(request, _("The view is deleted."))
    return SeeOther(address)
