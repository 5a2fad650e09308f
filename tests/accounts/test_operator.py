"""The operators' pages: every one works as the operator role, and none shows a person."""

import io
from datetime import timedelta

import openpyxl
import pytest
import xlsxwriter
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import invitations
from accounts.models import AuditEvent, History, Invitation, Job, Membership, Organisation, User
from accounts.scope import acting_as, operator_scope
from lamp_portal.admin import SHOWN
from pilots.models import ExchangeRate, Pilot
from tests.accounts.ways_in import may_sign_in, password_step
from tests.conftest import as_owner
from tests.forms_sent import form_of

CSV = "text/csv"


@pytest.fixture
def opal(sign_in):
    return sign_in("opal")


def _first(model):
    with acting_as(operator_scope()):
        return model.objects.order_by("pk").first()


def url(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def one_of_each(cast):
    """A row in the tables that the cast leaves empty."""
    with cast.acting("ines") as by:
        invitations.invite("new@cast.example", "programme_officer", by=by, at=timezone.now())
        Job.objects.create(kind="compile_report", key="k", organisation_id=by.organisation_id, user_id=by.user_id)
    with acting_as(operator_scope()):
        ExchangeRate.objects.get_or_create(
            month="2026-06-01", from_currency="NZD", to_currency="TOP", defaults={"rate": "1.4", "source": "test"}
        )


def test_two_operators_change_one_organisation_and_neither_is_overwritten(opal, cast):
    row = cast.organisation("reef-recruiting")
    page = url(Organisation, "change", row.pk)
    read = form_of(opal.get(page).content.decode())
    assert opal.post(page, read | {"country": "FJ"}).status_code == 302
    assert opal.post(page, read | {"name": "Reef Labour"}).status_code == 302
    with acting_as(operator_scope()):
        row.refresh_from_db()
    assert (row.name, row.country) == ("Reef Labour", "FJ"), "what only the other changed is kept"
    met = opal.post(page, read | {"name": "Reef and Co"})
    assert "Somebody else wrote “Reef Labour” here" in met.content.decode()
    assert opal.post(page, form_of(met.content.decode())).status_code == 302
    with acting_as(operator_scope()):
        row.refresh_from_db()
    assert (row.name, row.country) == ("Reef and Co", "FJ")


@pytest.mark.parametrize("label", sorted(SHOWN))
def test_every_list_add_and_change_page_opens(opal, one_of_each, label):
    model = next(m for m in admin.site._registry if m._meta.label_lower == label)
    opal.get("/operator/")  # writes something to look at in the audit trail's list
    with acting_as(operator_scope()):
        AuditEvent.objects.count()
    assert opal.get(url(model, "changelist")).status_code == 200
    assert opal.get(url(model, "changelist") + "?q=a&o=1").status_code == 200 or not model
    registered = admin.site._registry[model]
    request = type("Request", (), {"user": type("Who", (), {"is_staff": True, "pk": 0})()})()
    expected = 200 if registered.has_add_permission(request) else 403
    assert opal.get(url(model, "add")).status_code == expected
    found = _first(model)
    if found is not None:
        assert opal.get(url(model, "change", found.pk)).status_code == 200
        assert opal.get(url(model, "history", found.pk)).status_code == 200
        assert opal.post(url(model, "delete", found.pk), {"post": "yes"}).status_code == 403


def test_the_index_and_the_apps_pages_open(opal):
    for path in ["/operator/", "/operator/accounts/", "/operator/pilots/"]:
        assert opal.get(path).status_code == 200


def test_only_listed_models_are_registered_and_none_of_them_is_about_workers(cast):
    assert {m._meta.label_lower for m in admin.site._registry} == SHOWN
    assert not any(label.startswith(("workers.", "compliance.", "reports.")) for label in SHOWN)


def test_a_model_about_workers_cannot_be_registered(cast):
    from workers.models import Person

    with pytest.raises(ValueError, match="not for operators"):
        admin.site.register(Person)


def test_an_operator_adds_an_organisation_and_invites_its_first_manager(opal, cast, mailoutbox):
    data = {"name": "Sun Farms", "slug": "sun-farms", "kind": "employer", "country": "AU",
            "suspended_at_0": "", "suspended_at_1": ""}  # fmt: skip
    assert opal.post(url(Organisation, "add"), data).status_code == 302
    made = cast.organisation("sun-farms")
    data = {"email": "Boss@sun.example", "organisation": made.pk, "role": "employer", "manages_members": "on"}
    assert opal.post(url(Invitation, "add"), data).status_code == 302
    with acting_as(operator_scope()):
        row = Invitation.objects.get(email="boss@sun.example")
        assert LogEntry.objects.filter(user=cast.user("opal")).count() == 2
    assert (row.invited_by_id, row.manages_members) == (cast.user("opal").pk, True)
    assert "Sun Farms" in mailoutbox[0].body
    link = mailoutbox[0].body.split("http://testserver")[1].split()[0]
    assert Client().get(link, follow=True).status_code == 200


def test_a_role_of_another_kind_is_refused_here_too(opal, cast):
    data = {"user": cast.user("zed").pk, "organisation": cast.organisation("north-fund").pk, "role": "employer"}
    answer = opal.post(url(Membership, "add"), data | {"ended_at_0": "", "ended_at_1": ""})
    assert answer.status_code == 200
    assert "cannot hold this role" in answer.content.decode()


def test_suspending_an_organisation_puts_its_people_out_at_once(opal, sign_in, cast):
    sefo = sign_in("sefo")
    assert sefo.get("/me/").status_code == 200
    organisation = cast.organisation("island-hands")
    data = {"name": organisation.name, "slug": organisation.slug, "kind": "recruiter", "country": "TO",
            "suspended_at_0": "2026-01-01", "suspended_at_1": "00:00:00"}  # fmt: skip
    page = url(Organisation, "change", organisation.pk)
    assert opal.post(page, form_of(opal.get(page).content.decode()) | data).status_code == 302
    assert sefo.get("/me/").status_code == 302


def test_an_operator_adds_a_pilot_and_a_partner(opal, cast):
    pilot = cast.pilot()
    data = {"slug": "new-pilot", "name": "New pilot", "scheme": "rse", "corridor": pilot.corridor_id,
            "programme": pilot.programme_id, "starts_on": "2026-01-01", "ends_on": "2027-01-01", "currency": "NZD",
            "home_currency": "TOP"}  # fmt: skip
    assert opal.post(url(Pilot, "add"), data).status_code == 302
    made = cast.pilot("new-pilot")
    from pilots.models import Participation

    data = {"pilot": made.pk, "organisation": pilot.programme_id, "kind": "programme", "joined_on": "2026-01-01",
            "left_on": ""}  # fmt: skip
    assert opal.post(url(Participation, "add"), data).status_code == 302
    assert made.pk in cast.scope("ines").pilot_ids


def test_exchange_rates_come_in_and_go_out_as_a_sheet(opal, cast):
    sheet = "month,from_currency,to_currency,rate,source\n2020-05-01,NZD,TOP,1.41,Reserve bank\n"
    upload = SimpleUploadedFile("rates.csv", sheet.encode(), CSV)
    preview = opal.post(url(ExchangeRate, "import"), {"import_file": upload, "format": "0"})
    assert preview.status_code == 200
    confirm = preview.context["confirm_form"]
    answer = opal.post(url(ExchangeRate, "process_import"), {k: confirm[k].value() for k in confirm.fields})
    assert answer.status_code == 302
    with acting_as(operator_scope()):
        assert str(ExchangeRate.objects.get(month="2020-05-01").rate) == "1.41000000"
    form = opal.get(url(ExchangeRate, "export")).context["form"]
    data = {"format": "0", "resource": "0"} | {name: "on" for name in form.fields if name.startswith("exchangerate")}
    out = opal.post(url(ExchangeRate, "export"), data)
    assert out.status_code == 200
    assert b"Reserve bank" in out.content


def test_an_operators_workbook_is_read_and_written_by_the_portals_own_formats(opal, cast):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["month", "from_currency", "to_currency", "rate", "source"])
        sheet.write_row(1, 0, ["2020-06-01", "NZD", "TOP", 1.42, "=cmd|' /C calc'!A0"])
    # Whatever it is called and whichever format is chosen: what a file is, is decided by its content.
    upload = SimpleUploadedFile("rates.csv", buffer.getvalue(), CSV)
    confirm = opal.post(url(ExchangeRate, "import"), {"import_file": upload, "format": "0"}).context["confirm_form"]
    opal.post(url(ExchangeRate, "process_import"), {k: confirm[k].value() for k in confirm.fields})
    with acting_as(operator_scope()):
        assert str(ExchangeRate.objects.get(month="2020-06-01").rate) == "1.42000000"
    fields = opal.get(url(ExchangeRate, "export")).context["form"].fields
    data = {"resource": "0"} | {name: "on" for name in fields if name.startswith("exchangerate")}
    out = opal.post(url(ExchangeRate, "export"), data | {"format": "1"})
    cells = [c for row in openpyxl.load_workbook(io.BytesIO(out.content)).worksheets[0].iter_rows() for c in row]
    assert [c.data_type for c in cells if str(c.value).startswith("=cmd")] == ["s"]
    text = opal.post(url(ExchangeRate, "export"), data | {"format": "0"}).content.decode()
    assert "\"'=cmd|" in text
    # What went out comes in again as it was.
    upload = SimpleUploadedFile("rates.csv", text.encode(), CSV)
    result = opal.post(url(ExchangeRate, "import"), {"import_file": upload, "format": "0"}).context["result"]
    assert {row.import_type for row in result.rows} == {"skip"}


