"""Pages of the files of a record: what hangs on it, one more, take one back, fetch one."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may
from accounts.verbs import SeeOther, requires
from workers.models import StoredFile

from .delivery import attachment
from .door import keep, withdraw
from .fields import UploadField
from .records import KINDS, Kind
from .refusals import FileRefused


class AttachForm(forms.Form):
    """One file to add."""

    file = UploadField(label=gettext_lazy("Photo or PDF"))


def _readable(request: PortalRequest, code: str) -> Kind:
    """The kind; 403 for a role that has the verb but not the table."""
    kind = KINDS[code]
    if not may(kind.files, request.scope.db_role):
        raise PermissionDenied(kind.files._meta.label)
    return kind


def _record(kind: Kind, pk: int) -> Any:
    return get_object_or_404(kind.record._default_manager.all(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PERSON_VIEW)
def files(request: PortalRequest, pk: int, code: str) -> HttpResponse:
    """The files of one record; POST adds one."""
    kind = _readable(request, code)
    record = _record(kind, pk)
    form = AttachForm()
    if request.method == "POST":
        if not kind.may_write(request.scope):
            raise PermissionDenied(kind.files._meta.label)
        form = AttachForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                keep(kind.files, form.cleaned_data["file"], by=request.scope, **kind.owners(record))
            except FileRefused as refused:
                form.add_error("file", refused.message)
            else:
                messages.success(request, _("The file was kept."))
                return SeeOther(request.path)
    return _page(request, kind, record, form, 422 if form.errors else 200)


def _page(request: PortalRequest, kind: Kind, record: Any, form: forms.Form, status: int) -> HttpResponse:
    found = kind.files._default_manager.filter(**{kind.key: record}).select_related("organisation").order_by("-pk")
    context = {
        "title": kind.title, "name": kind.name(record), "hint": kind.hint, "form": form, "placement": kind.placement_of(record),
        "may_write": kind.may_write(request.scope), "files": [lines_of(f, f"workers:{kind.code}_file") for f in found],
    }  # fmt: skip
    return render(request, "workers/files.html", context, status=status)


def lines_of(file: StoredFile, name: str) -> dict[str, Any]:
    """A file with the addresses of its download and its withdrawal, as ``workers/file_line.html`` shows it."""
    return {
        "file": file,
        "url": reverse(name, args=[file.pk]),
        "withdraw_url": reverse(f"{name}_withdrawals", args=[file.pk]),
    }


@require_safe
@requires(Permission.PERSON_VIEW)
def file(request: PortalRequest, pk: int, code: str) -> HttpResponse:
    """One file as a download; the reading is recorded."""
    kind = _readable(request, code)
    return attachment(request, get_object_or_404(kind.files._default_manager.all(), pk=pk), kind.word)


@require_POST
@requires(Permission.PERSON_IMPORT, Permission.CHECK_RECORD)
def withdrawals(request: PortalRequest, pk: int, code: str) -> HttpResponse:
    """Take a file back, with a reason."""
    kind = KINDS[code]
    if not kind.may_write(request.scope, "u"):
        raise PermissionDenied(kind.files._meta.label)
    row = get_object_or_404(kind.files._default_manager.all(), pk=pk)
    take_back(request, lambda reason: withdraw(row, by=request.scope, reason=reason))
    return SeeOther(reverse(f"workers:{code}_files", args=[getattr(row, f"{kind.key}_id")]))


def take_back(request: PortalRequest, act: Callable[[str], None]) -> None:
    """Withdraw a file (``act``) for the reason in the form, and say so; or say what the door refused."""
    try:
        act(request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The file was withdrawn."))
