// A form with data-lamp-draft="name" keeps what is entered in this browser until a page of the portal says it was saved
// (data-lamp-draft-sent with the same name and key). Files are not kept. A draft is dropped after two days (unsaved.js, on every page) and on sign-out.
// Forms with private answers never carry the attribute.
const OLDEST = 48 * 3600 * 1000;
const SKIPPED = new Set(["csrfmiddlewaretoken"]);
const place = (name) => `lamp-draft:${name}`;

const read = (name) => {
  try {
    const found = JSON.parse(localStorage.getItem(place(name)));
    return found && Date.now() - found.at < OLDEST ? found : null;
  } catch { return null; }
};

const valuesOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !SKIPPED.has(name));

const putBack = (form, values) => {
  for (const field of form.elements) {
    if (!field.name || SKIPPED.has(field.name) || field.type === "file") continue;
    const mine = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = mine.includes(field.value);
    else if (mine.length) field.value = mine[0];
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
};

for (const sent of document.querySelectorAll("[data-lamp-draft-sent]")) {
  const kept = read(sent.dataset.lampDraftSent);
  const key = kept?.values.find(([name]) => name === "key")?.[1];
  if (!kept || key === sent.dataset.lampDraftKey) localStorage.removeItem(place(sent.dataset.lampDraftSent));
}

for (const form of document.querySelectorAll("form[data-lamp-draft]")) {
  const name = form.dataset.lampDraft;
  const note = form.querySelector("[data-lamp-draft-note]");
  const [back, offline] = ["back", "offline"].map((part) => form.querySelector(`[data-lamp-draft-${part}]`));
  const fresh = valuesOf(form);
  const kept = form.hasAttribute("data-lamp-draft-kept") ? null : read(name);
  if (kept) { putBack(form, kept.values); note.hidden = false; }
  const keep = () => {
    try { localStorage.setItem(place(name), JSON.stringify({ at: Date.now(), values: valuesOf(form) })); } catch { /* full, or not allowed: the form works without */ }
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", (change) => { if (change.isTrusted) keep(); });
  form.querySelector("[data-lamp-draft-drop]").addEventListener("click", () => {
    localStorage.removeItem(place(name));
    putBack(form, fresh);
    note.hidden = true;
  });
  // A weak signal: ask first whether the server can be reached, so that the page with the answers is not lost to an error.
  let reached = false;
  form.addEventListener("submit", async (submit) => {
    if (reached) return;
    submit.preventDefault();
    keep();
    try {
      await fetch(document.querySelector("link[rel=icon]").href, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(10000) });
      reached = true;
      form.requestSubmit(submit.submitter ?? undefined);
    } catch {
      note.hidden = offline.hidden = false;
      back.hidden = true;
      note.scrollIntoView({ block: "center" });
    }
  });
}
