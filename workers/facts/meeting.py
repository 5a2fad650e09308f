"""One fact by hand beside whoever records the same just now: what would be written over is shown before it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.merging import Settled, alone_with, settle
from accounts.scope import Scope
from workers.facts.forms import FactForm, initial_of
from workers.facts.one import One, standing
from workers.models import HousingStay
from workers.sheets.ledgers import LEDGERS


@dataclass(frozen=True, slots=True)
class Met:
    """What stands now of the fields that a form fills, and what became of both sides."""

    now: dict[str, str]
    settled: Settled


def stands(kind: str, row: Any) -> dict[str, str]:
    """What is recorded of a fact, as its form shows it."""
    if isinstance(row, HousingStay):
        return initial_of(kind, row) | {"room": row.room.name, "site": row.room.site.name, "address": row.room.address}
    return initial_of(kind, row)


def meet(
    form: FactForm,
    one: One,
    cells: Callable[[Mapping[str, str]], dict[str, str]],
    whose: int,
    *,
    by: Scope,
    today: date,
) -> Met:
    """Weigh what was typed against the fact that it would change, where there is one.

    ``cells``: texts → cells of the door; ``whose``: the placement, site or pilot that the fact is of, alone with which the
    request is from now on. A field left blank leaves what stands, and so does one that only others changed.
    """
    alone_with(one.kind, whose)
    texts = form.texts()
    pk = standing(one, cells(texts), by=by, today=today)
    if pk is None:
        return Met({}, Settled(texts, [], []))
    row = LEDGERS[one.kind].model._default_manager.get(pk=pk)
    # What nobody filled on one side cannot be lost on the other.
    now = {name: text for name, text in stands(one.kind, row).items() if text and texts.get(name)}
    return Met(now, settle(form, now, texts))
