"""What a file really is decides, and nothing but its content goes on."""

import hashlib
import io
import time

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.files import sent
from workers.files.door import look
from workers.files.limits import LONGEST_SIDE, PICTURE_BYTES
from workers.files.refusals import SENTENCES, FileRefused

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)


def refused(content: bytes, name: str = "photo.jpg") -> FileRefused:
    """The refusal, in bounded time; fails when the file is taken."""
    began = time.monotonic()
    with pytest.raises(FileRefused) as caught:
        look(content, name)
    assert time.monotonic() - began < 20
    assert len(caught.value.message) > 20
    return caught.value


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_drawn_anew_as_jpeg(form):
    content = sent.photo(form=form)
    seen = look(content, "x.bin")
    assert (seen.media_type, seen.sent_type) == ("image/jpeg", f"image/{form.lower()}")
    assert (seen.width, seen.height, seen.pages) == (400, 300, None)
    assert seen.content != content
    assert seen.sent_sha256 == hashlib.sha256(content).hexdigest()
    with Image.open(io.BytesIO(seen.content)) as picture:
        assert picture.format == "JPEG"
        assert picture.getpixel((380, 150)) != (255, 255, 255)


def test_place_camera_and_comment_are_gone_and_the_picture_stands_upright():
    content = sent.photo_with_place(orientation=6)
    assert sent.GPS_CANARY in content
    seen = look(content, "IMG_0001.JPG")
    assert b"CANARY" not in seen.content
    assert b"Exif" not in seen.content
    assert (seen.width, seen.height) == (300, 400)
    with Image.open(io.BytesIO(seen.content)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_density", "jfif_unit", "dpi"}
        assert min(picture.getpixel((150, 10))) > 240  # the white half was on the left and is on top now


def test_what_is_see_through_stands_on_white():
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(look(out.getvalue()).content)) as picture:
        assert min(picture.getpixel((25, 25))) > 250


