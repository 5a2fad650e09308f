"""The translations: whole, with the same places for values, the same markup, and compiled from what stands in the text."""

import gettext
import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.trans_real import DjangoTranslation

from lamp_portal import catalogues

CODES = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?[a-z][^>]*>|&[a-z]+;")


def catalogue(code: str) -> Catalog:
    """One language as it stands in the repository."""
    with (catalogues.LOCALE / code / "LC_MESSAGES" / "django.po").open("rb") as source:
        return read_po(source, locale=code)


def translated(code: str) -> list[Message]:
    """The messages that somebody translated."""
    return [m for m in catalogue(code) if m.id and (all(m.string) if m.pluralizable else m.string)]


def forms(message: Message) -> list[tuple[str, str]]:
    """(what is said in English, what is said in the language) for each form of a message."""
    if not message.pluralizable:
        return [(message.id, message.string)]
    return [
        (message.id[0] if n == 0 and len(message.string) == 2 else message.id[1], s)
        for n, s in enumerate(message.string)
    ]


def misses(message: Message) -> list[str]:
    """What one form lacks or has too much of. The forms for none, one and two may leave the number to the words."""
    wrong = []
    for said, words in forms(message):
        lost, added = Counter(PLACE.findall(said)), Counter(PLACE.findall(words))
        gone, new = lost - added, added - lost
        if message.pluralizable:
            gone = Counter({place: n for place, n in gone.items() if not place.startswith(("%(", "{"))})
            new -= Counter(PLACE.findall(message.id[1]))
        if gone or new:
            wrong.append(f"{words!r} for {said!r}: lacks {sorted(gone)}, adds {sorted(new)}")
        if said.startswith("\n") != words.startswith("\n") or said.endswith("\n") != words.endswith("\n"):
            wrong.append(f"{words!r}: begins or ends otherwise than {said!r}")
    return wrong


@pytest.mark.parametrize("code", CODES)
def test_a_translation_has_the_places_and_the_markup_of_the_text(code):
    assert [line for message in translated(code) for line in misses(message)] == []


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_left_as_a_guess(code):
    assert [m.id for m in catalogue(code) if m.fuzzy and m.id] == []
    assert not catalogue(code).fuzzy


def test_a_lost_place_is_seen():
    assert misses(Message("%(n)s rows of %(file)s", string="%(n)s lignes")) != []
    assert misses(Message("<b>Stop</b>", string="Arrêt")) != []
    assert misses(Message(("%(n)s row", "%(n)s rows"), string=("une ligne", "%(n)s lignes"))) == []
    assert misses(Message(("%(n)s row", "%(n)s rows"), string=("%(m)s ligne", "%(n)s lignes"))) != []


@pytest.mark.parametrize("code", CODES)
def test_the_portal_speaks_what_stands_in_the_text(code):
    said = DjangoTranslation(code)
    plain = [m for m in translated(code) if not m.pluralizable and not m.context]
    assert plain != []
    assert [m.id for m in plain if said.gettext(m.id) != m.string] == []


def test_what_nobody_translated_is_english(tmp_path):
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
    empty = 'msgid "A row"\nmsgstr ""\n\nmsgid "%(n)s row"\nmsgid_plural "%(n)s rows"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    (folder / "django.po").write_text(f'{head}\n{empty}\nmsgid "Day"\nmsgstr "Jour"\n', encoding="utf-8")
    catalogues.compile_catalogues(tmp_path)
    said = gettext.translation("django", tmp_path, ["fr"])
    assert [said.gettext("A row"), said.gettext("Day")] == ["A row", "Jour"]
    assert said.ngettext("%(n)s row", "%(n)s rows", 2) == "%(n)s rows"


def test_what_is_older_than_its_text_is_compiled_and_nothing_else(tmp_path):
    for code in ("fr", "es"):
        shutil.copytree(catalogues.LOCALE / code, tmp_path / code, ignore=shutil.ignore_patterns("*.mo"))
    assert len(catalogues.compile_catalogues(tmp_path)) == 2
    assert catalogues.compile_catalogues(tmp_path) == []
    text = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    later = text.stat().st_mtime_ns + 10**9
    os.utime(text, ns=(later, later))
    assert [Path(p).parts[-3] for p in catalogues.compile_catalogues(tmp_path)] == ["es"]
    assert not list(tmp_path.rglob("*.new"))
