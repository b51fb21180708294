// Marks that could not be sent wait on this device and are sent once the connection is back.
// Every sheet carries a number of its own, so that sending it again after a lost answer does nothing,
// and the account that filled it in: on a tablet that several judges use it waits for its own judge.
// What the server refuses is set aside with the reason and what was typed, beside whatever is kept of the
// same work later; it stays until the judge deletes it, or the server has taken the very same marks.

const KEY = "marks-waiting";
const SAID = "marks-said";  // what the server said to a sheet, for the page that comes next
// What the server answers to a sheet that it has read and does not take; anything else is tried again.
const REFUSED = [400, 403, 404, 409, 422];
const STALE = 403;  // or the token of this page is not that of the session any more
const DOWN = 500;
const AGAIN = 8000;  // milliseconds until what waits is tried again, while the page is open
const PATIENCE = 20000;  // milliseconds until a line that neither answers nor breaks counts as broken
const ONCE = "_once";  // by this number the server does what it is sent once
const OWN_FIELDS = /^aspect_/;  // what the judge typed; the rest of a sheet belongs to the page it was sent from
const form = document.querySelector("form[data-submit-once]");
const note = document.querySelector("[data-marks-waiting]");
const asideNote = document.querySelector("[data-marks-aside]");
const account = note.dataset.account;

const all = () => JSON.parse(localStorage.getItem(KEY) || "[]");
const store = (sheets) => localStorage.setItem(KEY, JSON.stringify(sheets));
const isOwn = (sheet) => (sheet.account ?? account) === account;
const waiting = () => all().filter((sheet) => isOwn(sheet) && !sheet.refused);
const aside = () => all().filter((sheet) => isOwn(sheet) && sheet.refused);
const isAt = (path) => (sheet) => isOwn(sheet) && sheet.to === path;
const isSame = (one) => (other) => isAt(one.to)(other) && other.body === one.body;
const own = (body) => JSON.stringify([...new URLSearchParams(body)].filter(([name]) => OWN_FIELDS.test(name)));
const isAlike = (one) => (other) => isAt(one.to)(other) && own(other.body) === own(one.body);
const dropped = (which) => store(all().filter((sheet) => !which(sheet)));
// What waits of the same work is replaced; what was set aside stays, but for the same marks.
const isReplacedBy = (one) => (other) => isAlike(one)(other) || (isAt(one.to)(other) && !other.refused);
const put = (sheet) => store([...all().filter((other) => !isReplacedBy(sheet)(other)), sheet]);

// One that was kept anew meanwhile is another sheet, and is left alone.
function setAside(sheet, words) {
  store(all().map((other) => (isSame(sheet)(other) ? { ...other, account, refused: words } : other)));
}

function show() {
  const count = waiting().length;
  const others = all().filter((sheet) => !isOwn(sheet)).length;
  note.hidden = !count && !others;
  note.querySelector("[data-marks-own]").hidden = !count;
  note.querySelector("[data-marks-count]").textContent = count;
  note.querySelector("[data-marks-others]").hidden = !others;
  note.querySelector("[data-marks-others-count]").textContent = others;
  showAside();
}

function showAside() {
  const list = asideNote.querySelector("ul");
  const row = asideNote.querySelector("template");
  list.replaceChildren(...aside().map((sheet) => {
    const item = row.content.cloneNode(true);
    item.querySelector("[data-marks-name]").textContent = sheet.name ?? "";
    item.querySelector("[data-marks-why]").textContent = sheet.refused;
    item.querySelector("[data-marks-typed]").textContent = sheet.typed ?? "";
    item.querySelector("a").href = sheet.to;
    const isHere = form && sheet.to === location.pathname;
    item.querySelector("[data-marks-fill]").hidden = !isHere || !hasRoomFor(sheet);
    item.querySelector("[data-marks-fill]").addEventListener("click", () => fill(sheet));
    item.querySelector("[data-marks-drop]").addEventListener("click", (event) => {
      if (!confirm(event.target.dataset.marksDrop)) return;
      dropped(isSame(sheet));
      show();
    });
    return item;
  }));
  asideNote.hidden = !list.children.length;
}

// Whether the sheet of this page has a box for each that was filled in: no longer, once the scheme is another.
function hasRoomFor(sheet) {
  return JSON.parse(own(sheet.body)).every(([name, value]) => !value || form.elements[name]);
}

// What was typed in the words of the sheet, to be read when its boxes are gone.
function inWords() {
  const told = [...new FormData(form)].filter(([name, value]) => OWN_FIELDS.test(name) && value);
  return told.map(([name, value]) => {
    const box = form.querySelector(`[name="${name}"]`);
    const label = box.closest("fieldset.field")?.querySelector("legend") ?? box.labels[0];
    return `${label.textContent.trim()}：${value}`;
  }).join("；");
}

