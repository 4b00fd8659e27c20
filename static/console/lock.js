/* The sign-in ran out: what is on the page is covered until the same person signs in again, here. Nothing is lost. */
const Lock = (() => {
  "use strict";

  const dialog = document.querySelector("dialog[data-lock]");
  if (!dialog) return null;
  const form = dialog.querySelector("form");
  const said = dialog.querySelector("[data-lock-said]");
  const elsewhere = dialog.querySelector("[data-elsewhere]");
  const button = form.querySelector("button");
  const password = form.elements.password;
  let opens = null;

  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] || "";
  function say(name) {
    said.textContent = name ? dialog.dataset[name] : "";
    said.hidden = !said.textContent;
    elsewhere.hidden = name !== "elsewhere";
  }

  /* Each sign-in changes the token: the page's own forms go on with the new one. */
  function renewTokens() {
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token();
  }

  async function signIn() {
    if (!token()) await fetch(dialog.dataset.login, { cache: "no-store" });
    const body = new URLSearchParams({ username: form.elements.username.value, password: password.value, next: location.pathname });
    const answer = await fetch(dialog.dataset.login, {
      method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": token() }, signal: AbortSignal.timeout(15000),
    });
    if (answer.type === "opaqueredirect") return "";
    if (answer.status === 429) return "barred";
    return answer.ok ? "wrong" : "failed";
  }

  async function tryIt() {
    button.disabled = true;
    let trouble = "failed";
    try { trouble = await signIn() || await resume(); } catch { trouble = "down"; }
    button.disabled = false;
    password.value = "";
    say(trouble);
    if (trouble) password.focus();
  }

  /* The page asks for its key again: only with it does the cover go. */
  async function resume() {
    renewTokens();
    const trouble = await opens();
    if (!trouble) close();
    return trouble;
  }

  function show() {
    document.documentElement.classList.add("is-locked");
    if (!dialog.open) dialog.showModal();
    password.focus();
  }

  function close() {
    opens = null;
    document.documentElement.classList.remove("is-locked");
    dialog.close();
  }

  /* `unlock` is asked after each sign-in and answers "" or the name of what is still in the way. */
  function over(unlock, name = "") {
    const already = opens;
    opens = unlock;
    if (!already) say(name);
    show();
  }

  dialog.addEventListener("cancel", (event) => event.preventDefault());
  // A second Escape closes it without asking.
  dialog.addEventListener("close", () => { if (opens) show(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); tryIt(); });

  return { over, token, get closed() { return !opens; } };
})();
