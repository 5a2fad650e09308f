// A part of a page was asked for and a whole page came, as happens when the session has ended and the sign-in page answers.
// Then go there, rather than putting a page inside a page. Elements with hx-select choose their part themselves.
document.addEventListener("htmx:beforeSwap", (swap) => {
  const { xhr, requestConfig, target } = swap.detail;
  if (target === document.body || requestConfig.elt.hasAttribute("hx-select")) return;
  if (!/^\s*<!doctype/i.test(xhr.responseText)) return;
  swap.detail.shouldSwap = false;
  window.location.reload();
});
