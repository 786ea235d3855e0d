// A worker takes an application without touching the mouse.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { City } from "../harness/city.mjs";
import { applicant } from "../harness/people.mjs";
import { Cost } from "../harness/story.mjs";

let city;
let worker;
before(async () => {
  city = await City.open();
  worker = await city.worker();
});
after(() => city.close());

const MOST_TABS = 60;
/** What a worker types at most, and how many keys she presses in 90 seconds at two keys a second. */
const [MOST_FIELDS, MOST_KEYS] = [12, 180];
/** From the desk to the receipt when the person is known. */
const MOST_ACTIONS = 5;
const focused = (page) => page.evaluate(() => {
  const node = document.activeElement;
  return { name: node?.getAttribute("name"), value: node?.value ?? "", tag: node?.tagName, type: node?.getAttribute("type") };
});

/** Tabs through the form, types into every empty field it knows; ends on the form's last field. */
async function fillByKeys(page, answers, cost) {
  const left = new Set(await page.locator("main form[method=post] input:visible, main form[method=post] textarea:visible").evaluateAll(
    (nodes) => nodes.filter((node) => !["checkbox", "radio"].includes(node.type) && node.value === "").map((node) => node.name),
  ));
  for (let tabs = 0; left.size > 0; tabs += 1) {
    assert.ok(tabs < MOST_TABS, `the keyboard does not reach ${[...left].join(", ")}`);
    const here = await focused(page);
    if (left.delete(here.name)) {
      const wanted = answers[here.name];
      if (wanted !== undefined) {
        await page.keyboard.type(wanted);
        cost.fields += 1;
        cost.keys += wanted.length;
      }
      if (left.size === 0) return;
    }
    await page.keyboard.press("Tab");
    cost.keys += 1;
  }
}

for (const js of [true, false]) {
  test(`an application at the desk by keyboard alone, ${js ? "with" : "without"} scripts`, async (t) => {
    const visitor = await city.visitAs(worker, { js });
    const { page } = visitor;
    const cost = new Cost();
    await page.goto("/desk");
    if ((await focused(page)).name !== "q") {
      await page.keyboard.press("Tab");
      for (let tabs = 0; (await focused(page)).name !== "q"; tabs += 1) {
        assert.ok(tabs < MOST_TABS, "the keyboard does not reach the search");
        await page.keyboard.press("Tab");
        cost.keys += 1;
      }
    }
    await page.keyboard.type("gljt");
    await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press("Enter")]);
    cost.keys += 5;
    cost.fields += 1;
    cost.screens += 1;
    await fillByKeys(page, applicant(js ? 201 : 202), cost);
    // Without scripts Enter in a field sends the form; with them Ctrl+Enter does from anywhere.
    await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press(js ? "Control+Enter" : "Enter")]);
    cost.keys += 1;
    cost.screens += 1;
    const where = new URL(page.url()).pathname;
    assert.match(where, /^\/(receipt|cases)\/\d{6}-\d{4}-\d{7}-[\dX]$/, await page.locator("main").innerText());
    t.diagnostic(`measured: an application at the desk ${js ? "with" : "without"} scripts: ${cost}`);
    assert.ok(cost.fields <= MOST_FIELDS && cost.keys <= MOST_KEYS, `too much work at the desk: ${cost}`);
    assert.deepEqual(visitor.problems, []);
    await visitor.close();
  });
}

/** Presses a key that leads to another page. */
async function go(page, key) {
  await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press(key)]);
}

