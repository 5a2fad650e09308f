"""What of a page stands outside of translation: text and spoken attributes without the brackets of the pseudo language."""

from collections.abc import Iterator
from html.parser import HTMLParser

from tests.languages.pseudo import CLOSE, OPEN

SPOKEN = ("aria-label", "title", "placeholder", "alt", "content-title", "aria-description")
UNREAD = {"script", "style", "svg", "textarea", "code", "kbd", "pre"}
VOID = {"br", "hr", "img", "input", "link", "meta", "wbr", "source", "col"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inside = 0
        self.unread: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNREAD:
            self.unread.append(tag)
        for name, value in attrs:
            if name in SPOKEN and value:
                self.found += _bare(value)

    def handle_endtag(self, tag: str) -> None:
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()

    def handle_data(self, data: str) -> None:
        if self.unread:
            return
        bare = []
        for letter in data:
            if letter == OPEN:
                self.inside += 1
            elif letter == CLOSE:
                self.inside -= 1
            elif not self.inside:
                bare.append(letter)
        self.found.append("".join(bare))


def _bare(text: str) -> Iterator[str]:
    """What of one text stands outside of the brackets."""
    depth, bare = 0, []
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        if not depth and letter not in (OPEN, CLOSE):
            bare.append(letter)
    yield "".join(bare)


def outside(html: str) -> list[str]:
    """The texts with letters that stand outside, in their order, whitespace as one space."""
    reader = _Reader()
    reader.feed(html)
    texts = (" ".join(text.split()) for text in reader.found)
    return [text for text in texts if any(letter.isalpha() for letter in text)]
