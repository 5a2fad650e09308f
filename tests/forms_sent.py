"""What a browser would send of the forms on a page that nobody has filled in further."""

import html
import re


def form_of(page: str) -> dict[str, str]:
    """Name → value of text fields, hidden ones, chosen options, checked boxes and running text in the main part."""
    main, found = page.partition("<main")[2], {}
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        chosen = not re.search(r'type="(radio|checkbox)"', tag) or " checked" in tag
        if name and chosen:
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', main, re.S):
        if selected := re.search(r'value="([^"]*)" selected', options):
            found[name] = selected[1]
    for name, words in re.findall(r'<textarea name="([^"]+)".*?>(.*?)</textarea>', main, re.S):
        found[name] = html.unescape(words).removeprefix("\n")
    return found