test("somebody who is known gets a common item in five actions, without the mouse", async (t) => {
  const visitor = await city.visitAs(worker);
  const { page } = visitor;
  const [cost, person] = [new Cost(), applicant(201)];
  await page.goto("/");
  assert.equal(new URL(page.url()).pathname, "/desk", "the start page of a worker is her desk");
  assert.ok((await page.locator('main a[href^="/cases/"]').count()) > 0, "her queue stands on the start page");
  // 1: an item of those often asked for, not the one that she has asked for already.
  const wanted = await page.locator("ol[data-rows] > li a").evaluateAll((links) => links.findIndex((link) => !link.href.includes("MZ-11")));
  for (let down = 0; down <= wanted; down += 1) await page.keyboard.press("ArrowDown");
  await go(page, "Enter");
  // 2 and 3: her number, and what is known of her.
  assert.equal((await focused(page)).name, "resident_id", "typing begins at the number");
  await page.keyboard.type(person.resident_id);
  await go(page, "Enter");
  // 4: taken over from an earlier case. 5: accepted.
  assert.equal((await focused(page)).name, "fill", await page.locator("main").innerText());
  await go(page, "Enter");
  await go(page, "Control+Enter");
  cost.actions = 5;
  cost.screens = 4;
  cost.fields = 1;
  cost.keys = wanted + 1 + 1 + person.resident_id.length + 1 + 1 + 2;
  assert.match(new URL(page.url()).pathname, /^\/receipt\//, await page.locator("main").innerText());
  t.diagnostic(`measured: a common item for somebody who is known: ${cost}`);
  assert.ok(cost.actions <= MOST_ACTIONS);
  // Printing and the next resident are a key each.
  await page.evaluate(() => { window.printed = 0; window.print = () => { window.printed += 1; }; });
  await page.keyboard.press("p");
  assert.equal(await page.evaluate(() => window.printed), 1, "P prints");
  await go(page, "n");
  assert.equal(new URL(page.url()).pathname, "/desk", "N takes the next resident");
  t.diagnostic("measured: printing and the next resident: 1 key each");
  assert.deepEqual(visitor.problems, []);
  await visitor.close();
});

test("all papers are seen with one key, from inside a field", async () => {
  const { page, close } = await city.visitAs(worker);
  await page.goto("/desk?item=MZ-11");
  await page.locator("form[data-main] input[name=resident_id]").focus();
  const box = page.locator("input[name=all_papers]");
  assert.equal(await box.isChecked(), false);
  await page.keyboard.press("Alt+a");
  assert.equal(await box.isChecked(), true);
  await close();
});

test("a refusal takes at most four clicks, and can be undone", async (t) => {
  for (const account of city.server.accounts) {
    const { page, close } = await city.visitAs(account);
    const links = (await page.goto("/queue")).status() === 200 ? await page.locator('table[data-rows] a[href^="/cases/"]').evaluateAll((all) => all.map((link) => link.getAttribute("href"))) : [];
    for (const link of links) {
      await page.goto(link);
      const form = page.locator("#step-refuse form");
      if ((await form.count()) === 0 || (await form.locator("button[name=ready]").count()) === 0) continue;
      let clicks = 0;
      const click = async (locator, leads = true) => {
        clicks += 1;
        await (leads ? Promise.all([page.waitForEvent("domcontentloaded"), locator.click()]) : locator.click());
      };
      await click(page.locator("#step-refuse > summary"), false);
      await click(form.locator("button[name=ready]").first());
      const reason = page.locator("#step-refuse [name=field_reason]");
      await reason.fill((await reason.inputValue()).replaceAll("＿＿", "2027年3月1日"));
      await click(page.locator("#step-refuse .actions button"));
      assert.equal(await page.locator("article.letter").count(), 1, "the letter stands there before it goes out");
      assert.ok((await page.locator("main").innerText()).includes("2027年3月1日") || !(await page.locator("main").innerText()).includes("＿＿"));
      await page.keyboard.press("Control+Enter");
      assert.equal(await page.locator("button[name=sure]").count(), 1, "no key confirms it");
      await click(page.locator("button[name=sure]"));
      assert.ok(clicks <= 4, `a refusal takes ${clicks} clicks`);
      t.diagnostic(`measured: a refusal with a reason kept ready: ${clicks} clicks`);
      await Promise.all([page.waitForEvent("domcontentloaded"), page.locator('form[action$="/undo"] button').click()]);
      assert.equal(await page.locator('form[action$="/undo"]').count(), 0, "it was undone");
      await close();
      return;
    }
    await close();
  }
  assert.fail("nobody in the demonstration has a case to refuse");
});

test("an open case goes one step on with Ctrl and Enter", async (t) => {
  for (const account of city.server.accounts) {
    const { page, close } = await city.visitAs(account);
    const links = (await page.goto("/queue")).status() === 200 ? await page.locator('table[data-rows] a[href^="/cases/"]').evaluateAll((all) => all.map((link) => link.getAttribute("href"))) : [];
    for (const link of links) {
      await page.goto(link);
      const form = page.locator("form[data-main]");
      if ((await form.count()) === 0 || (await form.locator("input:visible, textarea:visible, select:visible").count()) > 0) continue;
      // A decision is confirmed on a page of its own; here a harmless step is wanted.
      if (["grant", "hand_over", "refuse", "tell_refusal"].includes(await form.locator("input[name=action]").inputValue())) continue;
      const state = () => page.locator(".head .row b").first().innerText();
      const before = await state();
      await page.keyboard.press("Control+Enter");
      assert.equal(new URL(page.url()).search, "", "nothing is sent before the cursor stands in the page");
      await page.locator("main").focus();
      await go(page, "Control+Enter");
      assert.notEqual(await state(), before, `${link} did not move`);
      assert.equal(await page.locator("main [role=status]").count(), 1, "what was done is told");
      t.diagnostic(`measured: one step of a case that is open: 2 keys, from ${before} to ${await state()}`);
      await close();
      return;
    }
    await close();
  }
  assert.fail("nobody in the demonstration has a step to take that asks nothing");
});

test("a queue is walked by j, k and Enter", async () => {
  for (const account of city.server.accounts) {
    const { page, close } = await city.visitAs(account);
    const answer = await page.goto("/queue");
    const rows = page.locator("table[data-rows] tbody tr");
    if (answer.status() !== 200 || (await rows.count()) < 2) {
      await close();
      continue;
    }
    const second = await rows.nth(1).locator("a").first().getAttribute("href");
    for (const key of ["j", "j", "j", "k"]) await page.keyboard.press(key);
    const chosen = await page.evaluate(() => document.activeElement?.getAttribute("href"));
    assert.equal(chosen, second);
    await Promise.all([page.waitForURL("**/cases/**"), page.keyboard.press("Enter")]);
    assert.equal(new URL(page.url()).pathname, second);
    await close();
    return;
  }
  assert.fail("nobody in the demonstration has two cases waiting");
});

test("ticked rows of a queue are taken in hand together, and let go of again", async () => {
  for (const account of city.server.accounts) {
    const { page, close, problems } = await city.visitAs(account);
    const answer = await page.goto("/queue");
    if (answer.status() !== 200 || (await page.locator("[data-rows] .pick").count()) < 2 || (await page.locator("#bulk button[value=me]").count()) === 0) {
      await close();
      continue;
    }
    // A row that nothing can be done to together with others has no box.
    const boxes = await page.locator("[data-rows] tbody tr").evaluateAll((rows) => rows.map((row) => row.querySelector(".pick") !== null));
    const upToSecond = boxes.slice(0, boxes.indexOf(true, boxes.indexOf(true) + 1) + 1);
    for (const key of upToSecond.flatMap((box) => (box ? ["j", "x"] : ["j"]))) await page.keyboard.press(key);
    for (const key of ["x", "x"]) await page.keyboard.press(key);
    assert.equal(await page.locator("[data-rows] .pick :checked").count(), 2, "x ticks and unticks the row that j chose");
    await Promise.all([page.waitForURL("**/queue/bulk"), page.locator("#bulk button[value=me]").click()]);
    const done = await page.locator("main ul.results li").count();
    assert.ok(done >= 1, await page.locator("main").innerText());
    await page.locator("button[value=nobody]").click();
    await page.waitForLoadState();
    assert.equal(await page.locator("main ul.results li").count(), done, "all of them are let go of");
    assert.deepEqual(problems, []);
    await close();
    return;
  }
  assert.fail("nobody has two cases in the queue that could be ticked");
});

/** Where the cursor stands, and which field is the first that must be corrected. A page takes a moment to set it. */
async function faulty(page) {
  let seen;
  for (let waited = 0; waited < 20; waited += 1) {
    seen = await page.evaluate(() => {
      const all = [...document.querySelectorAll("main [aria-invalid=true]")];
      return { many: all.length, first: all[0]?.id ?? "", here: document.activeElement?.id ?? "" };
    });
    if (seen.many > 0 && seen.here !== "") return seen;
    await page.waitForTimeout(100);
  }
  return seen;
}

for (const js of [true, false]) {
  test(`after a form that failed the cursor stands in the first faulty field, ${js ? "with" : "without"} scripts`, async () => {
    const { page, close } = await city.visitAs(worker, { js });
    await page.goto("/desk?item=MZ-11");
    await page.locator("form[data-main] input[name=resident_id]").fill("1");
    await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press(js ? "Control+Enter" : "Enter")]);
    if (js) await page.waitForLoadState();
    const seen = await faulty(page);
    assert.ok(seen.many >= 2, `several fields are wrong: ${JSON.stringify(seen)}`);
    assert.notEqual(seen.first, "", "a faulty field has an id");
    assert.equal(seen.here, seen.first, "the cursor stands in the first of them");
    // What is typed goes where the cursor stands.
    await page.keyboard.press("End");
    await page.keyboard.type("9");
    assert.ok((await page.locator(`#${seen.first}`).inputValue()).endsWith("9"));
    await close();
  });
}

