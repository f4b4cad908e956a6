/* Improvements laid over pages that work without scripts. No dependencies; runs under the strict CSP. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* After a refused form the reader starts at what is wrong. */
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  /* One press sends once. The pressed button keeps its name and value because it is not disabled. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("method")?.toLowerCase() !== "post") return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    setTimeout(() => {
      if (event.defaultPrevented) return;
      form.dataset.sending = "true";
      if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    });
    /* A download or a lost connection leaves the page standing: let them try again. */
    setTimeout(() => release(form), 8000);
  });
  const release = (form) => {
    delete form.dataset.sending;
    all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
  };
  addEventListener("pageshow", (event) => { if (event.persisted) all("form[data-sending]").forEach(release); });

  /* Warn before typed text is left behind. */
  for (const form of all("form[data-guard]")) {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }

  /* Chosen files with their sizes, before they are sent. */
  const size = (bytes) => {
    const units = ["byte", "kB", "MB", "GB"];
    let step = 0;
    while (bytes >= 1000 && step < 3) { bytes /= 1000; step += 1; }
    return `${bytes.toLocaleString(document.documentElement.lang, { maximumFractionDigits: bytes < 10 && step ? 1 : 0 })} ${units[step]}`;
  };
  for (const input of all(".file-field input[type=file]")) {
    const list = document.createElement("ul");
    list.className = "file-list";
    list.setAttribute("aria-live", "polite");
    input.parentElement.append(list);
    input.addEventListener("change", () => {
      list.replaceChildren(...[...input.files].map((file) => {
        const item = document.createElement("li"), name = document.createElement("span"), weight = document.createElement("span");
        name.textContent = file.name;
        weight.textContent = size(file.size);
        const limit = Number(input.dataset.maxBytes);
        if (limit && file.size > limit) { weight.className = "file-list__fault"; weight.textContent += ` – ${input.dataset.tooLarge}`; }
        item.append(name, weight);
        return item;
      }));
    });
  }

  /* What is written stays in this tab until it is sent; gone when the tab closes. */
  for (const form of all("form[data-draft]")) {
    const key = `draft:${form.dataset.draft}`, status = document.getElementById(form.dataset.draftStatus || "");
    const texts = () => all("textarea, input[type=text]", form).filter((field) => field.name);
    const say = (text) => { if (status) { status.hidden = false; (status.querySelector("span") || status).textContent = text; } };
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    if (kept && texts().every((field) => !field.value)) {
      texts().forEach((field) => { field.value = kept[field.name] || ""; });
      say(form.dataset.draftRestored);
    }
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(texts().map((field) => [field.name, field.value]))));
        say(form.dataset.draftSaved.replace("{time}", new Date().toLocaleTimeString("nb-NO", { hour: "2-digit", minute: "2-digit" }).replace(":", ".")));
      }, 600);
    });
    form.addEventListener("submit", () => { clearTimeout(timer); sessionStorage.removeItem(key); });
  }
  /* Logging out leaves nothing behind on a shared device. */
  all("form[data-forget]").forEach((form) => form.addEventListener("submit", () => { sessionStorage.clear(); localStorage.clear(); }));

  /* A report that was written without network waits on this device: the script that sends it. */
  const { outbox } = document.body.dataset;
  if (outbox && !document.querySelector(`script[src="${outbox}"]`) && Object.keys(localStorage).some((name) => name.startsWith("avvik-kopi:"))) {
    document.head.append(Object.assign(document.createElement("script"), { src: outbox }));
  }

  /* Search suggestions: a combobox with a list, by the ARIA pattern. Enter without a choice searches. */
  for (const input of all("input[data-suggest]")) {
    const address = input.dataset.suggest, form = input.form;
    if (!address) continue;
    const list = document.createElement("ul"), status = document.createElement("div");
    list.id = `${input.id}-list`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.suggestLabel || input.getAttribute("aria-label"));
    status.className = "ds-sr-only";
    status.setAttribute("role", "status");
    const picks = "suggestPick" in input.dataset;
    /* The browser's own list is for those without scripts. */
    input.removeAttribute("list");
    if (picks) input.after(list, status); else form.append(list, status);
    const set = (name, value) => input.setAttribute(name, value);
    set("role", "combobox"); set("aria-autocomplete", "list"); set("aria-expanded", "false"); set("aria-controls", list.id);
    let timer, request, active = -1;
    const close = () => { list.hidden = true; active = -1; set("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const mark = (index) => {
      const items = [...list.children];
      if (!items.length) return;
      active = (index + items.length) % items.length;
      items.forEach((item, number) => item.setAttribute("aria-selected", String(number === active)));
      set("aria-activedescendant", items[active].id);
      items[active].scrollIntoView({ block: "nearest" });
    };
    const show = (hits) => {
      list.replaceChildren(...hits.map((hit, number) => {
        const item = document.createElement("li"), title = document.createElement("strong"), note = document.createElement("span");
        item.id = `${list.id}-${number}`;
        item.className = "suggestions__item";
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        if (picks) item.dataset.value = hit.value; else item.dataset.url = hit.url;
        title.textContent = hit.title;
        note.textContent = picks || (hit.subtitle || "").includes(hit.kind) ? hit.subtitle : [hit.kind, hit.subtitle].filter(Boolean).join(" · ");
        item.append(title, note);
        return item;
      }));
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = !hits.length;
      set("aria-expanded", String(hits.length > 0));
      status.textContent = hits.length ? input.dataset.suggestCount.replace("{count}", hits.length) : input.dataset.suggestNone;
    };
    const ask = async () => {
      const words = input.value.trim();
      if (request) request.abort();
      if (words.length < 2) { close(); return; }
      request = new AbortController();
      try {
        const answer = await fetch(`${address}?q=${encodeURIComponent(words)}`, { signal: request.signal, headers: { Accept: "application/json" } });
        if (!answer.ok || answer.redirected) { close(); return; }
        const hits = await answer.json();
        if (input.value.trim() === words && document.activeElement === input) show(Array.isArray(hits) ? hits : hits.suggestions || []);
      } catch { /* No suggestions: the search itself still works. */ }
    };
    const go = (item) => {
      if (picks) { input.value = item.dataset.value; close(); input.dispatchEvent(new Event("input", { bubbles: true })); clearTimeout(timer); input.focus(); return; }
      const target = new URL(item.dataset.url, location.href);
      if (target.origin === location.origin) location.assign(target);
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 200); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && !list.hidden) { event.preventDefault(); mark(active + 1); }
      else if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); mark(active - 1); }
      else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
      else if (event.key === "Enter" && active >= 0) { event.preventDefault(); go(list.children[active]); }
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => { const item = event.target.closest("[role=option]"); if (item) go(item); });
  }

  /* Keys in a list of rows, only while the focus is in it: j and k move, x ticks, Enter opens. */
  for (const list of all("[data-row-keys]")) {
    list.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k", "x", "Enter"].includes(event.key)) return;
      const rows = [...list.children], row = event.target.closest("li"), place = rows.indexOf(row);
      if (place < 0 || (event.key === "Enter" && event.target.type !== "checkbox")) return;
      event.preventDefault();
      if (event.key === "Enter") { row.querySelector("a")?.click(); return; }
      if (event.key === "x") { row.querySelector("input[type=checkbox]")?.click(); return; }
      rows[place + (event.key === "j" ? 1 : -1)]?.querySelector("a")?.focus();
    });
  }

  /* Filters take effect when changed, where the form asks for it. */
  all("form[data-auto]").forEach((form) => form.addEventListener("change", () => form.requestSubmit()));
})();
