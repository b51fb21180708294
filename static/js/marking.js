// Marks that could not be sent wait on this device and are sent once the connection is back.
// Every sheet carries a number of its own, so that sending it again after a lost answer does nothing.

const KEY = "marks-waiting";
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

async function sent(sheet) {
  const answer = await fetch(sheet.to, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: sheet.body,
  });
  const isIn = !new URL(answer.url).pathname.startsWith("/accounts/");
  return { isDone: answer.redirected && answer.ok && isIn, isRefused: !answer.ok, page: answer.url };
}

async function sendAll() {
  for (const sheet of waiting()) {
    let outcome;
    try {
      outcome = await sent(sheet);
    } catch {
      break;  // still no connection
    }
    if (!outcome.isDone && !outcome.isRefused) break;  // logged out: kept until somebody is back
    keep(waiting().filter((other) => other.body !== sheet.body));
    if (outcome.isRefused) {
      show(sheet.to);
      return;
    }
  }
  show();
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const sheet = { to: location.pathname, body: new URLSearchParams(new FormData(form)).toString() };
  try {
    const outcome = await sent(sheet);
    if (outcome.isDone) {
      location.assign(outcome.page);
    } else {
      form.submit();  // the server says what is wrong
    }
  } catch {
    keep([...waiting(), sheet]);
    show();
  }
});
addEventListener("online", sendAll);
sendAll();
