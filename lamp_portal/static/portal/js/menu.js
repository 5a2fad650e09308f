// An open menu closes with Escape, and with a click or focus elsewhere.
const close = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
};
document.addEventListener("click", (click) => close(click.target.closest("details.menu")));
document.addEventListener("focusin", (focus) => close(focus.target.closest("details.menu")));
document.addEventListener("keydown", (key) => {
  if (key.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
