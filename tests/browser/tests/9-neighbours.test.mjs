// Neighbours and owners: a dispute is brought and answered on a phone, owners vote on theirs, staff type sheets in by
// the keyboard alone, and what hangs on a wall or lies in a file prints on A4.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MODES, send } from "../harness/browser.mjs";
import { City } from "../harness/city.mjs";
import { look, overhang, weigh } from "../harness/look.mjs";
import { applicant } from "../harness/people.mjs";
import { Cost, codeOn, confirm, follow } from "../harness/story.mjs";

const PHONE = { width: 390, height: 844 };
const COMMUNITY = "文安路社区";
const FACTS = "楼下的油烟飘进我家厨房，想让他家把排烟管改个方向。";
const SECRET = "Plum-39-rain-over-Beiling";
const MOST_BYTES = 60 * 1024;
const MOST_TABS = 60;
/** A4 without the margins of the style sheet, in pixels; and A4 in points as a PDF says it. */
const PRINTED_WIDTH = 673;
const A4 = "595 x 842";

let city;
let mediator;
let secretary;
before(async () => {
  city = await City.open();
  [mediator] = city.accounts("mediator");
  [secretary] = city.accounts("secretary_community");
});
after(() => city?.close());

const path = (page) => new URL(page.url()).pathname;
const said = (page) => page.locator("main").innerText();

/** Looks at a page as an elder does; what is wrong goes to the faults. */
async function see(page, faults) {
  for (const fault of await look(page, MODES.elder)) faults.push(`${path(page)}: ${fault}`);
}

/** Types into a field and counts it. */
async function type(page, name, words, cost) {
  await page.fill(`main [name=${name}]`, words);
  cost.fields += 1;
  cost.keys += words.length;
}

/** What stands above every sheet of a page in print; and what of the page says to tap something. */
async function onSheets(page) {
  await page.emulateMedia({ media: "print" });
  const found = await page.evaluate(() => {
    const [above] = document.querySelectorAll(".headed > .running");
    return { repeats: above && getComputedStyle(above).display, above: above?.innerText ?? "", whole: document.querySelector("main").innerText };
  });
  await page.emulateMedia({ media: null });
  assert.equal(found.repeats, "table-header-group", "it stands on every sheet");
  assert.doesNotMatch(found.whole, /点数字/, "nobody taps on paper");
  return found.above;
}

/** Takes a step that the page offers; every box that it asks for is ticked. */
async function takes(page, action) {
  const step = page.locator(`#step-${action}`);
  assert.equal(await step.count(), 1, `${action} is not offered: ${await said(page)}`);
  await step.evaluate((node) => { if (node.localName === "details") node.open = true; });
  const form = page.locator(`form#step-${action}, #step-${action} form`).first();
  for (const box of await form.locator("input[type=checkbox]").all()) await box.check({ force: true });
  await Promise.all([page.waitForEvent("domcontentloaded"), form.locator(".actions button").first().click()]);
  assert.deepEqual(await page.locator("main [role=alert]").allInnerTexts(), [], `${action} was refused`);
}