def test_a_file_that_is_no_table_is_refused_in_the_admin_too(opal, cast):
    upload = SimpleUploadedFile("rates.xlsx", b"%PDF-1.7 nothing", CSV)
    page = opal.post(url(ExchangeRate, "import"), {"import_file": upload, "format": "1"})
    assert page.status_code == 200
    assert "confirm_form" not in page.context or page.context["confirm_form"] is None


def test_a_bad_sheet_changes_nothing(opal, cast):
    sheet = "month,from_currency,to_currency,rate,source\n2026-05-02,NZD,TOP,-1,x\n"
    upload = SimpleUploadedFile("rates.csv", sheet.encode(), CSV)
    preview = opal.post(url(ExchangeRate, "import"), {"import_file": upload, "format": "0"})
    assert "above zero" in preview.content.decode() or "first day" in preview.content.decode()
    with acting_as(operator_scope()):
        assert not ExchangeRate.objects.filter(source="x").exists()


def test_organisations_go_out_and_come_in(opal, cast):
    sheet = "slug,name,kind,country\nmoon-farms,Moon Farms,employer,AU\n"
    upload = SimpleUploadedFile("o.csv", sheet.encode(), CSV)
    preview = opal.post(url(Organisation, "import"), {"import_file": upload, "format": "0"})
    confirm = preview.context["confirm_form"]
    assert not preview.context["result"].has_errors()
    opal.post(url(Organisation, "process_import"), {k: confirm[k].value() for k in confirm.fields})
    assert cast.organisation("moon-farms").name == "Moon Farms"


