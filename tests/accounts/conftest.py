"""What the tests of accounts share."""

import pytest
from celery import current_app


@pytest.fixture
def sent(monkeypatch):
    """Ids that were told to the broker."""
    told: list[int] = []
    monkeypatch.setattr(current_app, "send_task", lambda _name, args, retry: told.append(args[0]))
    return told
