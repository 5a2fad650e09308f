"""What the pages of look-alikes show: the queue, two people side by side, and the merges that stand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.http import Http404
from django.utils.translation import gettext as _

from workers.journey.wording import step_phase, step_words
from workers.models import (
    Ban,
    Consent,
    Hold,
    IdentityDocument,
    LikePair,
    MergeEvent,
    PayRecord,
    Person,
    Placement,
)
from workers.queries.panels import masked
from workers.sheets.cleaning import fold
from workers.sheets.words import vocabulary

from .cards import phone_keys
from .parts import STRONG, sentences

PAGE = 50
State = LikePair.State


@dataclass(slots=True)
class Side:
    """One of the two people with all that was recorded of them."""

    person: Person
    placements: list[dict[str, Any]] = field(default_factory=list)
    papers: list[IdentityDocument] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    bans: list[Ban] = field(default_factory=list)
    pay: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """A fact of both, and what comparing it says: ``same``, ``spelt`` (the same, written otherwise), ``turned``
    (family and given names exchanged), ``differs``, ``one``
    (recorded of one only), ``neither``, or nothing where a difference tells nothing, as of the pilot's own codes."""

    label: str
    first: str
    second: str
    how: str


def queue(state: str, today: date) -> QuerySet[LikePair]:
    """Pairs in this state, the most alike first; what was put off is to decide again from its day on."""
    rows = LikePair.objects.select_related("first__recruiter", "second__recruiter", "pilot", "decided_by")
    due = Q(state=State.LATER, again_on__lte=today)
    if state == State.OPEN:
        rows = rows.filter(Q(state=State.OPEN) | due)
    elif state == State.LATER:
        rows = rows.filter(state=State.LATER).exclude(due)
    else:
        rows = rows.filter(state=state)
    return rows.order_by("-points", "pk")


def page_of(rows: QuerySet[LikePair], after: str) -> tuple[list[LikePair], str]:
    """One page by key, and the key of the next ("" at the end)."""
    points, _sep, pk = after.partition("~")
    if points.lstrip("-").isdecimal() and pk.isdecimal() and len(after) < 30:
        rows = rows.filter(Q(points__lt=int(points)) | Q(points=int(points), pk__gt=int(pk)))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.points}~{last.pk}" if last else ""


