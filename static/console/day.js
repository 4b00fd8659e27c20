// The queue looks again every five seconds; the hand that is on a button stays on it. Without script, reload.
"use strict";
(() => {
  const live = document.getElementById("live");
  const state = document.getElementById("live-state");
  if (!live) return;
  const tell = (words) => { state.textContent = words; state.hidden = !words; };
  async function look() {
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(location.href, { headers: { "X-Refreshes-Itself": "1" }, cache: "no-store", signal: AbortSignal.timeout(8000) });
        if (answer.redirected || answer.status === 403) { tell(live.dataset.out); return; }
        if (!answer.ok) throw new Error(answer.status);
        const fresh = await answer.text();
        const before = document.createElement("div");
        before.innerHTML = fresh;
        if (before.innerHTML !== live.innerHTML) {
          const at = live.contains(document.activeElement) ? document.activeElement.id : "";
          live.replaceChildren(...before.childNodes);
          if (at) document.getElementById(at)?.focus({ preventScroll: true });
        }
        tell("");
      } catch { tell(live.dataset.down); }
    }
    setTimeout(look, 5000);
  }
  setTimeout(look, 5000);
})();
