"""Headers: matched whatever their dress, never taken for what they are not."""

from datetime import date

import pytest
from django.db.models import CharField
from hypothesis import given
from hypothesis import strategies as st

from workers.sheets.cleaning import CellProblem, Context
from workers.sheets.columns import PRIVACY_CLASSES, fold_header, match_headers, synonyms
from workers.sheets.kinds import COLUMNS
from workers.sheets.ledgers import LEDGERS
from workers.sheets.reading import SheetRefused

# The contract: these headers stay, whatever is added.
CONTRACT = {
    "workers": "Worker ID · Family name · Given names · Name as in passport · Sex · Date of birth · Nationality · Passport number · "
    "Passport country · Passport expiry · National ID · Phone · Email · Village · Province · Languages · Marital status · "
    "Dependants · Home monthly income · Home income currency · Recruiter · Cohort · Registered on · Consent date · "
    "Consent version · Consent language",
    "moves": "Worker ID · Step · Date · Known on · Reason · Note",
    "contracts": "Worker ID · Version · Signed on · Language · Employer · Site · Occupation · Start · Planned end · Hourly rate · "
    "Monthly wage · Piece rate · Currency · Guaranteed hours · Guarantee period · Overtime multiplier · Pay cycle",
    "deductions": "Worker ID · Item · Agreed total · Amount per period · Currency · From · To · Consent date · "
    "Authority approval · Withdrawn on",
    "pay": "Worker ID · Period start · Period end · Pay due · Paid on · Hours offered · Hours worked · Overtime hours · Pieces · "
    "Rate · Gross · Tax · Pension · Deduction: rent · Net · Currency · Paid to",
    "costs": "Worker ID · Item · Amount · Currency · Date · Paid by · Paid to · Receipt · Reimbursed amount · Reimbursed on · "
    "Financed by",
    "documents": "Worker ID · Type · Number · Country · Issued · Expires · Status",
    "checks": "Worker ID · Site · Check · Item · Answer · Date · By · Mode · Private · Evidence · Note",
    "surveys": "Worker ID · Survey · Date · Reached · How · Main work · Income in a month · Income currency · Sent home in a month · "
    "Cost of sending · Sent currency · Money used for · Family · Content, 1 to 10 · Would recommend · Would go again",
    "training": "Worker ID · Course · Provider · Planned hours · Attended hours · Date · Score · Passed · Certificate",
    "housing": "Site · Address · Room · Area m² · Beds · Occupants · Approved maximum · Weekly rent · Currency · Inspected on",
    "exchange rates": "Month · From · To · Rate · Source",
    "debts": "Worker ID · Kind · Held by · Amount · Currency · Monthly rate · Security · Taken on · Cleared on",
    "insurance": "Worker ID · Kind · Insurer · Policy number · Paid by · Premium · Currency · Joined on · Ends on · Claim · "
    "Claimed on · Paid on",
    "travel": "Worker ID · Direction · Carrier · Departs · Arrives · Met by · Paid by",
    "stays": "Worker ID · Site · Address · Room · From · To",
    "licences": "Recruiter · Number · Authority · Valid from · Valid to · Looked up on",
    "bans": "Worker ID · Imposed by · Imposed on · Reason · Ends on · Appeal · Lifted on",
}
# Columns that the contract does not ask for and the portal keeps.
ADDED = {
    "contracts": "Weekly deductions", "costs": "Security", "housing": "Building · Own bathroom", "licences": "Withdrawn on",
}  # fmt: skip


@pytest.mark.parametrize("kind", CONTRACT)
def test_every_header_of_the_contract_is_matched_in_its_kind(kind):
    headers = CONTRACT[kind].split(" · ")
    mapping = match_headers(kind, headers)
    assert mapping.unknown == []
    assert mapping.missing == []
    assert len(mapping.columns) == len(headers)


@pytest.mark.parametrize("kind", ADDED)
def test_every_added_column_is_matched_in_its_kind(kind):
    assert match_headers(kind, ADDED[kind].split(" · ")).unknown == []


def test_there_is_no_kind_without_a_contract():
    assert set(COLUMNS) == set(CONTRACT)


def kept_texts() -> list[tuple[str, str, int]]:
    """(kind, key, letters that its table keeps) of every text that a fact keeps."""
    return [
        (kind, key, field.max_length)
        for kind, ledger in LEDGERS.items()
        for name, (key, _sql) in ledger.values.items()
        if isinstance(field := ledger.model._meta.get_field(name), CharField) and field.max_length
    ]


