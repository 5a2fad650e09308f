"""The cache keeps data and reads nothing that could run."""

import pickle

import pytest
from django.core.cache import cache

from lamp_portal.caching import DataSerializer

READ = []


def act() -> None:
    """What unpacking would do."""
    READ.append("unpacked")


class Loud:
    """A value that acts when it is unpacked."""

    def __reduce__(self):
        return act, ()


@pytest.mark.parametrize(
    "value", [0, -7, 1.5, True, None, "5", "", [1, "a"], {"a": {"b": [1]}}, b"\x00\xff", {"f": b"x"}]
)
def test_a_value_comes_back_as_it_went_in(value):
    cache.set("test-caching", value, 5)
    found = cache.get("test-caching")
    assert found == value
    assert type(found) is type(value)


def test_what_is_counted_is_counted_by_the_server():
    cache.set("test-counting", 1, 5)
    assert cache.incr("test-counting") == 2


def test_an_object_is_refused_on_the_way_in():
    with pytest.raises(TypeError, match="Loud"):
        cache.set("test-caching", Loud(), 5)


def test_an_object_that_somebody_else_put_there_does_not_run():
    with pytest.raises(ValueError):
        DataSerializer().loads(pickle.dumps(Loud()))
    assert READ == []
    pickle.loads(pickle.dumps(Loud()))
    assert READ == ["unpacked"]
