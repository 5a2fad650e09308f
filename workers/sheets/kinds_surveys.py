"""The kind of sheet ``surveys``: one row for each try at a survey of one worker, with a column for each question.

The questions are those of ``compliance/surveys/instrument.toml``, whose codes are the keys here; a test holds both
together. Words for the answers are those of the form, and how people write them in English, French and Spanish. A word
for how content somebody is is no number: it is asked and never guessed.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext

from workers.journey.steps import marked as _

from . import amounts, cleaning, dates
from .cleaning import NOTHING, CellProblem, Cleaned, Context, Raw, brief, is_empty_word, shown
from .columns import MONEY, PLAIN, Column, Kind
from .kinds_shared import worker_id

Words = dict[str, tuple[str, ...]]  # code -> the portal's own words for it, and then those of others
NOT_SAID: Final = ("Rather not say", "prefer not to say", "no comment", "ne veut pas dire", "prefiere no decir")

WAVES: Final[Words] = {
    "baseline": ("Before departure", "baseline", "base line", "before leaving", "pre departure", "avant le depart", "antes de la salida"),
    "midline": ("Six months after return", "midline", "mid line", "6 months after return", "six months", "6 months", "6 mois apres le retour", "6 meses despues del regreso"),
    "endline": ("Twelve months after return", "endline", "end line", "12 months after return", "twelve months", "12 months", "one year after return", "12 mois apres le retour", "12 meses despues del regreso"),
}  # fmt: skip
OUTCOMES: Final[Words] = {
    "answered": ("Reached, and answered", "answered", "reached", "yes", "done", "complete", "completed", "interviewed", "repondu", "respondio"),
    "no answer": ("No answer, after more than one try", "no answer", "no reply", "not reached", "did not answer", "no response", "pas de reponse", "sin respuesta"),
    "no number": ("The number or the address is wrong", "no number", "wrong number", "number wrong", "no phone", "faux numero", "numero equivocado"),
    "away": ("Away: at work abroad again, or travelling", "away", "travelling", "abroad again", "absent", "en voyage", "de viaje"),
    "declined": ("Did not want to take part", "declined", "refused", "did not want to", "a refuse", "no quiso"),
    "no language": ("Nobody could help with the language", "no language", "language", "no interpreter", "pas d interprete", "sin interprete"),
    "died": ("Has died", "died", "deceased", "decede", "fallecido"),
}  # fmt: skip
MODES: Final[Words] = {
    "phone": ("By phone", "phone", "call", "telephone", "phone call", "par telephone", "por telefono"),
    "in person": ("In person", "face to face", "visit", "personally", "en personne", "en persona"),
    "paper": ("On paper, filled in by the person", "paper", "on paper", "form", "questionnaire", "sur papier", "en papel"),
}  # fmt: skip
WORK: Final[Words] = {
    "wage": ("Work for pay", "wage", "paid work", "employed", "job", "salarie", "empleado"),
    "own": ("Own farm, fishing or business", "own", "farming", "farm", "fishing", "own business", "self employed", "a son compte", "por cuenta propia"),
    "home": ("Work at home or study", "home", "housework", "study", "student", "au foyer", "en casa"),
    "looking": ("Looking for work", "looking", "unemployed", "no work", "cherche du travail", "busca trabajo"),
    "again": ("Going abroad to work again", "again", "going abroad again", "repart", "sale otra vez"),
    "rather_not": NOT_SAID,
}  # fmt: skip
USES: Final[Words] = {
    "living": ("Food and daily needs", "living", "food", "daily needs", "household", "nourriture", "comida"),
    "house": ("House", "housing", "building a house", "house repair", "maison", "casa"),
    "school": ("School and health", "school", "school fees", "education", "health", "ecole", "escuela"),
    "business": ("Land, tools or a business", "business", "land", "tools", "commerce", "negocio"),
    "debt": ("Debts", "debt", "loan", "loans", "dettes", "deudas"),
    "saved": ("Saved", "savings", "saving", "bank", "epargne", "ahorro"),
    "community": ("Church and community", "community", "church", "eglise", "iglesia"),
    "rather_not": NOT_SAID,
}  # fmt: skip
FAMILY: Final[Words] = {
    "better": ("Better than before", "better", "mieux", "mejor"),
    "same": ("As before", "same", "the same", "no change", "comme avant", "igual"),
    "worse": ("Worse than before", "worse", "moins bien", "peor"),
    "rather_not": NOT_SAID,
}  # fmt: skip
YES_NO: Final[Words] = {
    "yes": ("Yes", "y", "oui", "si", "io"),
    "no": ("No", "n", "non", "ikai", "leai"),
    "rather_not": NOT_SAID,
}  # fmt: skip
# The amounts, each with its header and the column of its currency; the other questions are choices or the scale.
AMOUNTS: Final[dict[str, tuple[str, str]]] = {
    "income_month": ("Income in a month", "income_currency"), "sent_month": ("Sent home in a month", "sent_currency"),
    "sent_cost": ("Cost of sending", "sent_currency"),
}  # fmt: skip
CHOICES: Final[dict[str, Words]] = {
    "work_now": WORK, "used_for": USES, "family": FAMILY, "recommend": YES_NO, "go_again": YES_NO,
}  # fmt: skip
SCALES: Final = ("satisfied",)
EXAMPLES: Final = {"survey": "Six months after return", "reached": "Reached, and answered", "mode": "By phone"}
MOST: Final = 10
OUT_OF = re.compile(r"([0-9]{1,2})(?:\.0+)? ?(?:/|out of|of|sur|de) ?([0-9]{1,3})", re.IGNORECASE)


def scale(raw: Raw, _context: Context) -> Cleaned:
    """A whole number from 1 to 10, also as "8/10". A word, a half, or a scale of another length is asked."""
    value = brief(raw)
    if not value or is_empty_word(value):
        return NOTHING
    given = OUT_OF.fullmatch(value)
    if given and int(given[2]) != MOST:
        raise CellProblem(
            "other_scale",
            gettext("“%(value)s” is given on another scale. Ask again, or leave the cell blank: 1 is not at all, 10 is fully.")
            % {"value": shown(raw)},
        )  # fmt: skip
    number = given[1] if given else re.sub(r"\.0+$", "", value)
    if not re.fullmatch(r"[0-9]{1,2}", number) or not 1 <= int(number) <= MOST:
        raise CellProblem(
            "not_on_scale",
            gettext("“%(value)s” is no whole number from 1 to 10. Write the number that the person said: 1 is not at all, 10 is fully.")
            % {"value": shown(raw)},
        )  # fmt: skip
    return Cleaned(int(number))


def _one_of(key: str, header: str, table: Words, *, required: bool = False, hint: str = "") -> Column:
    meanings = {cleaning.fold(word): code for code, words in table.items() for word in words}
    ours = tuple(words[0] for words in table.values())
    return Column(
        key, header, cleaning.choice(key, meanings, ours), required=required, choices=ours, help=hint,
        example=EXAMPLES.get(key, ""),
    )  # fmt: skip


def _amount(key: str, hint: str = "") -> Column:
    header, currency = AMOUNTS[key]
    return Column(
        key, header, amounts.money(), privacy=MONEY, hint_key=currency, unit="month", help=hint, example="450.00"
    )


def _currency(key: str, header: str) -> Column:
    return Column(key, header, amounts.currency, privacy=PLAIN, example="TOP")


def kind() -> Kind:
    """The kind: who was asked which survey when, what came of it, and the answers."""
    columns = (
        worker_id(),
        _one_of("survey", "Survey", WAVES, required=True),
        Column("date", "Date", dates.date("past"), required=True, as_date=True, example="2026-03-02"),
        _one_of("reached", "Reached", OUTCOMES, hint=_("Left blank where answers stand in the row: then the person was reached.")),
        _one_of("mode", "How", MODES),
        _one_of("work_now", "Main work", CHOICES["work_now"]),
        _amount("income_month", _("What the person earns from all work at home in a usual month. Zero if nothing.")),
        _currency("income_currency", "Income currency"),
        _amount("sent_month", _("In a usual month of the stay. Asked six months after return.")),
        _amount("sent_cost", _("Fees, and what the exchange rate took, if known.")),
        _currency("sent_currency", "Sent currency"),
        _one_of("used_for", "Money used for", USES),
        _one_of("family", "Family", FAMILY, hint=_("How it went for the family while the person was away.")),
        Column(
            "satisfied", "Content, 1 to 10", scale, example="8",
            help=_("How content the person is with having gone: 1 is not at all, 10 is fully."),
        ),
        _one_of("recommend", "Would recommend", YES_NO),
        _one_of("go_again", "Would go again", YES_NO),
    )  # fmt: skip
    return Kind(
        "surveys", _("Surveys"), columns, keys=(("worker_id",),), unique=(("worker_id", "survey", "date"),),
        needs={key: currency for key, (_header, currency) in AMOUNTS.items()}, kept_apart=True,
    )  # fmt: skip