function fill(sheet) {
  for (const [name, value] of new URLSearchParams(sheet.body)) {
    if (!OWN_FIELDS.test(name) || !form.elements[name]) continue;
    form.elements[name].value = value;  // a group of buttons takes it as well
  }
}

// A new token for this page; false where there is none to be had, or the session is another judge's.
async function renewed() {
  const answer = await fetch(location.pathname);
  if (answer.status >= DOWN) throw new Error("down");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const whose = page.querySelector("[data-marks-waiting]")?.dataset.account ?? account;
  if (whose !== account) throw new Error("another judge is logged in");
  const token = page.querySelector("[name=csrfmiddlewaretoken]");
  if (token) document.querySelector("[name=csrfmiddlewaretoken]").value = token.value;
  return Boolean(token);
}

async function sent(sheet, isAgain = false) {
  const body = new URLSearchParams(sheet.body);
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (token) body.set("csrfmiddlewaretoken", token.value);  // that of this session: another since the sheet was kept
  const answer = await fetch(sheet.to, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: body.toString(),
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.status === STALE && token && !isAgain && await renewed()) return sent(sheet, true);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const isIn = !new URL(answer.url).pathname.startsWith("/accounts/");
  const isDone = answer.redirected && answer.ok && isIn;
  if (isDone) sessionStorage.setItem(SAID, page.querySelector("[data-messages]")?.textContent.trim() ?? "");
  const summary = page.querySelector("[data-error-summary]");
  const why = summary?.querySelector("li") ?? page.querySelector(".refusal dd, main .prose p");
  const refused = REFUSED.includes(answer.status) && (why?.textContent.trim() || note.dataset.refused);
  return { isDone, isIn, refused, isDown: answer.status >= DOWN, isForm: Boolean(summary), page: answer.url };
}

function tell() {
  const said = sessionStorage.getItem(SAID);
  if (!said) return;
  sessionStorage.removeItem(SAID);
  const area = document.querySelector("[data-marks-sent]");
  area.querySelector("[data-marks-said]").textContent = said;
  area.hidden = false;
}

let timer = 0;
function later() {
  clearTimeout(timer);
  if (waiting().length) timer = setTimeout(sendAll, AGAIN);
}

let isSending = false;
async function sendAll() {
  if (isSending) return;
  isSending = true;
  let count = 0;
  try {
    count = await sentAll();
  } finally {
    isSending = false;
  }
  show();
  later();
  if (count) tell();
}

async function sentAll() {
  let count = 0;
  for (const sheet of waiting()) {
    let outcome;
    try {
      outcome = await sent(sheet);
    } catch {
      break;  // still no connection
    }
    if (outcome.refused) {
      setAside(sheet, outcome.refused);
    } else if (outcome.isDone) {
      dropped((other) => isSame(sheet)(other) || (isAlike(sheet)(other) && other.refused));
      count += 1;
      if (form && sheet.to === location.pathname) await caughtUp();
    } else if (!outcome.isDown) {
      break;  // logged out: kept for the next time; what the server stumbles over holds up no other
    }
  }
  return count;
}

// This page's sheet is in: what is typed on it from now on is a correction of that.
async function caughtUp() {
  const answer = await fetch(location.pathname).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of ["seen", ONCE]) {
    const told = page.querySelector(`form[data-submit-once] [name=${name}]`);
    if (told && form.elements[name]) form.elements[name].value = told.value;
  }
}

// What was typed, without the numbers of the page; another than the one before is sent under another number.
const typed = () => own(new URLSearchParams(new FormData(form)));
let before = "";
function numbered() {
  if (before && before !== typed() && crypto.randomUUID) form.elements[ONCE].value = crypto.randomUUID();
  before = typed();
}

function kept(sheet) {
  put(sheet);
  delete form.dataset.sent;  // it may be changed and kept again
  form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
  show();
  later();
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  numbered();
  const body = new URLSearchParams(new FormData(form)).toString();
  const name = document.querySelector("h1").textContent.trim();
  const sheet = { to: location.pathname, body, account, name, typed: inWords() };
  put(sheet);  // whatever becomes of the line, or of this page
  let outcome;
  try {
    outcome = await sent(sheet);
  } catch {
    kept(sheet);  // no connection
    return;
  }
  if (outcome.isDone) {
    dropped(isReplacedBy(sheet));  // what was kept of it before is done with
    location.assign(outcome.page);
  } else if (outcome.refused) {
    kept({ ...sheet, refused: outcome.refused });  // until the page that says why has come
    if (outcome.isForm) form.submit();
    else asideNote.scrollIntoView();
  } else {
    kept(sheet);  // logged out, or the server is down
    if (!outcome.isIn) location.assign(outcome.page);  // to log in, and back to this sheet
  }
});
addEventListener("online", sendAll);
// The page that says why: what stands in it needs no keeping.
if (form?.querySelector("[data-error-summary]")) {
  dropped((sheet) => isAt(location.pathname)(sheet) && sheet.refused && own(sheet.body) === typed());
}
show();
tell();
sendAll();
