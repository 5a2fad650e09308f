"""What happens with an edition after it is there: who took it, by page or link, who acknowledged it, what was said to it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.invitations import digest
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.verbs import SeeOther, requires
from reports.delivery import answering, links, notices
from reports.delivery.files import attachment, files_of
from reports.delivery.forms import AnswerForm, CommentForm
from reports.delivery.models import EditionComment, EditionLink
from reports.delivery.schedules import may_schedule, require_schedule
from reports.delivery.tabs import tabs
from reports.delivery.taking import take, taken
from reports.kinds import title_of
from reports.models import Edition, EditionFile, Withdrawal

SESSION_KEY = "edition_link"
ROWS = 50
VIEW = Permission.REPORT_VIEW


# --- Links ------------------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def open_link(request: PortalRequest, token: str) -> HttpResponse:
    """The link of a mail: keep the token's hash in the session and take the token out of the address."""
    request.session[SESSION_KEY] = digest(token)
    return redirect("reports:link")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW)
def link(request: PortalRequest) -> HttpResponse:
    """What a link leads to, for the person it was sent to: the files; of a withdrawn edition what took its place. POST takes
    a file. Anybody else finds nothing."""
    found = links.open_for(request.session.get(SESSION_KEY, ""), by=request.scope, at=timezone.now())
    if found is None:
        return render(request, "reports/delivery/link_closed.html", status=404)
    edition = found.edition
    withdrawal = Withdrawal.objects.filter(edition=edition).first()
    if request.method == "POST" and withdrawal is None:
        file = get_object_or_404(EditionFile, edition=edition, name=request.POST.get("name", ""))
        take(edition, file.name, by=request.scope, link=found)
        return attachment(file)
    context = {
        "link": found, "edition": edition, "title": title_of(edition.kind), "withdrawal": withdrawal,
        "files": files_of(edition), "newest": _newest(edition),
    }  # fmt: skip
    return render(request, "reports/delivery/link.html", context, status=410 if request.method == "POST" else 200)


def _newest(edition: Edition) -> Edition | None:
    """The edition to be read now instead of this one, if there is another."""
    later = Edition.objects.filter(
        pilot_id=edition.pilot_id, organisation_id=edition.organisation_id, kind=edition.kind,
        period_from=edition.period_from, period_to=edition.period_to, number__gt=edition.number,
    ).exclude(Exists(Withdrawal.objects.filter(edition=OuterRef("pk"))))  # fmt: skip
    return later.order_by("-number").defer("content").first()


@require_POST
@requires(VIEW)
def announcements(request: PortalRequest, pk: int) -> HttpResponse:
    """Tell the people of an edition's reader by mail, each with a link of their own; earlier links end."""
    edition = get_object_or_404(Edition.objects.defer("content"), pk=pk)
    number = notices.announce(edition, by=request.scope)
    words = ngettext("%(n)d person is told by mail.", "%(n)d people are told by mail.", number)
    messages.success(request, words % {"n": number})
    return SeeOther(reverse("reports:deliveries", args=[pk]))


