"""Limits that the operator sets."""

import pytest

from workers.sheets.limits import Limits, set_by_operator


def test_what_the_operator_does_not_set_stays():
    assert set_by_operator("") == Limits()
    assert set_by_operator('{"rows": 1000000}') == Limits(rows=1_000_000)


@pytest.mark.parametrize("given", ["rows=5", "[1]", '{"lines": 5}'])
def test_a_limit_that_is_none_is_said_at_the_start(given):
    with pytest.raises(ValueError, match="SHEET_LIMITS"):
        set_by_operator(given)
