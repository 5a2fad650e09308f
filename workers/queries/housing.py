"""Places in housing: what each place of work has by its newest inspections, and who sleeps there on a day."""

from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class SiteBeds:
    """The rooms of one place of work: people approved (or beds where nothing was approved), and people living there."""

    site_id: int
    site: str
    rooms: int
    places: int
    living: int
    unknown: int
    """Rooms that were never inspected, or without a number of places."""

    @property
    def left(self) -> int:
        """Places left; below nought where more live there than may."""
        return self.places - self.living

    @property
    def over(self) -> int:
        """How many live there beyond the places."""
        return max(-self.left, 0)


def beds_by_site(today: date) -> list[SiteBeds]:
    """Places and people by place of work, the fullest first; one statement over what the reader sees."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"on": today})
        return [SiteBeds(*row) for row in cursor.fetchall()]


_SQL = """
select t.id, t.name, count(*)::int, coalesce(sum(i.places), 0)::int, coalesce(sum(s.living), 0)::int,
       count(*) filter (where i.places is null)::int
from workers_room r
join pilots_site t on t.id = r.site_id
left join lateral (
  select coalesce(n.approved_maximum, n.beds)::int as places from workers_roominspection n
  where n.room_id = r.id and n.inspected_on <= %(on)s
    and not exists (select from workers_roominspection c where c.supersedes_id = n.id)
  order by n.inspected_on desc, n.id desc limit 1
) i on true
left join lateral (
  select count(*)::int as living from workers_housingstay h
  where h.room_id = r.id and h.starts_on <= %(on)s and (h.ends_on is null or h.ends_on >= %(on)s)
) s on true
group by t.id, t.name
order by coalesce(sum(i.places), 0) - coalesce(sum(s.living), 0), t.name
limit 20
"""
