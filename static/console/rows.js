// J and K walk the rows of a working page (a[data-row]) or of a list, X ticks the row's box, U presses button[data-key=u].
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const rows = [...document.querySelectorAll("a[data-row], #result_list tbody th:first-of-type a")];
  const line = (link) => link.closest("tr, li");
  const at = rows.findIndex((link) => line(link).contains(document.activeElement));
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    const next = rows[key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)];
    if (next) next.focus();
  } else if (key === "x" && at >= 0) {
    const box = line(rows[at]).querySelector("input[type=checkbox]");
    if (box) box.click();
  } else if (key === "u") {
    const button = document.querySelector("button[data-key=u]");
    if (button) button.click();
  } else {
    return;
  }
  event.preventDefault();
});
