"""Money by what it buys: dated factors with their source, and the income multiple by them beside the one at market rates."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.scope import acting_as, compiler_scope, operator_scope
from pilots.models import ExchangeRate
from reports.compiling import compile_report
from reports.content import Basis, Content, Figure, Section
from reports.disclosure import disclose
from reports.metrics import METRIC, Window, purchasing
from reports.metrics.gathering import ask
from reports.metrics.purchasing import PURCHASING, BadFactors, factors, read
from reports.published import Entry, Published, Selection
from tests.reports.test_compiling import order_of
from tests.reports.test_metrics import AS_OF, figure, measured, pay
from workers.models import PersonBackground

SOURCE = [{"key": "PPP", "title": "T", "address": "A"}]


def test_every_factor_has_a_source_or_is_not_verified():
    assert all(f.verified and f.source.address.startswith("https://") for f in factors())
    assert {f.currency for f in factors()} >= {"NZD", "AUD", "KRW", "TOP", "VUV", "USD"}
    assert all(f.value == 1 for f in factors() if f.currency == "USD")
    (bare,) = read({"factor": [{"currency": "XXX", "country": "X", "years": {"2020": "2"}}]})
    assert not bare.verified


@pytest.mark.parametrize(
    ("row", "words"),
    [({"source": "no"}, "unknown source"), ({"years": {"2020": "0"}}, "above zero")],
)
def test_a_file_of_factors_that_is_not_sound_is_refused(row, words):
    with pytest.raises(BadFactors, match=words):
        read({"source": SOURCE, "factor": [{"currency": "XXX", "country": "X", "years": {"2020": "2"}} | row]})


def test_the_report_says_which_money_it_compares_and_what_is_not_verified(monkeypatch):
    assert "market exchange rate" in purchasing.told(purchasing.MARKET).words
    assert "New Zealand 2024" in purchasing.told(PURCHASING).words
    assert "Not verified" not in purchasing.told(PURCHASING).words
    monkeypatch.setattr(purchasing, "factors", lambda: (replace(factors()[0], verified=False),))
    assert "Not verified" in purchasing.told(PURCHASING).words


@pytest.mark.django_db
def test_pay_abroad_and_at_home_are_each_divided_by_what_a_dollar_buys_there(cast, monkeypatch):
    table = read({"source": SOURCE, "factor": [
        {"currency": "NZD", "country": "NZ", "source": "PPP", "years": {"2024": "1.5", "2025": "9", "2030": "7"}},
        {"currency": "TOP", "country": "TO", "source": "PPP", "years": {"2023": "2"}},
    ]})  # fmt: skip
    monkeypatch.setattr(purchasing, "factors", lambda: tuple(f for f in table if f.year != 2025))
    for code in ("IH-001", "IH-002"):
        pay(cast, code, "3000", start=date(2026, 3, 1), end=date(2026, 3, 31))
    with cast.acting("ines"):
        PersonBackground.objects.update_or_create(
            person_id=cast.placement("IH-001").person_id,
            defaults={"pilot_id": cast.pilot().pk, "home_income": 400, "home_income_currency": "TOP"},
        )
        PersonBackground.objects.filter(person_id=cast.placement("IH-002").person_id).update(home_income=0)
    found = measured(cast, "income_multiple_ppp")
    assert (found.base, found.missing, figure(found).denominator) == (2, 1, 1)
    value, _market = multiples(cast)["IH-001"]
    away = Decimal(3000) / Decimal("1.5") / (31 / Decimal("30.4375"))
    assert abs(value - away / 200) < Decimal("0.0000001")


@pytest.mark.django_db
def test_both_multiples_are_of_the_same_placements_so_that_no_difference_tells_of_one(cast, monkeypatch):
    """A worker with a home income in a currency without a factor is in neither figure, not in one of them."""
    with acting_as(operator_scope()):
        ExchangeRate.objects.create(
            month=date(2026, 3, 1), from_currency="XAF", to_currency="NZD", rate=Decimal("0.003"), source="Test"
        )
    for code, currency in (("IH-001", "TOP"), ("IH-002", "XAF")):
        pay(cast, code, "3000", start=date(2026, 3, 1), end=date(2026, 3, 31))
        with cast.acting("ines"):
            PersonBackground.objects.update_or_create(
                person_id=cast.placement(code).person_id,
                defaults={"pilot_id": cast.pilot().pk, "home_income": 400, "home_income_currency": currency},
            )
    both = [figure(measured(cast, code)).denominator for code in ("income_multiple", "income_multiple_ppp")]
    assert both == [1, 1]
    assert multiples(cast)["IH-002"] == (None, None)
    # A file that knows nothing of the pilot's own currencies takes nobody out: there is no second figure then.
    monkeypatch.setattr(purchasing, "factors", lambda: tuple(f for f in factors() if f.currency == "USD"))
    assert figure(measured(cast, "income_multiple")).denominator == 2
    assert figure(measured(cast, "income_multiple_ppp")).denominator == 0


def multiples(cast) -> dict:
    """Worker code → the multiple by what it buys and the one at market rates."""
    pilot = cast.pilot()
    window = Window(pilot.pk, pilot.scheme, date(2026, 1, 1), date(2026, 12, 31), AS_OF)
    with acting_as(compiler_scope(cast.scope("ines"), (pilot.pk,))):
        rows = ask(
            "select w.worker_code, e.multiple_ppp, e.multiple from earned e join workers_placement p on p.id = e.id"
            " join workers_person w on w.id = p.person_id",
            window.params(),
        )
    return {code: (ppp, market) for code, ppp, market in rows}


@pytest.mark.parametrize("moved", [0, 1])
def test_what_one_edition_said_of_the_multiple_holds_for_its_twin_in_another(moved):
    """The market figure went out on 52 people. Beside it, one later, 53 would tell of the one who came."""
    selection = Selection("p", date(2026, 1, 1), date(2026, 12, 31))
    before = Figure(metric="income_multiple", value=Decimal(3), denominator=52, unit="times", basis=Basis(52))
    published = Published([Entry(selection, datetime(2027, 1, 1, tzinfo=UTC), before)])
    twins = [
        Section(
            metric=code, title="T", definition="D", population="placements", kind="median", statement="S",
            counts=METRIC[code].counts,
            figures=(Figure(metric=code, value=Decimal(2), denominator=52 + moved, unit="times", basis=Basis(52 + moved)),),
        )
        for code in ("income_multiple", "income_multiple_ppp")
    ]  # fmt: skip
    shown, _note = disclose(twins, "funder", published, selection)
    assert [section.figures[0].suppressed for section in shown] == [bool(moved)] * 2


@pytest.mark.django_db
def test_an_order_by_what_money_buys_has_both_multiples_and_another_one_has_not(cast):
    scope = cast.scope("fay")
    with acting_as(scope):
        plain = Content.from_json(compile_report(order_of(cast, "fay", "funder"), by=scope).content)
        both = Content.from_json(
            compile_report(replace(order_of(cast, "fay", "funder"), prices=PURCHASING), by=scope).content
        )
    codes = [[s.metric for s in content.sections] for content in (plain, both)]
    assert "income_multiple_ppp" not in codes[0]
    assert codes[1].index("income_multiple_ppp") == codes[1].index("income_multiple") + 1
    assert "income_multiple_ppp 2" in both.versions["metrics"]
    assert "PA.NUS.PPP" in next(d.words for d in both.definitions if d.term == "Money")
    assert "PA.NUS.PPP" not in next(d.words for d in plain.definitions if d.term == "Money")
