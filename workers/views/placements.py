"""The list of placements and the page of one placement."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.audit import read_sensitive
from accounts.parameters import mark, number
from accounts.requests import PortalRequest
from accounts.roles import Permission
from accounts.rows import may
from accounts.verbs import requires
from workers.files.records import KINDS
from workers.forms import LIST_COLUMNS, MoveForm, PlacementFilter
from workers.journey.steps import STEP
from workers.models import Consent, Hold, IdentityDocument, Person, Placement, TrainingRecord
from workers.queries import panels
from workers.queries import placement as placement_facts
from workers.queries.glance import drawing, glance
from workers.queries.listing import filtered, page, told
from workers.queries.moves import possible_moves
from workers.queries.path import follows, path, stages
from workers.queries.sorting import SORTS
from workers.queries.waiting import waits_for
from workers.timeline import door as timeline
from workers.timeline.table import GROUPS, groups_for
from workers.views.acts import MOVERS

LIST = "workers/list.html"
PLACEMENT = "workers/placement.html"
SOON_DAYS = 60  # from here on a missing paper is a warning


@require_GET
@requires(Permission.PERSON_VIEW)
def placement_list(request: PortalRequest) -> HttpResponse:
    """Every placement the reader sees, under filters that stand in the address."""
    form = PlacementFilter(request.GET, by=request.scope)
    chosen = form.chosen()
    today = timezone.localdate()
    after, before = (key_of(request, name) for name in ("after", "before"))
    rows, sort = filtered(chosen, by=request.scope, today=today), chosen.get("sort", "")
    found = page(rows, today=today, after=after, before=before, sort=sort)
    code = chosen.get("waits", "")
    context = {
        "form": form,
        "chosen": chosen,
        "columns": chosen.get("columns") or [code for code, _words in LIST_COLUMNS],
        # Counted when asked for: at a million rows a count costs more than the page.
        "total": rows.order_by().count() if "count" in request.GET else None,
        "count_url": _page_url(request, count=1),
        "order": _(SORTS[sort].words) if sort else _("Newest first"),
        "why": dict(waits_for(request.scope)).get(code, ""),
        "page": told(found, code, by=request.scope, today=today) if code else found,
        "today": today,
        "may_merge": request.scope.allows(Permission.PERSON_MERGE),
        "may_add": request.scope.allows(Permission.PERSON_IMPORT),
        "next_url": _page_url(request, after=found.after) if found.after else None,
        "previous_url": _page_url(request, before=found.before)
        if found.before
        else _page_url(request)
        if sort and after
        else None,
    }
    return with_short_address(request, render(request, part_of(request, LIST, "list"), context))


def with_short_address(request: PortalRequest, response: HttpResponse) -> HttpResponse:
    """After a swap, the address to share holds only the filters in use."""
    if request.htmx:
        query = request.GET.copy()
        for name in [name for name, value in query.items() if not value]:
            del query[name]
        response["HX-Push-Url"] = f"{request.path}?{query.urlencode()}" if query else request.path
    return response


def key_of(request: PortalRequest, name: str) -> int | None:
    """The key of a page in the address; none where it cannot be one."""
    return number(request.GET.get(name, ""))


def part_of(request: PortalRequest, template: str, part: str) -> str:
    """The named partial when htmx asks for it, else the whole page; both are made of the same lines."""
    asked = request.htmx and request.htmx.target == part and not request.htmx.history_restore_request
    return f"{template}#{part}" if asked else template


def _page_url(request: PortalRequest, **key: int) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in key.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"


@require_GET
@requires(Permission.PERSON_VIEW)
def placement(request: PortalRequest, pk: int) -> HttpResponse:
    """Who this is, where in the journey, what stands in the way, what can be done next, and all that happened."""
    found = placement_facts.one(pk)
    if part_of(request, PLACEMENT, "timeline") != PLACEMENT:
        return render(request, f"{PLACEMENT}#timeline", _timeline(request, found))
    return show(request, found)


def show(
    request: PortalRequest,
    found: Placement,
    *,
    form: MoveForm | None = None,
    refused: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The placement page; after a move that was refused, with the form as it was filled in and every reason."""
    by, today = request.scope, timezone.localdate()
    facts = placement_facts.facts_of(found, by=by, today=today)
    standing = facts.standing(today)
    moves = possible_moves(found, held=bool(standing), by=by, today=today)
    if form is None and moves:
        form = MoveForm(moves=[p.move for p in moves], today=today)
    numbers = "numbers" in request.GET and bool(facts.documents)
    if numbers:
        read_sensitive(request, "identity document", found.person_id, found.pilot_id)
    lines = placement_facts.pay_lines(facts)
    context = {
        "placement": found, "person": found.person, "facts": facts, "standing": standing, "today": today,
        "stages": stages(found, facts.events), "path": path(found, facts.events), "at": glance(found, by=by),
        "drawn": drawing(lines), "next_move": next((p for p in moves if follows(found, p.move.to_step)), None),
        "moves": moves, "onward": [p for p in moves if not p.off_path], "aside": [p for p in moves if p.off_path],
        "soon": (found.cohort.departs_on - today).days <= SOON_DAYS, "form": form, "refused": refused or [], "numbers": numbers,
        "ended": STEP[found.state.step].is_end,
        "papers": panels.papers(facts, whole=numbers, today=today), "purposes": panels.purposes(facts), "missing": panels.missing(facts),
        "pay_lines": lines, "pay_sum": placement_facts.pay_sum(lines),
        "cost_sums": placement_facts.cost_sums(facts.costs or []),
        "age": placement_facts.age_on(found.person.birth_date, today), "may": _may(request),
    }  # fmt: skip
    return render(request, PLACEMENT, context | _timeline(request, found), status=status)