def pair_or_404(pk: int) -> LikePair:
    """The pair with its people; 404 where the scope does not see it or somebody of it was taken back."""
    rows = LikePair.objects.select_related(
        "first__recruiter", "second__recruiter", "first__contact", "second__contact", "pilot", "decided_by"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("pair")
    return found


def lines(pairs: Iterable[LikePair]) -> list[dict[str, Any]]:
    """Pairs with their reasons in words."""
    return [
        {
            "pair": pair,
            "strong": pair.points >= STRONG,
            "reasons": [s for s in sentences(pair.parts) if s["weight"] > 0],
        }
        for pair in pairs
    ]


def reasons(pair: LikePair, *, whole: bool) -> list[dict[str, Any]]:
    """What speaks for and against, in sentences; of numbers of papers the end, unless they are asked for whole."""
    found = sentences(pair.parts)
    return found if whole else [{**each, "shown": masked(each["shown"]) if each["shown"] else ""} for each in found]


def sides(pair: LikePair, *, whole: bool) -> tuple[Side, Side]:
    """Both people with everything recorded; one statement a kind of fact, however many rows. Numbers of papers as on the
    page of a placement: their end, unless they are asked for ``whole``."""
    ids = [pair.first_id, pair.second_id]
    both = {pair.first_id: Side(pair.first), pair.second_id: Side(pair.second)}
    for paper in IdentityDocument.objects.filter(person__in=ids).order_by("kind", "pk"):
        paper.shown = paper.number if whole else masked(paper.number)  # type: ignore[attr-defined]
        both[paper.person_id].papers.append(paper)
    for consent in Consent.objects.filter(person__in=ids).order_by("purpose", "pk"):
        both[consent.person_id].consents.append(consent)
    for ban in Ban.objects.filter(person__in=ids).order_by("imposed_on", "pk"):
        both[ban.person_id].bans.append(ban)
    held = set(
        Hold.objects.filter(placement__person__in=ids, lifted_at__isnull=True).values_list("placement_id", flat=True)
    )
    rows = Placement.objects.filter(person__in=ids).select_related("state", "cohort", "employer", "pilot")
    for placement in rows.order_by("pk"):
        step = placement.state.step
        both[placement.person_id].placements.append(
            {"placement": placement, "step": step_words(step, placement.pilot.scheme), "phase": step_phase(step),
             "held": placement.pk in held}
        )  # fmt: skip
    paid = PayRecord.objects.filter(placement__person__in=ids, superseded_by__isnull=True)
    for total in (
        paid.values("placement__person", "currency").annotate(gross=Sum("gross"), net=Sum("net")).order_by("currency")
    ):
        both[total["placement__person"]].pay.append(dict(total))
    return both[pair.first_id], both[pair.second_id]


def compared(a: Person, b: Person) -> list[Row]:
    """Every field of the two, beside each other."""
    both = zip(_fields(a), _fields(b), strict=True)
    turned = bool(a.family_name and a.given_names) and (
        (fold(a.family_name), fold(a.given_names))
        == (fold(b.given_names), fold(b.family_name))
        != (fold(b.family_name), fold(b.given_names))
    )
    return [
        Row(label, mine, theirs, "turned" if turned and key in ("family", "given") else _how(key, mine, theirs))
        for (key, label, mine), (_k, _l, theirs) in both
    ]


def _how(key: str, mine: str, theirs: str) -> str:
    if key in ("code", "recruiter", "registered"):
        return ""
    if not mine or not theirs:
        return "one" if mine or theirs else "neither"
    if mine == theirs:
        return "same"
    if key == "phone":
        return "spelt" if phone_keys(mine) & phone_keys(theirs) else "differs"
    return "spelt" if fold(mine) == fold(theirs) else "differs"


def _fields(p: Person) -> list[tuple[str, str, str]]:
    contact = getattr(p, "contact", None)
    born = p.birth_date.isoformat() if p.birth_date else ""
    if born and p.birth_precision != Person.Precision.DAY:
        born = f"{born} ({p.get_birth_precision_display()})"
    return [
        ("code", _("Worker ID"), p.worker_code),
        ("family", _("Family name"), p.family_name),
        ("given", _("Given names"), p.given_names),
        ("passport", _("Name as in passport"), p.passport_name),
        ("sex", _("Sex"), "" if p.sex == Person.Sex.NOT_STATED else str(p.get_sex_display())),
        ("born", _("Date of birth"), born),
        ("nationality", _("Nationality"), str(vocabulary("country").names.get(p.nationality, p.nationality))),
        ("village", _("Village"), p.village),
        ("province", _("Province"), p.province),
        ("languages", _("Languages"), p.languages),
        ("phone", _("Phone"), contact.phone if contact else ""),
        ("email", _("E-mail"), contact.email if contact else ""),
        ("recruiter", _("Recruiter"), p.recruiter.name if p.recruiter else ""),
        ("registered", _("Registered on"), p.registered_on.isoformat() if p.registered_on else ""),
    ]


def standing_merge(first_id: int, second_id: int) -> MergeEvent | None:
    """The merge of these two that stands, if there is one."""
    both = Q(keep=first_id, other=second_id) | Q(keep=second_id, other=first_id)
    return MergeEvent.objects.filter(both, kind=MergeEvent.Kind.MERGE, undone_by__isnull=True).order_by("-pk").first()


def merges_of(person: Person) -> list[MergeEvent]:
    """The merges that stand and concern this person directly, newest first."""
    rows = MergeEvent.objects.filter(Q(keep=person) | Q(other=person), kind=MergeEvent.Kind.MERGE)
    return list(rows.filter(undone_by__isnull=True).select_related("keep", "other").order_by("-pk"))


def since_merge(event: MergeEvent) -> int:
    """Placements recorded on the kept record since: they stay there when the merge is undone."""
    return Placement.objects.filter(person=event.keep_id, recorded_at__gt=event.recorded_at).count()
