// Work in the field without a line: what is found and done is kept on the phone with its photos, and sent by itself when
// there is a line, each entry once, its photos in pieces that go on where they stopped. The pages work without it, online.
"use strict";
(() => {
  const root = document.getElementById("field");
  if (!root || !window.isSecureContext || !window.indexedDB || !window.crypto?.subtle) return;
  const say = root.dataset;
  const PIECE = Number(say.piece);
  const [FIRST, LOOK, LONGEST, SMALLEST, PATIENCE] = [1_000, 60_000, 300_000, 65_536, 15_000];
  const SETTLED = ["done", "over"];
  const NEEDS = ["conflict", "refused", "broken"];
  const by = (id) => document.getElementById(id);
  const made = (name, properties = {}, ...inside) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...inside.filter(Boolean));
    return node;
  };
  const counted = (text, number) => text.replace("#", number);

  // ---- what is kept on the phone

  let opened = null;
  const shelf = () => opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open("lianglin-field", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("entries", { keyPath: "id" });
      asked.result.createObjectStore("photos", { keyPath: "id" }).createIndex("entry", "entry");
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const answered = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  /** Does something with both stores in one transaction, which is on the disk when it is over. */
  const together = async (mode, work) => {
    const begin = (base) => base.transaction(["entries", "photos"], mode, { durability: "strict" });
    let tx;
    try {
      tx = begin(await shelf());
    } catch {
      // A phone closes it behind a page that slept.
      opened = null;
      tx = begin(await shelf());
    }
    const over = new Promise((done, failed) => {
      tx.oncomplete = done;
      tx.onerror = tx.onabort = () => failed(tx.error);
    });
    const result = await work(tx.objectStore("entries"), tx.objectStore("photos"));
    await over;
    return result;
  };
  const all = () => together("readonly", (entries) => answered(entries.getAll()))
    .then((found) => found.sort((one, other) => one.place - other.place));
  /** The same without those that somebody corrected, whose place another takes. */
  const live = async () => {
    const found = await all();
    const corrected = new Set(found.map(({ sent }) => sent.instead));
    return found.filter(({ id }) => !corrected.has(id));
  };
  const photoOf = (id) => together("readonly", (_, photos) => answered(photos.get(id)));
  /** Writes down how an entry stands, and says whether it is still there. A full phone sends it all the same. */
  const change = (entry) => together("readwrite", async (entries) => {
    const isThere = await answered(entries.getKey(entry.id)) !== undefined;
    if (isThere) entries.put(entry);
    return isThere;
  }).catch(() => true);
  /** An entry as it stands now, on its way from here on; nothing where it was taken back meanwhile. */
  const claimed = async (id) => {
    const entry = await together("readonly", (entries) => answered(entries.get(id)));
    return entry && (entry.tried || await change(Object.assign(entry, { tried: true }))) ? entry : null;
  };
  const drop = (id) => together("readwrite", async (entries, photos) => {
    for (const key of await answered(photos.index("entry").getAllKeys(id))) photos.delete(key);
    await answered(entries.delete(id));
  });
  /** Takes back what was never sent. What named it names what was before it. What is on its way stays. */
  const takeBack = (entry) => together("readwrite", async (entries, photos) => {
    const now = await answered(entries.get(entry.id));
    if (now?.tried && now.state !== "broken") return;
    for (const key of await answered(photos.index("entry").getAllKeys(entry.id))) photos.delete(key);
    for (const one of await answered(entries.getAll())) {
      if (one.sent.before === entry.id && !one.tried) entries.put({ ...one, sent: { ...one.sent, before: entry.sent.before } });
    }
    await answered(entries.delete(entry.id));
  });

  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  /** The refused entry that somebody corrects just now, with its form; what is kept from there takes its place. */
  let answering = null;
  /** Its photos, for the one that takes its place where nobody took others. */
  const photosOf = (entry) => together("readonly", (_, photos) => answered(photos.index("entry").getAll(entry.id)))
    .then((all) => entry.sent.photos.map(({ id, shows }) => ({ file: all.find((one) => one.id === id)?.blob, shows }))
      .filter(({ file }) => file));

  /** Keeps an entry with its photos, each with what it shows: whatever happens to the browser after that, it is sent.
      Where it cannot be kept it is said, and the form stays as it is. */
  const keep = async (...given) => {
    const isKept = await store(...given).then(() => true, () => false);
    await tell(isKept ? "" : say.notKept);
    if (isKept) send();
    return isKept;
  };
  const store = async (about, title, what, files = []) => {
    const id = crypto.randomUUID();
    const [photos, shown] = [[], []];
    const isSame = answering?.sent.kind === what.kind && (what.kind !== "act" || answering.about === about);
    const old = isSame ? answering : null;
    const own = files.length === 0 && old ? await photosOf(old) : files;
    for (const { file, shows } of own) {
      const bytes = await file.arrayBuffer();
      const digest = hex(await crypto.subtle.digest("SHA-256", bytes));
      photos.push({ id: crypto.randomUUID(), entry: id, blob: new Blob([bytes], { type: file.type }), digest });
      shown.push(shows ? { shows } : {});
    }
    await together("readwrite", async (entries, store) => {
      const before = (await answered(entries.getAll())).filter((one) => one.who === say.who && one.id !== old?.id);
      const same = before.filter((one) => one.about === about && one.state !== "broken");
      const last = same.sort((one, other) => one.place - other.place).pop();
      const named = photos.map((photo, at) => ({ id: photo.id, bytes: photo.blob.size, digest: photo.digest, ...shown[at] }));
      const sent = { id, before: last?.id ?? null, photos: named, instead: old?.id, ...what };
      const place = before.reduce((most, one) => Math.max(most, one.place), 0) + 1;
      photos.forEach((photo) => store.put(photo));
      entries.put({ id, place, who: say.who, about: about ?? id, title, sent, state: "queued" });
    });
    answering = null;
  };

  // ---- sending

  let pause = FIRST;
  class Trouble extends Error {
    constructor(kind) {
      super(kind);
      this.kind = kind;
    }
  }
  /** What holds up everything behind it. */
  const STOPS = ["line", "sign-in", "no-right"];
  /** What the server answers; throws `line` where it is not reached, `later` where it is busy, `no-right` where nothing
      is taken from her now, `broken` where it cannot read what was sent. */
  const ask = async (address, body) => {
    let answer;
    try {
      const signal = AbortSignal.timeout?.(body ? 12 * PATIENCE : PATIENCE);
      answer = await fetch(address, { method: body ? "POST" : "GET", body, credentials: "same-origin", signal });
    } catch {
      throw new Trouble("line");
    }
    if (answer.redirected || answer.status === 401) throw new Trouble("sign-in");
    if (answer.status === 403) throw new Trouble("no-right");
    if (answer.ok) return answer.json().catch(() => { throw new Trouble("line"); });
    throw new Trouble(answer.status === 429 || answer.status === 408 || answer.status >= 500 ? "later" : "broken");
  };

  const heard = async (entry, line) => {
    if (SETTLED.includes(line.state)) return drop(entry.id);
    Object.assign(entry, { state: line.state, key: line.key, words: line.words, remedy: line.remedy });
    return change(entry);
  };

  /** Pieces grow while the line holds, and shrink where it breaks in the middle of one. */
  let size = Math.min(PIECE, 262_144);
  const sendPhoto = async (entry, line, place) => {
    const { id, have } = line.photos[place];
    const photo = await photoOf(id);
    if (!photo) throw Object.assign(new Trouble("broken"), { lost: true });
    let [at, damaged] = [have, 0];
    for (;;) {
      // What the phone itself can no longer read is not the fault of the line.
      const piece = await photo.blob.slice(at, at + size).arrayBuffer();
      const body = new FormData();
      body.append("_token", say.token);
      body.append("who", entry.who);
      body.append("piece", new Blob([piece]), "piece");
      let told;
      try {
        told = await ask(`/field/photos/${id}?entry=${encodeURIComponent(line.key)}&at=${at}`, body);
      } catch (fault) {
        size = Math.max(SMALLEST, size / 2);
        throw fault;
      }
      size = Math.min(PIECE, size * 2);
      pause = FIRST;
      if (told.whole) return told.entry;
      if (told.damaged) damaged += 1;
      if (damaged > 2 || (told.have === at && !told.damaged)) throw new Trouble("broken");
      at = told.have;
    }
  };

  const deliver = async (entry) => {
    const body = new URLSearchParams({ _token: say.token, who: entry.who, entry: JSON.stringify(entry.sent) });
    let line = await ask("/field/entries", body);
    // The server let go of what this one corrects.
    if (entry.sent.instead) await drop(entry.sent.instead);
    await heard(entry, line);
    for (let place = 0; place < line.photos.length; place += 1) {
      if (!line.photos[place].whole) line = await sendPhoto(entry, line, place);
    }
    await heard(entry, line);
    root.dispatchEvent(new CustomEvent("field-sent", { detail: entry.sent.kind }));
  };

  /** Sends what is new, and asks how the rest stands. What does not go through holds up nothing but what follows it. */
  const round = async () => {
    if (!navigator.onLine) return "line";
    const held = new Set();
    let trouble = "";
    for (const { id, about, who } of await live()) {
      const entry = who === say.who && !held.has(about) && await claimed(id);
      if (!entry) continue;
      try {
        await deliver(entry);
      } catch (fault) {
        const kind = fault instanceof Trouble ? fault.kind : "broken";
        if (kind === "broken") await change(Object.assign(entry, { state: kind, lost: fault.lost }));
        else trouble = kind;
        if (STOPS.includes(kind)) break;
        if (kind === "later") held.add(about);
      }
      await show();
    }
    return trouble;
  };

  let [sending, again, timer, last, tried] = [false, false, 0, "", false];
  const isOffline = () => last === "line" || !navigator.onLine;
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  };
  async function send() {
    if (sending) { again = true; return; }
    sending = true;
    try {
      // Two windows do not send the same at the same time.
      const work = async (lock) => (lock === null ? "later" : round());
      last = navigator.locks ? await navigator.locks.request("lianglin-field", { ifAvailable: true }, work) : await work();
      if (last !== "line") await refresh();
    } catch (fault) {
      last = fault instanceof Trouble ? fault.kind : "later";
    }
    [sending, tried] = [false, true];
    if (last === "line") await remember();
    const own = (await live().catch(() => [])).filter((one) => one.who === say.who);
    const fresh = own.some((one) => ["queued", "photos", "came"].includes(one.state));
    if (again || own.length > 0 || last === "line") later(again ? 0 : fresh ? pause : Math.max(pause, LOOK));
    pause = last ? Math.min(LONGEST, pause * 2) : FIRST;
    again = false;
    await show();
  }

  // ---- what the phone shows

  let notice = "";
  const tell = async (words) => {
    notice = words;
    await show();
    if (words) by("field-state").scrollIntoView({ block: "nearest" });
  };
  const show = async () => {
    const entries = await live().catch(() => []);
    const own = entries.filter((one) => one.who === say.who);
    const needs = own.filter((one) => NEEDS.includes(one.state)).length;
    const waits = own.length - needs;
    const others = entries.length - own.length;
    const lines = [
      notice,
      needs > 0 && counted(say.needs, needs),
      waits > 0 && counted(say.waits, waits),
      waits === 0 && isOffline() && say.offline,
      // What the server has is known once it answered.
      own.length === 0 && !isOffline() && tried && last === "" && say.allSent,
      others > 0 && counted(say.others, others),
      waits > 0 && isOffline() && say.noLine,
      last === "sign-in" && say.signIn,
      last === "no-right" && say.noRight,
      waits > 0 && sending && say.sending,
    ];
    const state = by("field-state");
    const told = lines.filter(Boolean).join(" · ");
    Object.assign(state, { hidden: told === "", textContent: told });
    state.dataset.state = needs > 0 || notice ? "needs" : waits > 0 || isOffline() || last !== "" ? "waits" : "sent";
    const list = by("field-queue");
    list.hidden = own.length === 0;
    list.replaceChildren(...own.map(drawn));
    markTasks(own);
  };

  /** How many points a picture says that it has; 0 where it does not say. Only its beginning is read, nothing decoded. */
  const pointsOf = async (file) => {
    const head = new DataView(await file.slice(0, 512 * 1024).arrayBuffer());
    if (head.byteLength < 24) return 0;
    if (head.getUint32(0) === 0x89504e47) return head.getUint32(16) * head.getUint32(20);
    for (let at = 2; at + 9 < head.byteLength && head.getUint8(at) === 0xff; at += 2 + head.getUint16(at + 2)) {
      const mark = head.getUint8(at + 1);
      if (mark < 0xc0 || mark > 0xcf || [0xc4, 0xc8, 0xcc].includes(mark)) continue;
      return head.getUint16(at + 5) * head.getUint16(at + 7);
    }
    return 0;
  };

  /**
   * Whether such photos may go with one entry: not too many, and none with more points than the server looks at. Where
   * they may not it is said with what to do, and the form stays as it is.
   */
  const fits = async (files) => {
    const { photos, pixels } = by("field-report")?.dataset ?? {};
    const points = await Promise.all([...files].map((file) => pointsOf(file).catch(() => 0)));
    const most = Number(photos ?? Infinity);
    const fine = points.some((many) => many > Number(pixels ?? Infinity));
    await tell(files.length > most ? counted(say.tooMany, most) : fine ? counted(say.tooFine, Math.floor(pixels / 1e6)) : "");
    return !notice;
  };

  /** What a form does when it is sent: once, however often it is pressed meanwhile. */
  const once = (form, work) => form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    await work().finally(() => delete form.dataset.busy);
  });

  const filling = (form, values) => Object.entries(values).forEach(([name, value]) => {
    const field = form.elements[name];
    if (field) field.value = value ?? "";
  });
  /** What puts a refused entry back into its form and returns that, where this page has one; else nothing. */
  const filled = ({ about, sent }) => {
    if (sent.kind === "report" && report) {
      const where = sent.at.startsWith("g:") ? { point: sent.at.slice(2) } : { point: "", at: sent.at };
      return () => {
        filling(report, { condition: sent.condition, words: sent.words, ...where });
        report.hidden = false;
        report.elements.condition.focus();
        return report;
      };
    }
    const home = sent.kind === "dwelling" && by("field-dwelling");
    if (home) {
      const edits = Object.entries(sent.fields).flatMap(([name, { saw, set }]) => [[name, set], [`saw-${name}`, saw]]);
      return () => {
        filling(home, { ...sent.door, version: sent.version, ...Object.fromEntries(edits) });
        home.elements.met.focus();
        return home;
      };
    }
    const form = sent.kind === "act" && tasks?.querySelector(`[data-task="${about}"] form[data-action="${sent.action}"]`);
    return form && (() => {
      const step = form.closest("details");
      Object.assign(step, { hidden: false, open: true });
      filling(form, sent.fields);
      form.querySelector("input, select, textarea, button").focus();
      return form;
    });
  };
  const drawn = (entry) => {
    const words = entry.state === "queued" ? say.queued : entry.state !== "broken" ? entry.words : entry.lost ? say.lost : say.failed;
    const photos = entry.sent.photos.length;
    const item = made("li", {}, made("b", { textContent: (say[entry.sent.kind] ?? "#").replace("#", () => entry.title) }),
      made("p", { className: "soft", textContent: [words, entry.remedy, photos > 0 && counted(say.photoOf, photos)].filter(Boolean).join(" ") }));
    if (!entry.tried || entry.state === "broken") {
      const back = made("button", { type: "button", className: "quiet large", textContent: say.takeBack });
      back.addEventListener("click", async () => {
        if (!window.confirm(say.sure)) return;
        await takeBack(entry);
        await show();
      });
      item.append(back);
    }
    if (entry.tried && NEEDS.includes(entry.state)) {
      const corrected = entry.state === "refused" && filled(entry);
      if (corrected) {
        const again = made("button", { type: "button", className: "large", textContent: say.again });
        again.addEventListener("click", () => { answering = { ...entry, form: corrected() }; });
        item.append(again, " ");
      }
      item.append(made("a", { className: "button large", href: "/field/open", textContent: say.look }));
    }
    return item;
  };

  // ---- today's tasks, with what can be done about each

  const tasks = by("field-tasks");
  const input = (need) => {
    const id = `need-${crypto.randomUUID()}`;
    const common = { id, name: need.name, required: need.required };
    const options = () => [["", say.choose], ...need.options].map(([value, textContent]) => made("option", { value, textContent }));
    const fields = {
      reason: () => made("textarea", { ...common, rows: 2 }),
      choice: () => made("select", common, ...options()),
      date: () => made("input", { ...common, type: "date" }),
      number: () => made("input", { ...common, type: "number", inputMode: "numeric" }),
      consent: () => made("input", { ...common, type: "checkbox", value: "yes" }),
      text: () => made("input", { ...common, type: "text" }),
    };
    // A server that is newer may ask in a way of which these pages know nothing.
    const field = (fields[need.kind] ?? fields.text)();
    return made("div", { className: "field" }, made("label", { htmlFor: id, textContent: need.title }), field);
  };

  const stepForm = (task, action) => {
    // What was kept by an earlier version of these pages says nothing of photos.
    const inputs = (action.photos ?? [["", say.photos]]).map(([shows, label]) => {
      const id = `photos-${crypto.randomUUID()}`;
      const files = made("input", { id, type: "file", accept: "image/*", multiple: true });
      files.setAttribute("capture", "environment");
      return { shows, files, field: made("div", { className: "field" }, made("label", { htmlFor: id, textContent: label }), files) };
    });
    const form = made("form", { className: "stack" }, ...action.needs.map(input), ...inputs.map(({ field }) => field),
      made("p", { className: "actions" }, made("button", { className: "large", textContent: say.save })));
    form.dataset.action = action.name;
    once(form, async () => {
      const photos = inputs.flatMap(({ shows, files }) => [...files.files].map((file) => ({ file, shows })));
      if (!await fits(photos.map(({ file }) => file))) return;
      const fields = Object.fromEntries([...new FormData(form)].filter(([name, value]) => name && typeof value === "string" && value !== ""));
      const what = { kind: "act", case: task.id, version: task.version, saw: task.state, action: action.name, fields };
      if (await keep(task.id, `${action.title} · ${task.what}`, what, photos)) form.reset();
    });
    return made("details", { className: "more" }, made("summary", { textContent: action.title }), form);
  };

  const drawTasks = (list) => {
    if (!tasks) return;
    if (list.length === 0) {
      if (tasks.querySelector("[data-task]")) tasks.replaceChildren(made("p", { className: "soft", textContent: say.none }));
      return;
    }
    tasks.replaceChildren(made("ol", { className: "results" }, ...list.map((task) => {
      const [light, words] = task.light;
      const item = made("li", {}, made("a", { href: `/cases/${task.number}` }, made("b", { textContent: task.what })), " ",
        words && made("span", { className: `light ${light}`, textContent: words }),
        made("p", { className: "soft", textContent: `${task.place} · ${task.stands}` }),
        task.asked && made("p", {}, made("b", { textContent: task.asked })),
        task.words && made("p", { textContent: (task.found ? say.found : say.said).replace("#", () => task.words) }),
        task.closes && made("p", { className: "soft", textContent: say.closes.replace("#", () => task.closes) }),
        task.shows && made("p", { className: "soft", textContent: say.shows.replace("#", () => task.shows) }),
        task.pictures > 0 && made("form", { method: "post", action: `/cases/${task.number}/photos/open` },
          ...Object.entries({ _token: say.token, purpose: "handling", back: "case" }).map(([name, value]) => made("input", { type: "hidden", name, value })),
          made("p", { className: "actions" }, made("button", { className: "quiet", textContent: counted(say.pictures, task.pictures) }))),
        made("p", {}, made("a", { href: `/cases/${task.number}`, textContent: counted(say.case, task.number) })),
        ...task.actions.map((action) => stepForm(task, action)));
      item.dataset.task = task.id;
      item.dataset.position = task.position;
      return item;
    })));
    root.dispatchEvent(new Event("field-drawn"));
  };
  /** A task about which something waits is done with here until that is sent, but for what is corrected just now. */
  const markTasks = (own) => {
    const about = new Set(own.map((entry) => entry.about));
    tasks?.querySelectorAll("[data-task]").forEach((item) => {
      item.querySelectorAll("details").forEach((step) => { step.hidden = about.has(item.dataset.task) && !step.contains(answering?.form ?? null); });
    });
  };
  /** Whether somebody is at a step, or has written something there that is not kept yet. */
  const isWritten = () => {
    const fields = [...tasks?.querySelectorAll("form[data-action] :is(input, textarea, select)") ?? []];
    return tasks?.contains(document.activeElement) || fields.some((one) => (one.type === "checkbox" ? one.checked : one.value !== ""));
  };
  let drawnTasks = "";
  const drawNew = (told) => {
    const more = by("field-more");
    if (more) {
      more.hidden = !told.more;
      more.firstElementChild.textContent = told.more ?? "";
    }
    const text = JSON.stringify(told.tasks);
    if (text !== drawnTasks && !isWritten()) {
      drawnTasks = text;
      drawTasks(told.tasks);
    }
  };
  const KEPT = "lianglin-field";
  const TASKS = "/field/tasks.json";
  /** For so long the phone keeps tasks that the server told, with what reporters said. Keep in step with field-sw.js. */
  const LASTS = 2 * 24 * 3_600_000;
  const CAME = "x-came";
  /** The same answer with the moment at which it came, by the clock of the phone. What was kept is not younger by that. */
  const stamped = async (answer) => {
    const headers = new Headers(answer.headers);
    if (!headers.has(CAME)) headers.set(CAME, new Date().toUTCString());
    return new Response(await answer.blob(), { headers });
  };
  async function refresh() {
    let told;
    try {
      // With a question the server itself answers, never what is kept for the time without a line.
      told = await ask(`${TASKS}?now=${Date.now()}`);
    } catch (fault) {
      if (["sign-in", "no-right"].includes(fault.kind)) await window.caches?.delete(KEPT);
      throw fault;
    }
    if (told.who !== say.who) {
      // Somebody else signed in on this phone: what stands here is not hers to see.
      await window.caches?.delete(KEPT);
      location.reload();
      throw new Trouble("sign-in");
    }
    root.dataset.ahead = (told.now ?? Date.now()) - Date.now();
    drawNew(told);
    const kept = await window.caches?.open(KEPT).catch(() => null);
    await kept?.put(TASKS, await stamped(Response.json(told))).catch(() => {});
  }
  /** Without a line: the tasks as the server told them last, with what can be done about each. */
  async function remember() {
    if (drawnTasks !== "") return;
    const kept = await window.caches?.match(TASKS, { cacheName: KEPT }).catch(() => null);
    const came = Date.parse(kept?.headers.get(CAME) ?? "");
    const isOld = !(Math.abs(Date.now() - came) < LASTS);
    const told = isOld ? null : await kept.json().catch(() => null);
    if (told?.who !== say.who) return;
    root.dataset.ahead = (told.now ?? came) - came;
    drawNew(told);
  }

  // ---- what was found on the round

  const report = by("field-report");
  by("field-new")?.addEventListener("click", (event) => {
    if (!root.dataset.keeps) return;
    event.preventDefault();
    report.hidden = !report.hidden;
    if (!report.hidden) report.querySelector("input").focus();
  });
  /** What a photo of what was chosen must show, and whom to call first where somebody is in danger. */
  const tellOf = () => {
    const { shows, call, stop } = report.elements.condition.selectedOptions[0]?.dataset ?? {};
    const [words, box] = [by("field-shows"), by("field-stop")];
    words.textContent = shows || words.dataset.general;
    box.hidden = !call;
    box.querySelector("span").textContent = stop ?? "";
    const calls = box.querySelector("[data-calls]");
    const button = (number) => made("a", { className: "button large", href: `tel:${number}`, textContent: counted(calls.dataset.calls, number) });
    calls.replaceChildren(...(call ?? "").split(" ").filter(Boolean).map(button));
    report.elements.called.checked = false;
  };
  report?.elements.condition.addEventListener("change", tellOf);
  once(report, async () => {
    const { photos, condition, at, point, words, find, called } = report.elements;
    const spot = point.value.trim() === "" ? at.value : `g:${point.value.trim()}`;
    if (!await fits(photos.files)) return;
    const files = [...photos.files];
    const lacks = [
      condition.value === "" && [condition, report.dataset.lacksKind],
      !by("field-stop").hidden && !called.checked && [called, report.dataset.lacksCall],
      spot === "" && [at, report.dataset.lacksPlace],
      files.length === 0 && !answering && words.value.trim() === "" && [photos, report.dataset.lacksProof],
    ].filter(Boolean);
    Object.assign(by("field-lacks"), { hidden: lacks.length === 0, textContent: lacks.map(([, told]) => told).join(" ") });
    if (lacks.length > 0) { lacks[0][0].focus(); return; }
    const title = condition.selectedOptions[0]?.textContent ?? "";
    const [now, said] = [new Date(Date.now() + Number(root.dataset.ahead ?? 0)), words.value.trim()];
    const seen = now.getHours() * 60 + now.getMinutes();
    const what = { kind: "report", condition: condition.value, at: spot, words: said, public: true, seen };
    if (!await keep(null, title, what, files.map((file) => ({ file })))) return;
    photos.value = words.value = find.value = condition.value = point.value = "";
    by("field-hits").hidden = true;
    tellOf();
  });

  // ---- what forms of field-forms.js hand over

  // Whoever writes in another form, or begins anew, corrects nothing: what was refused stays.
  const anew = () => { answering = null; };
  document.addEventListener("submit", ({ target }) => { if (target !== answering?.form) anew(); }, true);
  ["field-new", "field-houses"].forEach((id) => by(id)?.addEventListener("click", anew));

  root.dataset.keeps = "yes";
  root.addEventListener("field-keep", async ({ detail }) => detail.done(await keep(detail.about, detail.title, detail.what)));

  // ---- without a line

  const PAGES = ["/field", "/field/dwellings", "/field/patrol"];
  /** What the phone does not keep opens with a line only. */
  const stay = (event, address) => {
    if (event.defaultPrevented || navigator.onLine || !address || PAGES.includes(new URL(address).pathname)) return;
    event.preventDefault();
    tell(say.noPage);
  };
  document.addEventListener("click", (event) => stay(event, event.target.closest("a[href^='/']")?.href));
  document.addEventListener("submit", (event) => stay(event, event.target.action));

  const installed = async () => {
    if (!navigator.serviceWorker) return;
    await navigator.serviceWorker.register("/field/sw.js", { scope: "/field" });
    await navigator.serviceWorker.ready;
    const files = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((node) => node.href || node.src);
    const cache = await caches.open("lianglin-field");
    await Promise.allSettled([...PAGES, TASKS, ...files].map(async (address) => {
      const answer = await fetch(address);
      // Under the hash of another build comes what does not last.
      const lasts = !address.includes("/assets/") || answer.headers.get("cache-control")?.includes("immutable");
      if (answer.ok && !answer.redirected && lasts) await cache.put(new URL(address, location.href).pathname, await stamped(answer));
    }));
    root.dataset.ready = "yes";
  };

  const begin = () => {
    window.addEventListener("online", () => { if (notice === say.noPage) notice = ""; pause = FIRST; send(); });
    window.addEventListener("offline", show);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { pause = FIRST; send(); } });
    navigator.storage?.persist?.();
    show().then(send);
    installed().catch(() => {});
  };
  // A window that keeps nothing has the pages as they are without this program.
  all().then(begin, () => {
    delete root.dataset.keeps;
    tell(say.noStore);
  });
})();
