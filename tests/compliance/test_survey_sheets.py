"""Surveys from a sheet: one try a row, through the door of surveys; answers are shown to nobody afterwards."""

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from compliance.models import SurveyAnswer, SurveyContact
from compliance.surveys.instrument import CHOICE, MONEY, SCALE, editions
from tests.compliance.test_surveys import agreed, answered, standing  # noqa: F401 - a fixture
from tests.workers.sheets.test_door import codes, opened, verdicts, workbook
from tests.workers.sheets.test_facts import cells, said
from workers.models import ImportBatch, ImportRow
from workers.sheets.door import check, commit, undo
from workers.sheets.kinds import COLUMNS
from workers.sheets.kinds_surveys import AMOUNTS, CHOICES, MODES, OUTCOMES, SCALES, WAVES
from workers.sheets.template import template_workbook

HEADERS = ["Worker ID", "Survey", "Date", "Reached", "How", "Main work", "Income in a month", "Income currency",
           "Sent home in a month", "Cost of sending", "Sent currency", "Content, 1 to 10", "Would recommend"]  # fmt: skip
BEFORE = ["IH-001", "baseline", "2025-12-20", "", "visit", "Farming", "T$ 450", "", "", "", "", "", ""]


@pytest.fixture
def due(cast, agreed):  # noqa: F811
    """A day on which the survey six months after return is asked."""
    return standing(cast, cast.cohort().departs_on)["IH-001", "midline"].planned_on


def after(day, worker="IH-001", reached="", **cells_of):
    row = [worker, "6 months", day.isoformat(), reached, "phone", "", "", "", "", "", "", "", ""]
    for header, value in cells_of.items():
        row[HEADERS.index(header.replace("_", " "))] = value
    return row


def sent(cast, by, today, *rows):
    return check(opened(cast, by, workbook(rows, HEADERS), kind="surveys"), by=by, today=today)


# --- the columns ------------------------------------------------------------------------------------------------------


def test_every_question_of_every_edition_has_its_column_and_every_choice_its_word():
    kinds = {CHOICE: set(CHOICES), MONEY: set(AMOUNTS), SCALE: set(SCALES)}
    for edition in editions():
        for question in edition.all_questions:
            assert question.code in kinds[question.kind], question.code
            if question.kind == CHOICE:
                words = CHOICES[question.code]
                assert [(code, words[code][0]) for code in words] == [tuple(pair) for pair in question.choices]
    assert {code: words[0] for code, words in WAVES.items()} == dict(SurveyContact.Wave.choices)
    assert {code: words[0] for code, words in OUTCOMES.items()} == dict(SurveyContact.Outcome.choices)
    assert {code: words[0] for code, words in MODES.items()} == dict(SurveyContact.Mode.choices)


def test_the_empty_workbook_offers_the_words_of_the_form():
    book = openpyxl.load_workbook(io.BytesIO(template_workbook("surveys")))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:4] == ["Worker ID", "Survey", "Date", "Reached"]
    assert "Row version" not in [cell.value for cell in sheet[1]]
    offered = " ".join(str(cell.value) for row in book.worksheets[2].iter_rows() for cell in row)
    offered += " ".join(str(rule.formula1) for rule in sheet.data_validations.dataValidation)
    for words in (
        "Six months after return",
        "Did not want to take part",
        "Own farm, fishing or business",
        "Rather not say",
    ):
        assert words in offered


@pytest.mark.parametrize(
    ("cell", "kept"), [("8", 8), (8, 8), (8.0, 8), ("8/10", 8), ("10 out of 10", 10), ("n/a", None), ("", None)]
)
def test_a_scale_is_a_whole_number_from_one_to_ten(cell, kept):
    from workers.sheets.cleaning import Context

    assert COLUMNS["surveys"].column("satisfied").cleaner(cell, Context(today=None)).value == kept


# --- reading and recording --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_rows_in_the_words_of_the_field_are_tries_with_their_answers(cast, due):
    rows = [BEFORE, after(due, Sent_home_in_a_month="NZ$ 1,200", Cost_of_sending="60", Sent_currency="NZD",
                          Main_work="unemployed", **{"Content,_1_to_10": "8/10", "Would_recommend": "oui"}),
            after(due, "IH-002", "wrong number")]  # fmt: skip
    with cast.acting("rosa") as by:
        batch = sent(cast, by, due, *rows)
        assert codes(batch) == {2: [], 3: [], 4: []}
        assert commit(batch, by=by, today=due).new == 3
        told = SurveyContact.objects.get(placement__person__worker_code="IH-001", wave="midline")
        assert (told.outcome, told.mode, told.organisation_id) == ("answered", "phone", by.organisation_id)
        assert set(told.answers.values_list("question", "choice", "number", "currency")) == {
            ("sent_month", "", Decimal(1200), "NZD"), ("sent_cost", "", Decimal(60), "NZD"), ("work_now", "looking", None, ""),
            ("satisfied", "", Decimal(8), ""), ("recommend", "yes", None, ""),
        }  # fmt: skip
        income = SurveyAnswer.objects.get(contact__wave="baseline", question="income_month")
        assert (income.number, income.currency) == (Decimal(450), "TOP")
        assert SurveyContact.objects.get(placement__person__worker_code="IH-002").outcome == "no number"
        # What was said is in no kept row any more; who was asked is.
        kept = ImportRow.objects.get(batch=batch, row_number=3).clean
        assert kept == {
            "worker_id": "IH-001",
            "survey": "midline",
            "date": due.isoformat(),
            "mode": "phone",
            "reached": "answered",
        }
        again = sent(cast, by, due, *rows)
        assert set(verdicts(again).values()) == {"same"}, codes(again)


