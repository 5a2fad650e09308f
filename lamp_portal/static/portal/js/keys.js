// Keys for those who use no mouse. "?" shows them; "g" and then a number opens that line of the menu. Never while typing.
// And where a part of the page is replaced, the focus stays where it was in it, or goes to the part.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const help = document.getElementById("keys");
const lines = [...document.querySelectorAll("#navigation a")].slice(0, 9);

if (help) {
  const list = help.querySelector("[data-lamp-keys-menu]");
  lines.forEach((link, place) => {
    const [row, key, words] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
    key.append(Object.assign(document.createElement("kbd"), { textContent: `g ${place + 1}` }));
    words.textContent = link.querySelector("span")?.textContent ?? link.textContent;
    row.className = "fact";
    row.append(key, words);
    list.append(row);
  });
  for (const button of document.querySelectorAll("[data-lamp-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  }
}

let going = 0;
document.addEventListener("keydown", (key) => {
  if (key.ctrlKey || key.metaKey || key.altKey || typing(key.target) || document.querySelector("dialog[open]")) return;
  if (key.key === "?" && help) {
    key.preventDefault();
    help.showModal();
  } else if (key.key === "g") going = Date.now();
  else if (Date.now() - going < 1500 && lines[Number(key.key) - 1]) {
    going = 0;
    lines[Number(key.key) - 1].click();
  } else going = 0;
});

let held = null;
document.addEventListener("htmx:beforeSwap", (swap) => {
  const at = document.activeElement;
  held = swap.detail.target.contains(at) && at !== document.body ? { id: at.id, href: at.getAttribute("href"), name: at.name } : null;
});
document.addEventListener("htmx:afterSettle", (settle) => {
  if (!held || document.activeElement !== document.body) return;
  const part = settle.detail.elt;
  const same = [...part.querySelectorAll("a[href], input, button, select")].find((each) =>
    held.id ? each.id === held.id : held.href ? each.getAttribute("href") === held.href : held.name && each.name === held.name);
  if (!same) part.tabIndex = -1;
  (same ?? part).focus();
  held = null;
});
