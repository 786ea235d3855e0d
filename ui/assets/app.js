// This script helps people at a keyboard. Every page works without it.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const typing = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

  // A form is sent once: a second press does nothing. Coming back to the page, or a while later, allows it again.
  const wake = () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("button", form).forEach((button) => button.removeAttribute("aria-busy"));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    setTimeout(wake, 15000);
  });
  addEventListener("pageshow", wake);

  // Whoever signs out takes along what this device keeps of her work in the field for the time without a line. What was
  // not sent yet stays. Keep the name in step with field-sw.js.
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out") window.caches?.delete("lianglin-field");
  });

  // A decision that can be undone counts down. Then the page shows what became of it, unless something is typed there.
  const left = document.querySelector("[data-left]");
  if (left) {
    const [ends, told] = [Date.now() + left.dataset.left * 1000, left.textContent];
    const typed = () => all("main input, main textarea").some((field) => field.value !== field.defaultValue);
    const tick = setInterval(() => {
      const seconds = Math.ceil((ends - Date.now()) / 1000);
      left.textContent = told.replace(/\d+(?=\D*$)/, Math.max(seconds, 0));
      if (seconds >= 0) return;
      clearInterval(tick);
      if (!typed()) location.replace(left.dataset.then);
    }, 1000);
  }

  // The number of a person stands in no address: whoever may look for persons is asked for the purpose, and the number
  // is sent in the form. Without this script the server leads away from the address. Keep in step with `looks_personal`.
  const personal = (text) => {
    const plain = text.normalize("NFKC").trim();
    if (/^\d{6}-?20\d\d-?\d{7}(-?\d)?$/.test(plain)) return false;
    return /(^|\D)((00)?86)?(1[3-9]\d{9}|0\d{9,11}|\d{16,19}|\d{17}x)(\D|$)/i.test(plain.replace(/[\s()+-]/g, ""));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const find = form.querySelector("[data-find]");
    if (!find || form.method === "post" || !personal(find.value)) return;
    if (form.dataset.person) {
      form.method = "post";
      form.action = "/search/person";
      const token = document.createElement("input");
      Object.assign(token, { type: "hidden", name: "_token", value: form.dataset.person });
      form.append(token);
      find.name = "who";
    } else {
      find.name = "personal";
      find.value = "1";
    }
  }, true);

  // The square on a receipt carries number and code behind the "#", which no server sees.
  const [scanned, carried] = [document.querySelector("form[data-scanned]"), location.hash.slice(1).split(".")];
  if (scanned && carried.length === 2) {
    [scanned.elements.number.value, scanned.elements.code.value] = carried;
    history.replaceState(null, "", location.pathname);
  }

  // The cursor stands in the first field that must be corrected; where it is about no field, at what is said of it.
  const problems = document.querySelector(".problems");
  if (problems && !document.querySelector("main [autofocus]")) problems.focus();

  // At a desk the cursor stands in the first field that is empty.
  const blank = (input) => input.value === "" && input.type !== "hidden" && input.checkVisibility();
  const main = document.querySelector("form[data-main=type]");
  if (main && !problems && !document.querySelector("[autofocus]") && document.activeElement === document.body && !matchMedia("(pointer: coarse)").matches) {
    const first = all("input, textarea", main).find(blank);
    if (first) first.focus({ preventScroll: true });
  }

  // A question that depends on another answer is shown when that answer is given.
  const held = (block, form) => {
    const [name, value] = block.dataset.when.split("=");
    const given = form.querySelector(`[name="${CSS.escape(name)}"]:checked`);
    return Boolean(given) && given.value === value && !given.closest("[data-when][hidden]");
  };
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form) all("[data-when]", form).forEach((block) => { block.hidden = !held(block, form); });
  });

  // A signature can be drawn or typed as a name. Strokes are kept as points: "x,y x,y;x,y".
  all("[data-sign]").forEach((block) => {
    const kept = block.querySelector("input[type=hidden]");
    const [canvas, again] = [document.createElement("canvas"), document.createElement("button")];
    const text = document.createElement("p");
    text.className = "hint";
    text.textContent = block.dataset.signDraw;
    Object.assign(again, { type: "button", className: "quiet", textContent: block.dataset.signAgain });
    Object.assign(canvas, { width: 600, height: 200, className: "sign-here" });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", block.dataset.signDraw);
    block.append(text, canvas, again);
    const pen = canvas.getContext("2d");
    const draw = () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      Object.assign(pen, { lineWidth: 3, lineCap: "round", strokeStyle: getComputedStyle(canvas).color });
      kept.value.split(";").filter(Boolean).forEach((stroke) => {
        pen.beginPath();
        stroke.trim().split(" ").forEach((point) => pen.lineTo(...point.split(",").map(Number)));
        pen.stroke();
      });
    };
    const point = (event) => {
      const box = canvas.getBoundingClientRect();
      const at = (value, size) => Math.max(0, Math.round((value * size)));
      return `${at((event.clientX - box.left) / box.width, 600)},${at((event.clientY - box.top) / box.height, 200)}`;
    };
    const add = (event, before) => {
      if (kept.value.length < 18000) kept.value += before + point(event);
      draw();
    };
    canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); add(event, kept.value ? ";" : ""); });
    canvas.addEventListener("pointermove", (event) => { if (event.buttons) add(event, " "); });
    again.addEventListener("click", () => { kept.value = ""; draw(); });
    draw();
  });

  // Typing filters rows or items. While an input method composes a word, nothing is filtered: its letters are no words
  // yet.
  const filter = (event) => {
    const list = !event.isComposing && event.target.dataset.filter && document.querySelector(event.target.dataset.filter);
    if (!list) return;
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    all("tbody tr, :scope > li", list).forEach((row) => {
      const text = (row.textContent + " " + (row.dataset.words || "")).toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    });
  };
  document.addEventListener("input", filter);
  document.addEventListener("compositionend", filter);

  // In rows the keys j and k move, Enter opens and x ticks.
  const move = (step) => {
    const rows = all("[data-rows] tbody tr, ol[data-rows] > li, ul[data-rows] > li").filter((row) => !row.hidden && row.querySelector("a"));
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("selected"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    rows.forEach((row) => row.classList.toggle("selected", row === next));
    next.querySelector("a").focus();
    next.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    // Keys that an input method takes are its own: Enter and the arrows choose a word there. Old browsers say 229.
    if (event.isComposing || event.keyCode === 229) return;
    const target = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      // Where no field has the cursor, a form that one came to type in is meant. A step is taken only from inside the
      // page, so that keys pressed twice do not take the next one unseen.
      const form = target.form ?? document.querySelector(target.closest("main") ? "form[data-main]" : "form[data-main=type]");
      // What decides or ends something is confirmed with its button alone.
      if (!form || "sure" in form.dataset) return;
      event.preventDefault();
      return form.requestSubmit(form.querySelector("button:not([name]), button"));
    }
    // In some fields Enter asks for more instead of sending the form.
    const more = event.key === "Enter" && target.form && target.matches("input[name]") && target.form.querySelector(`button[data-enter="${CSS.escape(target.name)}"]`);
    if (more) { event.preventDefault(); return target.form.requestSubmit(more); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && (target.closest("[data-rows] .selected") || (step > 0 && target.matches("[data-find]")))) { event.preventDefault(); return move(step); }
    // Beside typing, Alt and a letter ticks a box that says so.
    const box = event.altKey && !event.ctrlKey && document.querySelector(`[data-alt="${CSS.escape(event.code.slice(3).toLowerCase())}"]`);
    if (box) { event.preventDefault(); return box.click(); }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(target)) return;
    // A button or a link that shows a letter is pressed by it.
    const pressed = event.key.length === 1 && document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (pressed) { event.preventDefault(); return pressed.click(); }
    if (event.key === "/") {
      const find = document.querySelector("[data-find]");
      if (find) { event.preventDefault(); find.focus(); find.select(); }
    } else if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
    else if (event.key === "x") { const box = document.querySelector("[data-rows] .selected input[type=checkbox]"); if (box) box.checked = !box.checked; }
    else if (event.key === "?") { const keys = document.getElementById("keys"); if (keys) keys.showModal(); }
    else if (event.key === "Escape") all("details.panel[open]").forEach((panel) => { panel.open = false; });
  });

  // A date stays on one line, but in the largest letters. In a flex box each part of a text would be one of its parts.
  const dates = /(\d{4}年)?\d+月\d+日/;
  const texts = document.createTreeWalker(document.querySelector("main") ?? document.body, NodeFilter.SHOW_TEXT);
  const dated = [];
  while (texts.nextNode()) if (dates.test(texts.currentNode.data)) dated.push(texts.currentNode);
  const flows = ({ parentElement: box }) => !box.closest("script, textarea, select, svg") && !/flex|grid/.test(getComputedStyle(box).display);
  if (document.documentElement.dataset.size < 3) dated.filter(flows).forEach((text) => {
    for (let found; (found = dates.exec(text.data));) {
      const [date, whole] = [text.splitText(found.index), document.createElement("span")];
      text = date.splitText(found[0].length);
      whole.style.whiteSpace = "nowrap";
      date.replaceWith(whole);
      whole.append(date);
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
    all("details.panel[open]").forEach((panel) => { if (!panel.contains(event.target)) panel.open = false; });
  });
})();
