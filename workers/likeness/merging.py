"""``merge`` and ``unmerge``: two records are one person from now on, or are two again. A person decides, with a reason.

A merge rewrites no row. It says for whom the other record now stands too; papers, consents, bans and placements stay where
they were recorded and are read together (``workers_same``). So both Worker IDs stay valid, nothing changes for who may
not see both, and undoing restores exactly what was. What was recorded after the merge stays on the record it was given:
new placements on the one that was kept.

Chains: whoever stood for others takes them along; each points at the last. Undoing a merge gives them back.
"""

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Permission
from accounts.scope import Scope
from workers.models import MergedPerson, MergeEvent, Person

LOCK = 7303


class NotMerged(Exception):
    """Why nothing was merged, undone or decided, in words."""


@transaction.atomic
def merge(keep: Person, other: Person, *, by: Scope, reason: str) -> MergeEvent:
    """From now on ``other`` is the same person as ``keep``, which stands for both. Raises NotMerged with a sentence
    when one of them is merged already, they are of two pilots, or no reason is given."""
    by.require(Permission.PERSON_MERGE)
    if keep.pilot_id != other.pilot_id or keep.pk == other.pk:
        raise NotMerged(_("Only two people of one pilot can be merged."))
    if not reason.strip():
        raise NotMerged(_("A merge needs a reason."))
    _lock(keep.pilot_id, by)
    taken = MergedPerson.objects.filter(person__in=[keep, other]).select_related("keep").first()
    if taken is not None:
        raise NotMerged(
            _("One of the two is merged into %(code)s already. Compare that record instead.")
            % {"code": taken.keep.worker_code}
        )
    event = MergeEvent.objects.create(
        pilot_id=keep.pilot_id, kind=MergeEvent.Kind.MERGE, keep=keep, other=other, reason=reason.strip(),
        user_id=by.user_id, request=by.request,
    )  # fmt: skip
    _point(keep.pilot_id)
    audit.record("merged", "person", keep.pk, scope=by, pilot_id=keep.pilot_id, reason=f"with person {other.pk}")
    return event


@transaction.atomic
def unmerge(event: MergeEvent, *, by: Scope, reason: str) -> MergeEvent:
    """The two are two again. What was recorded on either since stays where it is. Raises NotMerged with a sentence when
    this was undone already or no reason is given."""
    by.require(Permission.PERSON_MERGE)
    if not reason.strip():
        raise NotMerged(_("Undoing a merge needs a reason."))
    _lock(event.pilot_id, by)
    if event.kind != MergeEvent.Kind.MERGE or MergeEvent.objects.filter(undoes=event).exists():
        raise NotMerged(_("This merge was undone already."))
    undone = MergeEvent.objects.create(
        pilot_id=event.pilot_id, kind=MergeEvent.Kind.UNMERGE, keep_id=event.keep_id, other_id=event.other_id,
        undoes=event, reason=reason.strip(), user_id=by.user_id, request=by.request,
    )  # fmt: skip
    _point(event.pilot_id)
    audit.record(
        "merge undone",
        "person",
        event.keep_id,
        scope=by,
        pilot_id=event.pilot_id,
        reason=f"with person {event.other_id}",
    )
    return undone


def _lock(pilot_id: int, by: Scope) -> None:
    """One merge at a time in a pilot: each judges what the one before left."""
    if pilot_id not in by.pilot_ids:
        raise PermissionDenied("pilot")
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, pilot_id % 2**31])


def _point(pilot_id: int) -> None:
    """Let every merged person of the pilot point at the last of its chain, as the merges that stand say. Only rows
    that change are written, so only they are marked for the rules."""
    with connection.cursor() as cursor:
        cursor.execute(_POINT, {"pilot": pilot_id})


_POINT = """
with recursive stands as (
  select e.other_id, e.keep_id, e.recorded_at from workers_mergeevent e
  where e.pilot_id = %(pilot)s and e.kind = 'merge'
    and not exists (select from workers_mergeevent u where u.undoes_id = e.id)
), chain as (
  select s.other_id, s.keep_id, s.recorded_at, 1 as step from stands s
  union all
  select c.other_id, s.keep_id, c.recorded_at, c.step + 1 from chain c join stands s on s.other_id = c.keep_id
), last as (
  select distinct on (c.other_id) c.other_id, c.keep_id, c.recorded_at from chain c order by c.other_id, c.step desc
), gone as (
  delete from workers_mergedperson m where m.pilot_id = %(pilot)s
    and not exists (select from last l where l.other_id = m.person_id)
)
insert into workers_mergedperson as m (person_id, pilot_id, keep_id, recruiter_id, merged_at)
select l.other_id, %(pilot)s, l.keep_id, case when o.recruiter_id = k.recruiter_id then k.recruiter_id end, l.recorded_at
from last l join workers_person o on o.id = l.other_id join workers_person k on k.id = l.keep_id
on conflict (person_id) do update set keep_id = excluded.keep_id, recruiter_id = excluded.recruiter_id
where (m.keep_id, m.recruiter_id) is distinct from (excluded.keep_id, excluded.recruiter_id)
"""
