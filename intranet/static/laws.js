/* Copies the citation of a law or a paragraph, or its address. Without scripts the citation stands there to be marked,
   and the buttons do not show. */
(() => {
  "use strict";
  const status = document.getElementById("copy-status");
  if (!status) return;

  /* A page without https has no clipboard of its own; there the words are marked and copied. */
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { /* Refused, or an insecure page. */ }
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "ds-sr-only";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };

  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const place = button.closest("details");
    const link = place.querySelector("a");
    const done = await copy(button.dataset.copy === "link" ? link.href : place.querySelector(".law__citation").textContent);
    button.focus();
    status.textContent = "";
    for (const said of document.querySelectorAll(".law__copied")) said.remove();
    const words = done ? status.dataset.copied : status.dataset.failed;
    const shown = document.createElement("span");
    shown.className = "law__copied";
    shown.setAttribute("aria-hidden", "true");
    shown.textContent = words;
    button.parentElement.append(shown);
    /* Said anew also when the same words were said before. */
    setTimeout(() => { status.textContent = words; }, 50);
  });
})();
