// What the tasks of every day cost whoever does them: screens, clicks and fields, printed and held to a bound.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { send } from "../harness/browser.mjs";
import { City } from "../harness/city.mjs";
import { applicant } from "../harness/people.mjs";
import { Cost, applyOnline, chooseItem, codeOn, follow } from "../harness/story.mjs";

let city;
let worker;
before(async () => {
  city = await City.open();
  worker = await city.worker();
});
after(() => city.close());

const PHONE = { width: 390, height: 844 };
const ITEM = "MZ-11";
/** The steps that ask for papers: before a case is accepted, and after. */
const ASKING = ["return_for_completion", "request_correction"];
/** A picture of one point: the smallest file that is a paper. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC",
  "base64",
);

const path = (page) => new URL(page.url()).pathname;
const said = (page) => page.locator("main").innerText();
const community = () => worker.place.split(/[\s·]+/u).pop();

/** Prints what a task cost. */
function measured(t, task, { screens, clicks, fields }, more = "") {
  t.diagnostic(`measured: task: ${task}: ${screens} screens, ${clicks} clicks, ${fields} fields${more}`);
}

/** Presses something that leads to another page, and counts it. */
async function press(page, locator, cost) {
  await Promise.all([page.waitForEvent("domcontentloaded"), locator.click()]);
  cost.clicks += 1;
  cost.screens += 1;
}

/** Opens the cases that lie with an account. */
async function waiting(page) {
  const answer = await page.goto("/queue");
  if (answer.status() !== 200) return [];
  return page.locator('table[data-rows] a[href^="/cases/"]').evaluateAll((all) => all.map((link) => link.getAttribute("href")));
}

test("an application on an elder's phone", async (t) => {
  const visitor = await city.visit({ ...PHONE, mode: "elder" });
  const cost = new Cost();
  await chooseItem(visitor.page, ITEM, cost);
  await applyOnline(visitor.page, applicant(701), community(), cost);
  measured(t, "an application on an elder's phone", cost);
  assert.ok(cost.screens <= 6, `too many screens: ${cost}`);
  assert.deepEqual(visitor.problems, []);
  await visitor.close();
});

/** Takes an application at the desk from somebody who was never here. */
async function register(page, person) {
  await page.goto(`/desk?item=${ITEM}`);
  const form = page.locator("form[data-main]");
  for (const [name, value] of Object.entries(person)) {
    const input = form.locator(`input[name=${name}]:visible, textarea[name=${name}]:visible`).first();
    if ((await input.count()) > 0) await input.fill(value);
  }
  await form.locator("input[name=resident_id]").focus();
  await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press("Control+Enter")]);
  assert.match(path(page), /^\/receipt\//, await said(page));
}

test("the registration of somebody who is known", async (t) => {
  const visitor = await city.visitAs(worker);
  const { page } = visitor;
  const person = applicant(702);
  await register(page, person);
  const cost = new Cost();
  const act = async (key) => {
    await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press(key)]);
    cost.actions += 1;
    cost.screens += 1;
  };
  await page.goto("/desk");
  cost.screens += 1;
  // An item of those often asked for, not the one that she has asked for already.
  const links = await page.locator("ol[data-rows] > li a").evaluateAll((all) => all.map((link) => link.href));
  const wanted = links.findIndex((link) => !link.includes(ITEM));
  assert.ok(wanted >= 0, "another item is often asked for");
  for (let down = 0; down <= wanted; down += 1) await page.keyboard.press("ArrowDown");
  await act("Enter");
  await page.locator("form[data-main] input[name=resident_id]").pressSequentially(person.resident_id);
  cost.actions += 1;
  cost.fields += 1;
  await act("Enter");
  // What is known of her is offered, and the cursor stands on it.
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "fill");
  await act("Enter");
  await act("Control+Enter");
  assert.match(path(page), /^\/receipt\//, await said(page));
  measured(t, "the registration of a known person", cost, `, ${cost.actions} actions`);
  assert.ok(cost.actions <= 5, `too many actions: ${cost}`);

  await page.evaluate(() => { window.printed = 0; window.print = () => { window.printed += 1; }; });
  await page.keyboard.press("p");
  assert.equal(await page.evaluate(() => window.printed), 1, "P prints");
  await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press("n")]);
  assert.equal(path(page), "/desk", "N takes the next");
  measured(t, "printing, and the next resident", { screens: 1, clicks: 0, fields: 0 }, ", 1 key each");
  assert.deepEqual(visitor.problems, []);
  await visitor.close();
});

