/* Progressive enhancement: without script every page works as well. */
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const pad = (n) => String(n).padStart(2, "0");
  const clock = () => { const d = new Date(); return `${pad(d.getHours())}:${pad(d.getMinutes())}`; };
  const make = (tag, className, text) => {
    const el = document.createElement(tag);
    if (className) el.className = className;
    if (text) el.textContent = text;
    return el;
  };
  const store = {
    get(key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* private mode */ } },
    drop(key) { try { sessionStorage.removeItem(key); } catch { /* private mode */ } },
  };

  /* Countdown: from the seconds the server gave, never from this device's clock */
  function countdown(el) {
    const ends = Date.now() + Number(el.dataset.countdown) * 1000;
    const say = one("[data-countdown-say]");
    const figure = make("b");
    el.textContent = `${el.dataset.label} `;
    el.append(figure);
    let spoken = Infinity;
    const tick = () => {
      const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
      const hours = Math.floor(left / 3600);
      figure.textContent = hours ? `${hours}:${pad(Math.floor(left / 60) % 60)}:${pad(left % 60)}` : `${pad(Math.floor(left / 60))}:${pad(left % 60)}`;
      el.classList.toggle("is-near", left > 0 && left <= 300);
      for (const mark of [300, 60]) {
        if (left <= mark && left > 0 && spoken > mark) {
          if (say && left > mark - 5) say.textContent = `还剩 ${mark / 60} 分钟`;
          spoken = mark;
        }
      }
      if (left === 0) {
        el.classList.remove("is-near");
        el.classList.add("is-late");
        el.textContent = el.dataset.over;
        if (say) say.textContent = `${el.dataset.over}，已填内容会保留`;
        clearInterval(timer);
      }
    };
    const timer = setInterval(tick, 1000);
    tick();
  }

  /* No double submission; buttons come back with the back key */
  function guard(form) {
    let waiting = 0;
    const release = () => {
      form.removeAttribute("data-sent");
      clearTimeout(waiting);
      for (const b of all("button[data-was]", form)) { b.disabled = false; b.textContent = b.dataset.was; b.removeAttribute("data-was"); }
    };
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      const pressed = event.submitter;
      setTimeout(() => {
        for (const b of all("button[type=submit]", form)) {
          b.dataset.was = b.textContent;
          b.disabled = true;
        }
        if (pressed && pressed.dataset.busy) pressed.textContent = pressed.dataset.busy;
      }, 0);
      waiting = setTimeout(release, 20000);
    });
    addEventListener("pageshow", (event) => { if (event.persisted) release(); });
  }

  /* Gaps are found on the page first, and look as they do from the server */
  const fieldOf = (control) => control.closest(".field");
  const labelOf = (control) => {
    const el = one(".field-label, legend", fieldOf(control)) || one(".choice span", fieldOf(control));
    if (!el) return "";
    const copy = el.cloneNode(true);
    all(".optional", copy).forEach((n) => n.remove());
    return copy.textContent.trim();
  };
  function complaint(control) {
    const v = control.validity;
    const label = labelOf(control);
    if (v.valueMissing) {
      if (control.type === "checkbox") return "请勾选后再提交";
      return control.type === "radio" || control.tagName === "SELECT" ? `请选择${label}` : `请填写${label}`;
    }
    if (v.typeMismatch && control.type === "email") return "邮箱格式不正确，例如 name@example.cn";
    if (v.tooShort || v.tooLong || v.patternMismatch || v.typeMismatch || v.badInput) return control.title || `${label}格式不正确`;
    if (v.rangeUnderflow || v.rangeOverflow || v.stepMismatch) return control.title || `${label}不在允许范围内`;
    return "";
  }
  function mark(control, message) {
    const field = fieldOf(control);
    const grouped = control.closest("fieldset") && ["radio", "checkbox"].includes(control.type);
    const id = `${grouped ? control.id.replace(/_\d+$/, "") : control.id}_error`;
    let box = document.getElementById(id);
    if (!message) {
      if (box) box.remove();
      field.classList.remove("has-error");
      all("[aria-invalid]", field).forEach((c) => c.removeAttribute("aria-invalid"));
      return;
    }
    if (!box) {
      box = make("div");
      box.id = id;
      const before = one(".choices, .choice, .control", field);
      before.parentNode.insertBefore(box, before);
    }
    const line = make("p", "error");
    line.append(make("span", "", message));
    box.replaceChildren(line);
    field.classList.add("has-error");
    control.setAttribute("aria-invalid", "true");
    const described = new Set((control.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
    described.add(id);
    control.setAttribute("aria-describedby", [...described].join(" "));
  }
  function check(form) {
    form.noValidate = true;
    // Mended: the complaint goes at once
    form.addEventListener("input", (event) => { // not "change": the page must not shift under a finger on its way
      const field = event.target.closest(".field.has-error");
      if (field && event.target.value && event.target.validity.valid) mark(event.target, "");
    });
    form.addEventListener("submit", (event) => {
      const bad = [];
      const seen = new Set();
      for (const control of form.elements) {
        if (!control.willValidate || !fieldOf(control) || (control.type === "radio" && seen.has(control.name))) continue;
        seen.add(control.name);
        const message = complaint(control);
        if (message) { mark(control, message); bad.push([control, message]); } else if (control.validity.valid && fieldOf(control).classList.contains("has-error")) { mark(control, ""); }
      }
      for (const group of all("fieldset", form)) {
        const boxes = all("input[type=checkbox]", group);
        if (!boxes.length || one("legend .optional", group) || !fieldOf(boxes[0])) continue;
        if (boxes.some((box) => box.checked)) { if (fieldOf(boxes[0]).classList.contains("has-error")) mark(boxes[0], ""); } else {
          const message = `请选择${labelOf(boxes[0])}`;
          mark(boxes[0], message);
          bad.push([boxes[0], message]);
        }
      }
      if (!bad.length) return;
      bad.sort(([a], [b]) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
      event.preventDefault();
      event.stopImmediatePropagation();
      const summary = one("[data-error-summary]", form) || (() => {
        const box = make("div", "error-summary");
        box.tabIndex = -1;
        box.dataset.errorSummary = "";
        form.prepend(box);
        return box;
      })();
      summary.setAttribute("role", "alert");
      const list = make("ul");
      for (const [control, message] of bad) {
        const item = make("li");
        const link = make("a", "", message);
        link.href = `#${control.id}`;
        item.append(link);
        list.append(item);
      }
      summary.replaceChildren(make("h2", "", `有 ${bad.length} 处需要修改`), list);
      summary.focus();
      summary.scrollIntoView({ block: "center" });
    });
  }
  /* Links of the summary: to the control, with its label in view */
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a");
    if (!link) return;
    const control = document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    (fieldOf(control) || control).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });

  /* Character counts */
  function counter(control) {
    const max = control.maxLength;
    const line = make("p", "counter");
    const live = make("span", "sr");
    live.setAttribute("role", "status");
    line.setAttribute("aria-hidden", "true");
    control.after(line, live);
    const show = () => {
      const n = control.value.length;
      line.textContent = `${n} / ${max} 字`;
      line.classList.toggle("over", n >= max);
      live.textContent = max - n <= Math.min(20, max / 10) ? `还可填 ${max - n} 字` : "";
    };
    control.addEventListener("input", show);
    show();
  }
  /* A credit code is whole at 18 characters */
  function creditCode(control) {
    const line = make("p", "counter");
    control.after(line);
    const show = () => {
      const n = control.value.normalize("NFKC").replace(/[\s-]/g, "").length;
      line.textContent = n ? `已填 ${n} / 18 位` : "";
      line.classList.toggle("over", n > 18);
    };
    control.addEventListener("input", show);
    show();
  }
  /* What is optional follows another answer */
  function optionalWhen(mark_) {
    const [name, value] = mark_.dataset.optionalWhen.split("=");
    const field = mark_.closest(".field");
    const control = one(".control", field);
    const form = field.closest("form");
    const apply = () => {
      const on = one(`[name="${name}"]:checked`, form);
      const optional = Boolean(on && on.value === value);
      mark_.hidden = !optional;
      mark_.textContent = "（选填）";
      control.required = !optional;
      if (optional && field.classList.contains("has-error") && !control.value) mark(control, "");
    };
    form.addEventListener("change", apply);
    apply();
  }
  /* Fields needed only with a certain answer, e.g. data-reveal="email:channels=email:required" */
  function reveal(form) {
    for (const rule of form.dataset.reveal.split(";")) {
      const [target, condition, required] = rule.split(":");
      const [, name, not, value] = condition.match(/^(\w+)(!?)=(\w+)$/);
      const field = target.startsWith("#") ? document.getElementById(target.slice(1)) : document.getElementById(`div_id_${target}`);
      if (!field) continue;
      const control = one(".control", field);
      const optional = one(".optional", field);
      const apply = () => {
        const picked = all(`[name="${name}"]:checked`, form).map((el) => el.value);
        const on = not ? picked.some((v) => v !== value) : picked.includes(value);
        field.hidden = !on && !(control && field.classList.contains("has-error"));
        if (required && control) { control.required = on; if (optional) optional.hidden = on; }
      };
      form.addEventListener("change", apply);
      apply();
    }
  }
  /* Chosen files are counted, and too large ones told, before they travel */
  function files(input) {
    const line = make("p", "hint");
    line.setAttribute("role", "status");
    input.after(line);
    input.addEventListener("change", () => {
      const chosen = [...input.files];
      const big = chosen.filter((f) => f.size > Number(input.dataset.maxBytes));
      const room = Number(input.dataset.maxCount) - Number(input.dataset.have);
      if (big.length) line.textContent = `${big.map((f) => f.name).join("、")} 超过 10 MB，请压缩或更换后再选`;
      else if (chosen.length > room) line.textContent = `最多还可上传 ${room} 份，请重新选择`;
      else line.textContent = chosen.length ? `已选 ${chosen.length} 份，点“上传”保存` : "";
      line.className = big.length || chosen.length > room ? "error" : "hint";
    });
  }

  /* What was not sent stays in this tab, and comes back after a dropped line or a reload */
  const PENDING = "pending";
  const keyOf = (form) => `form:${location.pathname}:${form.dataset.keep || all("form[data-keep]").indexOf(form)}`;
  const keepable = (el) => el.name && !["hidden", "file", "submit", "button", "password"].includes(el.type) && el.name !== "consent";
  const values = (form) => {
    const out = {};
    for (const el of form.elements) {
      if (!keepable(el)) continue;
      if (el.type === "radio" || el.type === "checkbox") { out[el.name] = out[el.name] || []; if (el.checked) out[el.name].push(el.value); } else out[el.name] = [el.value];
    }
    return out;
  };
  function restore(form, saved) {
    let changed = false;
    for (const el of form.elements) {
      if (!keepable(el) || !(el.name in saved)) continue;
      if (el.type === "radio" || el.type === "checkbox") {
        const on = saved[el.name].includes(el.value);
        if (el.checked !== on) { el.checked = on; changed = true; }
      } else if (saved[el.name].length && el.value !== saved[el.name][0]) { el.value = saved[el.name][0]; changed = true; }
    }
    if (changed) form.dispatchEvent(new Event("change", { bubbles: true }));
    return changed;
  }
  function keep(form) {
    const key = keyOf(form);
    const pending = store.get(PENDING);
    if (pending && pending !== key) { store.drop(pending); store.drop(PENDING); }
    if (one("[data-error-summary]", form)) store.drop(key);
    const saved = store.get(key);
    if (saved && restore(form, saved)) form.dataset.restored = "1";
    form.addEventListener("input", () => store.set(key, values(form)));
    form.addEventListener("change", () => store.set(key, values(form)));
    form.addEventListener("submit", (event) => { if (!event.defaultPrevented) { store.set(key, values(form)); store.set(PENDING, key); } });
  }

  /* Saved while typing */
  function autosave(form) {
    const url = form.dataset.autosave;
    const status = one("[data-saved]");
    let timer = 0;
    let running = false;
    let dirty = false;
    let failures = 0;
    const tell = (text, off) => { if (status) { status.textContent = text; status.classList.toggle("is-off", Boolean(off)); } };
    const body = () => {
      const data = new FormData(form);
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      return new URLSearchParams(data);
    };
    const later = (ms) => { clearTimeout(timer); timer = setTimeout(save, ms); };
    async function save() {
      clearTimeout(timer);
      if (running || !dirty || form.dataset.sent) return;
      running = true;
      dirty = false;
      const sent = JSON.stringify(values(form));
      const stop = new AbortController();
      const limit = setTimeout(() => stop.abort(), 10000);
      try {
        const answer = await fetch(url, { method: "POST", body: body(), credentials: "same-origin", headers: { "X-Requested-With": "fetch" }, signal: stop.signal });
        if (!answer.ok) throw new Error(answer.status);
        failures = 0;
        if (status) tell(`${status.dataset.savedText} ${clock()}`);
        if (JSON.stringify(values(form)) === sent) store.drop(keyOf(form));
      } catch {
        dirty = true;
        failures += 1;
        if (status) tell(status.dataset.offlineText, true);
        later(Math.min(60000, 4000 * 2 ** Math.min(failures, 4)));
      } finally {
        clearTimeout(limit);
        running = false;
        if (dirty && !failures) later(1500);
      }
    }
    const touched = () => { dirty = true; later(1500); };
    form.addEventListener("input", touched);
    form.addEventListener("change", () => { dirty = true; later(200); });
    addEventListener("online", () => { failures = 0; save(); });
    addEventListener("offline", () => { if (status) tell(status.dataset.offlineText, true); });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && dirty && !form.dataset.sent && navigator.sendBeacon) navigator.sendBeacon(url, body());
    });
    if (form.dataset.restored) touched();
  }

  /* Who holds a number and came back to the form by the back key is led to the slip, in this tab only */
  for (const el of all("[data-remember]")) store.set(`ticket:${el.dataset.remember}`, el.dataset.ticket);
  for (const el of all("[data-remembered]")) {
    const ticket = store.get(`ticket:${el.dataset.remembered}`);
    if (ticket) { one("a", el).href = ticket; el.hidden = false; }
  }

  all("[data-countdown]").forEach(countdown);
  all("[data-optional-when]").forEach(optionalWhen);
  for (const el of all("[data-scripted]")) el.hidden = false;
  all("form[data-reveal]").forEach(reveal);
  all("textarea[maxlength], input[name=title][maxlength]").forEach(counter);
  all("input[name=credit_code]:not([type=hidden])").forEach(creditCode);
  all("[data-files]").forEach(files);
  all("form[data-check]").forEach(check);
  all("form[data-keep]").forEach(keep);
  if (!one("form[data-keep]")) { const sent = store.get(PENDING); if (sent) { store.drop(sent); store.drop(PENDING); } }
  all("form[data-autosave]").forEach(autosave);
  all("form[data-guard]").forEach(guard);
  const summary = one("[data-error-summary]");
  if (summary) summary.focus();
})();