@pytest.mark.django_db
def test_every_refusal_has_its_cell_and_a_whole_sentence(cast, due):
    answered(cast, "IH-002", "midline", due, name="ines", satisfied=_said(3))
    early = standing(cast, due)["IH-001", "midline"].opens_on - timedelta(days=1)
    with cast.acting("rosa") as by:
        days = iter(due - timedelta(days=n) for n in range(9))
        scale = "Content,_1_to_10"
        batch = sent(
            cast, by, due,
            after(due, "XX-9", "away"), after(due, "IH-003", "away"), after(due, "RR-001", "away"),
            after(due, "IH-002", **{scale: 3}), after(early, "IH-001", "away"), after(next(days)),
            [*BEFORE[:2], "2025-12-18", "answered", *[""] * 9], [*BEFORE[:2], "2025-12-19", "away", *BEFORE[4:]],
            ["IH-002", *BEFORE[1:11], 7, ""], after(next(days), **{scale: "very"}), after(next(days), **{scale: "4/5"}),
            after(next(days), **{scale: 7.5}), after(next(days), Sent_home_in_a_month="1200"),
            after(due + timedelta(days=1), "IH-001", "away"),
        )  # fmt: skip
        assert cells(batch) == {
            2: {"nobody": "A2"}, 3: {"not_planned": "B3"}, 4: {"not_agreed": "A4"}, 5: {"answered_before": "B5"},
            6: {"too_early": "C6"}, 7: {"reached_blank": "D7"}, 8: {"no_answers": "D8"},
            9: {"not_reached": "D9"}, 10: {"not_asked": "L10"}, 11: {"not_on_scale": "L11"}, 12: {"other_scale": "L12"},
            13: {"not_on_scale": "L13"}, 14: {"no_currency": "I14"}, 15: {"in_future": "C15"},
        }  # fmt: skip
        assert all(words and "{" not in words for words in said(batch))


def _said(number):
    from compliance.surveys.door import Said

    return Said(number=Decimal(number))


@pytest.mark.django_db
def test_a_sheet_of_the_wrong_file_is_taken_back_with_its_answers(cast, due):
    answered(cast, "IH-002", "midline", due, satisfied=_said(3))
    with cast.acting("rosa") as by:
        nine, eight = (after(day, **{"Content,_1_to_10": n}) for day, n in ((due, 9), (due - timedelta(days=1), 8)))
        assert cells(sent(cast, by, due, nine, eight)) == {3: {"twice_fact": "B3"}}
        batch = sent(cast, by, due, BEFORE, nine)
        commit(batch, by=by, today=due)
        assert SurveyContact.objects.count() == 3
        done = undo(batch, by=by, reason="wrong file")
        assert (done.undone, done.kept) == (2, [])
        assert list(SurveyAnswer.objects.values_list("contact__placement__person__worker_code", flat=True)) == [
            "IH-002"
        ]


@pytest.mark.django_db
def test_who_asks_sends_and_officers_read_no_sheet_of_another_role(cast, due, sign_in):
    for name in ("sefo", "omar"):
        with cast.acting(name) as by, pytest.raises(PermissionDenied):
            opened(cast, by, kind="surveys")
    with cast.acting("rosa") as by:
        theirs = sent(cast, by, due, BEFORE)
    with cast.acting("ines") as by:
        mine = sent(cast, by, due, BEFORE)
        assert list(ImportBatch.objects.filter(kind="surveys")) == [mine]
        assert set(ImportRow.objects.values_list("batch_id", flat=True)) == {mine.pk}
        commit(mine, by=by, today=due)
    with cast.acting("rosa") as by:
        # Of what another organisation noted no row tells whether it says the same.
        assert codes(check(theirs, by=by, today=due)) == {2: ["answered_before"]}
    page = sign_in("ines").get(f"/imports/{mine.pk}/").content.decode()
    assert sign_in("ines").get(f"/imports/{theirs.pk}/").status_code == 404
    assert "Farming" not in page
    assert "450" not in page
