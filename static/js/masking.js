// Words selected in a statement go into the form. Without this file they are typed.

const field = document.querySelector("[data-chosen-words]");
const longest = Number(field?.getAttribute("maxlength")) || 60;

document.addEventListener("selectionchange", () => {
  const chosen = document.getSelection();
  if (!field || !chosen || chosen.isCollapsed || !chosen.anchorNode || !chosen.focusNode) return;
  const holds = (node) => node.parentElement?.closest("[data-statement]");
  const statement = holds(chosen.anchorNode);
  const words = chosen.toString().replace(/\s+/g, "");
  if (!statement || statement !== holds(chosen.focusNode)) return;
  if (words.length > 1 && words.length <= longest) field.value = words;
});
