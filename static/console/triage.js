// A digit opens a kind of decision, at its first field. J and K are links (keys.js).
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
  const part = document.querySelector(`details[data-digit="${CSS.escape(event.key)}"]`);
  if (!part) return;
  event.preventDefault();
  part.open = true;
  const field = part.querySelector("textarea, input:checked, input[type=radio], select");
  if (field) field.focus();
});
