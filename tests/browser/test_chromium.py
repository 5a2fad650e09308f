"""The harness itself: what is left out is said, and what is demanded is not left out."""

import subprocess
import sys

import pytest


def collected(tmp_path, **environment) -> str:
    """What pytest says when it collects a browser test on a machine without Chromium."""
    import os

    (tmp_path / "test_b.py").write_text("import pytest\n@pytest.mark.browser\ndef test_b(): pass\n")
    empty = {k: v for k, v in os.environ.items() if not k.startswith(("LAMP_", "PYTEST"))} | environment
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.browser.chromium", "-o", "addopts=", "-p", "no:django",
         "-o", "markers=browser: x", "-c", "/dev/null", "--rootdir", str(tmp_path), "--co", "-q", str(tmp_path)],
        check=False, capture_output=True, text=True, env=empty,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A machine with a shell and no browser."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin" / "sh").symlink_to("/bin/sh")
    return tmp_path


def test_without_a_chromium_the_browser_tests_are_left_out_and_the_summary_says_so(nowhere):
    said = collected(nowhere)
    assert "1 browser tests were left out" in said
    assert "1 deselected" in said


def test_where_a_chromium_is_demanded_nothing_is_left_out(nowhere):
    said = collected(nowhere, LAMP_REQUIRE_BROWSER="1")
    assert "test_b.py" in said
    assert "left out" not in said
