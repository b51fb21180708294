// A session about to end says so, and what is typed into a long form is kept meanwhile.
// Nothing is polled: the page knows from the start when its session ends, and every answer to a
// request of ours says it anew.

const WARN_SECONDS = 5 * 60;
const SAVE_SECONDS = 20;
const PAUSE_MS = 1000;
const LEFT = "Session-Seconds-Left";

const bar = document.querySelector("[data-session-idle]");
const tabs = new BroadcastChannel("session");
const inSeconds = (seconds) => Date.now() + 1000 * Number(seconds);
const clock = (moment) =>
  new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
const latest = inSeconds(bar.dataset.sessionLatest);
let idle = inSeconds(bar.dataset.sessionIdle);
let timer;

function show(what) {
  bar.hidden = !what;
  for (const line of bar.querySelectorAll("[data-session-says]")) {
    line.hidden = line.dataset.sessionSays !== what;
  }
  for (const at of bar.querySelectorAll("[data-session-at]")) {
    at.textContent = clock(Math.min(idle, latest));
  }
  bar.querySelector("[data-session-go-on]").hidden = what !== "idle";
}

function look() {
  clearTimeout(timer);
  const end = Math.min(idle, latest);
  const warning = end - 1000 * WARN_SECONDS;
  if (Date.now() >= end) {
    show("over");
    return;
  }
  const isNear = Date.now() >= warning;
  show(isNear && (idle < latest ? "idle" : "latest"));
  timer = setTimeout(look, (isNear ? end : warning) - Date.now());
}

// What an answer says about the session; one without the header comes from the login page.
function heard(answer) {
  const seconds = answer.headers.get(LEFT);
  idle = seconds === null ? Date.now() : inSeconds(seconds);
  if (seconds !== null) tabs.postMessage(idle);
  look();
  return seconds !== null;
}

tabs.addEventListener("message", ({ data }) => {
  idle = Math.max(idle, data);
  look();
});
tabs.postMessage(idle);
bar.querySelector("[data-session-go-on]").addEventListener("click", async () => {
  heard(await fetch(location.pathname, { method: "HEAD" }));
});
look();

// Drafts: sent to the page's own address, which keeps them or says no as it does to the form.
const form = document.querySelector("form[data-draft]");
const told = () => new URLSearchParams(new FormData(form)).toString();
let kept = form && told();
let pause;
let sending;

async function keep() {
  clearTimeout(pause);
  const typed = told();
  if (form.dataset.sent || typed === kept) return;
  const body = new URLSearchParams(typed);
  body.set("_draft", "keep");
  sending?.abort();
  sending = new AbortController();
  const keepalive = document.hidden && body.toString().length < 60_000;
  try {
    const answer = await fetch(location.pathname, {
      method: "POST", body, keepalive, signal: sending.signal,
    });
    if (!heard(answer) || answer.status !== 204) return;
    kept = typed;
    form.querySelector("[data-draft-kept]").textContent = `草稿已于 ${clock(Date.now())} 保存`;
  } catch {
    // Out of reach for the moment: tried again with the next change.
  }
}

if (form) {
  form.addEventListener("focusout", () => {
    clearTimeout(pause);
    pause = setTimeout(keep, PAUSE_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(pause);
    sending?.abort();
  });
  setInterval(keep, 1000 * SAVE_SECONDS);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
}
document.addEventListener("visibilitychange", () => document.hidden || look());
