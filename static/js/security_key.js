// Asks the browser for a security key; the answer goes along in the form like anything typed.
for (const form of document.querySelectorAll("form[data-security-key]")) {
  const failed = form.querySelector("[data-ask-failed]");
  form.querySelector("[data-ask]").addEventListener("click", async () => {
    failed.hidden = true;
    try {
      const ask = window.webauthnJSON[form.dataset.securityKey];
      const answer = await ask(JSON.parse(form.dataset.options));
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
