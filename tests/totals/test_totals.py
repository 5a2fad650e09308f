"""Every total on a page opens the list behind it, and the list is as long as the total says."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.utils import timezone

from accounts.scope import acting_as
from compliance.checking import Answered, record_check
from reports.compiling import compile_report
from reports.content import Content
from tests.reports.test_compiling import order_of
from tests.reports.test_metrics import enter, put_finding

pytestmark = pytest.mark.django_db
# Where a list stands on the page that a total opens, and the rows that it is made of.
LISTS = {
    "cohorts": (r'id="members"(.*)</main>', r'<th scope="row">(?:(?!</th>).)*href="/placements/'),
    "coverage": (r"<main(.*)</main>", r'<th scope="row">(?:(?!</th>).)*<a '),
    "duties": (r'id="duty-list"(.*?)</form>', r'<th scope="row"'),
    "placements": (r'id="list"(.*)</main>', r'<th scope="row">(?:(?!</th>).)*href="/placements/'),
    "findings": (r"<main(.*)</main>", r'<th scope="row">(?:(?!</th>).)*href="/findings/'),
}
TILE = re.compile(r'<li class="tile [^"]*">(.*?)</li>', re.S)
FUNNEL = re.compile(r'<th scope="row"><a href="([^"]*)">[^<]*</a>.*?<td class="num">([^<]*)</td>', re.S)
CELL = re.compile(r'<td [^>]*class="num"[^>]*>\s*<a href="([^"]*\?[^"]*)">([^<]*)</a>')


def page(client, url) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def totals(found: str, url: str) -> list[tuple[str, int]]:
    """(address, number) of every total of the page that is a link: tiles, rows of a funnel, cells of numbers."""
    pairs = []
    for tile in TILE.findall(found):
        if link := re.search(r'<a href="([^"]*)"', tile):
            pairs.append((link[1], re.search(r'class="tile-value">([^<]*)<', tile)[1]))
    for table in re.findall(r'<table class="funnel">(.*?)</table>', found, re.S):
        pairs += FUNNEL.findall(table)
    pairs += CELL.findall(found)
    return [(urljoin(url, unescape(href)), number(text)) for href, text in pairs]


def listed(client, url) -> int:
    """How many rows the list has, over all of its pages."""
    rows, at = 0, url
    for _page in range(50):
        found, path = page(client, at), urlsplit(at).path.split("/")
        whole, row = LISTS["coverage" if "coverage" in path else path[1]]
        part = re.search(whole, found, re.S)[1]
        rows += len(re.findall(row, part, re.S))
        following = re.findall(r'<a [^>]*href="(\?[^"]*(?:after|from)=[^"]*|/[^"]*[?&;]after=[^"]*)"', part)
        if not following:
            return rows
        at = urljoin(at, unescape(following[-1]))
    raise AssertionError(f"{url} has no end")


def walk(client, url) -> int:
    """Open every total of the page; answers how many there were."""
    found = totals(page(client, url), url)
    for address, said in found:
        assert listed(client, address) == said, (url, address)
    return len(found)


@pytest.fixture
def checked(cast):
    """A few checks, one of which found something."""
    today = timezone.localdate()
    with cast.acting("rosa") as by:
        record_check(
            cast.placement("IH-001").pk, "employment",
            {"D09": Answered("no", shown_by="worker alone", note="n", evidence="seen")}, by=by,
            done_on=today - timedelta(days=1), today=today, private=True,
        )  # fmt: skip
    return cast


@pytest.mark.parametrize(("who", "least"), [("ines", 10), ("sefo", 10), ("omar", 3), ("rosa", 10)])
def test_the_totals_of_a_cohort_open_the_placements_they_count(cast, sign_in, who, least):
    assert walk(sign_in(who), f"/cohorts/{cast.cohort().pk}/") >= least


@pytest.mark.parametrize("who", ["ines", "tavi"])
def test_the_totals_of_a_departure_open_the_people_they_count(cast, sign_in, who):
    assert walk(sign_in(who), f"/cohorts/{cast.cohort().pk}/readiness/?on=2026-12-01") >= 4


def test_the_totals_of_a_pilot_open_the_placements_of_its_cohorts(cast, sign_in):
    assert walk(sign_in("ines"), f"/pilots/{cast.pilot().slug}/") >= 7


def test_the_totals_of_checks_duties_and_findings_open_what_they_count(checked, sign_in):
    assert walk(sign_in("rosa"), "/checks/coverage/?days=3660") >= 4
    assert walk(sign_in("ines"), f"/duties/?pilot={checked.pilot().pk}") >= 4
    assert walk(sign_in("ines"), "/findings/") >= 1


MONEY = re.compile(r'<td class="num"[^>]*>(.*?)</td>', re.S)


def amount(text: str) -> Decimal:
    """An amount of money as a page writes it."""
    return Decimal(re.sub(r"<[^>]*>|[^0-9.]", "", unescape(text)))


def test_the_totals_of_the_ledger_open_findings_that_add_up_to_them(cast, sign_in):
    """Two workers of one employer: 120 and 45.50 owed, 20 of it paid."""
    for code, owed in (("IH-001", "120.00"), ("IH-002", "45.50")):
        found = put_finding(cast, code, "PAY-01", date(2026, 4, 1), owed=Decimal(owed))
        with cast.acting("rosa") as by:
            enter(found, "agreed", owed, by)
            if code == "IH-001":
                enter(found, "paid", 20, by)
    client, seen = sign_in("rosa"), {}
    for address, said in re.findall(
        r'<a href="(/remedies/findings/[^"]*)">(.*?)</a>', page(client, "/remedies/"), re.S
    ):
        whole, total = page(client, unescape(address)), amount(said)
        lines, feet = (re.search(rf"<{part}>(.*?)</{part}>", whole, re.S) for part in ("tbody", "tfoot"))
        assert sum(map(amount, MONEY.findall(lines[1]))) == total, address
        assert (amount(MONEY.findall(feet[1])[0]) if feet else 0) == total
        seen[re.search("show=([a-z_]+)", address)[1]] = total
    assert seen == {
        "owed": Decimal("165.5"), "agreed": Decimal("165.5"), "paid": 20, "written_off": 0, "outstanding": Decimal("145.5"),
    }  # fmt: skip


def test_a_figure_of_an_edition_opens_the_list_as_it_stands_today(cast, sign_in):
    scope = cast.scope("ines")
    with acting_as(scope):
        edition = compile_report(order_of(cast, "ines", "pilot"), by=scope)
    content, client = Content.from_json(edition.content), sign_in("ines")
    figures = next(s for s in content.sections if s.metric == "standing").figures
    row, total = next((n, f) for n, f in enumerate(figures, start=1) if not f.cell)
    behind = page(client, f"/editions/{edition.pk}/figures/standing/{row}/")
    address = unescape(re.search(r'href="([^"]*)">Placements, as they stand today<', behind)[1])
    assert listed(client, address) == total.value == 8
    # A reader who sees no person gets no such link.
    with acting_as(cast.scope("fay")) as by:
        theirs = compile_report(order_of(cast, "fay", "funder"), by=by)
    assert "stand today" not in page(sign_in("fay"), f"/editions/{theirs.pk}/figures/funnel/1/")


def test_a_list_shorter_than_its_total_is_found(cast, sign_in):
    client, url = sign_in("ines"), f"/cohorts/{cast.cohort().pk}/"
    (address, said), *_others = totals(page(client, url), url)
    assert listed(client, address.replace("reached=nominated", "reached=departed")) != said
