// Gives the searched choices of the back office the name of their label: select2 leaves it out.
function nameChoices() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const name = label ? label.textContent.replace(/[:：]\s*$/, "").trim() : "";
    const box = select.parentElement.querySelector(".select2-selection");
    if (!name || !box) continue;
    box.setAttribute("aria-label", name);
    box.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", name);
  }
}

// Asked of the admin's own jQuery, and late, so that it comes after the choices have been dressed.
window.addEventListener("load", () => window.django.jQuery(nameChoices));
