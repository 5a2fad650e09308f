"""The list of the rules: the command, and the page that is drawn from it."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from compliance.catalogue.reader import catalogue
from compliance.rules.table import RULES, rules
from compliance.rules.writing import listed, redrawn
from pilots.schemes.reader import names

PAGE = settings.BASE_DIR / "docs" / "rules.md"


def test_the_page_says_what_the_rules_say():
    text = PAGE.read_text(encoding="utf-8")
    assert redrawn(text) == text, "manage.py list_rules --write"


def test_a_page_without_the_marks_is_refused():
    with pytest.raises(ValueError, match="lacks the marks"):
        redrawn("# The rules\n")


def test_the_command_lists_every_rule_in_lines_and_as_json():
    out = StringIO()
    call_command("list_rules", stdout=out)
    assert [line.split()[0] for line in out.getvalue().splitlines()] == sorted(rules())
    out = StringIO()
    call_command("list_rules", "--json", stdout=out)
    answer = json.loads(out.getvalue())["rules"]
    assert {row["rule"] for row in answer} == set(rules())
    assert all(row["asks"] and row["evidence"] and row["of"] for row in answer)


def test_every_parameter_indicator_and_version_is_a_known_one():
    known, indicators = set(names()), {one.code for one in catalogue().indicators}
    for row in listed():
        assert {name.rstrip("*") for name in row.parameters} <= known
        assert set(row.rule.indicators) <= indicators
        assert len({(rule.version, rule.severity, str(rule.asks)) for rule in row.asked}) == 1


def test_a_rule_reads_only_what_its_subject_offers():
    for subject, asked in RULES:
        for rule in asked:
            assert {*rule.needs, *rule.reads} <= set(subject.uses), rule.code
