// A hand on the tablet: drawn with finger, pen or mouse, sent as a picture with the form. Without script there is no pad.
"use strict";
(() => {
  for (const pad of document.querySelectorAll("[data-pad]")) {
    const canvas = pad.querySelector("canvas"), kept = pad.querySelector("input"), pen = canvas.getContext("2d");
    let drawn = false, last = null;
    Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#16202b" });
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
    };
    const line = (from, to) => { pen.beginPath(); pen.moveTo(...from); pen.lineTo(...to); pen.stroke(); drawn = true; };
    canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      last = at(event);
      line(last, last);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) return;
      for (const part of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) { const next = at(part); line(last, next); last = next; }
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { last = null; });
    pad.querySelector("[data-clear]").addEventListener("click", () => { pen.clearRect(0, 0, canvas.width, canvas.height); drawn = false; kept.value = ""; });
    canvas.closest("form").addEventListener("submit", () => { kept.value = drawn ? canvas.toDataURL("image/png") : ""; });
    pad.hidden = false;
  }
})();
