"""The page for workers without an account: raise a concern, keep the receipt, read answers, write again.

Open to everybody, unscoped: the door acts as the desk. Nothing of it is kept in the session or in an address, because phones are
shared: what opens a concern is typed each time, and pages that show one are answers to a POST.
"""

from urllib.parse import urlencode

from babel import Locale
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.refusing import refuse
from compliance.grievances import attachments, codes, intake, pace
from compliance.grievances.codes import shown, typed
from compliance.grievances.public_forms import ConcernForm, FollowForm, PhotosForm, WriteForm
from compliance.grievances.words import EMERGENCY


def _too_many(request: HttpRequest, what: str) -> HttpResponse | None:
    if pace.within(request, what):
        return None
    return render(request, "compliance/concern/wait.html", status=429)


def _id(request: HttpRequest) -> str:
    return getattr(request, "id", "")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def concern(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: take it in and answer with the receipt, the same for every code that could be one."""
    if request.method != "POST":
        at = typed(request.GET.get("at", ""))
        form = ConcernForm(label_suffix="", initial={"code": shown(at) if len(at) == codes.POSTER + 2 else ""})
        return _form(request, form)
    if (answer := _too_many(request, "tell")) is not None:
        return answer
    form = ConcernForm(request.POST, _files(request), label_suffix="")
    if form.is_valid():
        try:
            with transaction.atomic():
                receipt = intake.file_concern(
                    form.cleaned_data["code"], form.told(), on=timezone.localdate(), request=_id(request)
                )
        except ValidationError as wrong:
            refuse(form, wrong)
        else:
            context = {"receipt": receipt, "followup": shown(receipt.followup)}
            return render(request, "compliance/concern/receipt.html", context)
    return _form(request, form, status=422)


def _form(request: HttpRequest, form: ConcernForm, *, status: int = 200) -> HttpResponse:
    countries = Locale.parse(get_language() or "en", sep="-").territories
    place = _place(request)
    named = [(code, countries.get(code, code), ", ".join(found)) for code, found in EMERGENCY.items()]
    context = {
        "form": form, "here": _here(request),
        "first": [(country, found) for code, country, found in named if code == place],
        "numbers": sorted((country, found) for code, country, found in named if code != place),
    }  # fmt: skip
    return render(request, "compliance/concern/form.html", context, status=status)


def _here(request: HttpRequest) -> str:
    """The address of this form as a poster or card has it; a person's own code is in no address."""
    code = typed(request.GET.get("at", ""))
    said = {"at": code if len(code) == codes.POSTER + 2 else "", "in": _place(request)}
    kept = urlencode({name: value for name, value in said.items() if value})
    return f"{request.path}?{kept}" if kept else request.path


def _place(request: HttpRequest) -> str:
    """The country of work, where poster or card say it in their address; the code itself is asked for nothing."""
    place = request.GET.get("in", "")
    return place if place in EMERGENCY else ""


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """GET: asks for the code of the receipt. POST: what stands under it."""
    if request.method != "POST":
        return render(request, "compliance/concern/follow.html", {"form": FollowForm(label_suffix="")})
    if (answer := _too_many(request, "read")) is not None:
        return answer
    form = FollowForm(request.POST, label_suffix="")
    return _stands(request, form)


def _stands(
    request: HttpRequest,
    form: FollowForm,
    *,
    write: WriteForm | None = None,
    photos: PhotosForm | None = None,
    said: str = "",
) -> HttpResponse:
    found = intake.follow(form.cleaned_data["code"]) if form.is_valid() else None
    if found is None:
        form.add_error("code", _("Nothing stands under this code. Compare it letter by letter with your receipt."))
        return render(request, "compliance/concern/follow.html", {"form": form}, status=422)
    context = {
        "found": found, "code": form.cleaned_data["code"], "said": said,
        "form": write or WriteForm(label_suffix=""), "photos": photos or PhotosForm(label_suffix=""),
    }  # fmt: skip
    return render(request, "compliance/concern/stands.html", context, status=422 if write or photos else 200)


def _files(request: HttpRequest) -> MultiValueDict | None:
    """The photos, where the code can be one: nothing is opened for what cannot, and a slip is found without asking."""
    return request.FILES if typed(request.POST.get("code", "")) else None


@login_not_required
@sensitive_post_parameters()
@require_POST
def photos(request: HttpRequest) -> HttpResponse:
    """The person sends photos under the code of the receipt."""
    if (refusal := _too_many(request, "tell")) is not None:
        return refusal
    form, files = FollowForm(request.POST, label_suffix=""), PhotosForm(request.POST, _files(request), label_suffix="")
    if not form.is_valid():
        return _stands(request, form)
    if not files.is_valid():
        return _stands(request, form, photos=files)
    code, sent = form.cleaned_data["code"], files.cleaned_data["photos"]
    try:
        attachments.check(sent, typed(code))
        with transaction.atomic():
            troubles = attachments.add(code, sent, on=timezone.localdate(), request=_id(request))
    except ValidationError as wrong:
        refuse(files, wrong)
        return _stands(request, form, photos=files)
    for words in troubles or ():
        files.add_error("photos", words)
    return _stands(request, form, said=_("Those who read it see what you sent."), photos=files if troubles else None)


@login_not_required
@sensitive_post_parameters()
@require_POST
def answers(request: HttpRequest) -> HttpResponse:
    """The person writes again (``text``), lets the readers know who they are or takes it back, or says whether it is good (``act``)."""
    if (refusal := _too_many(request, "read")) is not None:
        return refusal
    form, on, act = FollowForm(request.POST, label_suffix=""), timezone.localdate(), request.POST.get("act", "")
    if not form.is_valid():
        return _stands(request, form)
    code = form.cleaned_data["code"]
    if act == "release":
        intake.release(code, on=on, request=_id(request))
        return _stands(request, form, said=_("Those who read it now know who you are."))
    if act == "withdraw":
        intake.withdraw(code, on=on, request=_id(request))
        return _stands(request, form, said=_("The portal no longer shows anybody who you are."))
    if act in {"good", "not good"}:
        intake.judge(code, act == "good", on=on, request=_id(request))
        return _stands(request, form, said=_("Thank you. They will read your answer."))
    write = WriteForm(request.POST, label_suffix="")
    if write.is_valid():
        try:
            with transaction.atomic():
                intake.add(code, write.cleaned_data["text"], on=on, request=_id(request))
        except ValidationError as wrong:
            refuse(write, wrong)
        else:
            return _stands(request, form, said=_("Your message is with those who read it."))
    return _stands(request, form, write=write)
