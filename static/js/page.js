// Conveniences only: every page works without this file.

// Open menus close on Escape and on a click elsewhere.
const menus = () => document.querySelectorAll("details[data-menu][open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The menu may be longer than the window: the page one is on stays in sight.
const here = document.querySelector(".side [aria-current]");
if (here) {
  const side = here.closest(".side");
  side.scrollTop = here.offsetTop - side.clientHeight / 2;
}

// After a refused form the list of faults is read first.
document.querySelector("form[method=post] [data-error-summary]")?.focus();

// A form sent once is not sent again by an impatient second click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (button) button.setAttribute("aria-disabled", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
  }
});

// The upload area lights up while a file is held over it.
for (const area of document.querySelectorAll("[data-upload]")) {
  const light = (on) => area.classList.toggle("upload--over", on);
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    light(true);
  });
  area.addEventListener("dragleave", () => light(false));
  area.addEventListener("drop", (event) => {
    light(false);
    const input = area.querySelector("input[type=file]");
    if (event.target === input || !event.dataTransfer.files.length) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// Copy buttons appear only where copying works.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.lastChild.textContent = "已复制";
    });
  }
}

// Print buttons likewise.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// What is typed into a field with very many answers is looked for on the server; see its form.
for (const input of document.querySelectorAll("input[data-search]")) {
  const list = document.getElementById(input.getAttribute("list"));
  let waiting;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const text = input.value.trim();
      if (!text) return;
      const answer = await fetch(`${input.dataset.search}?q=${encodeURIComponent(text)}`);
      if (!answer.ok || input.value.trim() !== text) return;
      // the browser shows what holds the text: of names found by pinyin the label does
      const { units } = await answer.json();
      list.replaceChildren(
        ...units.map(({ name, code }) => {
          const option = new Option("", name);
          option.label = name.includes(text) ? code : `${text} · ${code}`;
          return option;
        }),
      );
    }, 250);
  });
}
