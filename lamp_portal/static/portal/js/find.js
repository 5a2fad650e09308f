// The key "/" leads to the search from anywhere; the arrows go through what was found, and back to the box.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (key) => {
  if (key.ctrlKey || key.metaKey || key.altKey) return;
  if (key.key === "/" && !typing(key.target) && !document.querySelector("dialog[open]")) {
    const box = document.querySelector("[data-lamp-find]") ?? document.getElementById("search");
    if (!box) return;
    key.preventDefault();
    box.focus();
    box.select();
    return;
  }
  if (key.key !== "ArrowDown" && key.key !== "ArrowUp") return;
  const box = document.querySelector("[data-lamp-find]");
  const links = [...document.querySelectorAll("[data-lamp-found] a")];
  const at = links.indexOf(key.target);
  if (!box || !links.length || (at < 0 && key.target !== box)) return;
  key.preventDefault();
  const next = key.key === "ArrowDown" ? at + 1 : at - 1;
  (next < 0 ? box : links[Math.min(next, links.length - 1)]).focus();
});
