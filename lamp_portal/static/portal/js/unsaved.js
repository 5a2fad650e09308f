// Forms with data-lamp-unsaved: leaving the page with something entered and not sent asks first. Sending, or a link to
// cancel inside the form, asks nothing.
for (const form of document.querySelectorAll("form[data-lamp-unsaved]")) {
  const state = () => JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  const fresh = form.querySelector("[aria-invalid=true]") ? "" : state(); // what came back with errors is sent by nobody yet
  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; });
  form.addEventListener("click", (click) => { if (click.target.closest("a:not([href^='#'])")) leaving = true; });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (unload) => {
    if (!leaving && state() !== fresh) unload.preventDefault();
  });
}

// A draft (draft.js) that nobody sent in two days goes from this browser, also where nobody opens its form again.
try {
  for (const [key, kept] of Object.entries(localStorage)) {
    if (key.startsWith("lamp-draft:") && !(Date.now() - JSON.parse(kept)?.at < 48 * 3600e3)) localStorage.removeItem(key);
  }
} catch { /* nothing may be kept here, so nothing is */ }