/** Sends a key to a field as an input method does while a word is being composed; tells whether a script took it. */
const composing = (field, key, more = {}) => field.evaluate((node, [pressed, how]) => {
  node.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
  const event = new KeyboardEvent("keydown", { key: pressed, bubbles: true, cancelable: true, isComposing: true, ...how });
  return !node.dispatchEvent(event);
}, [key, more]);

test("keys that an input method takes choose, filter and send nothing", async () => {
  const { page, problems, close } = await city.visitAs(worker);
  await page.goto("/desk");
  const find = page.locator("main input[data-find]");
  const chosen = () => page.locator("[data-rows] .selected").count();
  await find.focus();
  for (const key of ["ArrowDown", "ArrowUp", "Enter", "j", "x"]) {
    assert.equal(await composing(find, key), false, `${key} is the input method's own`);
    assert.equal(await chosen(), 0, `${key} chose a row`);
  }
  // Old browsers do not say that a word is being composed: they say 229.
  assert.equal(await composing(find, "ArrowDown", { isComposing: false, keyCode: 229 }), false);
  assert.equal(await chosen(), 0);
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/desk", "nothing was sent");

  // Letters that are no words yet filter nothing; the word that comes of them does.
  const hidden = () => page.locator("ol[data-rows] > li[hidden]").count();
  await find.evaluate((node) => {
    node.dataset.filter = "ol[data-rows]";
    node.value = "zzzz";
    node.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
  });
  assert.equal(await hidden(), 0, "half a word filtered the rows");
  await find.evaluate((node) => node.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true })));
  assert.equal(await hidden(), await page.locator("ol[data-rows] > li").count(), "the whole word filters");
  await find.evaluate((node) => {
    node.value = "";
    node.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
  });
  assert.equal(await hidden(), 0);
  await page.keyboard.press("ArrowDown");
  assert.equal(await chosen(), 1, "after the word the arrows choose again");

  await page.goto("/desk?item=MZ-11");
  const field = page.locator("form[data-main] input[name=resident_id]");
  await field.focus();
  assert.equal(await composing(field, "Enter", { ctrlKey: true }), false);
  assert.equal(await page.locator("form[data-sent]").count(), 0, "nothing was sent");
  assert.equal(new URL(page.url()).search, "?item=MZ-11");
  assert.deepEqual(problems, []);
  await close();
});
