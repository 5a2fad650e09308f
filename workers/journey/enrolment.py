"""How a placement begins, and how it gets and loses its place of work: ``enrol``, ``assign``, ``take_off``, set-based."""

from datetime import date

from django.db import connection

from accounts.roles import Permission
from accounts.scope import Scope
from pilots.models import Cohort, JobOrder
from workers.journey.facts_follow import follow
from workers.journey.moves import BEFORE_OFFER


def enrol(person_ids: list[int], cohort: Cohort, *, by: Scope, at: date) -> list[int]:
    """Nominate people for a cohort on ``at``; answers the new placements' ids. Who is in it already stays as is.

    The season is counted from the person's earlier placements that departed. Somebody merged into another is nominated
    as the one who stands for both, and not again where either is in the cohort.
    """
    by.require(Permission.MOVE_CANDIDATES)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with asked as (
              select pe.id, pe.pilot_id, pe.recruiter_id, m.keep_id from workers_person pe
              left join workers_mergedperson m on m.person_id = pe.id
              where pe.id = any(%(people)s) and pe.pilot_id = %(pilot)s
                and not exists (select from workers_same s join workers_placement q on q.person_id = s.other_id
                                where s.person_id = pe.id and q.cohort_id = %(cohort)s)
            ), who as (
              -- Apart, so that a long list is not joined to all persons for the few who are merged.
              select id, pilot_id, recruiter_id from asked where keep_id is null
              union
              select k.id, k.pilot_id, k.recruiter_id from asked a join workers_person k on k.id = a.keep_id
              where a.keep_id is not null
            ), made as (
              insert into workers_placement (pilot_id, person_id, cohort_id, recruiter_id, season, version, recorded_at)
              select pe.pilot_id, pe.id, %(cohort)s, pe.recruiter_id,
                     1 + (select count(distinct e.placement_id) from workers_journeyevent e
                          join workers_placement q on q.id = e.placement_id
                          where q.person_id = pe.id and e.to_step = 'departed')
                       + (select count(distinct e.placement_id) from workers_same s
                          join workers_placement q on q.person_id = s.other_id
                          join workers_journeyevent e on e.placement_id = q.id and e.to_step = 'departed'
                          where s.person_id = pe.id),
                     1, clock_timestamp()
              from who pe order by pe.id
              on conflict (person_id, cohort_id) do nothing
              returning id, pilot_id, cohort_id, recruiter_id
            ), stands as (
              insert into workers_placementstate (placement_id, pilot_id, cohort_id, recruiter_id, step, since, version)
              select id, pilot_id, cohort_id, recruiter_id, 'nominated', %(at)s, 1 from made
            ), recorded as (
              insert into workers_journeyevent (pilot_id, placement_id, cohort_id, recruiter_id, move, from_step,
                to_step, happened_on, known_on, reason, note, user_id, organisation_id, request, version, recorded_at)
              select pilot_id, id, cohort_id, recruiter_id, 'enrol', '', 'nominated', %(at)s, %(at)s, '', '',
                %(user)s, %(org)s, %(request)s, 1, clock_timestamp() from made
            )
            select id from made order by id
            """,
            {
                "cohort": cohort.pk, "pilot": cohort.pilot_id, "people": person_ids, "at": at,
                "user": by.user_id, "org": by.organisation_id, "request": by.request,
            },
        )  # fmt: skip
        return [row[0] for row in cursor.fetchall()]


def assign(placement_ids: list[int], job_order: JobOrder, *, by: Scope) -> list[int]:
    """Put placements that have not departed on a job order: employer, site and planned dates follow from it.

    Answers the ids that were assigned; those of another cohort, already past departure, or held are left out.
    """
    by.require(Permission.MOVE_CANDIDATES)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with chosen as (
              update workers_placement p set job_order_id = %(order)s, employer_id = %(employer)s, site_id = %(site)s,
                planned_start = %(starts)s, planned_end = %(ends)s, version = p.version + 1
              where p.id = any(%(ids)s) and p.cohort_id = %(cohort)s
                and not exists (select from workers_journeyevent e where e.placement_id = p.id
                                and e.to_step = 'departed')
                -- A hold speaks to the employer of its day; a new one would not see it.
                and not exists (select from workers_hold h where h.placement_id = p.id and h.lifted_at is null)
              returning p.id
            ), stands as (
              update workers_placementstate s set employer_id = %(employer)s from chosen c where c.id = s.placement_id
            )
            select id from chosen order by id
            """,
            {
                "order": job_order.pk, "employer": job_order.employer_id, "site": job_order.site_id,
                "starts": job_order.starts_on, "ends": job_order.ends_on, "cohort": job_order.cohort_id,
                "ids": placement_ids,
            },
        )  # fmt: skip
        assigned = [row[0] for row in cursor.fetchall()]
    follow(assigned)
    return assigned


def take_off(placement_ids: list[int], *, by: Scope) -> list[int]:
    """Take placements off their job order, while nobody was selected for it: employer, site and planned dates go too.

    Answers the ids that were taken off. Who was selected, offered the job or more stays on it until those moves are taken
    back, and who is held stays, as when a job order is given.
    """
    by.require(Permission.MOVE_CANDIDATES)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with stood as (  -- locked first, so that nobody is selected meanwhile
              select s.placement_id from workers_placementstate s
              where s.placement_id = any(%(ids)s) and s.step = any(%(before)s) order by s.placement_id for update
            ), chosen as (
              update workers_placement p set job_order_id = null, employer_id = null, site_id = null, planned_start = null,
                planned_end = null, version = p.version + 1
              from stood where p.id = stood.placement_id and p.job_order_id is not null
                and not exists (select from workers_hold h where h.placement_id = p.id and h.lifted_at is null)
              returning p.id
            ), stands as (
              update workers_placementstate s set employer_id = null from chosen c where c.id = s.placement_id
            )
            select id from chosen order by id
            """,
            {"ids": placement_ids, "before": list(BEFORE_OFFER)},
        )
        taken = [row[0] for row in cursor.fetchall()]
    follow(taken)
    return taken
