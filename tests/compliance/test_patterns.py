"""Patterns: rates drawn together, so that one complaint in a cohort of four tops no list; and what is never in them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from compliance.checking import Answered, record_check
from compliance.models import Finding
from compliance.patterns import DAYS_A_MONTH, EMPLOYER, RECRUITER, SITE, behind, patterns
from compliance.shrinkage import gamma_below, gamma_quantile, shared, shrunk
from workers.models import JourneyEvent


# Published points of the chi-square distribution, which is twice a gamma of half the degrees of freedom
# (NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.4, to three places).
@pytest.mark.parametrize(
    ("degrees", "probability", "published"),
    [(1, 0.95, 3.841), (2, 0.95, 5.991), (10, 0.975, 20.483), (10, 0.025, 3.247), (30, 0.975, 46.979), (100, 0.025, 74.222)],
)  # fmt: skip
def test_quantiles_are_those_of_the_published_tables(degrees, probability, published):
    assert round(2 * gamma_quantile(probability, degrees / 2), 3) == published


@pytest.mark.parametrize("shape", [0.02, 0.5, 1.0, 3.7, 40.0, 900.0])
@pytest.mark.parametrize("probability", [0.001, 0.025, 0.5, 0.975, 0.999])
def test_the_quantile_gives_back_its_probability(shape, probability):
    assert abs(gamma_below(shape, gamma_quantile(probability, shape)) - probability) < 1e-9


def test_the_sum_of_the_model_by_hand():
    """Three groups: m = 30/300 = 0.1; s² = (100·0.01 + 0 + 100·0.01)/300; A = s² − 0.1/100."""
    groups = [(20, 100.0), (10, 100.0), (0, 100.0)]
    prior = shared(groups)
    between = (100 * 0.01 + 100 * 0.01) / 300 - 0.1 / 100
    assert prior.common == pytest.approx(0.1)
    assert prior.a == pytest.approx(0.01 / between)
    assert prior.b == pytest.approx(0.1 / between)
    first = shrunk(groups)[0]
    assert first.value == pytest.approx((0.01 / between + 20) / (0.1 / between + 100))
    assert 0.1 < first.value < first.raw == 0.2
    assert first.low < first.value < first.high


def test_one_complaint_in_a_cohort_of_four_tops_no_list():
    """Four workers for six weeks with one complaint have the highest count per month of all, and are not marked."""
    groups = [(1, 5.9), (24, 400.0), (9, 380.0), (11, 420.0), (8, 300.0), (6, 310.0)]
    rates = shrunk(groups)
    raw = [r.raw for r in rates]
    assert max(raw) == raw[0]
    assert [r.stands_out for r in rates] == [False, True, False, False, False, False]
    assert rates[0].value < rates[0].raw / 2
    assert rates[0].low < rates[1].low


@pytest.mark.parametrize("others", [[(0, 100.0)] * 3, [(0, 500.0)] * 9, [(2, 30.0), (3, 60.0)], [(1, 6.0)] * 5])
def test_a_single_case_never_stands_out_whoever_the_others_are(others):
    assert not shrunk([(1, 6.0), *others])[0].stands_out


def test_differences_no_larger_than_chance_mark_nobody_and_give_all_the_common_rate():
    rates = shrunk([(10, 100.0), (11, 100.0), (9, 100.0)])
    assert {round(r.value, 6) for r in rates} == {0.1}
    assert not any(r.stands_out for r in rates)


def test_two_groups_are_too_few_to_compare_and_none_is_nothing():
    assert not any(r.stands_out for r in shrunk([(50, 100.0), (0, 100.0)]))
    assert shrunk([]) == []
    with pytest.raises(ValueError, match="worker-months"):
        shrunk([(1, 0.0)])


# --- On the cast ----------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db
SINCE = date(2025, 7, 1)


def found(cast, today, codes, item="D01", answer="no", told=False, stage="employment", by="document"):
    with cast.acting("rosa") as who:
        ids = [cast.placement(code).pk for code in codes]
        record_check(ids, stage, {item: Answered(answer, shown_by=by)}, by=who, done_on=today, today=today, told=told)


def groups(cast, on, kind, who="ines"):
    with cast.acting(who) as by:
        pattern = next(p for p in patterns(by, on=on, since=SINCE) if p.kind == kind)
    return {g.name: g for g in pattern.groups}


def test_worker_months_run_from_arrival_and_cases_are_workers_not_findings(cast, today):
    found(cast, today, ["IH-001"])
    found(cast, today, ["IH-001"], item="D02")
    group = groups(cast, today, EMPLOYER)["Orchard Bay"]
    with cast.acting("ines"):
        days = sum(
            (today - e.happened_on).days
            for e in JourneyEvent.objects.filter(to_step="arrived", placement__employer__name="Orchard Bay")
        )
    assert (group.workers, group.cases, group.findings) == (2, 1, 2)
    assert group.months == pytest.approx(days / DAYS_A_MONTH)
    assert group.raw_per_hundred == pytest.approx(100 / group.months)


def test_recruitment_findings_count_for_the_recruiter_and_others_for_the_place(cast, today):
    found(cast, today, ["IH-001"])
    found(cast, today, ["IH-003"], item="A11", stage="recruitment")
    assert groups(cast, today, RECRUITER)["Island Hands"].findings == 1
    assert groups(cast, today, SITE)["Orchard Bay main"].findings == 1
    with cast.acting("ines") as by:
        listed = behind(by, kind=RECRUITER, group_id=cast.organisation("island-hands").pk, on=today, since=SINCE)
    assert [f.code for f in listed] == ["A11"]


def test_what_an_employer_does_not_owe_is_not_counted_against_it(cast, today):
    placement = cast.placement("IH-001")
    with cast.acting("rosa"):
        for code in ("WEL-01", "STAY-01", "BAN-01", "PAY-06"):
            Finding.objects.create(
                pilot_id=placement.pilot_id, placement=placement, employer_id=placement.employer_id, code=code,
                cohort_id=placement.cohort_id, version="1", severity="major", source=f"{code}:1", opened_on=today,
                due_on=today,
            )  # fmt: skip
    assert groups(cast, today, EMPLOYER)["Orchard Bay"].findings == 1
    assert groups(cast, today, SITE)["Orchard Bay main"].findings == 1
    assert not groups(cast, today, RECRUITER)["Island Hands"].findings
    with cast.acting("ines") as by:
        listed = behind(by, kind=EMPLOYER, group_id=placement.employer_id, on=today, since=SINCE)
    assert [f.code for f in listed] == ["PAY-06"]


def test_a_finding_about_a_place_counts_once_for_it(cast, today):
    placement = cast.placement("IH-001")
    with cast.acting("rosa"):
        Finding.objects.create(
            pilot_id=placement.pilot_id, site_id=placement.site_id, employer_id=placement.employer_id, code="HOU-01",
            version="1", severity="major", source="room:1", opened_on=today, due_on=today,
        )  # fmt: skip
    assert groups(cast, today, SITE)["Orchard Bay main"].cases == 1


@pytest.mark.parametrize(("ends", "counted"), [(date(2026, 6, 30), 1), (date(2025, 6, 30), 0)])
def test_a_finding_of_a_rule_counts_on_the_day_of_its_facts_and_not_when_the_rule_was_first_asked(
    cast, today, ends, counted
):
    placement = cast.placement("IH-001")
    with cast.acting("rosa"):
        Finding.objects.create(
            pilot_id=placement.pilot_id, placement=placement, employer_id=placement.employer_id, code="PAY-01",
            cohort_id=placement.cohort_id, version="1", severity="major", source="pay:1", opened_on=today,
            due_on=today, period_end=ends,
        )  # fmt: skip
    assert groups(cast, today, EMPLOYER)["Orchard Bay"].findings == counted


def test_no_more_workers_are_concerned_than_were_there(cast, today):
    """IH-003 never arrived: what is found about it is no case of the employer, who had no worker there."""
    found(cast, today, ["IH-001", "IH-002"])
    found(cast, today, ["IH-003"], item="C12", stage="arrival")
    group = groups(cast, today, EMPLOYER)["Orchard Bay"]
    assert (group.workers, group.cases) == (2, 2)
    with cast.acting("ines") as by:
        listed = behind(by, kind=EMPLOYER, group_id=group.id, on=today, since=SINCE)
    assert len(listed) == group.findings == 2


@pytest.mark.parametrize("who", ["ines", "lena", "rosa"])
def test_what_was_told_in_confidence_is_in_it_for_nobody(cast, today, who):
    found(cast, today, ["IH-001"], item="D11", answer="yes", told=True, by="worker alone")
    assert all(g.findings == 0 for kind in (EMPLOYER, SITE, RECRUITER) for g in groups(cast, today, kind, who).values())


def test_findings_of_before_the_period_and_of_other_pilots_are_not_counted(cast, today):
    found(cast, today, ["IH-001"])
    later = today + timedelta(days=400)
    with cast.acting("ines") as by:
        pattern = patterns(by, on=later, since=today + timedelta(days=1))[0]
    assert sum(g.findings for g in pattern.groups) == 0
    assert groups(cast, today, EMPLOYER, "dana") == {}


def test_the_page_says_what_it_is_and_opens_the_findings_behind_a_line(cast, sign_in, today, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: today)
    found(cast, today, ["IH-001"])
    client = sign_in("rosa")
    page = client.get(reverse("compliance:patterns"))
    text = page.content.decode()
    assert "A signal for a person, never a verdict" in text
    assert "What was told in confidence and grievances are not in these numbers" in text
    assert "None stands out" in text
    given = {"kind": "employer", "group": cast.organisation("orchard-bay").pk}
    assert "D01" in client.get(reverse("compliance:pattern_list"), given).content.decode()
    assert client.get(reverse("compliance:pattern_list"), {"kind": "x", "group": "1"}).status_code == 404
    for name in ("omar", "sefo", "fay", "kofi"):
        assert sign_in(name).get(reverse("compliance:patterns")).status_code == 403
