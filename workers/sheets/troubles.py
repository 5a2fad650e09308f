"""What is wrong with a checked sheet, seen from above: problems of one sort together, and the answers that mend many at once.

``groups`` counts the problems of a batch by sort and column; ``questions`` are those that one answer of the reader settles
for the whole file: the order of dates, the sign before the decimals, a currency, what a word means. Reads only.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workers.models import ImportBatch

from . import own_names, running, words
from .cleaning import Cleaner
from .columns import Column
from .forms import DATE_ORDERS
from .kinds import COLUMNS
from .trouble_words import SENTENCES

__all__ = ["Group", "Question", "groups", "questions"]
MOST_WORDS = 40  # words settled on one page; more of them are no list of words
MOST_GROUPS = 60
SHOWN_VALUES = 4
SETTLED_BY: Final = {
    "ambiguous_date": "date_order", "wrong_order": "date_order", "ambiguous_number": "decimal_sign", "no_currency": "currency",
    "unknown_word": "word", "ambiguous_word": "word", "doubtful": "word", running.CODE: "running",
    **dict.fromkeys(own_names.ASKED, "word"),
}  # fmt: skip
DECIMAL_SIGNS: Final = (
    (".", gettext_lazy("a point before the decimals: 1,500.00")),
    (",", gettext_lazy("a comma before the decimals: 1.500,00")),
)
VOCABULARIES: Final[dict[Cleaner, str]] = {
    words.country: "country",
    words.sex: "sex",
    words.step: "step",
    words.reason: "reason",
}


@dataclass(frozen=True)
class Group:
    """Problems of one sort in one column: how many cells in how many rows, and some of what stood there."""

    code: str
    key: str
    header: str
    cells: int
    rows: int
    values: list[str]
    message: str

    @property
    def name(self) -> str:
        """How the address of a page names the group."""
        return f"{self.code}:{self.key}"

    @property
    def words(self) -> str:
        """The sort of problem, with its count."""
        sentence = SENTENCES.get(self.code)
        if sentence is None:
            found = ngettext("%(n)s cell of “%(column)s” to mend", "%(n)s cells of “%(column)s” to mend", self.cells)
            return found % {"n": self.cells, "column": self.header}
        return str(sentence % {"n": self.cells, "column": self.header})


@dataclass
class Question:
    """One answer that mends many cells. ``name`` is the field of the form; ``choices`` are (value, words)."""

    name: str
    about: str
    key: str
    header: str
    words: str
    cells: int
    choices: list[tuple[str, Any]] = field(default_factory=list)
    value: str = ""


def groups(batch: ImportBatch) -> list[Group]:
    """The sorts of problems of the rows that are left, those that hold up most cells first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select p->>'code', p->>'key', min(p->>'column'), count(*), count(distinct r.row_number),
              (array_agg(distinct p->>'value') filter (where p->>'value' <> ''))[1:%(shown)s],
              (array_agg(p->>'message' order by r.row_number))[1]
            from workers_importrow r cross join lateral jsonb_array_elements(r.problems) p
            where r.batch_id = %(batch)s and r.verdict in ('refused', 'conflict') and p->>'code' <> 'changed_since'
            group by 1, 2 order by 4 desc, 1, 2 limit %(most)s
            """,
            {"batch": batch.pk, "shown": SHOWN_VALUES, "most": MOST_GROUPS},
        )
        return [
            Group(code, key, header, cells, rows, values or [], message)
            for code, key, header, cells, rows, values, message in cursor.fetchall()
        ]


def questions(batch: ImportBatch, found: list[Group]) -> list[Question]:
    """What can be settled for the whole file, the answer that mends most cells first."""
    kind = COLUMNS[batch.kind]
    asked: dict[str, Question] = {}
    for group in found:
        about = SETTLED_BY.get(group.code)
        if about is None or about == "word":
            continue
        column = kind.column(group.key)
        question = asked.setdefault(f"{about}|{group.key}", _of_column(batch, about, group, column))
        question.cells += group.cells
    answer = [*asked.values(), *_words(batch)]
    return sorted(answer, key=lambda question: -question.cells)


def _of_column(batch: ImportBatch, about: str, group: Group, column: Column) -> Question:
    chosen = (batch.options.get("columns") or {}).get(group.key, {}).get(about) or batch.options.get(about) or ""
    examples = ", ".join(f"“{value}”" for value in group.values[:3])
    says = {"column": group.header, "examples": examples}
    sentence = {
        "date_order": _("In “%(column)s” the dates are written like %(examples)s. In which order?"),
        "decimal_sign": _("In “%(column)s” the amounts are written like %(examples)s. Which sign stands before the decimals?"),
        "currency": _("The amounts in “%(column)s” say no currency. Which one is it?"),
        "running": _("The numbers in “%(column)s” run on like those of lines: %(examples)s. What are they?"),
    }[about]  # fmt: skip
    choices: list[tuple[str, Any]] = []
    if about == "date_order":
        choices = list(DATE_ORDERS[1:])
    elif about == "decimal_sign":
        choices = list(DECIMAL_SIGNS)
    elif about == "running":
        choices = list(running.choices())
    return Question(f"{about}|{group.key}", about, group.key, group.header, sentence % says, 0, choices, chosen)


def _words(batch: ImportBatch) -> list[Question]:
    """The words that are not known or mean several things, each once, with what they could mean."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select p->>'key', p->>'column', p->>'value', count(*), min(p->>'code')
            from workers_importrow r cross join lateral jsonb_array_elements(r.problems) p
            where r.batch_id = %s and r.verdict = 'refused' and p->>'code' = any(%s)
              and p->>'value' <> '' and length(p->>'value') < 60
            group by 1, 2, 3 order by 4 desc, 1, 3 limit %s
            """,
            [batch.pk, [code for code, about in SETTLED_BY.items() if about == "word"], MOST_WORDS],
        )
        rows = cursor.fetchall()
    answer: dict[str, Question] = {}
    own: dict[str, list[tuple[str, str]]] = {}
    for key, header, value, cells, code in rows:
        about, choices = own_names.ASKED.get(code, ""), []
        if about:
            choices = own[about] = own.get(about) or own_names.choices(batch, about)
        else:
            about, choices = meanings(batch.kind, key, value if code == "ambiguous_word" else "")
        if not choices:
            continue
        name = f"word|{about}|{value}"
        sentence = _("In “%(column)s”, what does “%(value)s” mean?") % {"column": header, "value": value}
        # A country stands in several columns and means the same in each: asked once.
        question = answer.setdefault(name, Question(name, "word", key, header, sentence, 0, choices))
        question.cells += cells
    return list(answer.values())


def meanings(kind: str, key: str, ambiguous: str = "") -> tuple[str, list[tuple[str, str]]]:
    """The list of words that a column takes its meaning from, and (code, words) to choose from; those that an ambiguous
    word could mean come first. Nothing to choose from where the column is not one of words."""
    column = COLUMNS[kind].column(key)
    about = VOCABULARIES.get(column.cleaner)
    if about is None:
        return key, [(choice, choice) for choice in column.choices]
    known = words.vocabulary(about)
    likely = known.ambiguous.get(words.fold(ambiguous), []) if ambiguous else []
    rest = sorted((code for code in known.names if code not in likely), key=lambda code: str(known.names[code]))
    return about, [(code, str(known.names.get(code, code))) for code in [*likely, *rest]]