@pytest.mark.parametrize(("kind", "key", "longest"), kept_texts(), ids=lambda value: str(value))
def test_a_text_that_its_table_does_not_keep_whole_is_refused_and_never_cut(kind, key, longest):
    column = next(each for each in COLUMNS[kind].columns if each.key == key)
    with pytest.raises(CellProblem):
        column.cleaner("w" * (longest + 1), Context(today=date(2026, 7, 1)))
    assert "left(" not in str(LEDGERS[kind].values)


@given(st.data())
def test_case_spaces_punctuation_and_accents_do_not_count(data):
    kind = COLUMNS[data.draw(st.sampled_from(sorted(COLUMNS)))]
    column = data.draw(st.sampled_from(kind.columns))
    if column.repeated:
        return
    word = data.draw(st.sampled_from((column.header, *synonyms(kind, column))))
    dressed = "".join(
        data.draw(
            st.sampled_from(
                (sign, sign.upper(), f"{sign}\u0301" if sign.isalpha() else sign, f"{sign} ", f" {sign}", f"{sign}_")
            )
        )
        for sign in word
    )
    assert fold_header(dressed) == fold_header(word)
    assert match_headers(kind, [dressed]).columns == match_headers(kind, [word]).columns == {0: column.key}


@pytest.mark.parametrize("kind", COLUMNS)
def test_no_word_means_two_columns_of_a_kind(kind):
    meant = {}
    for column in COLUMNS[kind].columns:
        for word in {fold_header(w) for w in (column.header, column.key, *synonyms(COLUMNS[kind], column))}:
            assert meant.setdefault(word, column.key) == column.key


def test_headers_in_french_and_spanish():
    mapping = match_headers(
        "workers", ["ID travailleur", "Nom", "PRÉNOMS", "Sexo", "Fecha de nacimiento", "Nº de pasaporte"]
    )
    assert list(mapping.columns.values())[:5] == ["worker_id", "family_name", "given_names", "sex", "birth_date"]


@pytest.mark.parametrize(
    "header", ["org", "Organisation", "owner", "status", "created_by", "role", "pilot_id", "id", "is_admin"]
)
def test_columns_that_would_set_rights_or_states_are_ignored_and_named(header):
    mapping = match_headers("workers", ["Worker ID", header, "Family name"])
    assert mapping.columns == {0: "worker_id", 2: "family_name"}
    assert mapping.unknown == [header]


def test_two_headers_of_one_meaning_are_refused_and_named():
    with pytest.raises(SheetRefused, match="Surname / Family name") as refused:
        match_headers("workers", ["Worker ID", "Surname", "Family name"])
    assert refused.value.code == "duplicate_headers"


def test_missing_columns_are_listed_and_a_passport_is_the_second_key():
    assert match_headers("moves", ["Worker ID", "Note"]).missing == ["Step", "Date"]
    assert match_headers("workers", ["Family name"]).missing == ["Worker ID / Passport number + Passport country"]
    assert match_headers("workers", ["Passport no", "Passport country"]).missing == []
    assert match_headers("checks", ["Site", "Item", "Answer", "Date"]).missing == []


def test_what_was_mapped_by_hand_comes_first_but_only_to_columns_of_the_kind():
    headers = ["Nummer", "Surname", "Owner"]
    remembered = {"NUMMER ": "worker_id", "surname": "", "Owner": "created_by"}
    mapping = match_headers("workers", headers, remembered)
    assert mapping.columns == {0: "worker_id"}
    assert mapping.unknown == ["Surname", "Owner"]


def test_deductions_become_one_column_per_item():
    mapping = match_headers(
        "pay", ["Worker ID", "Period start", "Period end", "Deduction: Rent ", "deduction - Air fare", "Retenue: bus"]
    )
    assert list(mapping.columns.values())[3:] == ["deduction:rent", "deduction:air fare", "deduction:bus"]


def test_the_last_column_of_a_remainder_is_recognised_and_left_out():
    mapping = match_headers("workers", ["Worker ID", "WHAT TO FIX"])
    assert (mapping.columns, mapping.unknown) == ({0: "worker_id"}, [])


def test_every_column_has_a_privacy_class_and_keys_that_exist():
    for kind in COLUMNS.values():
        for column in kind.columns:
            assert column.privacy in PRIVACY_CLASSES
        for group in (*kind.keys, *kind.unique, *kind.order, *kind.needs.items()):
            for key in group:
                assert kind.column(key)
