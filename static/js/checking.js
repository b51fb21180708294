// What is typed is checked as one leaves the field, by the form's own address, which does nothing yet.
// Sent as the form itself is, never in an address. Without this file the button beside the form asks the same.

const WAIT_MS = 150;
const form = document.querySelector("form[data-checks]");
const summary = form.querySelector("[data-checked]");
const left = new Set();
const places = new Map();
let waiting;
let asking;

// A live region has to be there before it speaks.
for (const control of form.elements) {
  const field = control.closest(".field");
  if (!control.name || control.type === "hidden" || !field || places.has(control.name)) continue;
  const place = document.createElement("div");
  place.setAttribute("aria-live", "polite");
  place.id = `${control.id}_check`;
  field.append(place);
  places.set(control.name, { control, field, place });
  const described = control.getAttribute("aria-describedby");
  control.setAttribute("aria-describedby", described ? `${described} ${place.id}` : place.id);
}

function say(name, errors, remarks) {
  const { control, field, place } = places.get(name);
  // what the page itself said when it was loaded is about what was typed then
  field.querySelector(":scope > .field__error:not([data-checked-now])")?.remove();
  const lines = [...errors.map((text) => [text, "field__error"]), ...remarks.map((text) => [text, "field__help"])];
  const told = lines.map(([text, look]) => {
    const line = document.createElement("div");
    line.className = look;
    line.dataset.checkedNow = "";
    line.textContent = text;
    return line;
  });
  const words = lines.map(([text]) => text).join("");
  if (place.textContent !== words) place.replaceChildren(...told);
  if (errors.length) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

async function check() {
  asking?.abort();
  asking = new AbortController();
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  body.delete("_draft");
  body.set("check_only", "1");
  try {
    const answer = await fetch(location.pathname, {
      method: "POST", body, signal: asking.signal, headers: { Accept: "application/json" },
    });
    if (!answer.ok) return;
    const { errors, remarks } = await answer.json();
    for (const name of left) say(name, errors[name] ?? [], remarks[name] ?? []);
    summary.textContent = (remarks[""] ?? []).join("");
  } catch {
    // Out of reach for the moment: asked again at the next field, and when the form is sent.
  }
}

form.addEventListener("focusout", ({ target }) => {
  if (!places.has(target.name) || (!target.value && !left.has(target.name))) return;
  left.add(target.name);
  clearTimeout(waiting);
  waiting = setTimeout(check, WAIT_MS);
});
form.addEventListener("submit", () => {
  clearTimeout(waiting);
  asking?.abort();
});
