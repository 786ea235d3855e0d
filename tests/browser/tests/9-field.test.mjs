// Work in the field without a line: what is made there arrives, whatever happens to the browser and to the line; once,
// and only with its last photo. LIANGLIN_FIELD_REPORTS=20 LIANGLIN_FIELD_PHOTO_KB=5000 LIANGLIN_FIELD_CUT_KB=1000 is the
// large form of the same.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { City } from "../harness/city.mjs";
import { Line, Phone } from "../harness/phone.mjs";

const figure = (name, usual) => Number(process.env[`LIANGLIN_FIELD_${name}`] ?? usual);
const REPORTS = figure("REPORTS", 3);
const PHOTO = figure("PHOTO_KB", 300) * 1000;
const CUT = figure("CUT_KB", 200) * 1000;
const PATIENCE = 20_000 + REPORTS * (PHOTO / CUT) * 8_000;

let city;
let line;
let phone;
before(async () => {
  city = await City.open();
  line = await Line.to(city.base);
  const [worker] = city.accounts("community_worker");
  phone = new Phone(line.base, await city.stateOf(worker));
});
after(async () => {
  await phone?.end();
  await line?.close();
  await city?.close();
});

/** A small picture; what is missing to the size of a photo stands in its comments. */
const PICTURE = Buffer.from([
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/",
  "2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAIAAgDASIAAhEBAxEB/8QA",
  "FQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oA",
  "DAMBAAIRAxEAPwCcACuv/9k=",
].join(""), "base64");
function photo() {
  const parts = [PICTURE.subarray(0, 2)];
  for (let left = PHOTO - PICTURE.length; left > 4; left -= 60_004) {
    const said = randomBytes(Math.min(60_000, left - 4));
    const head = Buffer.from([0xff, 0xfe, 0, 0]);
    head.writeUInt16BE(said.length + 2, 2);
    parts.push(head, said);
  }
  return { name: "photo.jpg", mimeType: "image/jpeg", buffer: Buffer.concat([...parts, PICTURE.subarray(2)]) };
}
const state = (page) => page.locator("#field-state");
const queued = (page) => page.locator("#field-queue > li");

async function opened(page) {
  await page.goto(`${line.base}/field`);
  await state(page).waitFor();
}

/** Waits until all of this is said at the top. */
const says = (page, ...words) =>
  page.waitForFunction((all) => all.every((one) => document.getElementById("field-state")?.textContent.includes(one)), words, { timeout: 30_000 });

async function report(page, words) {
  if (await page.locator("#field-report").isHidden()) await page.click("#field-new");
  await page.setInputFiles("#f-photos", photo());
  await page.fill("#f-find", "垃圾");
  assert.match(await page.locator("#field-hits button").first().innerText(), /^暴露垃圾/);
  await page.locator("#field-hits button").first().click();
  const places = page.locator("#field-report [name=at]");
  if (await places.inputValue() === "") await places.selectOption({ index: 1 });
  await page.fill("#field-report [name=words]", words);
  await page.click("#field-report .actions button");
}

/** What the server holds of her, as her own page of entries and her phone are told. */
async function known(page) {
  const answer = await page.context().request.get(`${city.base}/field/tasks.json`);
  return (await answer.json()).entries;
}

test("reports made without a line arrive after a killed browser and a line cut again and again", { timeout: PATIENCE + 120_000 }, async (t) => {
  let page = await phone.start();
  await opened(page);
  assert.match(await state(page).innerText(), /全部送到了/);
  await page.waitForFunction(() => document.getElementById("field").dataset.ready === "yes");
  const before = await done(page);

  line.set(true);
  await page.click("#field-new");
  await page.click("#field-report .actions button");
  await page.locator("#field-lacks").waitFor();
  assert.equal(await queued(page).count(), 0, "an empty form is not kept");
  for (let number = 1; number <= REPORTS; number += 1) {
    await report(page, `第 ${number} 处`);
    await page.waitForFunction((wanted) => document.querySelectorAll("#field-queue > li").length === wanted, number);
  }
  assert.match(await state(page).innerText(), new RegExp(`${REPORTS} 条等着送`));

  await phone.kill();
  page = await phone.start();
  await opened(page);
  assert.equal(await queued(page).count(), REPORTS, "the phone still holds all of them, and its page opens without a line");
  await says(page, `${REPORTS} 条等着送`, "没有网络");

  line.bytes = CUT;
  line.set(false);
  const killed = line.cuts + 2;
  const until = Date.now() + PATIENCE;
  let again = false;
  while (!(await state(page).innerText()).includes("全部送到了")) {
    assert.ok(Date.now() < until, `still not sent: ${await page.locator("main").innerText()}`);
    for (const entry of await known(page)) {
      const whole = entry.photos.every((one) => one.whole);
      assert.ok(entry.number === "" || whole, `a case without its last photo: ${JSON.stringify(entry)}`);
    }
    // In the middle of it the browser is killed once more.
    if (!again && line.cuts >= killed) {
      again = true;
      await phone.kill();
      page = await phone.start();
      await opened(page);
    }
    await page.waitForTimeout(300);
  }
  const arrived = (await done(page)).slice(before.length);
  assert.equal(arrived.length, REPORTS, `each once: ${JSON.stringify(arrived)}`);
  assert.equal(new Set(arrived.map(({ number }) => number)).size, REPORTS, "each has a case of its own");
  for (const { number } of arrived) assert.ok(await handedOver(page, number), `${number} has no photo`);
  assert.ok(again && line.cuts >= 3, `the line was cut ${line.cuts} times`);
  assert.deepEqual(await known(page), [], "nothing is left open");
  t.diagnostic(`measured: field: ${REPORTS} reports with photos of ${PHOTO / 1000} KB, line cut ${line.cuts} times`);
});

