/* What was typed on this device and is not yet on the server: one entry for each person and record, encrypted. The key
   comes from the server, to that person alone, and stays in this page's memory. */
const Safe = (() => {
  "use strict";

  const DATABASE = "drafts", STORE = "entries", KEPT_MS = 72 * 60 * 60 * 1000, NONCE_BYTES = 12;
  // Browsers encrypt only on pages that nobody on the way can have changed: https, or this machine itself.
  const able = window.isSecureContext && Boolean(window.crypto?.subtle && window.indexedDB);
  let opened = null;

  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  function open() {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    return done(request);
  }

  async function entries(mode, work) {
    opened = opened || open();
    const transaction = (await opened).transaction(STORE, mode, { durability: "strict" });
    const result = await done(work(transaction.objectStore(STORE)));
    if (mode === "readwrite") await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    return result;
  }

  const bound = (id, iv) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) });

  /* Not extractable: no script can read it back out of the page. */
  const keyFrom = (base64) => crypto.subtle.importKey(
    "raw", Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)), "AES-GCM", false, ["encrypt", "decrypt"],
  );

  async function put(id, key, content) {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const data = await crypto.subtle.encrypt(bound(id, iv), key, new TextEncoder().encode(JSON.stringify(content)));
    await entries("readwrite", (store) => store.put({ id, iv, data, at: Date.now() }));
  }

  /* The content; null where nothing is kept, undefined where the key does not open it any more. */
  async function get(id, key) {
    const entry = await entries("readonly", (store) => store.get(id));
    if (!entry) return null;
    try {
      const plain = await crypto.subtle.decrypt(bound(id, entry.iv), key, entry.data);
      return { ...JSON.parse(new TextDecoder().decode(plain)), at: entry.at };
    } catch { return undefined; }
  }

  const drop = (id) => entries("readwrite", (store) => store.delete(id));

  /* Whoever it belongs to: the server has forgotten its key. */
  async function sweep() {
    const all = await entries("readonly", (store) => store.getAll());
    for (const entry of all) if (Date.now() - entry.at > KEPT_MS) await drop(entry.id);
  }

  return { able, keyFrom, put, get, drop, sweep };
})();
