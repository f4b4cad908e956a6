/* The toolbar of a Markdown field: it writes the marks, and Ctrl+Z takes them away again. Without scripts the field is
   plain and the help below it says what to type. Words and windows come from templates/_components/markdown.html. */
(() => {
  "use strict";
  const LIST = /^(\s*)(?:([-*+])|(\d{1,9})([.)]))( +)(\[[ xX]\] )?/, MARK = /^\s*(?:[-*+] +|\d{1,9}[.)] +|#{1,6} +|> ?)/;

  /* Typed by the browser itself, so that its undo knows of it; where it will not, put there. */
  const write = (area, start, end, text, from, to = from) => {
    area.focus();
    area.setSelectionRange(start, end);
    if (text !== area.value.slice(start, end)) {
      let typed = false;
      try { typed = document.execCommand(text ? "insertText" : "delete", false, text); } catch { /* An old browser. */ }
      if (!typed) {
        area.setRangeText(text, start, end, "end");
        area.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
    }
    area.setSelectionRange(from, to);
  };

  /* The whole lines that are selected, and what each becomes. */
  const changeLines = (area, change) => {
    const text = area.value, start = text.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const stop = text.indexOf("\n", Math.max(area.selectionEnd, start)), end = stop < 0 ? text.length : stop;
    const lines = text.slice(start, end).split("\n"), alone = lines.length === 1;
    const written = change(lines.filter((line) => alone || line.trim())), next = lines.map((line) => alone || line.trim() ? written.shift() : line).join("\n");
    const caret = start + next.length;
    write(area, start, end, next, alone ? caret : start, caret);
  };
  const heading = (area) => changeLines(area, (lines) => {
    const depth = /^(#{1,6}) /.exec(lines[0])?.[1].length || 0, marks = depth === 2 ? "### " : depth > 2 ? "" : "## ";
    return lines.map((line) => marks + line.replace(MARK, ""));
  });
  const list = (area, numbered) => changeLines(area, (lines) => {
    const is = numbered ? /^\s*\d{1,9}[.)] / : /^\s*[-*+] /, off = lines.every((line) => is.test(line));
    return lines.map((line, number) => (off ? "" : numbered ? `${number + 1}. ` : "- ") + line.replace(MARK, ""));
  });

  /* Around the selected words, without the blanks at their ends; a second press takes the marks away. */
  const mark = (area, marks, sample) => {
    const text = area.value, one = marks.length === 1;
    let start = area.selectionStart, end = area.selectionEnd;
    while (start < end && /\s/.test(text[start])) start += 1;
    while (end > start && /\s/.test(text[end - 1])) end -= 1;
    const count = (from, step) => { let found = 0; while (text[from + found * step] === "*") found += 1; return found; };
    const has = (stars) => one ? stars === 1 || stars === 3 : stars >= 2;
    const size = marks.length, words = text.slice(start, end);
    if (has(count(start - 1, -1)) && has(count(end, 1))) {
      write(area, start - size, end + size, words, start - size, end - size);
    } else if (words.length > 2 * size && has(count(start, 1)) && has(count(end - 1, -1))) {
      write(area, start, end, words.slice(size, -size), start, end - 2 * size);
    } else if (!words) {
      write(area, start, end, marks + sample + marks, start + size, start + size + sample.length);
    } else {
      const marked = words.split("\n").map((line) => {
        const lead = MARK.exec(line)?.[0] || "", rest = line.slice(lead.length);
        return rest.trim() ? lead + marks + rest + marks : line;
      }).join("\n");
      const inner = marked.startsWith(marks) && !words.includes("\n");
      write(area, start, end, marked, inner ? start + size : start, start + marked.length - (inner ? size : 0));
    }
  };

  /* A table or a picture stands by itself: an empty line before and after. */
  const block = (area, text, from, to) => {
    const before = area.value.slice(0, area.selectionStart), after = area.value.slice(area.selectionEnd);
    const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const tail = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
    const start = before.length + lead.length;
    const end = start + text.length + tail.length;
    write(area, before.length, area.selectionEnd, lead + text + tail, from ? start + from : end, to ? start + to : end);
  };

  /* In a list Enter begins the next item, and in an empty item it ends the list. */
  const enter = (area) => {
    const at = area.selectionStart, start = area.value.lastIndexOf("\n", at - 1) + 1, line = area.value.slice(start, at);
    const found = LIST.exec(line);
    if (area.selectionEnd !== at || !found) return false;
    if (found[0].length === line.length) {
      const stop = area.value.indexOf("\n", at), rest = area.value.slice(at, stop < 0 ? undefined : stop);
      if (rest.trim()) return false;
      write(area, start, at, "", start);
      return true;
    }
    const next = `\n${found[1]}${found[2] || Number(found[3]) + 1 + found[4]}${found[5]}${found[6] ? "[ ] " : ""}`;
    write(area, at, at, next, at + next.length);
    return true;
  };

  const words = (text) => text.replace(/\s+/g, " ").trim().replace(/[[\]\\]/g, "\\$&");
  const address = (text) => {
    const plain = text.trim();
    const whole = /^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(plain) ? `mailto:${plain}` : /^www\./i.test(plain) ? `https://${plain}` : plain;
    return whole.replace(/[\s()<>]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`);
  };

  /* What each window asks for, and what it puts in. */
  const field = (id) => document.getElementById(`markdown-${id}`);
  const whole = (id) => { const input = field(id); return Math.min(Math.max(Math.round(Number(input.value)) || 1, 1), Number(input.max)); };
  const windows = {
    link: {
      ask: (chosen) => { const isAddress = /^(https?:\/\/|www\.)\S+$/i.test(chosen); field("link-text").value = isAddress ? "" : chosen.replace(/\s+/g, " ").trim(); field("link-address").value = isAddress ? chosen : ""; },
      put: (area) => { const text = `[${words(field("link-text").value)}](${address(field("link-address").value)})`, at = area.selectionStart; write(area, at, area.selectionEnd, text, at + text.length); },
    },
    table: {
      ask: () => {},
      put: (area, tools) => {
        const columns = whole("table-columns"), name = tools.dataset.column, row = (cell) => `| ${Array.from({ length: columns }, (_item, number) => cell(number + 1)).join(" | ")} |`;
        const rows = [row((number) => `${name} ${number}`), row(() => "---"), ...Array.from({ length: whole("table-rows") }, () => row(() => " "))];
        block(area, rows.join("\n"), 2, 2 + `${name} 1`.length);
      },
    },
    picture: {
      ask: (chosen) => { if (field("picture-alt")) field("picture-alt").value = chosen.replace(/\s+/g, " ").trim(); },
      put: (area) => block(area, `![${words(field("picture-alt").value)}](${address(field("picture-file").value)})`),
    },
    law: {
      ask: (chosen) => { field("law-text").value = chosen.replace(/\s+/g, " ").trim(); },
      put: (area) => {
        const at = area.selectionStart, before = area.value.slice(0, at), text = (/[^\s([«"]$/.test(before) ? " " : "") + field("law-text").value.trim();
        write(area, at, area.selectionEnd, text, at + text.length);
      },
    },
  };
  const complain = (input, is) => {
    const error = document.getElementById(`${input.id}-error`);
    if (!error) return;
    error.hidden = !is;
    const others = (input.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== error.id);
    input.setAttribute("aria-describedby", [...others, ...(is ? [error.id] : [])].join(" "));
    if (is) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
  };
  const open = (name, area, tools) => {
    const dialog = document.querySelector(`dialog[data-markdown-dialog="${name}"]`);
    if (!dialog) return;
    const inputs = [...dialog.querySelectorAll("input, select")], form = dialog.querySelector("form");
    inputs.forEach((input) => complain(input, false));
    windows[name].ask(area.value.slice(area.selectionStart, area.selectionEnd));
    form.onsubmit = (event) => {
      event.preventDefault();
      const missing = inputs.filter((input) => !input.value.trim() && document.getElementById(`${input.id}-error`));
      inputs.forEach((input) => complain(input, missing.includes(input)));
      if (missing.length) { missing[0].focus(); return; }
      dialog.close("insert");
    };
    /* After the window has given the focus back: what is typed then goes into the field. */
    dialog.onclose = () => { area.focus(); if (dialog.returnValue === "insert") windows[name].put(area, tools); dialog.returnValue = ""; };
    dialog.querySelector("[data-close]").onclick = () => dialog.close();
    dialog.returnValue = "";
    dialog.showModal();
    (inputs.find((input) => !input.value) || inputs[0] || dialog.querySelector("[data-close]")).focus();
  };

  /* From what was found in the text to its line. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]"), area = link && document.querySelector(link.getAttribute("href"));
    if (!area) return;
    const lines = area.value.split("\n"), number = Math.min(Number(link.dataset.line), lines.length) - 1;
    const start = lines.slice(0, number).join("\n").length + (number ? 1 : 0);
    event.preventDefault();
    area.focus();
    area.setSelectionRange(start, start + lines[number].length);
    area.scrollTop = area.scrollHeight * number / lines.length - area.clientHeight / 3;
    area.scrollIntoView({ block: "nearest" });
  });

  for (const tools of document.querySelectorAll("[data-markdown-tools]")) {
    const area = document.getElementById(tools.getAttribute("aria-controls")), buttons = [...tools.querySelectorAll("[data-tool]")];
    const use = (name) => {
      if (name === "heading") heading(area);
      else if (name === "bold") mark(area, "**", tools.dataset.bold);
      else if (name === "italic") mark(area, "*", tools.dataset.italic);
      else if (name === "bullets" || name === "numbers") list(area, name === "numbers");
      else open(name, area, tools);
    };
    const reach = (button) => { buttons.forEach((one) => { one.tabIndex = one === button ? 0 : -1; }); };
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("[data-tool]");
      if (button) { reach(button); use(button.dataset.tool); }
    });
    tools.addEventListener("keydown", (event) => {
      const place = buttons.indexOf(event.target.closest("[data-tool]"));
      const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (place < 0 || next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const button = buttons[(next + buttons.length) % buttons.length];
      reach(button);
      button.focus();
    });
    area.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const key = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && (key === "b" || key === "i")) {
        event.preventDefault();
        use(key === "b" ? "bold" : "italic");
      } else if (key === "enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey && enter(area)) event.preventDefault();
    });
  }
})();
