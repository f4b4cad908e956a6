/* Saves a form on the server while it is being written: some seconds after the last letter, and when the page is left.
   `data-autosave` is the address. It answers {saved: words}, with the next version where the form carries one and what was
   found in the text; what is refused is {message: words}. Says how it goes in events of the form, and in words where the page has a place for them. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const { version } = form.elements, line = document.getElementById("autosave"), spoken = document.getElementById("autosave-spoken");
  const words = line?.dataset || {}, PAUSE = 2000, LONGEST_PAUSE = 60000, LEAVING_BYTES = 60000;
  let timer, running = null, dirty = false, stopped = false, pause = 0, kind = "";

  /* Seen each time; spoken only when it goes another way than before, not for every pause in the writing. */
  const show = (now, text) => {
    if (!line) return;
    line.hidden = false;
    line.dataset.color = { saved: "success", failed: "warning", refused: "danger" }[now] || "neutral";
    line.querySelector("span").textContent = text;
    if (now === "writing") return;
    if (now !== kind && (kind || now !== "saved")) spoken.textContent = text;
    kind = now;
  };
  const tell = (name, detail) => form.dispatchEvent(new CustomEvent(`autosave-${name}`, { detail }));
  const wait = (time) => { clearTimeout(timer); timer = setTimeout(save, time); };
  /* Files are chosen and sent by themselves. */
  const content = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (typeof value !== "string") data.delete(name);
    return data;
  };

  const fail = (now, text, again) => {
    dirty = true;
    show(now, text);
    tell("failed", {});
    if (!again) return;
    pause = Math.min(pause ? pause * 2 : 5000, LONGEST_PAUSE);
    wait(pause);
  };
  const send = async (leaving) => {
    if (!navigator.onLine) { fail("failed", words.failed, true); return; }
    let answer, said = {};
    try {
      answer = await fetch(form.dataset.autosave, { method: "POST", body: content(), keepalive: leaving, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000) });
      if (answer.headers.get("Content-Type")?.includes("json")) said = await answer.json();
    } catch { fail("failed", words.failed, true); return; }
    if (answer.ok && !answer.redirected && said.saved) {
      pause = 0;
      if (version && said.version) version.value = said.version;
      if (!dirty) show("saved", said.saved);
      /* What the server found in the text; not taken away under somebody who is reading it. */
      const remarks = document.getElementById("remarks");
      if (remarks && said.remarks && !remarks.contains(document.activeElement)) remarks.innerHTML = said.remarks;
      tell("saved", said);
    } else if (answer.redirected || [400, 401].includes(answer.status)) {
      fail("refused", words.login);
    } else if (said.message) {
      /* The next letter may mend what is wrong in a field, but not what somebody else has saved. */
      stopped = answer.status === 409;
      fail("refused", said.message);
    } else if (answer.status < 500) {
      stopped = true;
      fail("refused", words.closed);
    } else fail("failed", words.failed, true);
  };
  const save = async (leaving = false) => {
    clearTimeout(timer);
    if (running) { await running; clearTimeout(timer); }
    if (!dirty || stopped) return;
    dirty = false;
    running = send(leaving === true);
    await running;
    running = null;
    if (dirty && !stopped && !pause && kind !== "refused") wait(PAUSE);
  };

  const changed = () => {
    dirty = true;
    if (stopped) return;
    show("writing", words.writing);
    wait(navigator.onLine ? PAUSE : 400);
  };
  form.addEventListener("input", changed);
  addEventListener("online", () => { if (dirty) wait(300); });
  addEventListener("offline", () => { if (dirty && !stopped) save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && dirty) save(true); });

  /* What is sent by a button must not be overtaken by what is on its way, nor leave anything behind. */
  let passed = null;
  document.addEventListener("submit", async (event) => {
    const sent = event.target;
    if (sent === form && !version) { clearTimeout(timer); dirty = false; return; }
    if (!version || sent === passed || sent.method !== "post") { passed = null; return; }
    clearTimeout(timer);
    const other = sent !== form;
    if (!other) dirty = false;
    if (!running && !(other && dirty && !stopped)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (other) await save(); else await running;
    if (!other) dirty = false;
    clearTimeout(timer);
    passed = sent;
    sent.requestSubmit(event.submitter);
  }, true);

  /* A link out of the page waits for what is unsaved: the next page may show the text. */
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!version || !link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const leads = new URL(link.href), stays = leads.pathname === location.pathname && leads.hash;
    if (leads.origin !== location.origin || link.target || link.hasAttribute("download") || stays || !(running || (dirty && !stopped))) return;
    event.preventDefault();
    await save();
    location.assign(link.href);
  });

  /* Left with something unsaved: it is sent before the next page is asked for. What cannot be, is asked about. */
  addEventListener("beforeunload", (event) => {
    if (!dirty) return;
    const size = [...content()].reduce((sum, [, value]) => sum + new TextEncoder().encode(value).length, 0);
    if (version && (stopped || running || pause || kind === "refused" || size > LEAVING_BYTES)) event.preventDefault();
    else save(true);
  });

  /* Typed before the session ended, and brought back after the login: not saved yet. */
  if (new URLSearchParams(location.search).has("gjenopprett")) { dirty = true; wait(300); } else if (line) show("writing", words.begin);
})();
