"""The square code of a poster: an address that a camera reads, and never a person's own code."""

import re

import pytest
from django.urls import reverse

from compliance.grievances import codes
from compliance.grievances.qr import EDGE, square
from compliance.models import ConcernCode
from tests.grievances.conftest import ON

# The finder pattern that each of three corners has (ISO/IEC 18004).
FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]


def drawn(text: str) -> list[str]:
    found = square(text)
    dark = {tuple(map(int, part.split("h")[0].split())) for part in found.path.split("M")[1:]}
    return ["".join("1" if (x, y) in dark else "0" for x in range(found.size)) for y in range(found.size)]


def test_the_square_has_its_three_corners_and_a_light_edge():
    rows = drawn("https://portal.example/concern/")
    size = len(rows)
    assert all(set(row[:EDGE] + row[-EDGE:]) == {"0"} for row in rows)
    far = size - EDGE - 7
    for x, y in ((EDGE, EDGE), (far, EDGE), (EDGE, far)):
        assert [row[x : x + 7] for row in rows[y : y + 7]] == FINDER


@pytest.mark.django_db
def test_a_poster_has_the_square_of_its_address_and_a_card_that_of_the_page_alone(cast, sign_in):
    placement, rosa = cast.placement("IH-001"), sign_in("rosa")
    with cast.acting("rosa") as by:
        poster = codes.issue_at(placement.site, by=by, on=ON)
        pk = ConcernCode.objects.get(site=placement.site).pk
    page = f"http://testserver{reverse('compliance:concern')}"
    assert (
        square(f"{page}?at={poster}&in=NZ").path in rosa.get(reverse("compliance:poster", args=[pk])).content.decode()
    )
    card = rosa.post(reverse("compliance:concern_codes"), {"placement": placement.pk}).content.decode()
    assert square(f"{page}?in=NZ").path in card


@pytest.mark.django_db
def test_a_poster_of_a_whole_pilot_has_its_code_the_emergency_number_and_no_place(sign_in, cast):
    rosa, page = sign_in("rosa"), reverse("compliance:concern_codes")
    made = rosa.post(page, {"pilot": cast.pilot().pk}, follow=True).content.decode()
    poster = re.search(r"/cases/codes/\d+/poster/", made)[0]
    seen = rosa.get(poster).content.decode()
    assert "Verde apples 2026" in seen
    assert "<strong>111</strong>" in seen
    assert "at=" in seen
    again = rosa.post(page, {"pilot": cast.pilot().pk}, follow=True).content.decode()
    assert "There is a code already" in again
    assert rosa.post(page, {"pilot": cast.pilot("azul").pk}).status_code == 404
    assert sign_in("omar").post(page, {"pilot": cast.pilot().pk}).status_code == 403