def test_a_lost_device_is_removed_and_its_sessions_with_it(opal, sign_in, cast):
    from allauth.usersessions.models import UserSession

    lena = sign_in("lena")
    lena.get("/me/")
    assert UserSession.objects.filter(user=cast.user("lena")).exists()
    data = {"action": "remove_second_factors", "_selected_action": [cast.user("lena").pk, cast.user("opal").pk]}
    assert opal.post(url(User, "changelist"), data).status_code == 302
    assert not Authenticator.objects.filter(user=cast.user("lena")).exists()
    assert lena.get("/me/")["Location"].startswith("/account/login/")
    assert Authenticator.objects.filter(user=cast.user("opal")).exists(), "not one's own"


def test_no_password_or_hash_is_shown_or_set(opal, cast):
    lena = cast.user("lena")
    page = opal.get(url(User, "change", lena.pk)).content.decode()
    assert lena.password not in page
    assert 'name="password"' not in page
    opal.post(url(User, "change", lena.pk), {"name": "Lena", "language": "en", "time_zone": "UTC", "is_active": "on",
              "password": "x", "is_superuser": "on", "email": "evil@cast.example"})  # fmt: skip
    after = cast.user("lena")
    assert (after.password, after.is_superuser) == (lena.password, False)


def test_an_operator_keeps_their_own_rights(opal, cast):
    me = cast.user("opal")
    opal.post(url(User, "change", me.pk), {"name": "Opal", "language": "en", "time_zone": "UTC"})
    after = cast.user("opal")
    assert (after.is_active, after.is_staff) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_what_an_operator_changes_is_in_the_history_with_their_name(opal, cast):
    lena = cast.user("lena")
    data = {"name": "Lena New", "language": "en", "time_zone": "UTC", "is_active": "on"}
    page = url(User, "change", lena.pk)
    opal.post(page, form_of(opal.get(page).content.decode()) | data)
    found = History.objects.filter(table_name="accounts_user", row_id=lena.pk, before__name="Lena Verde")
    with as_owner():
        who = list(found.order_by("-id").values_list("user_id", flat=True))
    assert who[0] == cast.user("opal").pk


