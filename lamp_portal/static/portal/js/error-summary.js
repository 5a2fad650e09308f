// A form that came back with errors: put the reader on the summary, which is read aloud and lists every error.
const focusSummary = () => document.querySelector("[data-lamp-error-summary]")?.focus();
document.addEventListener("htmx:afterSwap", focusSummary);
focusSummary();
