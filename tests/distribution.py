"""Which process runs which tests: a module stays together, so that what it builds is built once; browser stories go singly.

They come last and the longest of them first, so that all processes end at about the same time.
"""

from xdist.scheduler import LoadScopeScheduling

# Whose tests share one costly thing (the world of the demonstration; what axe looked at already): they stay together and
# begin early.
TOGETHER = ("tests/world/", "tests/browser/test_axe.py")
BROWSER = "tests/browser/"
LONGEST = ("tests/browser/test_axe.py", "tests/browser/test_messy_list.py")


class Sharing(LoadScopeScheduling):
    """Hands out modules in the order in which they were collected."""

    def __init__(self, config, log=None):
        """As xdist makes it; the order is ours."""
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    """The name of what stays together with this test."""
    alone = nodeid if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]
    return next((start for start in TOGETHER if nodeid.startswith(start)), alone)


def place(item) -> tuple[bool, bool, int]:
    """Where in the queue this test stands."""
    long = next((at for at, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST))
    return item.get_closest_marker("browser") is not None, not item.nodeid.startswith(TOGETHER), long


def pytest_xdist_make_scheduler(config, log):
    """Ours, where the tests are handed out at all."""
    return Sharing(config, log)


def pytest_collection_modifyitems(items):
    """Browser stories last: the loop that drives Chromium stays in the process, and nothing else shall meet it."""
    items.sort(key=place)
