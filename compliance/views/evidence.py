"""Evidence on a check's page: one more file, take one back, fetch one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may
from accounts.verbs import SeeOther, requires
from compliance.evidence import attach
from compliance.forms import EvidenceForm
from compliance.models import AnswerFile, Check, CheckAnswer
from workers.files.delivery import attachment
from workers.files.door import withdraw
from workers.files.views import take_back


@require_POST
@requires(Permission.CHECK_RECORD)
def files(request: PortalRequest, pk: int) -> HttpResponse:
    """Hang a photo or paper on an answer of this check."""
    check = get_object_or_404(Check, pk=pk)
    form = EvidenceForm(request.POST, request.FILES, items=_items(check))
    if form.is_valid():
        troubles = attach([check.pk], {form.cleaned_data["item"]: form.cleaned_data["file"]}, by=request.scope)
        if not troubles:
            messages.success(request, _("The file was kept."))
        for words in troubles:
            messages.error(request, words)
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
    return SeeOther(_page(check.pk))


def _items(check: Check) -> list[str]:
    return list(CheckAnswer.objects.filter(check_record=check).order_by("item").values_list("item", flat=True))


def _page(check_id: int) -> str:
    return f"{reverse('compliance:check', args=[check_id])}#evidence"


@require_safe
@requires(Permission.CHECK_VIEW)
def file(request: PortalRequest, pk: int) -> HttpResponse:
    """One file as a download; the reading is recorded."""
    return attachment(request, get_object_or_404(AnswerFile, pk=pk), "evidence")


@require_POST
@requires(Permission.CHECK_RECORD)
def withdrawals(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a file back, with a reason."""
    if not may(AnswerFile, request.scope.db_role, "u"):
        raise PermissionDenied(AnswerFile._meta.label)
    row = get_object_or_404(AnswerFile.objects.select_related("answer"), pk=pk)
    take_back(request, lambda reason: withdraw(row, by=request.scope, reason=reason))
    return SeeOther(_page(row.answer.check_record_id))
