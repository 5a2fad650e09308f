"""The schemes beside each other, and one scheme on a day."""

from django.urls import reverse

from pilots.schemes.reader import all_schemes


def test_every_scheme_but_the_template_stands_beside_the_others(sign_in):
    page = sign_in("ines").get(reverse("pilots:schemes")).content.decode()
    for scheme in all_schemes():
        assert (reverse("pilots:scheme", args=[scheme.slug]) in page) is not scheme.template


def test_a_rule_shows_the_value_of_the_day_that_was_asked_for(sign_in):
    client = sign_in("ines")
    before = client.get(reverse("pilots:scheme", args=["rse"]), {"on": "2024-09-01"}).content.decode()
    after = client.get(reverse("pilots:scheme", args=["rse"]), {"on": "2024-09-02"}).content.decode()
    row = 'id="hours_guarantee"'
    assert "30" in before.split(row)[1][:900]
    assert "120" in after.split(row)[1][:900]
    assert "120 hours" not in before.split(row)[1][:900]


def test_a_comparison_scheme_has_its_page_and_says_what_is_not_verified(sign_in):
    page = sign_in("fay").get(reverse("pilots:scheme", args=["h-2a"])).content.decode()
    assert "H-2A" in page
    assert "has not been seen" in page or "have not been seen" in page


def test_a_scheme_that_does_not_exist_is_not_found_and_a_day_that_does_not_exist_is_said(sign_in):
    client = sign_in("ines")
    assert client.get(reverse("pilots:scheme", args=["nowhere"])).status_code == 404
    assert "There is no such day" in client.get(reverse("pilots:schemes"), {"on": "2026-02-30"}).content.decode()
