/* A report survives a lost network: saved on the server while typing (autosave.js), encrypted on the device when there is no
   network, and sent once when there is again. Runs on the report form, and wherever something waits to be sent. */
(() => {
  "use strict";
  const DAY = 864e5, KEY = "avvik-nokkel", COPY = "avvik-kopi:", AES = "AES-GCM", CURVE = { name: "ECDH", namedCurve: "P-256" };
  const form = document.querySelector("form[data-offline]"), box = document.getElementById("report-status");
  const places = { page: "/avvik/meld", key: "/avvik/nokkel", case: "/avvik/" };
  const isShell = form?.dataset.offline === "shell", canSeal = isSecureContext && Boolean(crypto.subtle);
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
  const write = (name, value) => localStorage.setItem(name, JSON.stringify(value));
  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const copies = () => Object.keys(localStorage).filter((name) => name.startsWith(COPY));
  const words = () => form ? { ...box.dataset } : copies().map(read).find((copy) => copy?.words)?.words || {};
  for (const name of [KEY, ...copies()]) if (!(Date.now() - (read(name)?.at || 0) < DAY)) localStorage.removeItem(name);

  /* What happened, in words beside the button; on other pages above the heading. */
  const say = (words, color = "info", link = null) => {
    let place = box;
    if (!place) {
      place = document.getElementById("report-news") || document.createElement("div");
      place.id = "report-news"; place.className = "ds-alert"; place.setAttribute("role", "status");
      (document.querySelector(".page__main") || document.querySelector("main")).prepend(place);
    }
    place.hidden = false; place.dataset.color = color;
    const line = document.createElement("span");
    line.textContent = words;
    if (link) { const anchor = document.createElement("a"); anchor.className = "ds-link"; [anchor.href, anchor.textContent] = link; line.append(" ", anchor); }
    place.replaceChildren(line);
  };

  /* Keys: the device can always encrypt, with a public key; only the person's server key opens it again. */
  let mine = null, online = !isShell;
  const ask = async (id = "") => {
    const answer = await fetch(places.key + (id ? `?id=${encodeURIComponent(id)}` : ""), { cache: "no-store", signal: AbortSignal.timeout(8000) });
    if (answer.redirected || answer.status === 401) throw new Error("login");
    return answer.ok ? answer.json() : null;
  };
  const secret = (raw) => crypto.subtle.importKey("raw", bytes(raw), AES, false, ["encrypt", "decrypt"]);
  const prepare = async () => {
    const old = read(KEY);
    mine = await ask();
    if (!canSeal || (old && old.owner === mine.owner && Date.now() - old.at < DAY / 2)) return;
    const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveKey"]), iv = crypto.getRandomValues(new Uint8Array(12));
    const locked = await crypto.subtle.encrypt({ name: AES, iv }, await secret(mine.key), await crypto.subtle.exportKey("pkcs8", pair.privateKey));
    write(KEY, { at: Date.now(), id: mine.id, owner: mine.owner, name: mine.name, open: await crypto.subtle.exportKey("jwk", pair.publicKey), iv: text(iv), locked: text(locked) });
  };
  const agree = (priv, pub) => crypto.subtle.deriveKey({ name: "ECDH", public: pub }, priv, { name: AES, length: 256 }, false, ["encrypt", "decrypt"]);
  const seal = async (fields, queued) => {
    const key = read(KEY);
    if (!canSeal || !key) return false;
    const once = await crypto.subtle.generateKey(CURVE, true, ["deriveKey"]), iv = crypto.getRandomValues(new Uint8Array(12));
    const pub = await crypto.subtle.importKey("jwk", key.open, CURVE, false, []);
    const body = await crypto.subtle.encrypt({ name: AES, iv }, await agree(once.privateKey, pub), new TextEncoder().encode(JSON.stringify(fields)));
    write(COPY + key.owner, { at: Date.now(), queued, id: key.id, lock: [key.iv, key.locked], once: await crypto.subtle.exportKey("jwk", once.publicKey), iv: text(iv), body: text(body), words: words(), sendKey: fields.find(([name]) => name === "send_key")?.[1] });
    return true;
  };
  const open = async (copy, key) => {
    const raw = await crypto.subtle.decrypt({ name: AES, iv: bytes(copy.lock[0]) }, await secret(key), bytes(copy.lock[1]));
    const priv = await crypto.subtle.importKey("pkcs8", raw, CURVE, false, ["deriveKey"]);
    const pub = await crypto.subtle.importKey("jwk", copy.once, CURVE, false, []);
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: AES, iv: bytes(copy.iv) }, await agree(priv, pub), bytes(copy.body))));
  };

  /* The one who is logged in, and the copy that is theirs and readable; another's is left alone. */
  const own = async () => {
    if (!canSeal) return null;
    mine ||= await ask();
    const copy = read(COPY + mine.owner);
    if (!copy) return null;
    try {
      const given = await ask(copy.id);
      return given ? { copy, fields: await open(copy, given.key), token: given.token, name: COPY + mine.owner } : null;
    } catch (error) { if (error.name === "OperationError") return null; throw error; }
  };
  const waiting = () => copies().some((name) => read(name)?.queued);
  let busy = false;
  const flush = async () => {
    if (busy || !waiting() || !navigator.onLine) return;
    busy = true;
    try {
      const found = await own();
      if (!found?.copy.queued) return;
      say(words().sending);
      const body = new FormData();
      for (const [name, value] of found.fields) body.append(name, value);
      body.set("csrf_token", found.token);
      const answer = await fetch(places.page, { method: "POST", body, redirect: "follow" });
      const number = /\/avvik\/(\d+)\/kvittering/.exec(answer.url)?.[1], said = found.copy.words;
      if (number) {
        localStorage.removeItem(found.name);
        if (form) { form.querySelectorAll(".form-panel > :not(#report-status)").forEach((part) => part.remove()); form.inert = false; }
        say(said.sent.replace("{number}", `${number.slice(0, 4)}-${number.slice(-4)}`), "success", [places.case + number, said.see]);
      } else if ([409, 422].includes(answer.status)) {
        /* The server has it as a draft now, and says in the form what is to be mended. */
        localStorage.removeItem(found.name);
        say(said.refused, "warning", [places.page, said.mend]);
      }
    } catch (error) {
      if (error.message === "login") say(words().login, "warning", [`/logg-inn?next=${encodeURIComponent(places.page)}`, words().toLogin]);
      else setTimeout(flush, 15000);
    } finally { busy = false; }
  };
  addEventListener("online", () => setTimeout(flush, 300));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });

  const sent = document.querySelector("[data-report-sent]");
  if (sent) copies().filter((name) => read(name)?.sendKey === sent.dataset.reportSent).forEach((name) => localStorage.removeItem(name));
  if (!form) { flush(); return; }
  /* The proposals come while typing; their buttons are for those without scripts. */
  form.querySelectorAll(".proposed__find").forEach((part) => part.remove());

  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !["csrf_token", "owner", "form_name", "step"].includes(name));
  const fill = (saved) => {
    const values = new Map();
    for (const [name, value] of saved) values.set(name, [...(values.get(name) || []), value]);
    for (const field of form.elements) {
      if (!field.name || field.type === "file" || field.name === "csrf_token") continue;
      const chosen = values.get(field.name) || [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = chosen.includes(field.value);
      else if (chosen.length) field.value = chosen[0];
    }
  };
  const keepHere = async () => say(await seal(fields(), false) ? words().here : words().lost, "warning");
  let timer, passed = false;
  if (isShell) form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keepHere, 400); });
  /* The draft on the server is autosave.js's; what does not get there is kept on the device. */
  form.addEventListener("autosave-failed", keepHere);
  form.addEventListener("autosave-saved", (event) => {
    if (mine) localStorage.removeItem(COPY + mine.owner);
    say(words().saved.replace("{time}", event.detail.saved), "success");
  });
  addEventListener("offline", () => { clearTimeout(timer); if (form.elements.what.value) keepHere(); });

  const queue = async () => {
    clearTimeout(timer);
    if (!await seal(fields(), true)) { say(words().lost, "danger"); return; }
    const change = document.createElement("button"), files = form.querySelector("input[type=file]");
    const hasFiles = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
    say(words().queued + (files && hasFiles ? ` ${words().files}` : ""), "warning");
    form.querySelectorAll(".form-panel > :not(#report-status)").forEach((part) => { part.inert = true; });
    change.type = "button"; change.className = "ds-button"; change.dataset.variant = "secondary"; change.textContent = words().change;
    change.addEventListener("click", async () => {
      form.querySelectorAll("[inert]").forEach((part) => { part.inert = false; });
      await keepHere();
    });
    box.append(change);
    box.tabIndex = -1; box.focus(); box.scrollIntoView({ block: "center" });
  };
  form.addEventListener("submit", async (event) => {
    if (passed) return;
    if (event.submitter?.name) {
      if (!navigator.onLine) { event.preventDefault(); await keepHere(); }
      return;
    }
    event.preventDefault();
    /* Is there really a network? A phone often says yes when it is no. */
    try {
      if (isShell && !navigator.onLine) throw new Error("offline");
      await ask();
    } catch (error) {
      if (error.message !== "login") { await queue(); return; }
    }
    if (isShell) { await queue(); await flush(); return; }
    clearTimeout(timer);
    passed = true;
    setTimeout(() => { passed = false; }, 3000);
    form.requestSubmit(event.submitter);
  }, true);

  (async () => {
    if (isShell) {
      const key = read(KEY);
      if (key) form.querySelector("[data-reporter]").textContent = words().who.replace("{name}", key.name);
      else { say(words().nokey, "warning"); form.querySelectorAll(".form-panel > :not(#report-status)").forEach((part) => { part.inert = true; }); return; }
      const local = new Date(Date.now() - new Date().getTimezoneOffset() * 6e4).toISOString();
      form.elements.day.value = local.slice(0, 10); form.elements.clock.value = local.slice(11, 16);
      form.elements.send_key.value = crypto.randomUUID();
      if (waiting()) say(words().queued, "warning");
      else if (copies().length) say(words().waits, "warning");
      return;
    }
    if (navigator.serviceWorker) navigator.serviceWorker.register("/avvik/sw.js").catch(() => {});
    try {
      await prepare();
      if (waiting()) { await flush(); return; }
      const found = await own();
      if (found) { fill(found.fields); say(found.copy.words.back || words().back, "info"); }
    } catch { /* Without network the page says so at the first letter. */ }
  })();
})();
