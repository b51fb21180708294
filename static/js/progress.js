// Keeps a running job's progress fresh: asks its address for the same fragment again until the
// fragment no longer names one. Stops asking while the page is out of sight.
const SECONDS = 2;

async function refresh(area) {
  const answer = await fetch(area.dataset.poll, { headers: { "X-Fragment": "progress" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(".progress");
  if (!fresh) return;
  if (!fresh.dataset.poll) {
    window.location.reload();
    return;
  }
  area.className = fresh.className;
  for (const part of [".progress__head", "progress"]) {
    area.querySelector(part).replaceWith(fresh.querySelector(part));
  }
  // The label is a live region: it must stay the same element to be read aloud.
  const label = area.querySelector(".progress__label");
  const words = fresh.querySelector(".progress__label").textContent;
  if (label.textContent !== words) label.textContent = words;
}

for (const link of document.querySelectorAll("[data-poll-fallback]")) link.hidden = true;
if (document.querySelector("[data-poll]")) {
  window.setInterval(async () => {
    if (document.hidden) return;
    for (const area of document.querySelectorAll("[data-poll]")) {
      await refresh(area).catch(() => {});
    }
  }, SECONDS * 1000);
}
