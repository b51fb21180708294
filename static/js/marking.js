// Marks that could not be sent wait on this device and are sent once the connection is back.
// Every sheet carries a number of its own, so that sending it again after a lost answer does nothing.

const KEY = "marks-waiting";
const SAID = "marks-said";  // what the server said to a sheet, for the page that comes next
// What the server answers to a sheet that it has read and does not take; anything else is tried again.
const REFUSED = [400, 404, 409, 422];
const STALE = 403;  // the token of this page is not that of the session any more
const AGAIN = 8000;  // milliseconds until what waits is tried again, while the page is open
const form = document.querySelector("form[data-submit-once]");
const note = document.querySelector("[data-marks-waiting]");
const waiting = () => JSON.parse(localStorage.getItem(KEY) || "[]");
const keep = (sheets) => localStorage.setItem(KEY, JSON.stringify(sheets));

function show(refused = "") {
  const count = waiting().length;
  note.hidden = !count && !refused;
  note.querySelector("[data-marks-count]").textContent = count;
  const link = note.querySelector("[data-marks-refused]");
  link.hidden = !refused;
  if (refused) link.href = refused;
}

async function renewed() {
  const answer = await fetch(location.pathname);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
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
  });
  if (answer.status === STALE && token && !isAgain && await renewed()) return sent(sheet, true);
  const isIn = !new URL(answer.url).pathname.startsWith("/accounts/");
  const isDone = answer.redirected && answer.ok && isIn;
  if (isDone) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    sessionStorage.setItem(SAID, page.querySelector("[data-messages]")?.textContent.trim() ?? "");
  }
  return { isDone, isIn, isRefused: REFUSED.includes(answer.status), page: answer.url };
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

async function sendAll() {
  let count = 0;
  for (const sheet of waiting()) {
    let outcome;
    try {
      outcome = await sent(sheet);
    } catch {
      break;  // still no connection
    }
    if (!outcome.isDone && !outcome.isRefused) break;  // logged out, or the server is down: kept for the next time
    keep(waiting().filter((other) => other.body !== sheet.body));
    if (outcome.isRefused) {
      show(sheet.to);
      return;
    }
    count += 1;
  }
  show();
  later();
  if (count) tell();
}

function kept(sheet) {
  keep([...waiting().filter((other) => other.to !== sheet.to), sheet]);
  delete form.dataset.sent;  // it may be changed and kept again
  form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
  show();
  later();
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const sheet = { to: location.pathname, body: new URLSearchParams(new FormData(form)).toString() };
  let outcome;
  try {
    outcome = await sent(sheet);
  } catch {
    kept(sheet);  // no connection
    return;
  }
  if (outcome.isDone) {
    location.assign(outcome.page);
  } else if (outcome.isRefused) {
    form.submit();  // the server says what is wrong
  } else {
    kept(sheet);  // logged out, or the server is down
    if (!outcome.isIn) location.assign(outcome.page);  // to log in, and back to this sheet
  }
});
addEventListener("online", sendAll);
tell();
sendAll();