/** Brings a dispute. Gives number and code. */
async function brings(page, cost, looks) {
  const form = 'main form[action="/hearings/new"]';
  const next = async () => {
    await looks();
    await send(page, form, "button.large");
    cost.screens += 1;
    cost.clicks += 1;
  };
  await page.goto("/hearings/new");
  cost.screens += 1;
  await type(page, "facts", FACTS, cost);
  await type(page, "where", COMMUNITY, cost);
  await next();
  await page.locator("input[name=class][value=neighbours]").check({ force: true });
  cost.clicks += 1;
  const places = page.locator("input[name=place]");
  if ((await page.locator("input[name=place]:checked").count()) === 0) await places.first().check({ force: true });
  await next();
  await type(page, "name", applicant(1).name, cost);
  await type(page, "telephone", applicant(1).telephone, cost);
  await type(page, "other_name", "楼下饭馆", cost);
  await next();
  assert.match(path(page), /^\/receipt\//, await said(page));
  await looks();
  return { number: path(page).split("/").pop(), code: await codeOn(page) };
}

test("a resident brings a dispute in four screens and follows it; the other side opens hers and agrees", async (t) => {
  const she = await city.visit({ ...PHONE, mode: "elder" });
  const [cost, faults] = [new Cost(), []];
  const { number, code } = await brings(she.page, cost, () => see(she.page, faults));
  assert.ok((await onSheets(she.page)).includes(number), "each sheet of the receipt has the number");
  t.diagnostic(`measured: task: a dispute is brought on an elder's phone: ${cost}`);
  assert.ok(cost.screens <= 4 && cost.fields <= 5, `too long a way: ${cost}`);

  const later = await city.visit({ ...PHONE, mode: "elder" });
  await follow(later.page, number, code);
  await see(later.page, faults);

  const staff = await city.visitAs(mediator);
  await staff.page.goto(`/cases/${number}`);
  await takes(staff.page, "take_on");
  await confirm(staff.page, number);
  await staff.page.goto(`/cases/${number}/invitation`);
  await send(staff.page, "main form:has(input[name=side][value=second]):not(:has(input[name=renew], input[name=real_name]))");
  const hers = await codeOn(staff.page);
  assert.notEqual(hers, code, "each side has a code of her own");

  const other = await city.visit({ ...PHONE, mode: "elder" });
  await follow(other.page, number, hers);
  await see(other.page, faults);
  assert.ok(!(await other.page.content()).includes(FACTS), "she does not read what the first side said");
  assert.match(await said(other.page), /调解不收钱/, "she reads what this is before she answers");
  await other.page.goto(`/follow/${number}/name`);
  await see(other.page, faults);
  await other.page.goto(`/follow/${number}`);
  await takes(other.page, "second_agrees");
  if ((await other.page.locator("button[name=sure]").count()) > 0) await send(other.page, "main form[data-sure]", "button[name=sure]");
  assert.equal(path(other.page), `/follow/${number}`, await said(other.page));
  assert.equal(await other.page.locator("#step-second_agrees").count(), 0, "she is not asked again");
  await see(other.page, faults);
  await staff.page.goto(`/cases/${number}`);
  assert.match(await said(staff.page), /另一方同意调解/);
  assert.deepEqual(faults, []);
  assert.deepEqual([she, later, staff, other].flatMap(({ problems }) => problems), []);
  await Promise.all([she, later, staff, other].map(({ close }) => close()));
});

/** The address of the vote in which ballots are taken, as whoever keeps it finds it. */
async function openVote(page) {
  await page.goto("/property/votes/kept");
  const links = await page.locator('main a[href^="/property/votes/"]').evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  for (const link of new Set(links)) {
    await page.goto(link);
    if ((await page.locator(`main a[href="${link}/sheets"]`).count()) > 0) return link;
  }
  return assert.fail("the demonstration has no open vote");
}

/** Lets the account that was linked last vote at once, as whoever keeps the register does who saw its owner's papers. */
async function confirmed(page) {
  const opened = async (link) => Promise.all([page.waitForEvent("domcontentloaded"), link.click()]);
  await page.goto("/property");
  await opened(page.locator('main table a[href^="/property/compounds/"]').first());
  await opened(page.locator('main a[href*="building="]').last());
  await opened(page.locator('main tr:has-text("已连账号") a[href^="/property/units/"]').first());
  await send(page, 'main form:has(button[value="confirm"])', 'button[value="confirm"]');
}

/** The code on a letter to an owner of the last building of the register. */
async function letterCode(page) {
  const opened = async (link) => Promise.all([page.waitForEvent("domcontentloaded"), link.click()]);
  await page.goto("/property");
  await opened(page.locator('main table a[href^="/property/compounds/"]').first());
  await opened(page.locator('main a[href*="building="]').last());
  await send(page, 'main form[action$="/letters"]');
  return page.locator("main .card p b").first().innerText();
}

test("an owner votes in three screens on an elder's phone and gets a receipt", async (t) => {
  const keeper = await city.visitAs(secretary);
  const vote = await openVote(keeper.page);
  const code = await letterCode(keeper.page);

  const she = await city.visit({ ...PHONE, mode: "elder" });
  const { page } = she;
  await page.goto("/account/open");
  for (const [name, words] of [["name", applicant(2).name], ["telephone", applicant(2).telephone], ["new", SECRET]]) await page.fill(`main [name=${name}]`, words);
  await page.locator("main [name=consent]").first().check({ force: true });
  await send(page, 'main form[action="/account/open"]');
  await page.goto("/property/link");
  await page.fill("main [name=code]", code);
  await send(page, 'main form[action="/property/link"]');
  assert.deepEqual(await page.locator("main [role=alert]").allInnerTexts(), [], "the code of the letter is taken");
  assert.match(await said(page), /起可以在网上表决/, "a new account waits, so that nobody votes at once with a stolen letter");
  await confirmed(keeper.page);
  await keeper.close();

  const [cost, faults] = [new Cost(), []];
  const press = async (link) => {
    await see(page, faults);
    await Promise.all([page.waitForEvent("domcontentloaded"), link.click()]);
    cost.clicks += 1;
  };
  await page.goto("/property/votes");
  cost.screens += 1;
  await press(page.locator(`main a[href="${vote}"]`).first());
  cost.screens += 1;
  await press(page.locator(`main a[href^="${vote}/ballot/"]`).first());
  cost.screens += 1;
  const ballot = path(page);
  for (const matter of [1, 2]) {
    await page.locator(`main input[name=choice${matter}]`).first().check({ force: true });
    cost.clicks += 1;
  }
  await see(page, faults);
  await send(page, `main form[action="${ballot}"]`);
  cost.clicks += 1;
  assert.match(path(page), /\/receipt\/\d+$/, await said(page));
  assert.match(await said(page), /抄前 8 位就够：\s*[0-9a-f]{8}\b/, "the receipt has what finds the ballot in the audit sheet");
  await see(page, faults);
  t.diagnostic(`measured: task: an owner votes on an elder's phone: ${cost}`);
  assert.ok(cost.screens <= 3 && cost.fields === 0, `too long a way: ${cost}`);
  assert.deepEqual(faults, []);
  for (const address of ["/property/votes", vote, ballot]) {
    const bytes = await weigh(she.context, page, address);
    assert.ok(bytes > 0 && bytes <= MOST_BYTES, `${address} weighs ${(bytes / 1024).toFixed(1)} KB`);
  }
  assert.deepEqual(she.problems, []);
  await she.close();
});

/** Tabs until a field of this name has the cursor, and types. */
async function typeByKeys(page, name, words) {
  const here = () => page.evaluate(() => document.activeElement?.getAttribute("name"));
  for (let tabs = 0; (await here()) !== name; tabs += 1) {
    assert.ok(tabs < MOST_TABS, `the keyboard does not reach ${name}`);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type(words);
}

for (const [js, numbers] of [[true, ["7", "8"]], [false, ["9", "10"]]]) {
  test(`staff enter paper ballots by keyboard alone, ${js ? "with" : "without"} scripts`, async () => {
    const keeper = await city.visitAs(secretary, { js });
    const { page } = keeper;
    const vote = await openVote(page);
    await page.goto(`${vote}/sheets`);
    for (const number of numbers) {
      await typeByKeys(page, "number", number);
      await typeByKeys(page, "choice1", "1");
      await typeByKeys(page, "choice2", "2");
      await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press(js ? "Control+Enter" : "Enter")]);
      assert.equal(new URL(page.url()).searchParams.get("done"), number, await said(page));
    }
    // A sheet that was typed already is told from a new one, and nothing changes.
    await typeByKeys(page, "number", numbers[0]);
    await typeByKeys(page, "choice1", "2");
    await typeByKeys(page, "choice2", "2");
    await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press(js ? "Control+Enter" : "Enter")]);
    assert.match(await said(page), /已经投过票了/);
    assert.deepEqual(keeper.problems, []);
    await keeper.close();
  });
}

