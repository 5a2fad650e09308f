"""The demonstration world through the portal's own pages: everybody who signs in finds a home page that opens."""

import re

from django.urls import reverse

from accounts.models import User
from accounts.scope import acting_as
from tests.conftest import signed_in


def test_every_login_opens_its_home_page(played):
    with acting_as(None):
        people = list(User.objects.filter(email__endswith="@demo.example").order_by("pk"))
    closed = {}
    for user in people:
        answer = signed_in(user).get("/", follow=True)
        if answer.status_code != 200:
            closed[user.email] = answer.status_code
    assert closed == {}


def test_the_list_of_workers_holds_each_recruiters_own(played):
    with acting_as(None):
        sela, mafile = (User.objects.get(email=f"{name}@demo.example") for name in ("sela", "mafile"))
    pages = {user.pk: signed_in(user).get(reverse("workers:list")) for user in (sela, mafile)}
    assert [page.status_code for page in pages.values()] == [200, 200]
    codes = [set(re.findall(r"TA-\d{3}", page.content.decode())) for page in pages.values()]
    assert all(codes)
    assert not codes[0] & codes[1]
