"""A pay grievance and a restricted one about IH-001, filed by Rosa with Lena as the other reader."""

from datetime import date

import pytest
from django.core.cache import cache

from accounts.models import Membership
from accounts.scope import acting_as
from compliance.grievances import codes
from compliance.grievances.filing import file

ON = date(2026, 7, 1)


def joins(cast, name, organisation, role):
    """The person gains a membership (Zed has none of his own)."""
    with acting_as(None):
        return Membership.objects.create(user=cast.user(name), organisation=cast.organisation(organisation), role=role)


def filed(cast, *, by="rosa", readers=("lena",), code="IH-001", **fields):
    """Filed through the door; what is not said is a pay grievance told in person."""
    placement = cast.placement(code)
    ids = [cast.user(name).pk for name in readers]
    given = {"category": "pay", "account": "CANARY-account", "channel": "in person", "wishes": "CANARY-wish"} | fields
    with cast.acting(by) as scope:
        return file(
            by=scope, on=given.pop("on", ON), pilot_id=placement.pilot_id, placement=placement, reader_ids=ids, **given
        )


@pytest.fixture
def nobody_was_here_yet():
    """No address and no code has used up anything of its hour."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def own_code(cast):
    """The code of the worker IH-001, as it stands on the card."""
    placement = cast.placement("IH-001")
    with cast.acting("rosa") as by:
        return codes.shown(codes.issue_to(placement, by=by, on=ON))


@pytest.fixture
def grievance(cast):
    """About pay; Rosa sees to it, Lena reads."""
    return filed(cast).grievance


@pytest.fixture
def grave(cast):
    """Restricted: told of, never asked for."""
    return filed(cast, category="sexual violence", limits_told=True, safe_now=False).grievance