/** Whether the photo of an entry comes to its case. */
async function handedOver(page, number) {
  const other = await page.context().newPage();
  try {
    for (let tries = 0; tries < 60; tries += 1) {
      await other.goto(`${city.base}/cases/${number}/photos`);
      if ((await other.locator("main").innerText()).includes("第 1 张")) return true;
      await other.waitForTimeout(500);
    }
    return false;
  } finally {
    await other.close();
  }
}

/** What was done, with its case, in the order of the page. */
async function done(page) {
  const other = await page.context().newPage();
  await other.goto(`${city.base}/field/open`);
  const rows = await other.locator("main > ol.results > li").evaluateAll((all) => all.map((row) => ({
    number: row.querySelector("a")?.textContent ?? "",
  })));
  await other.close();
  return rows;
}

test("a step of a case is taken without a line, and what others did meanwhile is said at once", async () => {
  line.bytes = Infinity;
  line.set(false);
  const { page } = phone;
  await opened(page);
  const task = page.locator("#field-tasks li[data-task]").filter({ hasText: "第 1 处" }).first();
  await task.locator("summary").first().waitFor();
  const id = await task.getAttribute("data-task");
  line.set(true);
  await task.locator("summary").first().click();
  const form = task.locator("details[open] form");
  for (const input of await form.locator("input[type=text], textarea").all()) await input.fill("到现场看过");
  await form.locator("button").click();
  await page.waitForFunction(() => document.querySelectorAll("#field-queue > li").length === 1);
  assert.ok(await page.locator(`[data-task="${id}"] summary`).first().isHidden(), "it is done with here");

  // A line comes back, and the queue goes by itself, without anybody's hand and without loading the page again.
  line.set(false);
  await says(page, "全部送到了");

  // What the server refuses stands at the top of the phone until somebody acts.
  await page.evaluate(async () => {
    const wrong = { id: crypto.randomUUID(), kind: "act", case: document.querySelector("[data-task]")?.dataset.task ?? "1/none", version: 1, saw: "filed", action: "no_such_step", fields: {} };
    const kept = await new Promise((done) => { const asked = indexedDB.open("lianglin-field"); asked.onsuccess = () => done(asked.result); });
    const tx = kept.transaction(["entries"], "readwrite");
    tx.objectStore("entries").put({ id: wrong.id, place: 99, who: document.getElementById("field").dataset.who, about: "x", title: "试", sent: { ...wrong, photos: [], before: null }, state: "queued" });
    await new Promise((done) => { tx.oncomplete = done; });
    window.dispatchEvent(new Event("online"));
  });
  await says(page, "1 条要您处理");
  await page.click("#field-queue a.button");
  const letGo = page.locator("button[name=deed][value=let_go]").first();
  await Promise.all([page.waitForResponse((answer) => answer.request().method() === "POST"), letGo.click()]);
  await opened(page);
  await says(page, "全部送到了");
});

/** The table by which the server and the phone share a grid. */
const SHARED = JSON.parse(readFileSync(new URL("../../../city/grid/src/rules/sharing.json", import.meta.url), "utf8"));

test("several share a grid as the server reckons it", async () => {
  line.set(false);
  const { page } = phone;
  await opened(page);
  await page.evaluate((positions) => {
    const place = document.createElement("div");
    place.id = "shared";
    place.append(...positions.map((position) => {
      const one = document.createElement("p");
      one.dataset.position = position;
      one.textContent = position;
      return one;
    }));
    document.querySelector("main").append(place);
  }, [...new Set(SHARED.map(([position]) => position))]);
  await page.locator("#field-share").evaluate((form) => { form.closest("details").open = true; });
  for (const [position, number, of, hers] of SHARED) {
    await page.fill("#f-number", String(number));
    await page.fill("#f-of", String(of));
    await page.click("#field-share button");
    const shown = await page.locator(`#shared [data-position="${position}"]`).isVisible();
    assert.equal(shown, hers, `${position}: ${number} of ${of}`);
  }
});