/** What is wrong with a page on A4 paper: what is cut, what belongs on no paper, other sizes, and more sheets than it may have. */
async function printFaults(page, address, most = Infinity) {
  const answer = await page.goto(address);
  if (answer.status() !== 200) return [`${address} answers ${answer.status()}`];
  const usual = page.viewportSize();
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: PRINTED_WIDTH, height: 1000 });
  const wide = await overhang(page);
  const found = await page.evaluate(() => {
    const shown = [...document.querySelectorAll("main *")].filter((node) => node.checkVisibility());
    // What is there for the ear alone is one pixel wide.
    const cut = shown.filter((node) => getComputedStyle(node).overflowX !== "visible" && node.clientWidth > 2 && node.scrollWidth > node.clientWidth + 1);
    const buttons = shown.filter((node) => node.matches("button, a.button, input:not([type=hidden])"));
    const told = (nodes, what) => nodes.slice(0, 2).map((node) => `${what}: ${node.outerHTML.slice(0, 100)}`);
    return [...told(cut, "cut"), ...told(buttons, "printed")];
  });
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  const boxes = [...pdf.toString("latin1").matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)];
  const sizes = new Set(boxes.map(([, width, height]) => `${Math.round(width)} x ${Math.round(height)}`));
  await page.emulateMedia({ media: null });
  await page.setViewportSize(usual);
  const size = sizes.size === 1 && sizes.has(A4) ? [] : [`its sheets are ${[...sizes].join(", ") || "of no size"}`];
  const many = boxes.length > most ? [`it has ${boxes.length} sheets`] : [];
  return [...(wide ? [wide] : []), ...found, ...size, ...many].map((fault) => `${address}: ${fault}`);
}

