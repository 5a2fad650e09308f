"""The cases of a module are written and judged together, once: one pilot for each scheme and day."""

from collections import defaultdict

import pytest
from django.db import transaction

from tests import cast as cast_module
from tests.compliance.rules.putting import Verdicts, judge, open_pilot, put, rates


@pytest.fixture(scope="module")
def judged(request, django_db_setup, django_db_blocker):
    """name of a case → (what was said, what must be said)."""
    groups = defaultdict(list)
    for case in request.module.CASES:
        groups[case.scheme, case.on].append(case)
    answer = {}
    with django_db_blocker.unblock(), transaction.atomic():
        cast = cast_module.load()
        rates(getattr(request.module, "RATES", ()))
        for (scheme, on), cases in groups.items():
            workers = [case.worker(f"C-{n}") for n, case in enumerate(cases, 1)]
            said, _done = judge(cast, put(cast, open_pilot(scheme, on), workers))
            for case, worker in zip(cases, workers, strict=True):
                answer[case.name] = (said.get(worker.code, Verdicts()), case.expected(worker))
        transaction.set_rollback(True)
    return answer
