"""The check catalogue: all 96 items, what a failure is, what is never asked as routine."""

import tomllib
from collections import Counter
from copy import deepcopy

import pytest

from compliance.catalogue import reader
from compliance.catalogue.reader import BadCatalogue, UnknownAnswer, UnknownItem, UnknownStage, catalogue, statements
from workers.journey.steps import STEP


@pytest.fixture(scope="module")
def raw():
    return tomllib.loads(reader.FILE.read_text(encoding="utf-8"))


def test_every_item_has_one_statement_of_what_is_wrong_when_it_fails():
    found = statements()
    assert set(found) == {item.code for item in catalogue().items}
    assert len(set(found.values())) == len(found)
    for code, words in found.items():
        assert not words.endswith(("?", ".")), code
        assert words[0].isupper(), code


def test_there_are_96_items_in_six_stages():
    stages = {stage.letter: len(catalogue().for_stage(stage.code)) for stage in catalogue().stages}
    assert stages == {"A": 14, "B": 17, "C": 15, "D": 28, "E": 11, "F": 11}
    assert len(catalogue().items) == 96
    expected = [f"{letter}{number:02}" for letter, count in stages.items() for number in range(1, count + 1)]
    assert [item.code for item in catalogue().items] == expected


def test_the_critical_items_are_these_and_the_rest_become_so_only_when_stated():
    critical = {item.code for item in catalogue().items if item.severity == "critical"}
    assert critical == {
        "A01", "A04", "A06", "A13", "A14", "C04", "C05", "C08", "D08", "D09", "D10", "D11", "D22", "E08",
    }  # fmt: skip
    conditional = {item.code for item in catalogue().items if item.critical_if}
    assert conditional == {
        "A03", "A07", "A10", "B03", "C10", "D01", "D07", "D13", "D15", "D20", "D26", "F11",
    }  # fmt: skip
    assert Counter(item.severity for item in catalogue().items) == {"critical": 14, "major": 65, "minor": 17}


def test_a_condition_makes_a_failure_critical():
    item = catalogue().item("A07")
    assert item.severity_when(critical_condition=True) == "critical"
    assert item.severity_when(critical_condition=False) == "major"
    assert catalogue().item("B02").severity_when(critical_condition=True) == "major"


def test_for_these_items_no_is_the_good_answer():
    good_no = {item.code for item in catalogue().items if item.good_answer == "no"}
    assert good_no == {"A01", "A03", "D10", "D11", "D22", "F11"}


@pytest.mark.parametrize(
    ("code", "answer", "fails", "passes"),
    [
        ("A01", "yes", True, False),
        ("A01", "no", False, True),
        ("A02", "yes", False, True),
        ("A02", "no", True, False),
        ("D10", "yes", True, False),
        ("D10", "not verified", False, False),
        ("C05", "not applicable", False, False),
    ],
)
def test_only_yes_and_no_decide(code, answer, fails, passes):
    assert (catalogue().fails(code, answer), catalogue().passes(code, answer)) == (fails, passes)


def test_harassment_and_pregnancy_are_never_asked_as_routine_and_are_restricted():
    led = {item.code for item in catalogue().items if item.disclosure_led}
    assert led == {"D11", "D26"}
    assert led.isdisjoint(item.code for item in catalogue().to_ask("employment"))
    assert len(catalogue().to_ask("employment")) == 26
    assert {item.code for item in catalogue().items if item.restricted} == {"D11", "D26", "F06"}


def test_wage_housing_and_threat_questions_are_asked_to_the_worker_alone():
    private = {item.code for item in catalogue().items if item.private}
    assert private >= {"A01", "A10", "C06", "C09", "D01", "D06", "D08", "D10", "D11", "D16", "D22", "E02", "E08", "F02"}
    assert all("worker alone" in catalogue().item(code).answered_by for code in private)


def test_the_eleven_indicators_are_each_touched_by_an_item():
    indicators = catalogue().indicators
    assert len(indicators) == 11
    assert {code for item in catalogue().items for code in item.all_indicators} == {one.code for one in indicators}
    assert "documents_held" in catalogue().item("D09").all_indicators


def test_stages_begin_at_a_step_of_the_journey_and_say_when():
    assert all(stage.starts_at in STEP and stage.timing for stage in catalogue().stages)
    assert catalogue().stage("arrival").within_days == 14
    assert catalogue().stage("after-return").after_months == (1, 6, 12)


def test_a_source_stands_behind_each_item_or_its_standard_says_what_does():
    assert all(item.sources or item.standard for item in catalogue().items)
    assert all(source.title and source.address for item in catalogue().items for source in item.sources)


def test_what_is_unknown_is_said_in_words():
    with pytest.raises(UnknownItem, match="no item Z99"):
        catalogue().item("Z99")
    with pytest.raises(UnknownStage, match="no stage moon"):
        catalogue().for_stage("moon")
    with pytest.raises(UnknownAnswer, match="'perhaps' is not an answer"):
        catalogue().fails("A01", "perhaps")


def test_the_version_names_the_content_and_not_the_layout(tmp_path):
    text = reader.FILE.read_text(encoding="utf-8")
    same, other = tmp_path / "same.toml", tmp_path / "other.toml"
    same.write_text("# a remark\n\n" + text, encoding="utf-8")
    other.write_text(text.replace("Has the worker paid anyone for the job?", "Did it cost?"), encoding="utf-8")
    assert reader.read(same).version == catalogue().version
    assert reader.read(other).version != catalogue().version
    assert catalogue().version.startswith("2026-11-")


BAD = {
    "a code used twice": ({"code": "A02"}, "the code is used 2 times"),
    "a code of another stage": ({"code": "B01"}, "does not fit the stage"),
    "an unknown stage": ({"stage": "moon"}, "unknown stage 'moon'"),
    "an unknown severity": ({"severity": "grave"}, "unknown severity 'grave'"),
    "a condition on what is critical anyway": ({"critical_if": "always"}, "critical in any case"),
    "a good answer that decides nothing": ({"good_answer": "not verified"}, "good_answer must be yes or no"),
    "an unknown source": ({"sources": ["Z9"]}, "unknown sources 'Z9'"),
    "an unknown indicator": ({"own_indicators": ["moon"]}, "unknown own_indicators 'moon'"),
    "an unknown witness": ({"answered_by": ["moon"]}, "unknown answered_by 'moon'"),
    "nobody who answers": ({"answered_by": []}, "nobody is named"),
    "private without the worker": ({"answered_by": ["document"]}, "is private but not answered by the worker"),
    "disclosure outside the restricted store": ({"disclosure_led": True}, "the answer must be restricted"),
    "no indicator": ({"own_indicators": []}, "touches no indicator"),
    "a weight": ({"weight": 3}, "weight is not a known key"),
}


@pytest.mark.parametrize(("change", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_item_is_refused_with_its_code_and_the_reason(raw, change, reason):
    data = deepcopy(raw)
    data["item"][0].update(change)
    assert any(reason in problem for problem in reader.problems(data)), reader.problems(data)


def test_a_missing_key_and_a_missing_part_are_refused(raw, tmp_path):
    data = deepcopy(raw)
    del data["item"][5]["question"]
    assert reader.problems(data) == ("A06: question is missing",)
    path = tmp_path / "checks.toml"
    path.write_text('label = "x"\n', encoding="utf-8")
    with pytest.raises(BadCatalogue, match=r"checks\.toml: answers is missing"):
        reader.read(path)