@require_POST
@requires(VIEW)
def revocations(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a link back: it is dead at once."""
    found = get_object_or_404(EditionLink, pk=pk)
    if links.revoke(found, by=request.scope, at=timezone.now()):
        messages.success(request, _("The link no longer works."))
    else:
        messages.warning(request, _("This link did not work any more."))
    return SeeOther(reverse("reports:deliveries", args=[found.edition_id]))


@require_safe
@requires(VIEW)
def deliveries(request: PortalRequest, pk: int) -> HttpResponse:
    """Whom an edition reached: who was told and has a link, who took which file, who acknowledged it."""
    edition = get_object_or_404(Edition.objects.defer("content").select_related("pilot", "organisation"), pk=pk)
    context = {
        "edition": edition, "title": title_of(edition.kind), "may_send": may_schedule(request.scope),
        "links": EditionLink.objects.filter(edition=edition).order_by("-id")[:ROWS], "now": timezone.now(),
        "downloads": taken().filter(edition=edition)[:ROWS], "acknowledged": edition.acknowledgements.order_by("pk")[:ROWS],
    }  # fmt: skip
    return render(request, "reports/delivery/deliveries.html", context)


# --- The log ----------------------------------------------------------------------------------------------------------


@require_safe
@requires(VIEW)
def downloads(request: PortalRequest) -> HttpResponse:
    """Who took which edition in which form, newest first: the programme all of its pilots, a reader its own people."""
    page = Paginator(taken(), ROWS).get_page(request.GET.get("page"))
    rows = [
        {"row": row, "title": title_of(row.edition.kind), "form": row.file_name.rpartition(".")[2].upper()}
        for row in page
    ]
    context = {"rows": rows, "page": page, "tabs": tabs(request, "downloads")}
    return render(request, "reports/delivery/downloads.html", context)


# --- Answers ----------------------------------------------------------------------------------------------------------


@require_POST
@requires(VIEW)
def acknowledgements(request: PortalRequest, pk: int) -> HttpResponse:
    """The person has read the edition."""
    edition = get_object_or_404(Edition.objects.defer("content"), pk=pk)
    try:
        answering.acknowledge(edition, by=request.scope)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Your name and the time are kept with the edition."))
    return SeeOther(reverse("reports:edition", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW)
def comments(request: PortalRequest, pk: int) -> HttpResponse:
    """What was said to an edition and answered, and the form to say more. POST comments."""
    edition = get_object_or_404(Edition.objects.select_related("pilot", "organisation"), pk=pk)
    figures = answering.figures(edition)
    form = CommentForm(request.POST or None, figures=figures, initial={"metric": request.GET.get("figure", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = answering.comment(edition, data["text"], by=request.scope, metric=data["metric"])
        return SeeOther(reverse("reports:comments_of", args=[pk]) + f"#comment-{made.pk}")
    return _comments(request, edition, form)


def _comments(
    request: PortalRequest, edition: Edition, form: CommentForm, answer: AnswerForm | None = None, to: int = 0
) -> HttpResponse:
    found = answering.threads(edition)
    if may_schedule(request.scope):
        for thread in found:
            pk = thread.comment.pk
            thread.form = answer if answer and pk == to else AnswerForm(auto_id=f"answer-{pk}-%s")
    context = {
        "edition": edition, "title": title_of(edition.kind), "threads": found,
        "form": form if answering.may_respond(edition, request.scope) else None,
    }  # fmt: skip
    status = 422 if form.errors or answer else 200
    return render(request, "reports/delivery/comments.html", context, status=status)


@require_POST
@requires(VIEW)
def answers(request: PortalRequest, pk: int) -> HttpResponse:
    """The programme answers a comment."""
    to = get_object_or_404(EditionComment.objects.select_related("edition"), pk=pk)
    require_schedule(request.scope)
    form = AnswerForm(request.POST, auto_id=f"answer-{pk}-%s")
    if form.is_valid():
        try:
            made = answering.answer(to, form.cleaned_data["text"], by=request.scope)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return SeeOther(reverse("reports:comments_of", args=[to.edition_id]) + f"#comment-{made.pk}")
    return _comments(request, to.edition, CommentForm(figures=answering.figures(to.edition)), form, pk)


@require_safe
@requires(VIEW)
def all_comments(request: PortalRequest) -> HttpResponse:
    """Comments on all editions, those without an answer first."""
    answered = Exists(EditionComment.objects.filter(answers=OuterRef("pk")))
    query = EditionComment.objects.filter(answers__isnull=True).annotate(answered=answered).select_related(
        "edition", "edition__pilot", "organisation", "by_organisation"
    ).defer("edition__content").order_by("answered", "-pk")  # fmt: skip
    page = Paginator(query, ROWS).get_page(request.GET.get("page"))
    rows = [{"row": row, "title": title_of(row.edition.kind)} for row in page]
    context = {"rows": rows, "page": page, "tabs": tabs(request, "comments")}
    return render(request, "reports/delivery/all_comments.html", context)
