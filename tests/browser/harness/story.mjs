// The main job as its people do it: find, apply, accept, decide, collect, follow, rate. Knows names of fields, not of procedures.
import assert from "node:assert/strict";
import { send } from "./browser.mjs";

/** Counts what an application costs the person who makes it. An action is a field filled in, a choice, or a button. */
export class Cost {
  screens = 0;
  fields = 0;
  keys = 0;
  actions = 0;
  clicks = 0;

  toString() {
    const more = [[this.actions, "actions"], [this.clicks, "clicks"]].filter(([count]) => count > 0);
    return `${this.screens} screens, ${this.fields} fields, ${this.keys} keys${more.map(([count, what]) => `, ${count} ${what}`).join("")}`;
  }
}

const path = (page) => new URL(page.url()).pathname;

/** Finds an item by words on the first page and opens the form. Gives the item's code. */
export async function findItem(page, words, cost = new Cost()) {
  await page.goto("/");
  await page.fill("main form input[name=q]", words);
  cost.fields += 1;
  cost.keys += words.length + 1;
  await send(page, "main form:has(input[name=q])");
  await Promise.all([page.waitForEvent("domcontentloaded"), page.locator('main a[href^="/items/"]').first().click()]);
  const code = path(page).split("/").pop();
  await Promise.all([page.waitForEvent("domcontentloaded"), page.locator('main a[href^="/apply/"]').first().click()]);
  cost.screens += 3;
  return code;
}

/** Finds an item among those often asked for on the first page and opens the form. */
export async function chooseItem(page, code, cost = new Cost()) {
  await page.goto("/");
  for (const link of [`main a[href="/items/${code}"]`, `main a[href^="/apply/${code}"]`]) {
    await Promise.all([page.waitForEvent("domcontentloaded"), page.locator(link).first().click()]);
    cost.keys += 1;
    cost.clicks += 1;
  }
  cost.screens += 2;
}

/** Answers the question on the page: every empty field that is seen. */
async function answer(page, form, answers, community, cost) {
  for (const input of await form.locator("input:visible, textarea:visible").all()) {
    const [name, type, value] = await Promise.all([input.getAttribute("name"), input.getAttribute("type"), input.inputValue()]);
    if (type === "radio" || type === "checkbox") continue;
    const wanted = name === "residence_words" ? community : answers[name];
    if (wanted === undefined) throw new Error(`nobody told me what to answer to "${name}" on ${page.url()}`);
    if (value === wanted) continue;
    await input.fill(wanted);
    cost.fields += 1;
    cost.keys += wanted.length;
  }
  const choice = form.locator("input[type=radio]");
  if ((await choice.count()) > 0 && (await form.locator("input[type=radio]:checked").count()) === 0) {
    await choice.first().check({ force: true });
    cost.fields += 1;
    cost.keys += 1;
    cost.clicks += 1;
  }
}

/** From the first question to the receipt; gives the number. `look` sees every screen. */
export async function applyOnline(page, answers, community, cost = new Cost(), look = async () => {}) {
  for (let screen = 0; screen < 15; screen += 1) {
    await look(page);
    if (path(page).startsWith("/receipt/")) return path(page).split("/").pop();
    const form = page.locator('main form[action^="/apply/"], main form[method=post]').first();
    await answer(page, form, answers, community, cost);
    const faults = await page.locator("[role=alert]:visible, .fault:visible").allInnerTexts();
    if (screen > 12) throw new Error(`the application does not come to its end at ${page.url()}: ${faults.join(" ")}`);
    await send(page, 'main form[method=post]', "button:not([name=back]):not([type=button])");
    cost.screens += 1;
    cost.keys += 1;
    cost.clicks += 1;
  }
  throw new Error("the application does not come to its end");
}

/** Fills what a step needs, as a person who has nothing special to say. */
async function fillNeeds(form) {
  for (const input of await form.locator("input:visible, textarea:visible").all()) {
    const type = await input.getAttribute("type");
    if (type === "date") await input.fill(new Date().toISOString().slice(0, 10));
    else if (type === "checkbox" || type === "radio") await input.check({ force: true });
    else if ((await input.inputValue()) === "") await input.fill("材料齐全，符合条件");
  }
}

/** Takes the first answer of every choice that nobody made yet. */
async function choose(form) {
  for (const select of await form.locator("select:visible").all()) {
    if ((await select.inputValue()) === "") await select.selectOption({ index: 1 });
  }
}

/** A decision is confirmed, and leaves after some seconds. */
export async function confirm(page, number) {
  if ((await page.locator("button[name=sure]").count()) === 0) return;
  await send(page, "main form[data-sure]", "button[name=sure]");
  for (let waited = 0; (await page.locator('form[action$="/undo"]').count()) > 0; waited += 1) {
    assert.ok(waited < 30, "the decision does not leave");
    await page.waitForTimeout(1000);
    await page.goto(`/cases/${number}`);
  }
}

/** One step by somebody who has one to take; none when nobody of these has. */
async function oneStep(staff, number) {
  const { page, context } = staff;
  const act = `/cases/${number}/act`;
  for (const account of staff.accounts) {
    await staff.as(account);
    // Who has nothing to do with the case is found out without opening the page.
    const told = await context.request.get(`/cases/${number}`);
    if (told.status() !== 200 || !(await told.text()).includes(`action="${act}"`)) continue;
    await page.goto(`/cases/${number}`);
    const form = page.locator(`main form[action="${act}"]`).first();
    if ((await form.count()) === 0 || !(await form.isVisible())) continue;
    const action = await form.locator("input[name=action]").inputValue();
    await fillNeeds(form);
    await choose(form);
    await send(page, `main form[action="${act}"]:visible`);
    await confirm(page, number);
    const refused = await page.locator("main [role=alert]").allInnerTexts();
    assert.deepEqual(refused, [], `${account.role} at ${account.place}: "${action}" was refused`);
    return `${account.role}: ${action}`;
  }
  return null;
}

/** Takes the usual step, by whoever of the staff may, until nobody has one. Gives the steps. */
export async function carryThrough(staff, number) {
  const steps = [];
  for (let next = await oneStep(staff, number); next !== null; next = await oneStep(staff, number)) {
    steps.push(next);
    assert.ok(steps.length < 20, `the case goes round in a circle: ${steps.join(", ")}`);
  }
  return steps;
}

/** The code that the receipt in front shows, once. */
export async function codeOn(page) {
  return page.locator("#receipt-code").innerText();
}

/** The resident follows her case with number and code. */
export async function follow(page, number, code) {
  await page.goto("/follow");
  await page.fill("main input[name=number]", number);
  await page.fill("main input[name=code]", code);
  await send(page, "main form:has(input[name=number])");
  assert.equal(path(page), `/follow/${number}`, await page.locator("main").innerText());
}

/** She gives her rating, one to five. */
export async function rate(page, number, score) {
  const form = page.locator(`main form[action="/follow/${number}/rate"]`);
  assert.equal(await form.count(), 1, `there is nothing to rate with on ${page.url()}: ${await page.locator("main").innerText()}`);
  const button = form.locator(`button[name=score][value="${score}"]`);
  if ((await button.count()) === 0) await form.locator(`input[name=score][value="${score}"]`).check({ force: true });
  await send(page, `main form[action="/follow/${number}/rate"]`, (await button.count()) > 0 ? `button[name=score][value="${score}"]` : "button");
}
