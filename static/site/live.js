/* What lives on a page that is looked at: figures that change, printing, copying. Without script all of it is static. */
(() => {
  "use strict";

  const all = (selector) => [...document.querySelectorAll(selector)];

  /* Numbers left and places in line: fetched twice a minute while the page is in view */
  function refresh(el) {
    const every = Number(el.dataset.refresh) * 1000;
    const until = Date.now() + Number(el.dataset.refreshFor || 30) * 60 * 1000;
    let timer = 0;
    const next = (ms) => { clearTimeout(timer); timer = setTimeout(pull, ms + Math.random() * 3000); };
    async function pull() {
      if (Date.now() > until) return;
      if (document.visibilityState === "hidden" || el.contains(document.activeElement)) { next(every); return; }
      try {
        const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
        if (!answer.ok) throw new Error(answer.status);
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(el.id);
        if (fresh && fresh.innerHTML !== el.innerHTML) {
          if (el.id === "ticket") { location.reload(); return; }
          el.replaceChildren(...fresh.childNodes);
          el.dataset.refreshAt = fresh.dataset.refreshAt || "";
          el.classList.add("changed");
          setTimeout(() => el.classList.remove("changed"), 600);
          if (!fresh.dataset.refresh) return;
        }
      } catch { /* the line is down: keep the figures, try again later */ }
      next(wait());
    }
    function wait() {
      const opens = el.dataset.refreshAt ? Date.parse(el.dataset.refreshAt) - Date.now() : Infinity;
      return opens > 0 && opens < every ? opens + 500 : every;
    }
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") next(500); });
    next(wait());
  }

  /* Print, copy the link */
  for (const b of all("[data-print]")) { b.hidden = false; b.addEventListener("click", () => print()); }
  if (navigator.clipboard) {
    for (const b of all("[data-copy-url]")) {
      b.hidden = false;
      b.addEventListener("click", async () => {
        try { await navigator.clipboard.writeText(location.href); b.textContent = b.dataset.done; } catch { /* not permitted */ }
      });
    }
  }

  all("[data-refresh]").forEach(refresh);
})();
