"""Views that are kept of a list: one's own and the team's, without the words that were searched for."""

import pytest
from django.urls import reverse

from accounts.models import SavedView

pytestmark = pytest.mark.django_db


def keep(client, name="Held now", query="waits=held&q=CanaryName&after=7", listing="placements", **more):
    return client.post(reverse("views"), {"listing": listing, "name": name, "query": query} | more)


def test_a_view_is_kept_opened_and_deleted(cast, sign_in):
    client = sign_in("ines")
    answer = keep(client, query="columns=step&columns=end&waits=held&q=CanaryName&after=7&nonsense=1")
    assert (answer.status_code, answer["Location"]) == (303, "/placements/?waits=held&columns=step&columns=end")
    page = client.get(answer["Location"])
    assert page.context["columns"] == ["step", "end"]
    assert "Held now" in page.content.decode()
    with cast.acting("ines"):
        view = SavedView.objects.get()
    assert "Delete this view" in page.content.decode()
    assert client.post(reverse("view_end", args=[view.pk]))["Location"] == "/placements/"
    assert "Held now" not in client.get("/placements/").content.decode()


def test_a_view_is_ones_own_until_it_is_shared_and_never_another_organisations(cast, sign_in):
    mara, ines = sign_in("mara"), sign_in("ines")
    keep(mara, name="Mine alone")
    keep(mara, name="For the team", query="phase=abroad&waits=held", shared="on")
    shown = ines.get("/placements/").content.decode()
    assert "For the team" in shown
    assert "Mine alone" not in shown
    assert "For the team" not in sign_in("dana").get("/placements/").content.decode()
    with cast.acting("mara"):
        pk = SavedView.objects.get(shared=True).pk
    assert ines.post(reverse("view_end", args=[pk])).status_code == 404, "a colleague's"


def test_sharing_is_for_those_who_manage_the_team_and_a_list_for_those_who_may_open_it(cast, sign_in):
    assert keep(sign_in("lena"), shared="on").status_code == 403
    assert keep(sign_in("sefo"), listing="findings", query="severity=critical").status_code == 403
    assert keep(sign_in("fay")).status_code == 403
    client = sign_in("ines")
    said = client.get(keep(client, query="q=CanaryName")["Location"]).content.decode()
    assert "Choose at least one filter first" in said
    assert keep(client).status_code == 303
    said = client.get(keep(client)["Location"]).content.decode()
    assert "You already have a view of this name" in said


@pytest.mark.parametrize("sort", ["name", "since", "end"])
def test_every_order_walks_over_every_row_once(sign_in, monkeypatch, sort):
    monkeypatch.setattr("workers.queries.listing.PAGE", 3)
    client, url, seen = sign_in("ines"), f"/placements/?sort={sort}", []
    while url:
        context = client.get(url).context
        seen += [row.placement.pk for row in context["page"].rows]
        url = context["next_url"]
    assert len(seen) == len(set(seen)) == 8


def test_a_list_is_counted_when_somebody_asks(sign_in):
    client = sign_in("ines")
    assert client.get("/placements/").context["total"] is None
    assert "8 placements in all" in client.get("/placements/?count=1").content.decode()
