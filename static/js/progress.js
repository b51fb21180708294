// Keeps a running job's progress fresh: asks its address for the same fragment again until the
// fragment no longer names one. Stops asking while the page is out of sight.
const SECONDS = 2;

async function refresh(area) {
  const answer = await fetch(area.dataset.poll, { headers: { "X-Fragment": "progress" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(".progress");
  if (!fresh) return;
  area.replaceWith(fresh);
  if (!fresh.dataset.poll) window.location.reload();
}

function hideFallbacks() {
  for (const link of document.querySelectorAll("[data-poll-fallback]")) link.hidden = true;
}

hideFallbacks();
if (document.querySelector("[data-poll]")) {
  window.setInterval(async () => {
    if (document.hidden) return;
    for (const area of document.querySelectorAll("[data-poll]")) {
      await refresh(area).catch(() => {});
    }
    hideFallbacks();
  }, SECONDS * 1000);
}