def test_a_large_picture_is_kept_smaller():
    seen = look(sent.photo(size=(6000, 4000), quality=50))
    assert (seen.width, seen.height) == (LONGEST_SIDE, LONGEST_SIDE * 4000 // 6000)


def test_a_pdf_stays_as_it_came():
    content = sent.pdf(pages=3, change=sent.with_text)
    seen = look(content, "certificate.pdf")
    assert seen.content == content
    assert (seen.media_type, seen.pages, seen.width) == ("application/pdf", 3, None)


def test_links_in_a_pdf_are_harmless():
    assert look(sent.pdf(change=sent.with_link)).pages == 1


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("empty", b""),
        ("other_picture", sent.gif_script()),
        ("page", sent.svg()),
        ("page", b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
        ("page", b"<?xml version='1.0'?><svg onload='x'/>"),
        ("archive", sent.zipped()),
        ("document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("program", b"MZ" + bytes(300)),
        ("program", b"#!/bin/sh\nrm -rf /\n"),
        ("not_known", b"just words, no picture at all"),
        ("heic", HEIC),
        ("film", b"\x00\x00\x00\x18ftypmp42" + bytes(200)),
        ("damaged", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("damaged", b"\xff\xd8\xff" + bytes(100)),
        ("damaged", b"RIFF\x10\x00\x00\x00WEBP" + bytes(30)),
        ("too_small", sent.photo(size=(5, 200))),
        ("moving", sent.moving_picture()),
        ("damaged_pdf", b"%PDF-1.7\n%%EOF"),
        ("damaged_pdf", b"%PDF-1.7\nnothing more"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_photo_and_no_pdf_is_refused_whatever_its_name(code, content):
    assert refused(content).code == code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_cut_off_photo_is_refused(form):
    content = sent.photo(size=(800, 800), form=form)
    assert refused(content[: len(content) // 2]).code == "damaged"


def test_a_bomb_is_refused_before_it_unfolds():
    bomb = sent.png_bomb()
    assert len(bomb) < 400_000
    assert refused(bomb).code == "too_many_pixels"


def test_a_picture_as_large_as_is_allowed_is_drawn_small_in_bounded_time():
    began = time.monotonic()
    seen = look(sent.png_bomb(width=7000, height=9000))
    assert max(seen.width, seen.height) == LONGEST_SIDE
    assert time.monotonic() - began < 40


def test_a_huge_file_is_refused_unread():
    class Huge:
        name, size = "film.jpg", PICTURE_BYTES + 1

        def read(self, *_):
            raise AssertionError("read although it is too big")

    with pytest.raises(FileRefused) as caught:
        look(Huge())
    assert caught.value.code == "too_big"


def test_a_file_larger_than_it_says_is_refused():
    class Liar:
        name, size = "photo.jpg", 100

        def seek(self, _at):
            """From the beginning."""

        def read(self, most):
            return bytes(most)

    with pytest.raises(FileRefused) as caught:
        look(Liar())
    assert caught.value.code == "too_big"


def test_a_long_pdf_is_refused():
    assert refused(sent.pdf(pages=61)).code == "too_many_pages"


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("two_files", sent.photo() + sent.zipped()),
        ("two_files", sent.photo(comment=b"<script>alert(1)</script>")),
        ("two_files", sent.photo() + b"%PDF-1.7 trailer"),
        ("two_files", sent.photo(form="PNG") + b"<?php system($_GET['x']); ?>"),
        ("two_files", sent.pdf() + sent.zipped()),
        ("two_files", sent.pdf() + b"<html><script>x</script></html>"),
    ],
    ids=["jpeg+zip", "jpeg+script", "jpeg+pdf", "png+php", "pdf+zip", "pdf+html"],
)
def test_a_file_that_is_two_files_is_refused(code, content):
    assert refused(content).code == code


def test_what_a_camera_adds_behind_a_photo_is_left_behind():
    seen = look(sent.photo() + b"SEFT-CANARY-film" + bytes(500))
    assert b"CANARY" not in seen.content


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("active_pdf", sent.with_script),
        ("active_pdf", sent.with_open_action("/Launch")),
        ("active_pdf", sent.with_open_action("/JavaScript")),
        ("active_pdf", sent.with_open_action("/SubmitForm")),
        ("active_pdf", sent.with_open_action("/GoToR")),
    ],
    ids=["script", "launch", "javascript", "submit", "remote"],
)
def test_a_pdf_that_acts_is_refused(code, change):
    assert refused(sent.pdf(change=change)).code == code


def test_a_pdf_with_files_inside_is_refused():
    assert refused(sent.pdf(change=sent.with_attachment)).code in {"carries_files", "active_pdf"}


def test_a_locked_pdf_is_refused():
    assert refused(sent.pdf(password="x")).code == "locked"


def test_names_written_with_escapes_do_not_hide_a_program():
    content = sent.pdf(change=sent.with_script).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4aS")
    assert refused(content).code == "active_pdf"


def test_an_object_that_no_table_names_is_found():
    hidden = b"\n99 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj\n"
    content = sent.pdf()
    assert refused(content.replace(b"\nxref", hidden + b"\nxref", 1)).code == "active_pdf"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\pass.jpg", "pass.jpg"),
        ("/absolute.jpg", "absolute.jpg"),
        ("a\x00b.jpg", "ab.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("line\r\nSet-Cookie: x.jpg", "lineSet-Cookie: x.jpg"),
        ("n" * 400 + ".jpg", "n" * 120),
        ("", ""),
        ("..", ".."),
    ],
)
def test_the_name_is_only_words(name, kept):
    assert look(sent.photo(), name).name == kept


def test_a_pdf_read_back_by_pypdf_is_the_same():
    seen = look(sent.pdf(pages=2))
    assert len(PdfReader(io.BytesIO(seen.content)).pages) == 2


def test_every_refusal_is_a_sentence():
    params = dict.fromkeys(("megabytes", "limit", "pages"), 7)
    for sentence in SENTENCES.values():
        words = sentence() % params
        assert words.rstrip("”").endswith(".")
