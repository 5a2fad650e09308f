"""What the cache keeps: data, never objects. Django's own form is pickle, which runs what it reads.

Whoever can write to Valkey could otherwise run code in the web server. Numbers stay plain, so that the server can count
them; bytes (an operator's uploaded workbook, while its preview is looked at) are marked.
"""

import base64
import json

BYTES = "base64 bytes"


class DataSerializer:
    """Values as JSON: text, numbers, lists, mappings, bytes. TypeError for anything else."""

    def dumps(self, value: object) -> bytes | int:
        """A value as it is kept."""
        if type(value) is int:
            return value
        return json.dumps(value, default=_marked, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> object:
        """A kept value; ValueError when it is none of ours."""
        try:
            return int(data)
        except ValueError:
            return json.loads(data, object_hook=_unmarked)


def _marked(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {BYTES: base64.b64encode(value).decode()}
    raise TypeError(f"a {type(value).__name__} is not kept in the cache")


def _unmarked(found: dict) -> object:
    return base64.b64decode(found[BYTES]) if set(found) == {BYTES} else found
