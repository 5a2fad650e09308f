"""Rules of rooms: people beyond what is approved, beds, and floor space. A finding is about the site."""

from django.utils.translation import gettext_lazy as _

from compliance.rules.declaring import MAJOR, Rule, Subject
from compliance.rules.parameters import Parameters, Use

_PEOPLE = {"people": "s.occupants"}
_TWO = {"people": "2"}


def _rooms(_p: Parameters) -> str:
    """One row for each room as it was last inspected."""
    return """
    select n.pilot_id, null::bigint as placement_id, r.site_id, 'room:' || r.id as source, n.inspected_on as period_start,
      n.inspected_on as period_end, n.currency, null::date as visa_granted_on, null::date as contract_start,
      null::date as arrived_on, n.inspected_on as lodged_on, r.address, r.name as room, n.area, n.beds, n.occupants,
      n.approved_maximum
    from workers_room r
    join lateral (
      select n.* from workers_roominspection n where n.room_id = r.id and n.inspected_on <= %(on)s
        and not exists (select from workers_roominspection x where x.supersedes_id = n.id)
      -- What somebody else than the employer found holds until somebody else finds it mended; what the employer itself
      -- reports counts where nobody else has looked, or where it reports more people than were seen.
      order by case when n.recorded_by is distinct from r.employer_id then 0
          when n.occupants > coalesce((select o.occupants from workers_roominspection o where o.room_id = r.id
            and o.recorded_by is distinct from r.employer_id and o.inspected_on <= n.inspected_on
            and not exists (select from workers_roominspection x where x.supersedes_id = o.id)
            order by o.inspected_on desc, o.id desc limit 1), 32767)
            and not exists (select from workers_roominspection o where o.room_id = r.id
              and o.recorded_by is distinct from r.employer_id and o.inspected_on > n.inspected_on
              and o.inspected_on <= %(on)s) then -1
          else 1 end,
        n.inspected_on desc, n.id desc limit 1
    ) n on true
    where r.pilot_id = any(%(pilots)s) and (%(sites)s::bigint[] is null or r.site_id = any(%(sites)s))
    """


ROOMS = Subject(
    "room",
    _rooms,
    uses={
        "space": Use("floor_space", _PEOPLE),
        "space_of_two": Use("floor_space", _TWO),
        "space_further": Use("floor_space_further_person"),
        "bed_each": Use("bed_for_each_person", type="boolean"),
    },
    derived={
        "area_least": "case when s.occupants > 2 then s.space_of_two + (s.occupants - 2) * s.space_further else s.space end"
    },
)

RULES_ROOMS = (
    Rule(
        "HOU-01", _("More people than approved, or too little space"),
        _("Are there no more people than were approved and than there are beds, and is the floor large enough?"),
        MAJOR, reads=("space", "space_of_two", "space_further", "bed_each"), when="coalesce(s.occupants, 1) > 0",
        missing="case when s.occupants is null then 'people in the room'"
        " when s.occupants > s.approved_maximum or s.area < s.area_least or (s.bed_each and s.beds < s.occupants) then null"
        " when s.approved_maximum is null then 'approved maximum'"
        " when s.area is null and s.area_least is not null then 'area of the room' end",
        broken="s.occupants > s.approved_maximum or s.area < s.area_least or (s.bed_each and s.beds < s.occupants)",
        evidence={"room": "s.room", "people": "s.occupants", "approved": "s.approved_maximum", "beds": "s.beds",
                  "area": "s.area", "area_least": "s.area_least"},
        indicators=("living_conditions",), standard="R9, P3; C07, D16; Dhaka 8",
    ),
)  # fmt: skip
