/* A record that is kept while it is written. What the line does not take stays on the device, encrypted (safe.js), and
   goes to the server once it is back; what two people wrote is put side by side; a sign-in that ran out covers the page
   (lock.js). Words come from the template. */
(() => {
  "use strict";

  const SEND_AFTER_MS = 1200, ANSWER_WITHIN_MS = 10000, ALIVE_MS = 60000, RETRY_MS = 3000, KEEPALIVE_CHARACTERS = 15000, RETRY_MOST_MS = 30000;
  // Remarks that are true until what is typed is kept.
  const PASSING = ["refused", "refusedAt", "notNow", "conflictFirst"];
  const IDLE_MS = 30 * 60 * 1000;
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const state = document.querySelector("[data-keep-state]");
  const go = document.querySelector("[data-keep-go]");
  const note = document.querySelector("[data-keep-note]");
  const panel = document.querySelector("[data-keep-conflict]");
  const id = `${form.dataset.person}:${form.dataset.keep}`;

  const keyUrl = `${form.dataset.key}?person=${form.dataset.person}`;

  let base = Fields.read(form, "defaultValue");
  let revision = Number(form.dataset.revision);
  let key = null, keyText = "", read = false;
  let onDevice = false, storing = null, storeAgain = false;
  let sending = null, timer = 0, failures = 0, down = false, barred = false, savedAt = state.dataset.at || "";
  let conflict = null, over = false, finishing = null, letThrough = false, aliveAt = Date.now();

  const fields = () => Fields.read(form);
  const pick = (values, names) => Object.fromEntries(names.map((name) => [name, values[name]]));
  /* Only what was changed here: what the same person changed on another page stays. */
  const changes = () => { const now = fields(); return pick(now, Fields.differing(now, base)); };
  const isDirty = () => Object.keys(changes()).length > 0;
  const clock = (iso) => (iso || "").slice(11, 16);
  const words = (el, name, facts = {}) => Object.entries(facts).reduce((text, [fact, value]) => text.replace(`{${fact}}`, value), el.dataset[name]);

  /* What is said at every moment: where the words of this page are. */
  function tell() {
    const dirty = isDirty();
    let name = dirty ? "unsaved" : savedAt ? "saved" : "ready";
    if (over) name = dirty ? "overLost" : "over";
    else if (conflict) name = onDevice ? "conflictKept" : "conflict";
    else if (down) name = !dirty ? "down" : onDevice ? "kept" : "alone";
    else if (dirty && barred) name = "barred";
    const text = words(state, name, { at: savedAt });
    if (state.textContent !== text) state.textContent = text;
    const usual = ["unsaved", "saved", "ready"].includes(name);
    state.classList.toggle("is-off", !usual);
    // Who listens hears of trouble, not of every pause.
    state.setAttribute("aria-live", usual ? "off" : "polite");
    state.dataset.now = name;
    go.hidden = !["conflict", "conflictKept", "barred", "overLost"].includes(name);
    go.hash = conflict ? "keep-conflict" : "keep-note";
  }

  function remark(name, facts) {
    note.dataset.now = name;
    note.textContent = name ? words(note, name, facts) : "";
    note.hidden = !name;
  }

  /* On the device */
  function store() {
    if (!key || !read) return Promise.resolve();
    storeAgain = true;
    storing = storing || storeAll().finally(() => { storing = null; tell(); });
    return storing;
  }
  async function storeAll() {
    while (storeAgain) {
      storeAgain = false;
      try {
        const mine = changes();
        const names = Object.keys(mine);
        if (names.length) await Safe.put(id, key, { fields: mine, base: pick(base, names), revision });
        else await Safe.drop(id);
        onDevice = names.length > 0;
      } catch { onDevice = false; }
    }
  }

  async function useKey(text) {
    if (!Safe.able || text === keyText) return;
    key = await Safe.keyFrom(text);
    keyText = text;
    // Read before anything is written over it, however late the first answer came.
    if (!read) await restore().then(() => { read = true; }, () => { key = null; });
    await store();
  }

  async function restore() {
    await Safe.sweep();
    const kept = await Safe.get(id, key);
    const typedSince = Object.keys(changes());
    if (kept === undefined) { await Safe.drop(id); remark("unreadable"); }
    if (!kept) return;
    base = { ...base, ...kept.base };
    setRevision(kept.revision);
    onDevice = true;
    Fields.write(form, pick(kept.fields, Object.keys(kept.fields).filter((name) => !typedSince.includes(name))));
    remark("restored", { at: new Date(kept.at).toTimeString().slice(0, 5) });
  }

  /* To the server */
  function ask(url, options = {}) {
    const headers = { Accept: "application/json", ...options.headers };
    return fetch(url, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(ANSWER_WITHIN_MS), ...options, headers });
  }
  function post(url, content) {
    const body = JSON.stringify(content);
    const headers = { "Content-Type": "application/json", "X-CSRFToken": Lock.token() };
    // Goes on when the page is left, as far as browsers let it.
    return ask(url, { method: "POST", body, headers, keepalive: body.length < KEEPALIVE_CHARACTERS });
  }

  /* The key, and with it a sign of life: an open record on a page in view keeps its sign-in. Answers what is in the way. */
  async function comeAlive() {
    const answer = await ask(keyUrl);
    const trouble = await refusal(answer);
    if (trouble) return trouble;
    await useKey((await answer.json()).key);
    return "";
  }

  async function refusal(answer) {
    if (answer.status >= 500) throw new Error(answer.status);
    lineUp();
    if (answer.ok) return "";
    if (answer.type === "opaqueredirect") return "elsewhere";
    if (answer.status === 401) return "ended";
    if (answer.status === 410) { end(); return "gone"; }
    if ([400, 403, 404, 413, 422].includes(answer.status) && answer.headers.get("Content-Type")?.includes("json")) {
      const { refused: why, field } = await answer.json();
      if (why) { barred = true; remark(field ? "refusedAt" : "refused", { why, field: field && Fields.label(form, field) }); return "refused"; }
    }
    throw new Error(answer.status);
  }

  async function hold(trouble) {
    if (trouble !== "ended" && trouble !== "elsewhere") return;
    await store();
    key = null;
    keyText = "";
    Lock.over(unlock, trouble);
  }
  async function unlock() {
    const trouble = await comeAlive();
    if (trouble === "gone" || trouble === "refused") return "";
    if (!trouble) later(0);
    return trouble === "ended" ? "other" : trouble;
  }

  function end() {
    over = true;
    clearTimeout(timer);
    for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
    if (isDirty()) remark("over");
    tell();
  }

  const mustWait = () => over || Boolean(conflict) || !Lock.closed;
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(send, ms); };

  /* One at a time: whoever asks while it is under way waits for the same answer. */
  function send() {
    clearTimeout(timer);
    sending = sending || sendNow().finally(() => { sending = null; tell(); if (!down && !barred && isDirty() && !mustWait()) later(SEND_AFTER_MS); });
    return sending;
  }
  async function sendNow() {
    if (mustWait()) return;
    if (!isDirty()) { if (down) await look(); return; }
    const sent = changes();
    try {
      const answer = await post(form.dataset.keep, { person: Number(form.dataset.person), revision, fields: sent });
      if (answer.status === 409) { lineUp(); differ(await answer.json()); return; }
      const trouble = await refusal(answer);
      if (trouble) { await hold(trouble); return; }
      await taken(await answer.json(), sent);
    } catch { lineDown(); }
  }
  async function taken(answer, sent) {
    setRevision(answer.revision);
    base = { ...base, ...sent };
    savedAt = clock(answer.at);
    if (PASSING.includes(note.dataset.now)) remark(Safe.able ? "" : "unsafe");
    if (answer.fields) merge(answer.fields);
    await store();
  }

  /* What oneself wrote on another page meanwhile, where nothing was typed here. */
  function merge(kept) {
    const untouched = Fields.differing(base, kept).filter((name) => Fields.same(fields()[name], base[name]));
    base = { ...base, ...kept };
    Fields.write(form, pick(kept, untouched));
    if (untouched.length) remark("merged");
  }

  async function look() {
    try { await hold(await comeAlive()); } catch { lineDown(); }
  }
  function setRevision(number) {
    revision = number;
    // What is signed is what was read: the form says it too.
    if (form.elements.revision) form.elements.revision.value = number;
  }
  function lineUp() { failures = 0; down = false; barred = false; }
  function lineDown() {
    failures += 1;
    down = true;
    tell();
    later(Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** Math.min(failures - 1, 4)));
  }

  /* Two people on the same record */
  function differ(answer) {
    conflict = answer;
    store();
    const mine = fields();
    const rows = Fields.differing(mine, answer.fields).map((name) => choice(name, mine[name], answer.fields[name]));
    if (!rows.length) { settle(); return; }
    panel.querySelector("[data-who]").textContent = words(panel, "who", { by: answer.by, at: clock(answer.at) });
    panel.querySelector("[data-rows]").replaceChildren(...rows);
    // Not scrolled to: the hand is writing elsewhere. The state beside the buttons leads there.
    panel.hidden = false;
  }
  function choice(name, mine, theirs) {
    const row = panel.querySelector("template").content.firstElementChild.cloneNode(true);
    row.dataset.field = name;
    row.querySelector("legend").textContent = Fields.label(form, name);
    const untouched = Fields.same(mine, base[name]) ? "theirs" : Fields.same(theirs, base[name]) ? "mine" : "";
    for (const [side, value] of [["mine", mine], ["theirs", theirs]]) {
      const input = row.querySelector(`input[value=${side}]`);
      input.name = `choose ${name}`;
      input.checked = untouched === side;
      row.querySelector(`[data-${side}]`).textContent = Fields.shown(form, name, value) || panel.dataset.empty;
    }
    return row;
  }
  async function settle() {
    const picked = [...panel.querySelectorAll("[data-field]")].map((row) => [row, row.querySelector("input:checked")?.value]);
    const open = picked.find(([, side]) => !side);
    if (open) { open[0].querySelector("input").focus(); open[0].classList.add("is-open"); return; }
    const theirs = picked.filter(([, side]) => side === "theirs").map(([row]) => row.dataset.field);
    const answer = conflict;
    conflict = null;
    panel.hidden = true;
    panel.querySelector("[data-rows]").replaceChildren();
    base = { ...base, ...answer.fields };
    setRevision(answer.revision);
    Fields.write(form, Object.fromEntries(theirs.map((name) => [name, answer.fields[name]])));
    if (!isDirty()) await discard();
    await store();
    send();
  }
  /* Everything of one's own was given up: what the device still holds of it is made unreadable for good. */
  async function discard() {
    try {
      const answer = await post(keyUrl, {});
      if (answer.ok) { await Safe.drop(id); await useKey((await answer.json()).key); }
    } catch { /* forgotten with the key after 72 hours */ }
  }

  /* Sending the form itself (signing off): first all is on the server, else it does not go. */
  async function finish(submitter) {
    await send();
    await send();
    if (!mustWait()) await look();
    tell();
    if (mustWait() || down || isDirty()) { if (!barred && Lock.closed) remark(conflict ? "conflictFirst" : over ? "over" : "notNow"); note.focus(); return; }
    letThrough = true;
    form.requestSubmit(submitter);
    letThrough = false;
  }

  function typed(event) {
    const asked = conflict && panel.querySelector(`[data-field="${CSS.escape(event.target.name)}"] [data-mine]`);
    if (asked) asked.textContent = Fields.shown(form, event.target.name, fields()[event.target.name]) || panel.dataset.empty;
    store();
    tell();
    if (!down) later(SEND_AFTER_MS);
  }

  async function beat() {
    if (document.visibilityState === "visible" && !over) {
      if (Lock.closed) await look();
      // Asleep for longer than a sign-in lasts, and nobody to ask: covered until the line is back.
      if (down && Date.now() - aliveAt > IDLE_MS) await hold("ended");
      aliveAt = Date.now();
      tell();
      if (!down) send();
    }
  }

  async function begin() {
    if (!Safe.able) remark("unsafe");
    tell();
    await look();
    tell();
    send();
    setInterval(beat, ALIVE_MS);
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", (event) => {
    if (letThrough) return;
    event.preventDefault();
    finishing = finishing || finish(event.submitter).finally(() => { finishing = null; });
  });
  panel.querySelector("[data-settle]").addEventListener("click", settle);
  addEventListener("online", () => { failures = 0; beat(); });
  addEventListener("offline", lineDown);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") beat();
    else if (isDirty() && !mustWait()) send();
  });
  addEventListener("beforeunload", (event) => { if (isDirty() && !onDevice && !over) event.preventDefault(); });
  begin();
})();
