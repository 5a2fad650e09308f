"""The edition as JSON: the canonical bytes themselves, so that the SHA-256 of the file is the name of the edition."""

from reports.content import Content, canonical


def render(content: Content) -> bytes:
    """The canonical bytes; `sha256sum` of the file gives what every other file of the edition prints."""
    return canonical(content)