/** Somebody of the staff asks for a paper of a case. */
async function askForPapers(number) {
  const staff = await city.staff();
  for (const account of staff.accounts) {
    await staff.as(account);
    const { page } = staff;
    if ((await staff.context.request.get(`/cases/${number}`)).status() !== 200) continue;
    await page.goto(`/cases/${number}`);
    for (const name of ASKING) {
      const step = page.locator(`#step-${name}`);
      const boxes = step.locator("input[type=checkbox][name=papers]");
      if ((await boxes.count()) === 0) continue;
      await step.evaluate((node) => { node.open = true; });
      await boxes.first().check({ force: true });
      await step.locator("[name=field_reason]").fill("请补一张清楚的照片");
      await Promise.all([page.waitForEvent("domcontentloaded"), step.locator(".actions button").last().click()]);
      assert.deepEqual(await page.locator("main [role=alert]").allInnerTexts(), [], `${name} was refused`);
      await staff.close();
      return;
    }
  }
  assert.fail(`nobody can ask for papers of ${number}`);
}

test("a correction by the resident", async (t) => {
  const asked = await city.visit(PHONE);
  await chooseItem(asked.page, ITEM);
  const number = await applyOnline(asked.page, applicant(703), community());
  const code = await codeOn(asked.page);
  await asked.close();
  await askForPapers(number);

  const visitor = await city.visit(PHONE);
  const { page } = visitor;
  await follow(page, number, code);
  const state = () => page.locator("main .lead").first().innerText();
  const before = await state();
  const cost = new Cost();
  cost.screens += 1;
  // Each paper that is asked for has its own row with a place for its file; one press hands all of them in.
  const rows = page.locator("main form").filter({ has: page.locator("input[type=file]:visible") });
  const left = await rows.count();
  assert.ok(left > 0, `there is no place for a file: ${await said(page)}`);
  for (let row = 0; row < left; row += 1) {
    const form = rows.first();
    await form.locator("input[type=file]").setInputFiles({ name: "paper.png", mimeType: "image/png", buffer: PICTURE });
    cost.fields += 1;
    await press(page, form.locator("button"), cost);
  }
  await press(page, page.locator("main form[data-main] button").first(), cost);
  assert.deepEqual(await page.locator("main [role=alert]").allInnerTexts(), [], "what was sent is taken");
  measured(t, "a correction by the resident", cost);
  assert.ok(cost.screens <= 2 + left, `too many screens: ${cost}`);
  await page.goto(`/follow/${number}`);
  assert.notEqual(await state(), before, "the case goes on");
  assert.deepEqual(visitor.problems, []);
  await visitor.close();
});

/** Opens a case whose refusal has a reason kept ready. Tells whether there is one. */
async function toRefuse(page) {
  for (const link of await waiting(page)) {
    await page.goto(link);
    const form = page.locator("#step-refuse form");
    if ((await form.count()) > 0 && (await form.locator("button[name=ready]").count()) > 0) return true;
  }
  return false;
}

test("a refusal by the handler", async (t) => {
  for (const account of city.server.accounts) {
    const visitor = await city.visitAs(account);
    const { page } = visitor;
    if (!(await toRefuse(page))) {
      await visitor.close();
      continue;
    }
    const cost = new Cost();
    cost.screens += 1;
    await page.locator("#step-refuse > summary").click();
    cost.clicks += 1;
    await press(page, page.locator("#step-refuse form button[name=ready]").first(), cost);
    const reason = page.locator("#step-refuse [name=field_reason]");
    const ready = await reason.inputValue();
    if (ready.includes("＿＿")) {
      await reason.fill(ready.replaceAll("＿＿", "2027年3月1日"));
      cost.fields += 1;
    }
    await press(page, page.locator("#step-refuse .actions button").last(), cost);
    await press(page, page.locator("button[name=sure]"), cost);
    assert.deepEqual(await page.locator("main [role=alert]").allInnerTexts(), [], "the refusal is taken");
    measured(t, "a refusal by the handler", cost);
    assert.ok(cost.clicks <= 4, `too many clicks: ${cost}`);
    // Other tests want the case as it was.
    await send(page, 'form[action$="/undo"]', "button");
    assert.equal(await page.locator('form[action$="/undo"]').count(), 0, "it was undone");
    assert.deepEqual(visitor.problems, []);
    await visitor.close();
    return;
  }
  assert.fail("nobody in the demonstration has a case to refuse");
});
