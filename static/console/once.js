// A form is sent once: the second tap of two would call another number, or be told that it was done already.
"use strict";
(() => {
  const RELEASED_AFTER = 8000;
  const release = (form) => form.removeAttribute("data-sent");
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(release, RELEASED_AFTER, form);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
})();