test("a round is ticked without a line, and counts when there is one", async () => {
  line.set(false);
  const { page } = phone;
  await page.goto(`${line.base}/field/patrol`);
  await page.waitForFunction(() => document.getElementById("field").dataset.ready === "yes");
  line.set(true);
  await page.goto(`${line.base}/field/patrol`);
  await page.locator("button[name=walked]").first().click();
  await page.waitForFunction(() => document.querySelectorAll("#field-queue > li").length === 1);
  line.set(false);
  await says(page, "全部送到了");
  await page.goto(`${line.base}/field/patrol`);
  assert.match(await page.locator("main").innerText(), /走过：/);
});

test("a visit without a door or without anything noted is not kept, and it is said what is missing", async () => {
  line.set(false);
  const { page } = phone;
  await page.goto(`${line.base}/field/dwellings`);
  await page.waitForFunction(() => document.getElementById("field").dataset.ready === "yes");
  const [save, lacks] = [page.locator("#field-dwelling .actions button"), page.locator("#field-dwelling [data-lacks]")];
  await save.click();
  await lacks.waitFor();
  assert.match(await lacks.innerText(), /门牌/);
  await page.fill("#field-dwelling [name=door]", "0301");
  await save.click();
  assert.match(await lacks.innerText(), /至少填一样/);
  assert.equal(await queued(page).count(), 0, "nothing was kept");
});

test("a visit that was sent stands in the list without loading the page again", async () => {
  const { page } = phone;
  const houses = page.locator("#field-houses");
  const before = await houses.locator("a[data-building]").count();
  await page.context().setOffline(true);
  await page.fill("#field-dwelling [name=door]", "0302");
  await page.selectOption("#field-dwelling [name=met]", "nobody");
  await page.click("#field-dwelling .actions button");
  await queued(page).first().waitFor();
  assert.match(await queued(page).first().innerText(), /走访：.+ · 1 单元 1 层 0302/);
  await page.context().setOffline(false);
  await page.waitForFunction(
    (many) => document.querySelectorAll("#field-houses a[data-building]").length === many + 1, before, { timeout: 30_000 },
  );
  assert.match(await houses.innerText(), /0302/);
  await houses.locator("a[data-door='0302']").click();
  assert.equal(await page.inputValue("#field-dwelling [name=door]"), "0302", "it can be changed from there");
});

test("what was not sent is taken back after a question, and what was refused is corrected on the phone", async () => {
  line.set(false);
  const { page } = phone;
  await opened(page);
  await says(page, "全部送到了");
  const before = (await done(page)).map(({ number }) => number);

  await page.context().setOffline(true);
  await page.click("p.field-large a[href='/field/open']");
  await says(page, "没有网络，这一页打不开");
  await report(page, "不要的一条");
  await page.waitForFunction(() => document.querySelectorAll("#field-queue > li").length === 1);
  const back = page.locator("#field-queue button", { hasText: "不送了" });
  page.once("dialog", (asked) => asked.dismiss());
  await back.click();
  assert.equal(await queued(page).count(), 1, "nothing is thrown away by a slip");
  page.once("dialog", (asked) => asked.accept());
  await back.click();
  await page.waitForFunction(() => document.querySelectorAll("#field-queue > li").length === 0);
  await page.context().setOffline(false);

  // A point that lies nowhere in the city is refused; the same entry with a place takes its place, photos and all.
  if (await page.locator("#field-report").isHidden()) await page.click("#field-new");
  await page.fill("#f-point", "10.0,10.0");
  await report(page, "先写错了地点");
  await says(page, "1 条要您处理");
  await page.locator("#field-queue button", { hasText: "改好再送" }).click();
  assert.equal(await page.inputValue("#f-point"), "10.0,10.0", "what she wrote stands there again");
  assert.equal(await page.inputValue("#field-report [name=words]"), "先写错了地点");
  await page.fill("#f-point", "");
  const places = page.locator("#field-report [name=at]");
  if (await places.inputValue() === "") await places.selectOption({ index: 1 });
  await page.click("#field-report .actions button");
  await says(page, "全部送到了");
  const added = (await done(page)).map(({ number }) => number).filter((number) => !before.includes(number));
  assert.equal(added.length, 1, `one report, and nothing of what was taken back: ${JSON.stringify(added)}`);
  assert.ok(await handedOver(page, added[0]), "its photo came along");
  assert.deepEqual(await known(page), [], "the refused one is done with");
});

