// A link with data-lamp-dialog="id" opens that dialog of this page instead of leading to its own page.
document.addEventListener("click", (click) => {
  const link = click.target.closest("a[data-lamp-dialog]");
  if (!link || click.metaKey || click.ctrlKey || click.shiftKey) return;
  const dialog = document.getElementById(link.dataset.lampDialog);
  if (!dialog || typeof dialog.showModal !== "function") return;
  click.preventDefault();
  dialog.showModal();
});

// A click beside the dialog closes it.
document.addEventListener("click", (click) => {
  if (click.target instanceof HTMLDialogElement && click.target.open) click.target.close();
});
