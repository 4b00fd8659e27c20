/* A form as a plain object and back: what the page was delivered with, what stands in it now, and how people read it.
   A box that answers yes or no names its other answer: <input type="checkbox" value="yes" data-off="no">. */
const Fields = (() => {
  "use strict";

  const UNKEPT = ["file", "hidden", "submit", "button", "image", "reset", "password"];
  const isKept = (el) => el.name && !UNKEPT.includes(el.type) && !("unkept" in el.dataset) && ["INPUT", "SELECT", "TEXTAREA"].includes(el.tagName);
  const named = (form, name) => [...form.elements].filter((el) => el.name === name && isKept(el));
  const plain = (text) => text.replace(/\r\n?/g, "\n");

  /* `as`: "value" for what stands there, "defaultValue" for what the server sent. */
  function read(form, as = "value") {
    const sent = as === "defaultValue";
    const out = {};
    for (const el of form.elements) {
      if (!isKept(el)) continue;
      if (el.type === "checkbox" && el.dataset.off) out[el.name] = (sent ? el.defaultChecked : el.checked) ? el.value : el.dataset.off;
      else if (el.type === "checkbox") {
        out[el.name] = out[el.name] || [];
        if (sent ? el.defaultChecked : el.checked) out[el.name].push(el.value);
      } else if (el.type === "radio") {
        out[el.name] = out[el.name] || "";
        if (sent ? el.defaultChecked : el.checked) out[el.name] = el.value;
      } else if (el.tagName === "SELECT") out[el.name] = chosen(el, sent);
      else out[el.name] = plain(el[as]);
    }
    return out;
  }

  function chosen(select, sent) {
    const options = [...select.options];
    const picked = options.filter((option) => (sent ? option.defaultSelected : option.selected)).map((option) => option.value);
    if (select.multiple) return picked;
    return picked.length ? picked[picked.length - 1] : options[0]?.value || "";
  }

  function write(form, values) {
    const touched = new Set();
    for (const el of form.elements) {
      if (!isKept(el) || !(el.name in values)) continue;
      const value = values[el.name];
      const holds = (one) => (Array.isArray(value) ? value.includes(one) : value === one);
      const before = [el.value, el.checked].join();
      if (el.type === "checkbox" || el.type === "radio") el.checked = holds(el.value);
      else if (el.multiple && el.options) for (const option of el.options) option.selected = holds(option.value);
      else if (plain(el.value) !== value) el.value = value;
      if ([el.value, el.checked].join() !== before || el.multiple) touched.add(el);
    }
    // What the page shows or hides by an answer follows it.
    for (const el of touched) el.dispatchEvent(new Event("change", { bubbles: true }));
  }

  const text = (value) => JSON.stringify(Array.isArray(value) ? [...value].sort() : plain(String(value ?? "")));
  const same = (one, other) => text(one) === text(other);
  const differing = (one, other) => Object.keys(one).filter((name) => name in other && !same(one[name], other[name]));

  function words(el) {
    const copy = el?.cloneNode(true);
    copy?.querySelectorAll("small").forEach((aside) => aside.remove());
    return (copy?.textContent || "").replace(/[:：*\s]+$/, "").trim();
  }
  const titled = (el) => el?.getAttribute("aria-label") || words(document.getElementById(el?.getAttribute("aria-labelledby")));

  /* What the field is called: a group by its title, another one by its label, behind the title of the part it stands in. */
  function label(form, name) {
    const [first] = named(form, name);
    const group = ["radio", "checkbox"].includes(first?.type) ? titled(first.closest("[role=radiogroup], [role=group]")) : "";
    if (group) return group;
    const legend = words(first?.closest("fieldset")?.querySelector("legend"));
    const own = ["radio", "checkbox"].includes(first?.type) ? "" : titled(first) || words(first?.labels?.[0]);
    return [legend, own].filter(Boolean).join(" ") || name;
  }

  /* As it reads on the page: an option by its words. */
  function shown(form, name, value) {
    const [first] = named(form, name);
    const say = (one) => {
      if (first?.options) return words([...first.options].find((option) => option.value === one)) || one;
      if (!["radio", "checkbox"].includes(first?.type)) return one;
      return words(named(form, name).find((el) => el.value === one)?.labels?.[0]) || one;
    };
    return (Array.isArray(value) ? value : [value]).map(say).join("、");
  }

  return { read, write, same, differing, label, shown };
})();
