"""Notes: who reads them, how they are corrected, whom they mention, and words that belong to the safeguarding lead alone."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.notes.conftest import BEGIN
from workers.models import Mention, Note, WithheldText
from workers.notes import door
from workers.notes.about import about_placement, audiences, colleagues

pytestmark = pytest.mark.django_db
EVERYBODY = ("ines", "mara", "lena", "rosa", "sefo", "tavi", "omar", "olga", "dana", "abel")


def readers(cast, note) -> set[str]:
    """Who of the cast reads a note, asked in the database."""
    found = set()
    for name in EVERYBODY:
        with cast.acting(name):
            if Note.objects.filter(pk=note.pk).exists():
                found.add(name)
    return found


def test_a_note_is_read_by_whom_its_writer_chose_and_by_nobody_else(cast, noted):
    programme = {"ines", "mara", "lena"}
    assert readers(cast, noted("sefo", "IH-001", "bring the form", "own")) == {"sefo"}
    assert readers(cast, noted("sefo", "IH-001", "bring the form", "programme")) == {"sefo"} | programme
    assert readers(cast, noted("omar", "IH-001", "starts on Monday", "all")) == {"sefo", "omar", "rosa"} | programme
    assert readers(cast, noted("ines", "IH-004", "not placed yet", "all")) == {"sefo", "rosa"} | programme


def test_the_programme_is_its_own_audience_and_a_rival_cannot_write_at_all(cast, noted):
    placement = cast.placement("IH-001")
    with cast.acting("ines") as by:
        assert list(audiences(about_placement(placement.pk), by)) == ["own", "all"]
    with pytest.raises(ValidationError):
        noted("ines", "IH-001", "bring the form", "programme")
    with cast.acting("tavi") as by, pytest.raises(Exception, match="No Placement"):
        door.write(about_placement(placement.pk), "mine", "own", by=by, at=BEGIN)


def test_a_correction_is_a_new_version_for_the_same_readers_and_only_its_writer_makes_it(cast, noted):
    note = noted("sefo", "IH-001", "passport in March", "programme")
    with cast.acting("ines") as by, pytest.raises(PermissionDenied):
        door.correct(note, "never", by=by, at=BEGIN)
    with cast.acting("sefo") as by:
        version = door.correct(note, "passport in May", by=by, at=BEGIN)
        with pytest.raises(ValidationError, match="corrected already"):
            door.correct(note, "passport in June", by=by, at=BEGIN)
        assert [n.text for n in door.versions(version)] == ["passport in May", "passport in March"]
        assert [n.text for n in door.notes_of(about_placement(note.placement_id))] == ["passport in May"]
    assert readers(cast, version) == readers(cast, note)


def test_only_colleagues_who_see_the_record_can_be_mentioned_and_others_are_not_told_of(cast, noted):
    with cast.acting("sefo") as by:
        assert colleagues(by) == {}
    with cast.acting("ines") as by:
        assert set(colleagues(by).values()) == {"Mara Verde", "Lena Verde"}
    note = noted("ines", "IH-001", "have a look", to=("lena",))
    with cast.acting("mara"):
        assert Mention.objects.get(note=note).user_id == cast.user("lena").pk
    rival, placement = cast.user("sefo").pk, cast.placement("IH-001")
    with cast.acting("ines") as by, pytest.raises(PermissionDenied):
        door.write(about_placement(placement.pk), "have a look", "all", by=by, at=BEGIN, mentions=[rival])
    with cast.acting("sefo"):
        assert not Mention.objects.exists()


def test_words_of_health_or_violence_are_held_back_and_handed_to_the_safeguarding_lead(cast, sign_in, noted):
    with pytest.raises(ValidationError):
        noted("sefo", "IH-001", "she is pregnant")
    assert noted("sefo", "IH-001", "the clinic closes at five", harmless=True).text == "the clinic closes at five"
    url = f"/placements/{cast.placement('IH-001').pk}/notes/"
    client = sign_in("sefo")
    said = {"text": "she is pregnant", "audience": "all"}
    answer = client.post(url, said)
    assert answer.status_code == 422
    assert "For the safeguarding lead?" in answer.content.decode()
    assert client.post(url, said | {"as": "hand over"}).status_code == 303
    with cast.acting("lena"):
        text = WithheldText.objects.get()
        assert (text.worker_code, text.text, text.batch_id) == ("IH-001", "she is pregnant", None)
        assert not Note.objects.filter(text__contains="pregnant").exists()
    page = sign_in("lena").get("/imports/withheld/").content.decode()
    assert "she is pregnant" in page
    for name in ("sefo", "ines"):
        with cast.acting(name):
            assert not Note.objects.filter(text__contains="pregnant").exists()


def test_a_note_is_written_read_and_corrected_on_pages(cast, sign_in):
    placement = cast.placement("IH-001")
    url = f"/placements/{placement.pk}/notes/"
    ines, omar = sign_in("ines"), sign_in("omar")
    said = {"text": "visa office closed", "audience": "own", "mentions": [cast.user("lena").pk]}
    assert ines.post(url, said).status_code == 303
    assert ines.post(url, said | {"mentions": [cast.user("sefo").pk]}).status_code == 422
    assert ines.post(url, said | {"text": " "}).status_code == 422
    page = ines.get(url).content.decode()
    assert "visa office closed" in page
    assert "Lena Verde" in page
    with cast.acting("ines"):
        note = Note.objects.get()
    assert "visa office closed" not in omar.get(url).content.decode()
    assert omar.get(f"/notes/{note.pk}/").status_code == 404
    assert omar.post(f"/notes/{note.pk}/", {"text": "mine"}).status_code == 404
    assert sign_in("lena").post(f"/notes/{note.pk}/", {"text": "mine"}).status_code == 403
    assert ines.post(f"/notes/{note.pk}/", {"text": "visa office open"}).status_code == 303
    late = ines.post(f"/notes/{note.pk}/", {"text": "visa office open on Mondays"})  # from another device
    assert late.status_code == 409
    assert all(words in late.content.decode() for words in ("visa office open<", "visa office open on Mondays"))
    timeline = ines.get(f"/placements/{placement.pk}/?show=notes").content.decode()
    assert "visa office open" in timeline
    assert "visa office closed" not in timeline
    assert "visa office" not in omar.get(f"/placements/{placement.pk}/").content.decode()
    assert "visa office closed" in sign_in("mara").get(f"/notes/{note.pk}/").content.decode()


def test_a_cohort_has_notes_too(cast, sign_in):
    url = f"/cohorts/{cast.cohort().pk}/notes/"
    assert sign_in("ines").post(url, {"text": "flight moved", "audience": "all"}).status_code == 303
    for name, reads in (("sefo", True), ("tavi", True), ("olga", True), ("rosa", True)):
        assert ("flight moved" in sign_in(name).get(url).content.decode()) is reads
    assert sign_in("dana").get(url).status_code == 404
