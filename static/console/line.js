/* A form that counts once and for all (signing off) does not set out while the line is down, and says so. With lock.js. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-line]");
  const note = document.querySelector("[data-keep-note]");
  if (!form || !note) return;
  let sure = false, asking = false;

  function say(name) {
    note.textContent = name ? note.dataset[name] : "";
    note.hidden = !name;
    if (name) note.focus();
  }

  /* "" when the way is clear, else the name of what is in it. */
  async function ask() {
    const answer = await fetch(`${form.dataset.line}?person=${form.dataset.person}`, {
      cache: "no-store", redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10000),
    });
    if (answer.type === "opaqueredirect") return "elsewhere";
    if (answer.status === 401) return "ended";
    if (answer.status >= 500) throw new Error(answer.status);
    // Whatever else is in the way, the answer to the form itself says it.
    return "";
  }

  async function unlock() {
    const trouble = await ask();
    return trouble === "ended" ? "other" : trouble;
  }

  async function setOut(submitter) {
    if (asking) return;
    asking = true;
    try {
      const trouble = await ask();
      if (trouble) { Lock.over(unlock, trouble); return; }
      say("");
      sure = true;
      form.requestSubmit(submitter);
    } catch { say("notNow"); } finally { asking = false; sure = false; }
  }

  form.addEventListener("submit", (event) => {
    if (sure) return;
    event.preventDefault();
    setOut(event.submitter);
  });
})();
