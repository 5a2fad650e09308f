"""The pages that a worker, a recruiter or a welfare officer meets speak every language: nothing on them is left out of
translation, and every text they ask for has its words in each catalogue.
"""

import re
from collections import defaultdict

import pytest
from django.db import transaction
from django.utils.translation.trans_real import DjangoTranslation

from compliance.catalogue.reader import catalogue
from compliance.rules.table import rules
from tests.guards.test_access import address, pages
from tests.languages.outside import outside
from tests.languages.pseudo import OPEN, spoken
from tests.languages.source import said_in_source
from tests.languages.test_catalogues import CODES

pytestmark = pytest.mark.django_db

READERS = ("rosa", "sefo", "nobody")
CODE = re.compile(r"[A-Z]{1,4}-?\d+|[A-Z]{2,3}")  # of an item, a rule, a country, a currency
# Stands in the source and is data all the same.
DATA = {
    *("LaMP Portal", "· LaMP Portal", "English"),
    *("Visa", "Village", "Kolovai"),  # of the cast
    *(rule.standard for rule in rules().values()),
    *(item.standard for item in catalogue().items),
}
# Pages that show what others wrote down, the headers of a sheet as the contract has them, or the questions that a worker
# reads in a language of their own, whatever that of the officer is.
OF_DATA = {"reports:edition", "workers:import_columns", "styleguide", "compliance:alone", "compliance:alone_done"}
OF_DJANGO = {"- Select an option -"}  # its catalogues have no words for it yet


def test_every_text_of_their_pages_can_be_translated_and_is(cast, sign_in, client):
    visitors = {reader: client if reader == "nobody" else sign_in(reader) for reader in READERS}
    bare, asked, seen = defaultdict(set), set(), 0
    for page in pages():
        name, _arguments, expected = page[:3]
        readers = [reader for reader in READERS if expected.get(reader) == 200]
        if not readers or len(page) > 3:
            continue
        with transaction.atomic():
            where = address(cast, page)
            for reader in readers:
                with spoken() as pseudo:
                    answer = visitors[reader].get(where)
                assert answer.status_code == 200, where
                asked |= pseudo.asked
                if "html" in answer["Content-Type"]:
                    seen += 1
                    for text in () if name in OF_DATA else outside(answer.text):
                        bare[text].add(name)
            transaction.set_rollback(True)
    assert seen > 80
    left = [text for text in bare if said_in_source(text) and not CODE.fullmatch(text) and text not in DATA]
    if left:
        pytest.fail("Mark these for translation:\n" + "\n".join(f"{text!r}: {sorted(bare[text])}" for text in left))
    if lost := missing(asked):
        pytest.fail(
            "Translate these (make messages):\n" + "\n".join(f"{code}: {texts}" for code, texts in lost.items())
        )


def missing(asked: set[str]) -> dict[str, list[str]]:
    """language → the texts it has no words for; English words of the portal that any language would say alike are none."""
    found = {}
    for code in CODES:
        known = DjangoTranslation(code)._catalog
        # names of languages are looked up twice, by Django's own tag
        texts = [text for text in asked - OF_DJANGO if text and not text.startswith(OPEN)]
        lost = [text for text in texts if known.get(text) is None and known.get((text, 0)) is None]
        if lost:
            found[code] = sorted(lost)
    return found


def test_what_is_left_out_is_seen():
    assert outside("<p>⟦Hello <b>you⟧</b> there</p><a title='Close'>⟦x⟧</a>") == ["there", "Close"]
    assert missing({"No such text of the portal"}).keys() == set(CODES)
