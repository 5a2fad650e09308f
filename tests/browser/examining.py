"""Axe looks at every kind of thing once: what has the shape of something that it found nothing against is not looked at again.

The shape of an element is everything of it and of what it holds that a rule asks for: tags, classes, roles, states and other
attributes, whether there is text, whether a label or a reference leads anywhere; not the words, numbers and addresses. It
stands under the tags and classes around it, because colours come from there. What is alike side by side counts once: a list
of fifty is the list of the two sorts that are in it. Each width is looked at by itself: what is hidden has no shape.
"""

from tests.browser.chromium import DESK, OVERFLOW, PHONE, barriers

# Marks what is known with data-examined and answers the keys of everything else, the page's own first; nothing to look at
# where the page itself is known. Small things are looked at each time: leaving them out costs more than it saves.
UNKNOWN = """known => {
  const seen = new Set(known), SMALL = 5, TEXTS = ['alt', 'title', 'placeholder', 'value', 'aria-label', 'content', 'summary'];
  const REFERENCES = ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns', 'aria-details', 'headers', 'list', 'form'];
  const WORDS = ['class', 'type', 'role', 'lang', 'dir', 'scope', 'tabindex', 'colspan', 'rowspan', 'autocomplete', 'disabled', 'open',
    'hidden', 'readonly', 'required', 'multiple', 'checked', 'popover', 'method', 'target', 'contenteditable', 'inputmode', 'data-theme'];
  const SETS = ['TBODY', 'UL', 'OL', 'DL', 'SELECT', 'OPTGROUP', 'DATALIST', 'svg', 'g'];
  const hash = text => {
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i); a = Math.imul(a ^ c, 2654435761); b = Math.imul(b ^ c, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
  };
  const ids = new Map(), shapes = new Map(), sizes = new Map();
  document.querySelectorAll('[id]').forEach(e => ids.set(e.id, [...(ids.get(e.id) || []), e]));
  const kind = e => e.tagName + '.' + (e.getAttribute('class') || '');
  const said = (e, {name, value}) => {
    if (WORDS.includes(name)) return name + '=' + value;
    if (TEXTS.includes(name)) return name + (value.trim() ? '+' : '-');
    if (REFERENCES.includes(name)) return name + '=' + value.split(/\\s+/).map(id => ids.has(id) ? kind(ids.get(id)[0]) + (ids.get(id)[0].textContent.trim() ? '+' : '-') : '?');
    if (name === 'href') return 'href' + (value.startsWith('#') ? (ids.has(value.slice(1)) ? '#' : '?') : '');
    if (name === 'id') return ids.get(value).length > 1 ? 'twice' : '';
    if (name.startsWith('aria-')) return name + '=' + value.replace(/\\d+/g, '0');
    return name;
  };
  const shape = e => {
    let size = 1, held = [];
    for (const child of e.childNodes) {
      if (child.nodeType === 3 && child.data.trim()) held.push('t');
      if (child.nodeType === 1 && !['SCRIPT', 'STYLE', 'TEMPLATE'].includes(child.tagName)) {
        held.push(child.checkVisibility({visibilityProperty: true}) || getComputedStyle(child).display === 'contents' ? shape(child) : 'hidden ' + kind(child));
        size += sizes.get(child) || 1;
      }
    }
    held = [...new Set(held)];
    if (SETS.includes(e.tagName)) held.sort();
    const labels = e.labels ? [...e.labels].map(l => l.textContent.trim() ? '+' : '-') : '';
    const made = hash(e.tagName + [...e.attributes].map(a => said(e, a)).filter(Boolean).sort() + labels + '(' + held + ')');
    shapes.set(e, made); sizes.set(e, size);
    return made;
  };
  document.querySelectorAll('[data-examined]').forEach(e => e.removeAttribute('data-examined'));
  shape(document.body);
  const html = document.documentElement, unknown = [];
  const visit = (e, around) => {
    if ((sizes.get(e) || 0) < SMALL) return;
    const key = hash(around + shapes.get(e));
    if (seen.has(key)) { e.setAttribute('data-examined', ''); return; }
    seen.add(key);  // what stands twice on a page is looked at once
    unknown.push(key);
    for (const child of e.children) if (shapes.has(child)) visit(child, around + '>' + kind(child));
  };
  visit(document.body, ['lang', 'dir', 'data-theme'].map(name => html.getAttribute(name)) + (document.title.trim() ? '+' : '-') + kind(document.body));
  return unknown;
}"""
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
KNOWN = "[data-examined]"


class Examined:
    """The shapes that axe looked at and found nothing against: at this width, in light and in dark or in one of them."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._both: dict[int, set[str]] = {}
        self._one: dict[int, set[str]] = {}

    def barriers(self, page) -> list[tuple]:
        """What axe finds against the open page as it stands there."""
        width = page.viewport_size["width"]
        one, both = self._one.setdefault(width, set()), self._both.setdefault(width, set())
        if not (unknown := page.evaluate(UNKNOWN, [*one, *both])):
            return []
        if not (found := barriers(page, without=KNOWN)):
            one.update(unknown)
        return found

    def faults(self, page) -> list:
        """What is wrong with the open page: barriers, width, what the browser said; on the phone and at the desk, each time
        in light and in dark."""
        found = []
        for viewport, first, other in ((PHONE, "dark", "light"), (DESK, "light", "dark")):
            width = viewport["width"]
            page.set_viewport_size(viewport)
            if (wider := page.evaluate(OVERFLOW)) > 0:
                found.append((width, "wider than the screen by", wider))
            known = self._both.setdefault(width, set())
            if not (unknown := page.evaluate(UNKNOWN, list(known))):
                continue
            wrong = []
            for scheme, rules in ((first, {}), (other, CONTRAST)):
                page.emulate_media(color_scheme=scheme)
                wrong += [(width, scheme, *barrier) for barrier in barriers(page, without=KNOWN, **rules)]
            found += wrong
            if not wrong:
                known.update(unknown)
        found += [("the browser said", said) for said in page.complaints]
        page.complaints.clear()
        return found
