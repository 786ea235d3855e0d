// Forms of the work in the field beside those of tasks: the condition that words mean, dwellings, rounds, and a grid that
// several share. What they say is handed over to field.js, which keeps it on the phone and sends it. Where that does not
// run, they go to the server as they are.
"use strict";
(() => {
  const root = document.getElementById("field");
  const keeps = () => root?.dataset.keeps === "yes";
  /** Whether it was kept. */
  const keep = (about, title, what) => new Promise((done) => {
    root.dispatchEvent(new CustomEvent("field-keep", { detail: { about, title, what, done } }));
  });
  const by = (id) => document.getElementById(id);

  // ---- the condition that words mean

  const made = (name, properties = {}, ...inside) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...inside);
    return node;
  };
  const report = by("field-report");
  const HITS = 8;
  const hits = by("field-hits");
  /** How far a condition is from what is looked for, the best first: its kind is called so, its name begins so or holds
      it, what is looked for holds its name, or else all pieces stand in its words. */
  const distance = (option, said) => {
    const names = option.dataset.words.toLowerCase().split("|");
    if (names.includes(said)) return 0;
    if (names.some((name) => name.startsWith(said))) return 1_000;
    if (names.some((name) => name.includes(said))) return 2_000;
    const longest = Math.max(0, ...names.filter((name) => said.includes(name)).map((name) => name.length));
    if (longest > 0) return 4_000 - longest;
    const text = option.textContent.toLowerCase();
    return said.split(/\s+/).every((piece) => text.includes(piece)) ? 5_000 : Infinity;
  };
  const choose = (option) => {
    Object.assign(report.elements.condition, { value: option.value });
    report.elements.condition.dispatchEvent(new Event("change"));
    report.elements.find.value = option.textContent;
    hits.hidden = true;
    report.elements.condition.focus();
  };
  const hit = (option) => {
    const button = made("button", { type: "button", className: "quiet", textContent: option.textContent });
    button.addEventListener("click", () => choose(option));
    return made("li", {}, button);
  };
  report?.elements.find.addEventListener("input", () => {
    const said = report.elements.find.value.trim().toLowerCase();
    const options = said === "" ? [] : [...report.elements.condition.options].filter((option) => option.value !== "");
    const found = options.map((option) => [distance(option, said), option]).filter(([far]) => far < Infinity);
    const best = found.sort(([one], [other]) => one - other).slice(0, HITS).map(([, option]) => option);
    hits.replaceChildren(...best.map(hit));
    hits.hidden = best.length === 0;
  });

  // ---- dwellings

  const NAMES = ["met", "agreed", "come_for", "come_on"];
  const form = by("field-dwelling");
  /** The dwelling of the list that stands in the form. */
  let chosen = null;
  const filled = (line) => {
    const { building, house } = line.dataset;
    const { options } = form.elements.building;
    if (![...options].some((one) => one.value === building)) options.add(new Option(house, building));
    for (const name of ["building", "entrance", "floor", "door", "version", ...NAMES]) form.elements[name].value = line.dataset[name];
    for (const name of NAMES) form.elements[`saw-${name}`].value = line.dataset[name];
    chosen = line;
    form.scrollIntoView({ block: "start" });
    form.elements.met.focus();
  };
  const houses = by("field-houses");
  if (form) houses.addEventListener("click", (event) => {
    const line = event.target.closest("a[data-building]");
    if (!line || !keeps()) return;
    event.preventDefault();
    filled(line);
  });
  // What was sent stands in the list at once.
  root?.addEventListener("field-sent", async ({ detail }) => {
    const answer = detail === "dwelling" && houses && await fetch(location.href).catch(() => null);
    const text = answer && answer.ok ? await answer.text() : "";
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("field-houses");
    if (!fresh) return;
    houses.replaceChildren(...fresh.childNodes);
    if (share) shared();
  });
  document.querySelectorAll("form[data-dwelling]").forEach((one) => one.addEventListener("submit", async (event) => {
    if (!keeps()) return;
    event.preventDefault();
    if (one.dataset.busy) return;
    const value = (name) => one.elements[name]?.value.trim() ?? "";
    const door = { building: Number(value("building")), entrance: Number(value("entrance")), floor: Number(value("floor")), door: value("door") };
    const fields = Object.fromEntries(NAMES.map((name) => [name, { saw: value(`saw-${name}`), set: value(name) }])
      .filter(([, { saw, set }]) => saw !== set));
    const at = `${door.building}/${door.entrance}/${door.floor}/${door.door}`;
    const none = Object.keys(fields).length === 0 && ["met", root.dataset.lacksFields];
    const lacks = door.door === "" ? ["door", root.dataset.lacksDoor] : none;
    Object.assign(one.querySelector("[data-lacks]"), { hidden: !lacks, textContent: lacks ? lacks[1] : "" });
    if (lacks) { one.elements[lacks[0]].focus(); return; }
    one.dataset.busy = "yes";
    const house = one.elements.building.selectedOptions?.[0].text ?? one.closest("section").querySelector("h2").textContent;
    const words = root.dataset.home.replace(/#(\w+)/g, (_, name) => door[name]);
    const isKept = await keep(`d:${at}`, `${house} · ${words}`, { kind: "dwelling", door, version: Number(value("version")), fields });
    delete one.dataset.busy;
    if (!isKept) return;
    // What she sees from now on is what she set.
    for (const name of NAMES) {
      if (chosen && one === form) chosen.dataset[name] = value(name);
      const saw = one.elements[`saw-${name}`];
      if (saw) saw.value = value(name);
    }
    if (one !== form) return;
    one.reset();
    for (const name of NAMES) one.elements[`saw-${name}`].value = "";
    one.elements.version.value = "0";
    chosen = null;
  }));

  // ---- rounds

  /** The day by the clock of the phone, set right by what the server said last. */
  const today = () => {
    const now = new Date(Date.now() + Number(root.dataset.ahead ?? 0));
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  };
  document.querySelectorAll("form[data-round]").forEach((round) => round.addEventListener("submit", async (event) => {
    if (!keeps()) return;
    event.preventDefault();
    const [grid, day, walked] = [Number(round.elements.grid.value), today(), event.submitter?.name === "walked"];
    const button = round.querySelector("button");
    button.disabled = true;
    button.disabled = await keep(`r:${grid}/${day}`, round.dataset.round, { kind: "round", grid, day, walked });
  }));

  // ---- a grid that several share

  /** Whose a thing is, by its position: as the server reckons (`rules::sharing`). */
  const share = by("field-share");
  const shared = () => {
    const [number, of] = [Number(share.elements.number.value), Number(share.elements.of.value)];
    const hers = (position) => of <= 1 || number < 1 || number > of || position % of === number - 1;
    document.querySelectorAll("[data-position]").forEach((one) => { one.hidden = !hers(Number(one.dataset.position)); });
  };
  share?.addEventListener("submit", (event) => {
    event.preventDefault();
    shared();
  });
  root?.addEventListener("field-drawn", () => { if (share) shared(); });
})();
