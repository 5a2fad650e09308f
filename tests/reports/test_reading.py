"""After an edition is there: notices that tell nothing, links for one person, the log of downloads, comments and answers."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import Membership, NoticePlan, User
from accounts.notices.door import stop
from accounts.scope import acting_as, operator_scope, person_scope
from reports.delivery import notices
from reports.delivery.asking import ask_due, portal
from reports.delivery.links import VALID_FOR, issue, open_for, revoke
from reports.delivery.models import Acknowledgement, EditionComment, EditionLink, EditionNotice
from reports.delivery.notices import people_of, told
from reports.editions import withdraw
from reports.models import Download, Edition, EditionFile
from tests.reports.delivered import frozen, scheduled

pytestmark = pytest.mark.django_db
ADDRESS = "https://portal.example"


@pytest.fixture(autouse=True)
def _awake(cast):
    """No quiet hours, so that it is never night in these tests."""
    with acting_as(operator_scope()):
        NoticePlan.objects.bulk_create(
            NoticePlan(user_id=pk, quiet_from=0, quiet_until=0) for pk in User.objects.values_list("pk", flat=True)
        )


def brought(cast, reader="fay"):
    """An edition that a schedule brought just now."""
    scheduled(cast, reader)
    run = ask_due(datetime(2026, 2, 3, tzinfo=UTC))[0]
    return frozen(cast, reader, job_id=run.job_id)


def tokens():
    return [re.search(r"/links/([\w-]+)/", message.body)[1] for message in mail.outbox]


# --- notices ----------------------------------------------------------------------------------------------------------


def test_a_notice_is_sent_once_to_the_reader_alone_and_names_nobody_and_nothing(cast, settings):
    settings.PORTAL_URL = ADDRESS
    edition, now = brought(cast), timezone.now()
    assert notices.sweep(now) == 1
    assert notices.sweep(now + timedelta(hours=1)) == 0
    (message,) = mail.outbox
    assert message.to == [cast.user("fay").email]
    text = f"{message.subject} {message.body}"
    for word in ("Verde", "North", "Fay", "Ines", "funder", "Funder", str(edition.pk) + "/", "2026-01", "apples"):
        assert word not in text.replace(ADDRESS, ""), word
    with cast.acting("ines"):
        kept = EditionLink.objects.get()
        assert kept.token_hash == hashlib.sha256(tokens()[0].encode()).hexdigest()
        assert EditionNotice.objects.get().sent_at == now


def test_a_notice_waits_for_the_end_of_quiet_hours_also_where_clocks_are_changed_and_is_stopped_in_one_click(
    cast, settings
):
    settings.PORTAL_URL = ADDRESS
    brought(cast)
    fay = cast.user("fay").pk
    with acting_as(operator_scope()):
        User.objects.filter(pk=fay).update(time_zone="Europe/Paris")
        NoticePlan.objects.filter(pk=fay).update(quiet_from=20, quiet_until=7)
    # Clocks go back in the night to the 25th of October 2026: seven o'clock is at six, and not at five, of the world's hours.
    with acting_as(portal("notices")):
        told(Edition.objects.all(), people_of([cast.scope("fay").organisation_id]))
        EditionNotice.objects.update(written_at=datetime(2026, 10, 24, 19, tzinfo=UTC))
    for hour, day, sent in ((19, 24, 0), (4, 25, 0), (5, 25, 0), (6, 25, 1)):
        assert notices.sweep(datetime(2026, 10, day, hour, 30 if hour != 6 else 0, tzinfo=UTC)) == sent, hour
    (message,) = mail.outbox
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.extra_headers["List-Unsubscribe"].strip("<>") in message.body
    with acting_as(portal("notices")):
        EditionNotice.objects.update(sent_at=None)
    with acting_as(person_scope(fay)):
        stop(fay, at=timezone.now())
    assert notices.sweep(datetime(2026, 10, 25, 12, tzinfo=UTC)) == 0


def test_a_notice_is_in_the_language_and_the_day_of_its_reader(cast, settings):
    settings.PORTAL_URL = ADDRESS
    brought(cast)
    with acting_as(None):
        User.objects.filter(pk=cast.user("fay").pk).update(time_zone="Pacific/Auckland", language="fr")
    now = datetime(2026, 11, 20, 13, tzinfo=UTC)
    with cast.acting("ines"):
        EditionNotice.objects.update(written_at=now)
    real = notices.LOOKED_BACK
    notices.LOOKED_BACK = timedelta(days=4000)
    try:
        assert notices.sweep(now) == 1
    finally:
        notices.LOOKED_BACK = real
    # 20 December in London is 21 December in Auckland; the month is written in French.
    assert "21 décembre 2026" in mail.outbox[0].body


def test_a_server_that_refuses_is_tried_again_and_keeps_nobody_else_from_theirs(cast, settings, monkeypatch):
    settings.PORTAL_URL = ADDRESS
    scheduled(cast)
    scheduled(cast, "kofi", kind="origin-government")
    address = cast.user("fay").email
    runs = {run.organisation_id: run.job_id for run in ask_due(datetime(2026, 2, 3, tzinfo=UTC))}
    for name in ("fay", "kofi"):
        frozen(cast, name, job_id=runs[cast.scope(name).organisation_id])
    real = EmailMessage.send

    def refuse(self, *args, **kwargs):
        if self.to == [address]:
            raise SMTPServerDisconnected
        return real(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", refuse)
    assert notices.sweep(timezone.now()) == 1
    with cast.acting("ines"):
        assert EditionLink.objects.count() == 1, "no link is kept whose token nobody got"
    monkeypatch.setattr(EmailMessage, "send", real)
    assert notices.sweep(timezone.now()) == 1
    assert sorted(to for m in mail.outbox for to in m.to) == sorted(cast.user(n).email for n in ("fay", "kofi"))


def test_who_left_hears_nothing_and_without_an_address_of_the_portal_there_is_no_link(cast, settings):
    settings.PORTAL_URL = ""
    brought(cast)
    with acting_as(operator_scope()):
        Membership.objects.filter(user=cast.user("fay")).update(ended_at=datetime(2030, 1, 1, tzinfo=UTC))
    assert notices.sweep(timezone.now()) == 0
    with acting_as(operator_scope()):
        Membership.objects.filter(user=cast.user("fay")).update(ended_at=None)
    assert notices.sweep(timezone.now()) == 1
    assert "/links/" not in mail.outbox[0].body


# --- links ------------------------------------------------------------------------------------------------------------


def linked(cast, edition, name="fay", at=None):
    person = cast.user(name)
    with cast.acting("ines"):
        return issue(edition, person.pk, person.name, at=at or timezone.now() - timedelta(minutes=1))


def test_a_link_opens_the_edition_for_its_person_takes_the_token_out_of_the_address_and_is_in_the_log(cast, sign_in):
    edition = frozen(cast)
    link, token = linked(cast, edition)
    fay = sign_in("fay")
    answer = fay.get(f"/links/{token}/")
    assert (answer.status_code, answer["Location"]) == (302, "/editions/link/")
    shown = fay.get("/editions/link/")
    assert shown.status_code == 200
    assert token not in shown.content.decode()
    taken = fay.post("/editions/link/", {"name": "report.csv"})
    assert taken.content == b"code,value\n"
    with cast.acting("fay") as by:
        row = Download.objects.get()
        assert (row.link_id, row.person_name, row.by_organisation_id) == (link.pk, "Fay North", by.organisation_id)
    assert "Link" in sign_in("ines").get("/reports/downloads/").content.decode()


def test_somebody_who_is_not_signed_in_signs_in_first_and_the_address_they_go_to_holds_no_token(cast, client):
    _link, token = linked(cast, frozen(cast))
    client.get(f"/links/{token}/")
    answer = client.get("/editions/link/")
    assert answer.status_code == 302
    assert token not in answer["Location"]


@pytest.mark.parametrize("name", ["ines", "kofi", "omar", "dana"])
def test_in_anybody_elses_hands_a_link_opens_nothing(cast, sign_in, name):
    _link, token = linked(cast, frozen(cast))
    other = sign_in(name)
    other.get(f"/links/{token}/")
    assert other.get("/editions/link/").status_code == 404
    assert other.post("/editions/link/", {"name": "report.csv"}).status_code == 404
    with cast.acting("ines"):
        assert not Download.objects.exists()


def test_a_link_ends_with_its_days_with_being_taken_back_with_a_newer_one_and_with_the_rights_behind_it(cast):
    edition, now = frozen(cast), timezone.now()
    scope = cast.scope("fay")

    def works(link, at=now):
        with acting_as(scope):
            return open_for(link.token_hash, by=scope, at=at) is not None

    first, _token = linked(cast, edition)
    assert works(first)
    assert not works(first, now + VALID_FOR)
    second, _token = linked(cast, edition)
    assert (works(first), works(second)) == (False, True)
    with cast.acting("ines") as by:
        assert revoke(second, by=by, at=now) is True
        assert revoke(second, by=by, at=now) is False
    assert not works(second)
    third, _token = linked(cast, edition)
    from dataclasses import replace

    scope = replace(scope, pilot_ids=())  # its organisation left the pilot
    assert not works(third)


def test_a_withdrawn_edition_answers_with_what_took_its_place_and_gives_no_file(cast, sign_in):
    first = frozen(cast)
    _link, token = linked(cast, first)
    with cast.acting("ines") as by:
        withdraw(first, by=by, reason="Two cohorts were missing.")
    fay = sign_in("fay")
    fay.get(f"/links/{token}/")
    shown = fay.get("/editions/link/").content.decode()
    assert "Two cohorts were missing." in shown
    assert "No edition has taken its place yet." in shown
    second = frozen(cast, number=2)
    shown = fay.get("/editions/link/").content.decode()
    assert f"/editions/{second.pk}/" in shown
    assert "report.csv" not in shown
    refused = fay.post("/editions/link/", {"name": "report.csv"})
    assert (refused.status_code, b"code,value" in refused.content) == (410, False)


def test_the_programme_tells_a_reader_again_and_takes_a_link_back(cast, sign_in, settings):
    settings.PORTAL_URL = ADDRESS
    edition, ines = frozen(cast), sign_in("ines")
    assert ines.post(f"/editions/{edition.pk}/announcements/").status_code == 303
    assert notices.sweep(timezone.now()) == 1
    page = f"/editions/{edition.pk}/deliveries/"
    shown = ines.get(page).content.decode()
    assert "Fay North" in shown
    assert tokens()[0] not in shown
    with cast.acting("ines"):
        link = EditionLink.objects.get()
    assert ines.post(f"/editions/links/{link.pk}/revocations/").status_code == 303
    fay = sign_in("fay")
    fay.get(f"/links/{tokens()[0]}/")
    assert fay.get("/editions/link/").status_code == 404


# --- the log ----------------------------------------------------------------------------------------------------------


def test_the_programme_sees_every_download_and_a_reader_those_of_its_own_people(cast, sign_in):
    edition = frozen(cast)
    for name in ("fay", "ines"):
        assert sign_in(name).post(f"/editions/{edition.pk}/downloads/", {"name": "report.csv"}).status_code == 200
    everything = sign_in("ines").get("/reports/downloads/").content.decode()
    assert "Fay North" in everything
    assert "Ines Verde" in everything
    assert "CSV" in everything
    own = sign_in("fay").get("/reports/downloads/").content.decode()
    assert "Fay North" in own
    assert "Ines Verde" not in own
    with cast.acting("fay"), connection.cursor() as cursor:
        cursor.execute("select person_name from reports_download")
        assert cursor.fetchall() == [("Fay North",)]
        with pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute("delete from reports_download")


# --- acknowledgements, comments, answers ------------------------------------------------------------------------------


def bytes_of(cast, edition):
    with cast.acting("ines"):
        row = Edition.objects.get(pk=edition.pk)
        files = sorted(EditionFile.objects.filter(edition=edition).values_list("name", "sha256"))
        return row.content, row.sha256, files


def test_a_person_acknowledges_once_with_name_and_time(cast, sign_in):
    edition, fay = frozen(cast), sign_in("fay")
    page = f"/editions/{edition.pk}/"
    assert "I have read it" in fay.get(page).content.decode()
    for _twice in range(2):
        assert fay.post(f"{page}acknowledgements/").status_code == 303
    shown = fay.get(page).content.decode()
    assert "Acknowledged by Fay North" in shown
    assert "I have read it" not in shown
    assert "Acknowledged by Fay North" in sign_in("ines").get(page).content.decode()
    ines = cast.user("ines")
    with cast.acting("fay") as by:
        assert Acknowledgement.objects.count() == 1
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            Acknowledgement.objects.create(
                pilot_id=edition.pilot_id, organisation_id=by.organisation_id, edition=edition,
                user_id=ines.pk, person_name=ines.name,
            )  # fmt: skip


def test_a_comment_on_a_figure_is_answered_and_no_byte_of_the_edition_changes(cast, sign_in):
    edition, fay, ines = frozen(cast), sign_in("fay"), sign_in("ines")
    before, page = bytes_of(cast, edition), f"/editions/{edition.pk}/comments/"
    assert fay.post(page, {"metric": "funnel", "text": "Which cohorts?\n<script>x</script>"}).status_code == 303
    with cast.acting("ines"):
        comment = EditionComment.objects.get()
    assert "Not answered" in ines.get("/reports/comments/").content.decode()
    assert ines.post(f"/reports/comments/{comment.pk}/answers/", {"text": "Both of March."}).status_code == 303
    for reader in (fay, ines):
        shown = reader.get(page).content.decode()
        assert "Which cohorts?" in shown
        assert "Both of March." in shown
        assert "<script>x" not in shown
    assert "Answered" in fay.get("/reports/comments/").content.decode()
    assert bytes_of(cast, edition) == before


def test_comments_of_one_reader_reach_no_other(cast, sign_in):
    mine, theirs = frozen(cast), frozen(cast, "kofi")
    assert sign_in("fay").post(f"/editions/{mine.pk}/comments/", {"text": "Ours alone."}).status_code == 303
    kofi = sign_in("kofi")
    assert kofi.post(f"/editions/{theirs.pk}/comments/", {"text": "Ours as well."}).status_code == 303
    assert "Ours alone." not in kofi.get("/reports/comments/").content.decode()
    assert kofi.get(f"/editions/{mine.pk}/comments/").status_code == 404
    for name in ("kofi", "omar", "sefo", "rosa", "lena", "dana"):
        with cast.acting(name):
            assert not EditionComment.objects.filter(organisation_id=mine.organisation_id).exists(), name
    with cast.acting("kofi") as by, pytest.raises(DatabaseError), transaction.atomic():
        EditionComment.objects.create(
            pilot_id=mine.pilot_id, organisation_id=mine.organisation_id, edition=mine, text="In the wrong name.",
            user_id=by.user_id, person_name="Kofi", by_organisation_id=by.organisation_id,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("fay", {"text": "  "}, 422), ("fay", {"text": "x" * 2001}, 422), ("fay", {"text": "A", "metric": "no-such"}, 422),
        ("ines", {"text": "For them"}, 403), ("kofi", {"text": "A"}, 404), ("dana", {"text": "A"}, 404),
    ],
)  # fmt: skip
def test_a_comment_is_refused(cast, sign_in, name, data, status):
    edition = frozen(cast)
    assert sign_in(name).post(f"/editions/{edition.pk}/comments/", data).status_code == status
    with cast.acting("ines"):
        assert not EditionComment.objects.exists()


def test_an_answer_is_given_to_a_comment_by_the_programme_only(cast, sign_in):
    edition = frozen(cast)
    sign_in("fay").post(f"/editions/{edition.pk}/comments/", {"text": "Why?"})
    with cast.acting("ines"):
        comment = EditionComment.objects.get()
    address = f"/reports/comments/{comment.pk}/answers/"
    assert [sign_in(n).post(address, {"text": "So."}).status_code for n in ("fay", "lena", "kofi")] == [403, 404, 404]
    assert sign_in("ines").post(address, {"text": ""}).status_code == 422
    assert sign_in("ines").post(address, {"text": "So."}).status_code == 303
    with cast.acting("ines"):
        reply = EditionComment.objects.get(answers=comment)
    assert sign_in("ines").post(f"/reports/comments/{reply.pk}/answers/", {"text": "And."}).status_code == 422