@pytest.mark.parametrize("name", ["ines", "mara", "lena", "sefo", "fay", "zed"])
def test_for_everybody_else_there_is_nothing_here(sign_in, cast, name):
    client = sign_in(name)
    for path in ["/operator/", "/operator/login/", "/operator/accounts/user/", "/operator/nothing/"]:
        assert client.get(path).status_code == 404, path
    assert client.post(url(Organisation, "add"), {"name": "x"}).status_code == 404
    with acting_as(operator_scope()):
        noted = AuditEvent.objects.filter(user=cast.user(name), object_kind="operator", outcome="denied")
        assert noted.count() == 5


def test_the_admins_own_sign_in_does_not_exist(client, cast):
    opal = may_sign_in(cast.user("opal"))
    assert client.get("/operator/login/")["Location"] == "/account/login/?next=/operator/"
    assert client.get("/operator/", follow=True).redirect_chain[-1][0] == "/account/login/?next=/operator/"
    answer = client.post("/operator/login/", {"username": opal.email, "password": "a-long-test-password"})
    assert answer["Location"].startswith("/account/login/")
    assert client.get("/operator/").status_code == 302


def test_an_operator_without_a_second_factor_is_sent_to_set_one_up(client, cast):
    opal = may_sign_in(cast.user("opal"))
    password_step(client, opal)
    assert client.get("/operator/")["Location"] == "/account/2fa/"


def test_an_operator_lands_on_the_operators_pages_and_sees_no_other(opal, cast):
    assert opal.get("/")["Location"] == "/operator/"
    assert opal.get("/members/")["Location"] == "/operator/"


def test_signing_out_from_here_ends_the_session(opal):
    assert opal.post("/operator/logout/")["Location"] == "/account/login/"
    assert opal.get("/operator/").status_code == 302


def test_an_operator_invites_an_address_once_and_again_when_the_first_was_outlived(opal, cast):
    organisation = cast.organisation("orchard-bay")
    asked = {"email": "New@cast.example", "organisation": organisation.pk, "role": "employer"}
    assert opal.post(url(Invitation, "add"), asked).status_code == 302
    again = opal.post(url(Invitation, "add"), asked)
    assert "This address already has an open invitation." in again.content.decode()
    known = opal.post(url(Invitation, "add"), asked | {"email": cast.user("omar").email})
    assert "This person is already a member." in known.content.decode()
    with acting_as(operator_scope()):
        Invitation.objects.filter(email="new@cast.example").update(expires_at=timezone.now() - timedelta(days=1))
    assert opal.post(url(Invitation, "add"), asked).status_code == 302
    with acting_as(operator_scope()):
        first, second = Invitation.objects.filter(email="new@cast.example").order_by("pk")
    assert first.revoked_at is not None
    assert second.revoked_at is None
