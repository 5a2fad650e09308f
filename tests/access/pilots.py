"""The pilots' own pages."""

from datetime import date

from pilots import overriding


def _override(cast, name):
    with cast.acting("ines") as by:
        days = {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31)}
        return overriding.depart(
            cast.pilot("verde"), parameter=name, value="7", reason="Agreed for the season.", by=by, **days
        ).pk


def _grant(cast, name):
    from pilots.models import Grant

    with cast.acting("ines"):
        return Grant.objects.create(
            pilot=cast.pilot("verde"), organisation_id=cast.scope("fay").organisation_id, name="First grant",
            reference=name, amount=100000, currency="NZD", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
        ).pk  # fmt: skip


def _target(cast, reference):
    from pilots.models import Grant, GrantTarget

    with cast.acting("ines"):
        grant = Grant.objects.get(reference=reference)
        return GrantTarget.objects.create(
            pilot_id=grant.pilot_id, organisation_id=grant.organisation_id, grant=grant, figure="departed", value=10,
            by_on=date(2026, 12, 31),
        ).pk  # fmt: skip


RESOLVE = {"override": _override, "grant": _grant, "target": _target}

OUTSIDE = {"kofi": 403, "nell": 403, "fay": 403, "zed": 302, "nobody": 302}
SEES_PERSONS = dict.fromkeys(("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga"), 200)
STRANGERS = {"dana": 404, "abel": 404}
EDITS = {"ines": 200, "mara": 200, "dana": 404} | dict.fromkeys(
    ("lena", "rosa", "sefo", "tavi", "omar", "olga", "abel"), 403
)
EVERYBODY = dict.fromkeys((*SEES_PERSONS, "kofi", "nell", "fay", "dana", "abel"), 200) | {"zed": 302, "nobody": 302}
PAGES = [
    ("pilots:list", {}, SEES_PERSONS | OUTSIDE | {"dana": 200, "abel": 200}),
    ("pilots:schemes", {}, EVERYBODY),
    ("pilots:scheme", {"slug": "sawp"}, EVERYBODY),
    (
        "pilots:cohort_changes",
        {"pk": "cohort=V1"},
        EDITS | {"kofi": 403, "nell": 403, "fay": 403, "zed": 302, "nobody": 302},
    ),
    ("pilots:rules", {"slug": "pilot=verde"}, SEES_PERSONS | OUTSIDE | STRANGERS),
    ("pilots:rule_changes", {"slug": "pilot=verde"}, SEES_PERSONS | OUTSIDE | STRANGERS),
    ("pilots:rule", {"slug": "pilot=verde", "name": "minimum_age"}, SEES_PERSONS | OUTSIDE | STRANGERS),
    ("pilots:overrides", {"slug": "pilot=verde"}, SEES_PERSONS | OUTSIDE | STRANGERS),
    ("pilots:override_ends", {"slug": "pilot=verde", "pk": "override=welfare_contact_interval"}, EDITS | OUTSIDE),
    ("pilots:cohorts", {"slug": "pilot=verde"}, EDITS | OUTSIDE),
    ("pilots:sites", {"slug": "pilot=verde"}, EDITS | OUTSIDE),
    ("pilots:grants", {"slug": "pilot=verde"}, EDITS | OUTSIDE),
    ("pilots:grant_targets", {"slug": "pilot=verde", "pk": "grant=G-1"}, EDITS | OUTSIDE),
    ("pilots:grant", {"slug": "pilot=verde", "pk": "grant=G-2"}, EDITS | OUTSIDE),
    (
        "pilots:grant_closings",
        {"slug": "pilot=verde", "pk": "grant=G-3"},
        EDITS | OUTSIDE | {"ines": 303, "mara": 303},
        "post",
    ),
    ("pilots:grant_target", {"slug": "pilot=verde", "pk": "grant=G-4", "target": "target=G-4"}, EDITS | OUTSIDE),
    ("pilots:job_orders", {"slug": "pilot=verde"}, EDITS | OUTSIDE),
]
