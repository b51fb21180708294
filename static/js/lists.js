// Conveniences of lists only: choosing rows works without this file.
const boxesBelow = (heading) => {
  const found = [];
  for (let row = heading.nextElementSibling; row; row = row.nextElementSibling) {
    if (row.classList.contains("listing__group")) break;
    found.push(...row.querySelectorAll('input[name="chosen"]'));
  }
  return found;
};
const bar = document.querySelector("[data-bulk]");
if (bar) {
  const boxes = [...document.querySelectorAll('input[name="chosen"]')];
  const all = bar.querySelector("[data-bulk-all]");
  const words = bar.querySelector("[data-bulk-count]");
  const hint = words.textContent;
  const tell = () => {
    const number = boxes.filter((box) => box.checked).length;
    words.textContent = number ? `已选 ${number} ${bar.dataset.bulk}` : hint;
    bar.classList.toggle("bulk--chosen", number > 0);
    all.checked = number === boxes.length;
    all.indeterminate = number > 0 && number < boxes.length;
    for (const group of groups) group.box.checked = group.boxes.every((box) => box.checked);
  };
  const groups = [...document.querySelectorAll("[data-bulk-group]")].map((box) => ({
    box,
    boxes: boxesBelow(box.closest("tr")),
  }));
  for (const { box, boxes: own } of groups) {
    box.closest("label").hidden = false;
    box.addEventListener("change", () => {
      for (const one of own) one.checked = box.checked;
      tell();
    });
  }
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}

// "/" leads to the search of the list.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  const search = document.querySelector(".filter-bar input[type=search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
});
