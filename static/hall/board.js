/* The call board: asks every three seconds, speaks each call by its id, and says plainly when the line is down. */
(() => {
  "use strict";

  const ASK_MS = 3000, ANSWER_WITHIN_MS = 6000, STALE_MS = 15000, RELOAD_MS = 60 * 60 * 1000, KEPT_IDS = 200;
  const $ = (id) => document.getElementById(id);
  const body = document.body;
  const voice = window.speechSynthesis;
  const began = Date.now();
  let answeredAt = Date.now(), answeredClock = "", release = "", lastSpoken = "";

  /* What was spoken survives the hourly reload; whether to speak survives it too, as far as the browser lets it */
  const spoken = new Set(JSON.parse(sessionStorage.getItem("spoken") || "[]"));
  let sound = sessionStorage.getItem("sound") === "on";

  function setSound(on) {
    sound = on;
    sessionStorage.setItem("sound", on ? "on" : "off");
    $("sound").hidden = on || !voice;
  }

  function say(call) {
    for (let time = 0; time < call.repeat; time += 1) {
      const words = new SpeechSynthesisUtterance(call.text);
      words.lang = call.lang;
      words.rate = 0.9;
      words.onerror = (event) => { if (event.error === "not-allowed") setSound(false); };
      voice.speak(words);
    }
  }

  function announce(calls) {
    for (const call of calls) {
      if (lastSpoken !== call.id && call === calls[calls.length - 1]) { $("spoken").textContent = call.text; lastSpoken = call.id; }
      if (!sound || !voice || spoken.has(call.id)) continue;
      spoken.add(call.id);
      sessionStorage.setItem("spoken", JSON.stringify([...spoken].slice(-KEPT_IDS)));
      say(call);
    }
  }

  const element = (name, text) => { const made = document.createElement(name); made.textContent = text; return made; };

  function show(state) {
    const [last, ...earlier] = state.calls;
    $("last").hidden = !last;
    $("nobody").hidden = Boolean(last);
    if (last) {
      $("last-number").textContent = last.number;
      $("last-desk").textContent = last.desk;
      $("last-place").textContent = last.place;
    }
    $("earlier").replaceChildren(...earlier.slice(0, 3).map((call) => {
      const line = document.createElement("li");
      line.append(element("b", call.number), element("span", [call.desk, call.place].filter(Boolean).join(" ")), element("time", call.at));
      return line;
    }));
    $("waiting").replaceChildren(...state.waiting.map((number) => element("li", number)));
    $("earlier-none").hidden = earlier.length > 0;
    $("waiting-none").hidden = state.waiting.length > 0;
  }

  function watch() {
    const stale = Date.now() - answeredAt > STALE_MS;
    body.classList.toggle("is-stale", stale);
    $("stale").hidden = !stale;
    const words = body.dataset.lineDown.replace("{at}", answeredClock || "--:--:--");
    if (stale && $("stale").textContent !== words) $("stale").textContent = words;
    const idle = !voice || !voice.speaking;
    if (!stale && idle && Date.now() - began > RELOAD_MS) location.reload();
  }

  async function ask() {
    try {
      const answer = await fetch(body.dataset.callsUrl, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      if (answer.status === 410 || answer.status === 404) { location.reload(); return; }
      if (!answer.ok) throw new Error(answer.status);
      const state = await answer.json();
      if (release && state.release !== release) { location.reload(); return; }
      release = state.release;
      answeredAt = Date.now();
      answeredClock = state.now;
      $("updated").textContent = body.dataset.updated.replace("{at}", state.now);
      show(state);
      announce(state.speak);
    } catch { /* the line is down: watch() says so */ }
    watch();
    setTimeout(ask, ASK_MS);
  }

  $("sound").addEventListener("click", () => { setSound(true); openVoice(); });
  /* Some browsers speak only what a press began: an empty phrase opens the way for the calls after it */
  function openVoice() { if (voice) voice.speak(new SpeechSynthesisUtterance("")); }

  setSound(sound);
  setInterval(watch, 1000);
  ask();
})();
