"""What stands in the log of a request that was refused: one line, because nothing broke."""

import io
import logging

import pytest

from lamp_portal.logs import DiscreetFormatter


@pytest.mark.parametrize(("status", "lines"), [(403, 1), (404, 1), (500, 3)])
def test_a_refused_request_is_one_line_and_a_broken_one_keeps_its_frames(status, lines):
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(DiscreetFormatter("%(levelname)s %(name)s %(message)s"))
    log = logging.getLogger("tests.log_lines")
    log.propagate = False
    log.addHandler(handler)
    try:
        raise PermissionError("sheet.send")
    except PermissionError as error:
        log.warning("Forbidden: %s", "/findings/", exc_info=error, extra={"status_code": status})
    finally:
        log.removeHandler(handler)
    said = out.getvalue().splitlines()
    assert said[0] == "WARNING tests.log_lines Forbidden: /findings/"
    assert (len(said) == 1) is (lines == 1)
