"""A PDF looked through for anything that acts, is attached or hidden. Runs in the examiner's child only.

pypdf reads the structure: every object of the file, also those packed into streams and those of earlier versions of
the file that are still in it. Links to web addresses and jumps between pages are let pass; everything else that a PDF
can *do* is refused.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from workers.sheets.archive import Refused

from .limits import PAGES, PDF_OBJECTS

# Keys and values that make a program do something, or carry another file.
ACTS = frozenset({
    "/JS", "/JavaScript", "/Launch", "/AA", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie",
    "/Sound", "/RichMedia", "/RichMediaExecute", "/GoTo3DView", "/XFA", "/SetOCGState",
})  # fmt: skip
CARRIES = frozenset({"/EmbeddedFiles", "/EmbeddedFile", "/FileAttachment", "/Collection"})
HARMLESS_ACTIONS = frozenset({"/URI", "/GoTo", "/Named"})
STREAMS = re.compile(rb"(?s)\bstream\r?\n.*?\bendstream")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
RAW_ACTS = re.compile(
    rb"/(?:JS|JavaScript|Launch|AA|SubmitForm|ImportData|GoToR|GoToE|RichMedia|XFA|EmbeddedFiles?)(?=[\s/<>(\[\]]|$)"
)
DEPTH = 60


def check(content: bytes) -> dict[str, Any]:
    """``{"pages": n}``; Refused for what is locked, acts, carries files, is too long, cut off or not a PDF."""
    logging.disable(logging.CRITICAL)  # pypdf tells of every oddity; none of it goes anywhere
    _check_ends(content)
    _check_raw(content)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Refused("locked")
        pages = len(reader.pages)
        for found in _objects(reader):
            _check_value(found, 0)
    except Refused:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        # What pypdf raises for a structure that leads nowhere; NotImplementedError is a RuntimeError like recursion.
        raise Refused("damaged_pdf") from error
    except (NotImplementedError, OverflowError, ArithmeticError, AssertionError) as error:
        raise Refused("damaged_pdf") from error
    if pages == 0:
        raise Refused("damaged_pdf")
    if pages > PAGES:
        raise Refused("too_many_pages", pages=pages, limit=PAGES)
    return {"pages": pages}


def _check_ends(content: bytes) -> None:
    """It ends as a PDF ends: what stands behind the end belongs to another file."""
    at = content.rfind(b"%%EOF")
    if at < 0:
        raise Refused("damaged_pdf")
    if content[at + 5 :].strip(b"\r\n\t \x00"):
        raise Refused("two_files")


def _check_raw(content: bytes) -> None:
    """Objects that no table of the file mentions are found by programs that mend files, so the plain text is read too."""
    if content.count(b" obj") > PDF_OBJECTS * 2:
        raise Refused("too_many_objects")
    plain = ESCAPED.sub(lambda m: bytes([int(m.group(1), 16)]), STREAMS.sub(b"", content))
    if RAW_ACTS.search(plain):
        raise Refused("active_pdf")


def _objects(reader: PdfReader) -> Iterator[Any]:
    """The trailer and every object that the tables of the file name."""
    yield reader.trailer
    numbers = [(generation, number) for generation, entries in reader.xref.items() for number in entries]
    numbers += [(0, number) for number in reader.xref_objStm]
    if len(numbers) > PDF_OBJECTS:
        raise Refused("too_many_objects")
    for generation, number in numbers:
        if number == 0:
            continue
        found = IndirectObject(number, generation, reader).get_object()
        if found is not None:
            yield found


def _check_value(value: Any, depth: int) -> None:
    """Walks one object without following its references: those are objects of their own."""
    if depth > DEPTH:
        raise Refused("damaged_pdf")
    if isinstance(value, DictionaryObject):
        names = set(value.keys())
        if names & CARRIES or value.get("/Type") == "/EmbeddedFile":
            raise Refused("carries_files")
        if names & ACTS or (value.get("/Type") == "/Action" and value.get("/S") not in HARMLESS_ACTIONS):
            raise Refused("active_pdf")
        for name in names:
            inner = value.raw_get(name)
            if name in ("/S", "/Subtype", "/Type") and inner in ACTS:
                raise Refused("active_pdf")
            if name == "/Subtype" and inner in CARRIES:
                raise Refused("carries_files")
            _check_value(inner, depth + 1)
    elif isinstance(value, ArrayObject):
        for inner in list.__iter__(value):
            _check_value(inner, depth + 1)
