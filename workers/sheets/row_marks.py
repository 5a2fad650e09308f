"""Rules about a row as it stands in the file: cells that were moved by a stray sign, and comments that hang on cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .cleaning import shown
from .columns import WORD_OF_OURS
from .restricted import tells_of_health_or_abuse

if TYPE_CHECKING:
    from .row_rules import Packet


def askew(packet: Packet) -> None:
    """A row with more cells than there are columns: something stands in the wrong column, and nobody knows from where on,
    so the row is refused."""
    if packet.sheet is None or not packet.sheet.askew:
        return
    key = next(iter(packet.mapping.places))
    for at, number in enumerate(packet.numbers):
        if number in packet.sheet.askew:
            packet.problem(
                at,
                key,
                "askew",
                _(
                    "The row has %(cells)s cells, and there are %(columns)s columns. Probably a cell holds the sign that "
                    "separates the columns: put that cell in quotation marks."
                )
                % {"cells": packet.sheet.askew[number], "columns": len(packet.sheet.headers)},
            )


def comments(packet: Packet) -> None:
    """Comments on cells are shown and not taken over; one that tells of health or abuse is not even shown, and kept apart
    for those few to whom its sender may hand it over. Those of the portal itself, in a workbook of rows to mend, are not
    repeated."""
    if packet.sheet is None or not packet.sheet.comments:
        return
    for at, number in enumerate(packet.numbers):
        for place, text in packet.sheet.comments.get(number, {}).items():
            if text.startswith(WORD_OF_OURS):
                continue
            key = packet.mapping.columns.get(place) or packet.sheet.headers[place] or next(iter(packet.mapping.places))
            if tells_of_health_or_abuse(text):
                where = _("Comment on the cell %(cell)s") % {"cell": packet.sheet.address(number, place)}
                packet.apart.setdefault(at, {})[where] = text
                packet.warn(
                    at,
                    key,
                    "restricted",
                    _(
                        "A comment on this cell seems to tell of health or abuse. It is not taken over; hand it over to the "
                        "safeguarding lead, who alone can read it then."
                    ),
                )
            elif text:
                packet.warn(
                    at,
                    key,
                    "comment",
                    _(
                        "On this cell hangs the comment “%(text)s”. Comments are not taken over: write what matters in a column."
                    )
                    % {"text": shown(text)},
                )
