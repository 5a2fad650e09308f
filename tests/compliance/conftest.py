"""What the tests of pages share: a form as a person fills it in, and a finding to act on."""

import pytest

from compliance.checking import Answered, record_check
from compliance.models import Finding


@pytest.fixture
def filled():
    """``filled(today, D09=("no", "worker alone"))``: the fields of a check form, as the page sends them."""

    def _filled(on, stage="employment", **answers):
        data = {"done_on": on.isoformat(), "mode": "in person", "stage": stage, "key": "k" * 32}
        for name, value in answers.items():
            if isinstance(value, tuple):
                data[name], data[f"{name}-by"] = value
            else:
                data[name.replace("__", "-")] = value
        return data

    return _filled


@pytest.fixture
def finding(cast, today):
    """A critical finding on IH-001, recorded by rosa in private with a note: the passport is kept."""
    placement = cast.placement("IH-001")
    with cast.acting("rosa") as by:
        done = record_check(
            placement.pk, "employment",
            {"D09": Answered("no", shown_by="worker alone", note="CANARY-note", evidence="CANARY-seen")}, by=by,
            done_on=today, today=today, private=True, interpreter="CANARY-interpreter",
        )  # fmt: skip
        return Finding.objects.select_related("answer").get(pk=done.opened[0])
