// A card is dragged onto a free time: its own form is sent with that time, as the list and the button would send it.
"use strict";
document.querySelectorAll("[data-booking]").forEach((card) => {
  card.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData("text/plain", card.dataset.booking);
    card.classList.add("lifted");
  });
  card.addEventListener("dragend", () => card.classList.remove("lifted"));
});
document.querySelectorAll("[data-place]").forEach((place) => {
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    const card = document.querySelector(`[data-booking="${CSS.escape(event.dataTransfer.getData("text/plain"))}"]`);
    if (!card) return;
    const form = card.querySelector("form");
    form.elements.place.value = place.dataset.place;
    form.requestSubmit();
  });
});