test("a form that is pressed twice is kept once, and what is written at a step stays when the list is told anew", async () => {
  line.set(false);
  const { page } = phone;
  await opened(page);
  await says(page, "全部送到了");
  await page.context().setOffline(true);
  await page.click("#field-new");
  await page.setInputFiles("#f-photos", photo());
  await page.selectOption("#f-condition", { index: 1 });
  const places = page.locator("#field-report [name=at]");
  if (await places.inputValue() === "") await places.selectOption({ index: 1 });
  if (await page.locator("#field-stop").isVisible()) await page.check("#field-report [name=called]");
  await page.evaluate(() => {
    const form = document.getElementById("field-report");
    form.requestSubmit();
    form.requestSubmit();
  });
  await page.waitForFunction(() => !document.getElementById("field-report").dataset.busy);
  const many = await page.evaluate(async () => {
    const kept = await new Promise((done) => { const asked = indexedDB.open("lianglin-field"); asked.onsuccess = () => done(asked.result); });
    const asked = kept.transaction(["entries"]).objectStore("entries").count();
    return new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  });
  assert.equal(many, 1, "one report");

  // Somebody has written at a step and put the phone down: what comes meanwhile takes nothing of that away.
  const step = page.locator("#field-tasks form[data-action]").filter({ has: page.locator("input[type=text], textarea") }).first();
  const task = await step.evaluate((form) => form.closest("[data-task]").dataset.task);
  await step.evaluate((form) => {
    form.closest("details").open = true;
    form.querySelector("input[type=text], textarea").value = "写了一半";
    document.activeElement.blur();
  });
  await page.context().setOffline(false);
  await says(page, "全部送到了");
  const written = await page.locator(`#field-tasks [data-task="${task}"] :is(input[type=text], textarea)`).evaluateAll((all) => all.map((one) => one.value));
  assert.ok(written.includes("写了一半"), JSON.stringify(written));
});

test("whoever signs in next on the same phone sees and sends nothing that was kept before", async () => {
  line.set(false);
  const { page } = phone;
  await opened(page);
  await says(page, "全部送到了");
  const before = (await done(page)).length;
  await page.context().setOffline(true);
  await report(page, "她自己的一条");
  await page.waitForFunction(() => document.querySelectorAll("#field-queue > li").length === 1);

  const [first, other] = city.accounts("community_worker");
  const become = async (account) => {
    const { cookies } = await city.stateOf(account);
    await page.context().addCookies(cookies.map(({ name, value }) => ({ name, value, url: line.base })));
  };
  await become(other);
  await page.context().setOffline(false);
  // The page that stands open was hers who kept it: it makes room for whoever is signed in now.
  await says(page, "1 条是别人存在这台手机里的");
  assert.equal(await queued(page).count(), 0, "nothing of hers is shown");
  assert.deepEqual(await known(page), [], "nothing came under another name");
  assert.doesNotMatch(await (await page.context().request.get(`${city.base}/field/open`)).text(), /她自己的一条/);

  await become(first);
  await opened(page);
  await says(page, "全部送到了");
  assert.equal((await done(page)).length, before + 1, "it came from herself");
});

test("what reporters said stays on the phone for two days at most, and not after signing out", async () => {
  line.set(false);
  const { page } = phone;
  const kept = (path) => page.evaluate(async (asked) => {
    const cache = await caches.open("lianglin-field");
    return Boolean(await cache.match(asked));
  }, path);
  await opened(page);
  await page.waitForFunction(() => document.getElementById("field").dataset.ready === "yes");
  assert.ok(await kept("/field/tasks.json") && await kept("/field/dwellings"), "it works without a line");

  // As if the phone had not reached the server for three days.
  await page.goto(`${line.base}/field/open`);
  await page.evaluate(async (days) => {
    const cache = await caches.open("lianglin-field");
    for (const path of ["/field/dwellings", "/field/tasks.json"]) {
      const answer = await cache.match(path);
      const headers = new Headers(answer.headers);
      headers.set("x-came", new Date(Date.now() - days * 24 * 3_600_000).toUTCString());
      await cache.put(path, new Response(await answer.blob(), { headers }));
    }
  }, 3);
  line.set(true);
  await opened(page);
  for (const path of ["/field/dwellings", "/field/tasks.json"]) {
    await page.waitForFunction(async (asked) => !(await (await caches.open("lianglin-field")).match(asked)), path);
  }
  assert.ok(await kept("/field"), "what is young stays");

  line.set(false);
  await page.goto(`${line.base}/field/open`);
  await page.evaluate(() => {
    const form = document.querySelector('form[action="/sign-out"]');
    form.addEventListener("submit", (event) => event.preventDefault());
    form.requestSubmit();
  });
  await page.waitForFunction(async () => !(await caches.has("lianglin-field")));
});
