"""Duties: every role that sees persons reads its own; who records them is asked at the door."""

OUTSIDE = {"kofi": 403, "nell": 403, "fay": 403, "zed": 302, "nobody": 302}
READS = dict.fromkeys(("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga", "dana", "abel"), 200)
# Without a duty that was chosen the page leads back to the list.
RECORDS = dict.fromkeys(("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga", "dana", "abel"), 303)


def _proof(cast, key):
    from datetime import date

    from compliance.models import DutyDischarge

    placement = cast.placement(key)
    with cast.acting("ines") as by:
        return DutyDischarge.objects.create(
            pilot_id=placement.pilot_id, duty="29", placement=placement, started_on=date(2026, 1, 26),
            done_on=date(2026, 2, 1), evidence="Seen", user_id=by.user_id, organisation_id=by.organisation_id, who="Ines",
        ).pk  # fmt: skip


RESOLVE = {"proof": _proof}
PAGES = [
    ("compliance:duties", {}, READS | OUTSIDE),
    ("compliance:placement_duties", {"pk": "placement=IH-001"},
     READS | OUTSIDE | {"tavi": 404, "olga": 404, "dana": 404, "abel": 404}),
    ("compliance:duty_discharges", {}, RECORDS | OUTSIDE),
    ("compliance:duty_takings_back", {"pk": "proof=IH-001"},
     {"ines": 200, "mara": 200, "lena": 200, "rosa": 200, "sefo": 404, "omar": 404, "dana": 404} | OUTSIDE),
    ("compliance:duty_starts", {"slug": "pilot=verde"},
     {"ines": 200, "mara": 200, "omar": 200, "olga": 200, "sefo": 404, "rosa": 404, "lena": 404, "dana": 404} | OUTSIDE),
]  # fmt: skip