def _timeline(request: PortalRequest, found: Placement) -> dict[str, object]:
    """One page of what happened, under the filters of the address; each filter with the address that turns it on or off."""
    offered = groups_for(request.scope)
    chosen = [group for group in offered if group in request.GET.getlist("show")]
    after = mark(request.GET.get("before", ""), date, int, int)
    happened = timeline.page(found, by=request.scope, groups=chosen, after=after)
    page_url = reverse("workers:placement", args=[found.pk])

    def address(groups: list[str], **more: str) -> str:
        query = urlencode({"show": groups} | more, doseq=True)
        return f"{page_url}?{query}" if query else page_url

    filters = [
        {
            "label": GROUPS[group], "on": group in chosen,
            "url": address([g for g in offered if (g in chosen) != (g == group)]),
        }
        for group in offered
    ]  # fmt: skip
    return {
        "happened": happened, "filters": filters, "chosen": chosen,
        "earlier_url": address(chosen, before=happened.before) if happened.before else "",
        "newest_url": address(chosen) if after else "",
        "may_take_back": found.state.version > 1 and any(request.scope.allows(verb) for verb in MOVERS),
        "placement": found,
    }  # fmt: skip


def _may(request: PortalRequest) -> dict[str, bool]:
    """Which acts the page offers: the verb, and the right to write the table."""
    by = request.scope
    records = by.allows(Permission.PERSON_IMPORT)
    return {
        "hold": by.allows(Permission.HOLD_PLACE) and may(Hold, by.db_role, "i"),
        "document": records and may(IdentityDocument, by.db_role, "i"),
        "person": records and may(Person, by.db_role, "u"),
        "consent": records and may(Consent, by.db_role, "i"),
        "training": records and may(TrainingRecord, by.db_role, "i"),
        "receipt": KINDS["cost"].may_write(by),
        "history": by.allows(Permission.HISTORY_VIEW),
        "compliance": by.allows(Permission.CHECK_VIEW) or by.allows(Permission.FINDING_VIEW),
        "sheets": by.allows(Permission.SHEET_SEND),
        "record_check": by.allows(Permission.CHECK_RECORD),
        "assign": by.allows(Permission.MOVE_CANDIDATES),
    }
