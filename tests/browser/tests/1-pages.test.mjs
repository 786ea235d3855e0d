// Every page that anybody can reach, in every way of looking at it: access, frame, width, nothing from elsewhere.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { City } from "../harness/city.mjs";
import { MODES, become, secondsWorked } from "../harness/browser.mjs";
import { Times } from "../harness/departments.mjs";
import { Eye } from "../harness/views.mjs";
import { walk } from "../harness/walk.mjs";

/** Where walks begin; the last one is an address that does not exist. */
const RESIDENT = ["/", "/items", "/items?q=%E8%80%81%E4%BA%BA", "/items?q=zzzz", "/report", "/mine", "/nearby", "/nearby?q=wal", "/nearby?q=zzzz", "/find?q=wal", "/find?q=zzzz", "/help", "/privacy", "/follow", "/verify", "/places", "/places?q=wal", "/rulebook", "/sign-in", "/no-such-page"];
const STAFF = ["/desk", "/desk?q=gljt", "/today", "/queue", "/community", "/unit", "/overview", "/map", "/topics", "/work", "/find?q=wal", "/supervise", "/supervise/late", "/staff", "/confirmations", "/account", "/cases/none", "/places", "/rulebook"];
/** Visitors who look at the same time. */
const EYES = 2;

/** What each kind of visitor reached: all pages, and a look at each that is built of something new. */
const reached = new Map();
let city;
let times;

const NOBODY = "resident";
const staff = () => city.roles.filter((role) => role !== NOBODY);

/** Walks as everybody. A page built of nothing new is not looked at again as somebody else. */
async function explore() {
  const seen = new Set();
  const walker = await city.visit();
  for (const role of [NOBODY, ...staff()]) {
    const state = role === NOBODY ? undefined : await city.stateOf(city.accounts(role)[0]);
    await become(walker, city.base, state);
    const pages = await walk(walker.page, city.base, role === NOBODY ? RESIDENT : STAFF);
    const fresh = pages.filter(({ parts }) => parts.filter((part) => !seen.has(part) && seen.add(part)).length > 0);
    reached.set(role, { pages, looks: fresh.map(({ path }) => ({ path, state })) });
  }
  await walker.close();
}

/** Looks at all pages, some at a time. A look that fails is a fault of its page. */
async function lookAtAll() {
  const looks = [...reached.values()].flatMap((found) => found.looks);
  const left = [...looks];
  const open = async () => {
    const eye = await Eye.open(city.browser, city.base);
    for (let look = left.shift(); look !== undefined; look = left.shift()) {
      const begun = performance.now();
      look.faults = await eye.lookAt(look.state, look.path).catch((fault) => Object.fromEntries(Object.keys(MODES).map((mode) => [mode, [fault.message]])));
      look.took = performance.now() - begun;
    }
    return eye;
  };
  const before = await secondsWorked(city.browser);
  const eyes = await Promise.all(Array.from({ length: EYES }, open));
  times = new Times((await secondsWorked(city.browser)) - before);
  for (const { path, took } of looks) times.add(path, took);
  await Promise.all(eyes.map((eye) => eye.close()));
}

before(async () => {
  city = await City.open();
  await explore();
  await lookAtAll();
});
after(() => city?.close());

/** What was found on the pages of one kind of visitor. */
async function judge(t, role) {
  const { pages, looks } = reached.get(role);
  t.diagnostic(`${pages.length} pages reached, ${looks.length} with something new: ${looks.map(({ path }) => path).join(" ")}`);
  assert.ok(pages.length > 0, "nothing is reached");
  assert.deepEqual(pages.filter(({ status }) => status >= 500).map(({ path, status }) => `${path} answers ${status}`), []);
  for (const mode of Object.keys(MODES)) {
    await t.test(mode, () => {
      const faults = looks.flatMap(({ path, faults: by }) => (by[mode] ?? ["was not looked at"]).map((fault) => `${path}: ${fault}`));
      assert.equal(faults.length, 0, `\n${faults.join("\n")}`);
    });
  }
}

describe("every page", () => {
  test("of a resident", (t) => judge(t, NOBODY));

  test("of the staff", async (t) => {
    for (const role of staff()) await t.test(role, (inner) => judge(inner, role));
  });
});

test("it is said how long the pages of each department take", (t) => {
  for (const line of times.lines) t.diagnostic(line);
  assert.notEqual(times.lines.length, 0, "no page was looked at");
});

test("an elder leaves the elder view on a phone by a button in the head, which opens no menu", async () => {
  const { page, problems, close } = await city.visit({ width: 360, height: 740, mode: "elder", js: false });
  await page.goto("/report");
  const view = () => page.evaluate(() => document.documentElement.dataset.view);
  assert.equal(await view(), "elder");
  const way = page.locator(".bar > .prefer button[name=view]");
  assert.ok(await way.isVisible(), "the way out stands in the head");
  const tops = await page.evaluate(() => [".brand", ".bar > :last-child"].map((wanted) => document.querySelector(wanted).getBoundingClientRect().top));
  assert.ok(Math.abs(tops[0] - tops[1]) < 10, `signing in stays in the first line: ${tops}`);
  await Promise.all([page.waitForEvent("domcontentloaded"), way.click()]);
  assert.equal(await view(), "usual");
  assert.deepEqual(problems, []);
  await close();
});

test("the head of a page keeps two lines on a phone, also in English: who one is and the search", async () => {
  for (const mode of ["zh", "en"]) {
    const { page, problems, close } = await city.visit({ width: 360, height: 740, mode, js: false });
    await page.goto("/report");
    const lines = await page.evaluate(() => {
      const boxes = [...document.querySelectorAll("header .bar > *")].map((node) => node.getBoundingClientRect()).filter(({ width, height }) => width > 0 && height > 0);
      const found = [];
      for (const { top, bottom } of boxes.sort((one, other) => one.top - other.top)) {
        if (found.length === 0 || top >= found.at(-1)) found.push(bottom);
      }
      return found.length;
    });
    assert.ok(lines <= 2, `${mode}: ${lines} lines`);
    assert.deepEqual(problems, []);
    await close();
  }
});