test("the poster, the papers of a mediation and the ballot sheets print on A4", async (t) => {
  const staff = await city.visitAs(mediator);
  const { page } = staff;
  const links = (wanted) => page.locator(wanted).evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute("href")))]);
  await page.goto("/hearings/matters");
  const matters = (await links('main a[href^="/cases/"]')).filter((link) => /^\/cases\/[^/]+$/.test(link));
  assert.ok(matters.length >= 2, `the demonstration has disputes: ${await said(page)}`);
  const papers = new Map();
  for (const matter of matters) {
    await page.goto(`${matter}/mediation`);
    for (const link of await links(`main a[href^="${matter}/mediation/"]`)) papers.set(link.split("/").pop(), link);
  }
  for (const code of ["application", "rights", "invitation", "record", "agreement", "cover"]) assert.ok(papers.has(code), `no ${code} among ${[...papers.keys()].join(", ")}`);
  await page.goto(matters[0]);
  const [bodies] = await links('a[href^="/bodies/"]');
  assert.ok(bodies, "the dispute names the roster of its mediators");
  const faults = [];
  for (const address of papers.values()) faults.push(...await printFaults(page, address));
  faults.push(...await printFaults(page, `${bodies.split("#")[0]}/poster`, 1));
  await staff.close();

  const keeper = await city.visitAs(secretary);
  const vote = await openVote(keeper.page);
  for (const address of [`${vote}/print`, `${vote}/print?sheets=1`, `${vote}/print?slips=1`]) faults.push(...await printFaults(keeper.page, address));
  await keeper.close();
  t.diagnostic(`printed: ${[...papers.keys()].join(" ")} poster notice sheets slips`);
  assert.equal(faults.length, 0, `\n${faults.join("\n")}`);
});

test("the figures of a place say on each printed sheet of where and when they are", async () => {
  const leaders = [...city.accounts("organiser_district"), ...city.accounts("secretary_street")];
  const { page, close } = await city.visitAs(leaders[0]);
  await page.goto("/report/figures");
  assert.match(await onSheets(page), /反映的数字 · .+ · \d{4}年\d+月/);
  assert.deepEqual(await printFaults(page, "/report/figures"), []);
  await close();
});
