// What a judge has typed of a work and not saved yet is kept on this device, so that a tab that is closed
// while the line is cut loses nothing. It is kept by account, work and version of the scheme, holds no
// name (works are under codes), and goes when the sheet is saved and when the account signs out.
// A page that was not open before cannot be opened without a line; what is typed there is safe.

const KEY = "marks-drafts";
const OWN_FIELDS = /^aspect_/;
const form = document.querySelector("form[data-submit-once]");
const leaving = document.querySelector("form[data-leaves]");
const note = document.querySelector("[data-marks-draft]");
const account = (note ?? leaving)?.dataset.account;

const all = () => JSON.parse(localStorage.getItem(KEY) || "[]");
const store = (drafts) => localStorage.setItem(KEY, JSON.stringify(drafts));

// Signing out: nothing of one's own stays on a tablet that others use, too.
leaving?.addEventListener("submit", () => store(all().filter((draft) => draft.account !== account)));

if (form && note) {
  const boxes = () => [...new FormData(form)].filter(([name]) => OWN_FIELDS.test(name));
  // The boxes of a sheet are those of one version of the scheme, from one seat.
  const names = [...form.elements].map((box) => box.name).filter((name) => OWN_FIELDS.test(name));
  const sheet = [...new Set(names)].sort().join();
  const isHere = (draft) => draft.account === account && draft.to === location.pathname && draft.sheet === sheet;
  const drop = () => store(all().filter((draft) => !isHere(draft)));
  const seen = () => form.elements.seen?.value ?? "";
  const same = (values) => JSON.stringify(values) === JSON.stringify(boxes());

  const fill = (draft) => {
    for (const [name, value] of draft.values) {
      if (form.elements[name]) form.elements[name].value = value;
    }
  };
  const keep = () => {
    drop();
    store([...all(), { account, to: location.pathname, sheet, seen: seen(), values: boxes() }]);
  };

  const draft = all().find(isHere);
  const isAnswered = form.querySelector("[data-error-summary]") !== null;
  if (draft && !isAnswered && !same(draft.values)) {
    // Marks that were saved elsewhere meanwhile are not typed over unasked.
    if (draft.seen === seen()) fill(draft);
    note.hidden = false;
    const again = note.querySelector("[data-marks-draft-fill]");
    again.hidden = draft.seen === seen();
    again.addEventListener("click", () => {
      fill(draft);
      again.hidden = true;
    });
  }
  note.querySelector("[data-marks-draft-drop]").addEventListener("click", () => {
    drop();
    location.reload();
  });
  form.addEventListener("input", keep);
  // From here on marking.js has it: sent, or waiting on this device.
  form.addEventListener("submit", drop);
}
