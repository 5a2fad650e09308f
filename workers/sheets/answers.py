"""What the sender of a sheet answers about it, put into the options of its batch: pages give their form, this checks it.

``of_reading`` takes the page of columns, ``of_questions`` the questions beside the problems. Both answer what to remember
for the organisation; neither writes. A wrong answer is a ``ValueError`` with the sentence for the page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from workers.models import ImportBatch

from . import own_names, running
from .cleaning import fold
from .columns import Kind
from .delimited import ENCODINGS, SEPARATORS
from .kinds import COLUMNS
from .sampling import Sample, SampledColumn
from .troubles import meanings
from .units import HOURS, HOURS_A_WEEK, PERIODS

CURRENCY = re.compile(r"[A-Za-z]{3}")
PLACE = ("sheet", "separator", "encoding", "header_row")
ALLOWED: Final = {"date_order": {"dmy", "mdy", "ymd"}, "decimal_sign": {".", ","}}


@dataclass
class Answers:
    """``options``: the batch's, with the answers. ``columns`` and ``words``: what to remember. ``elsewhere``: the list is
    now read from another place of the file, so that its columns must be looked at anew."""

    options: dict[str, Any]
    columns: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    elsewhere: bool = False


def of_place(batch: ImportBatch, data: Mapping[str, str]) -> Answers:
    """Where the list stands: sheet, header row, and for texts the separator and the encoding. Blank: found by itself.

    A page sends with its choices what it showed (``shown_sheet``, ``shown_row``): what was not touched stays found by
    itself, and with it the other sheets of one list; a row pointed at is one of the sheet that was shown."""
    options = dict(batch.options)
    same_sheet = data.get("sheet") == data.get("shown_sheet", batch.options.get("sheet"))
    untouched = same_sheet and "shown_row" in data and data.get("header_row") == data["shown_row"]
    for name in PLACE:
        if name not in data or (untouched and name in ("sheet", "header_row")):
            continue
        given: Any = data[name].strip()
        if name == "header_row":
            given = int(given) if given.isdecimal() and len(given) < 7 else None
        wrong = (name == "separator" and given and given not in (*SEPARATORS, "tab")) or (
            name == "encoding" and given and given not in ENCODINGS
        )
        if wrong:
            raise ValueError(_("Choose one of the list."))
        options[name] = given or None
    moved = any(options.get(name) != batch.options.get(name) for name in PLACE)
    if options.get("sheet") != batch.options.get("sheet") and not same_sheet:
        options["header_row"] = None  # the rows to choose from were those of the other sheet
    return Answers({name: value for name, value in options.items() if value}, elsewhere=moved)


def of_reading(batch: ImportBatch, shown: Sample, data: Mapping[str, str]) -> Answers:
    """What each column is, and how its cells are meant. ``data``: the fields of the page of columns."""
    kind = COLUMNS[batch.kind]
    mapping = dict(batch.options.get("mapping") or {})
    chosen = {key: dict(of_column) for key, of_column in (batch.options.get("columns") or {}).items()}
    remember: dict[str, str] = {}
    taken: dict[str, str] = {}
    for column in shown.columns:
        key = data.get(f"column_{column.place}", column.key)
        if key and not _is_column(kind, key):
            raise ValueError(_("Choose one of the list."))
        if key and key in taken:
            raise ValueError(
                _("“%(one)s” and “%(other)s” cannot both be “%(column)s”. Leave one of them out.")
                % {"one": taken[key], "other": column.header, "column": kind.column(key).header}
            )
        if key:
            taken[key] = column.header
            _of_column(kind, key, column, data, chosen)
        if key != column.key or column.header in mapping:
            mapping[column.header] = key
        if key != column.key:
            remember[column.header] = key
    options = {**batch.options, "mapping": mapping, "columns": {key: each for key, each in chosen.items() if each}}
    return Answers(options, columns=remember)


def of_questions(batch: ImportBatch, data: Mapping[str, str]) -> Answers:
    """Answers to the questions beside the problems: ``date_order|key``, ``currency|key``, ``word|list|word`` and so on.
    ``key`` ``*`` is the whole file; ``running|key`` says what a column of running numbers is."""
    kind = COLUMNS[batch.kind]
    options = dict(batch.options)
    chosen = {key: dict(of_column) for key, of_column in (options.get("columns") or {}).items()}
    words = {about: dict(of_list) for about, of_list in (options.get("words") or {}).items()}
    mapped: dict[str, str] = {}
    told: dict[str, dict[str, str]] = {}
    for name, value in data.items():
        about, _bar, rest = name.partition("|")
        value = value.strip()
        if not value or not rest:
            continue
        if about == "word":
            of_list, _bar, word = rest.partition("|")
            if not _is_meaning(batch, kind, of_list, value) or len(word) >= 60:
                raise ValueError(_("Choose one of the list."))
            words.setdefault(of_list, {})[fold(word)] = value
            if of_list not in own_names.ASKED.values():
                told.setdefault(of_list, {})[word] = value
        elif about == "running":
            mapped |= _of_running(batch, rest, value)
        elif about in ("date_order", "decimal_sign", "currency"):
            if rest != "*" and not _is_column(kind, rest):
                raise ValueError(_("Choose one of the list."))
            value = _checked(about, value)
            if rest == "*":
                options[about] = value
            else:
                chosen.setdefault(rest, {})[about] = value
    options["mapping"] = {**(options.get("mapping") or {}), **mapped}
    return Answers({**options, "columns": chosen, "words": words}, columns=mapped, words=told)


def _of_running(batch: ImportBatch, key: str, value: str) -> dict[str, str]:
    """The header of the column of running numbers and what it is from now on."""
    header = batch.summary.get("headers", {}).get(key)
    if key != running.KEY or header is None or value not in dict(running.choices()):
        raise ValueError(_("Choose one of the list."))
    return {header[0]: running.mapped(value)}


def _of_column(
    kind: Kind, key: str, column: SampledColumn, data: Mapping[str, str], chosen: dict[str, dict[str, str]]
) -> None:
    of_column = chosen.setdefault(key, {})
    for about in ("date_order", "decimal_sign", "unit", "currency"):
        given = data.get(f"{about}_{column.place}")
        if given is None:
            continue
        of_column.pop(about, None)
        if given == "" or (about == "unit" and given == kind.column(key).unit):
            continue
        if about == "unit":
            known = HOURS_A_WEEK if kind.column(key).unit == HOURS else PERIODS
            if given not in known:
                raise ValueError(_("Choose one of the list."))
            of_column["unit"] = given
        else:
            of_column[about] = _checked(about, given)


def _checked(about: str, value: str) -> str:
    if about == "currency":
        if not CURRENCY.fullmatch(value):
            raise ValueError(_("Write the three letters of the currency, such as TOP."))
        return value.upper()
    if value not in ALLOWED[about]:
        raise ValueError(_("Choose one of the list."))
    return value


def _is_column(kind: Kind, key: str) -> bool:
    try:
        column = kind.column(key)
    except KeyError:
        return False
    return len(key) <= 120 and (not column.repeated or key != column.key)


def _is_meaning(batch: ImportBatch, kind: Kind, about: str, code: str) -> bool:
    if about in own_names.ASKED.values():
        return code in dict(own_names.choices(batch, about))
    for column in kind.columns:
        if not column.repeated:
            of_list, choices = meanings(batch.kind, column.key)
            if of_list == about:
                return code in dict(choices)
    return False
