// A report on a phone, from the photo to its number: how many screens and fields it costs, what it weighs, and that what
// was covered in a photo is covered in the one that is kept.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { City } from "../harness/city.mjs";
import { accessFaults } from "../harness/look.mjs";
import { Cost } from "../harness/story.mjs";

let city;
let worker;
before(async () => {
  city = await City.open();
  [worker] = city.accounts("community_worker");
});
after(() => city?.close());

const PHONE = { width: 390, height: 844 };
const MOST_BYTES = 90 * 1024;
const SCREENS = 4;
const FIELDS = 2;
/** The sides of the photo, and of its squares. */
const [WIDE, HIGH, SQUARE] = [1200, 900, 25];

const path = (page) => new URL(page.url()).pathname;
const community = () => worker.place.split(/[\s·]+/u).pop();
const numberOf = (page) => path(page).replace("/receipt/", "");

/** A photo of black and white squares: whatever covers a part of it makes that part plain. */
async function photo(page) {
  const text = await page.evaluate(([wide, high, side]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: wide, height: high });
    const context = canvas.getContext("2d");
    for (let x = 0; x < wide; x += side) {
      for (let y = 0; y < high; y += side) {
        context.fillStyle = (x + y) / side % 2 === 0 ? "#000" : "#fff";
        context.fillRect(x, y, side, side);
      }
    }
    return canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
  }, [WIDE, HIGH, SQUARE]);
  return { name: "IMG_0001.jpg", mimeType: "image/jpeg", buffer: Buffer.from(text, "base64") };
}

/** Counts what comes over the wire, but for her own photo, which she sees again as large as she took it. */
async function scales({ context, page }) {
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  let bytes = 0;
  const pictures = new Set();
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (response.mimeType === "image/jpeg") pictures.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (!pictures.has(requestId)) bytes += encodedDataLength;
  });
  return { read: () => bytes, end: () => session.detach() };
}

/** Goes on to the next screen. */
async function goes(page, name, cost) {
  await Promise.all([page.waitForEvent("domcontentloaded"), page.getByRole("button", { name, exact: true }).click()]);
  cost.screens += 1;
  cost.clicks += 1;
}

/**
 * Reports rubbish with a photo and gives what it cost. `look` is asked on each screen; `cover` says which part of the photo is
 * covered before it goes, in parts of its sides: from and to.
 */
async function reports({ page }, { look = async () => {}, cover } = {}) {
  const cost = new Cost();
  await page.goto("/report/new");
  cost.screens += 1;
  await look("what and where");
  await page.setInputFiles("#photo-camera", await photo(page));
  const canvas = page.locator("form canvas");
  await canvas.waitFor();
  if (cover) {
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    const at = ([x, y]) => [box.x + box.width * x, box.y + box.height * y];
    await page.mouse.move(...at(cover.from));
    await page.mouse.down();
    await page.mouse.move(...at(cover.to), { steps: 4 });
    await page.mouse.up();
  }
  await look("a photo was chosen");
  await page.fill("[name=what]", "楼下垃圾成堆没人收");
  await page.fill("[name=where]", community());
  cost.fields += 2;
  await goes(page, "下一步", cost);
  await look("which of what was understood");
  await page.locator('[name=kind][value="event/0102/heap"]').first().check({ force: true });
  const place = page.locator("[name=at]");
  if ((await page.locator("[name=at]:checked").count()) === 0) await place.first().check({ force: true });
  await goes(page, "下一步", cost);
  assert.equal(await page.locator("ul.thumbs img").count(), 1, "she sees the photo that goes along");
  await look("what is known there and what she adds");
  await goes(page, "送出", cost);
  assert.match(path(page), /^\/receipt\/.+-W/, await page.locator("main").innerText());
  await look("its number");
  return cost;
}

test("a report with a photo takes four screens and two fields on a phone, and weighs little", async (t) => {
  const visitor = await city.visit(PHONE);
  const scale = await scales(visitor);
  const faults = [];
  let [before, heaviest] = [0, 0];
  const look = async (screen) => {
    await visitor.page.waitForLoadState("networkidle");
    heaviest = Math.max(heaviest, scale.read() - before);
    before = scale.read();
    faults.push(...(await accessFaults(visitor.page)).map((fault) => `${screen}: ${fault}`));
  };
  const cost = await reports(visitor, { look });
  await scale.end();
  t.diagnostic(`measured: task: a report with a photo on a phone: ${cost}, the heaviest screen ${(heaviest / 1024).toFixed(1)} KB`);
  assert.ok(cost.screens <= SCREENS, `too many screens: ${cost}`);
  assert.ok(cost.fields <= FIELDS, `too many fields: ${cost}`);
  assert.ok(heaviest > 0 && heaviest <= MOST_BYTES, `${heaviest} bytes before the map`);
  assert.deepEqual(faults, []);
  assert.deepEqual(visitor.problems, []);
  await visitor.close();
});

/** How far light and dark are apart in two parts of the photo that is kept: in the one that was covered, and in another. */
async function contrasts(number) {
  const { page, close } = await city.visitAs(worker);
  await page.goto(`/cases/${number}/photos`);
  const why = page.locator('form[action$="/photos/open"]');
  if ((await why.count()) > 0) {
    await why.locator("[name=purpose]").selectOption("handling");
    await Promise.all([page.waitForEvent("domcontentloaded"), why.getByRole("button").click()]);
  }
  const found = await page.evaluate(async () => {
    const picture = document.querySelector('img[src^="/cases/"]');
    const bitmap = await createImageBitmap(await (await fetch(picture.getAttribute("src"))).blob());
    const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
    const context = canvas.getContext("2d");
    context.drawImage(bitmap, 0, 0);
    /** The mean distance from the middle grey of a line of points, by the parts of the sides between which it lies. */
    const spread = (left, right, height) => {
      const [from, to] = [Math.round(left * bitmap.width), Math.round(right * bitmap.width)];
      const { data } = context.getImageData(from, Math.round(height * bitmap.height), to - from, 1);
      const light = [...data].filter((_, at) => at % 4 === 0);
      const middle = light.reduce((sum, one) => sum + one, 0) / light.length;
      return light.reduce((sum, one) => sum + Math.abs(one - middle), 0) / light.length;
    };
    // The covered part lies between a quarter and a half of each side, and has four blocks across and three down.
    return { covered: spread(0.32, 0.365, 0.29), free: spread(0.7, 0.745, 0.81) };
  });
  await close();
  return found;
}

test("what is covered in a photo before it is sent is covered in the one that is kept", async () => {
  const numbers = [];
  for (const cover of [undefined, { from: [0.25, 0.25], to: [0.5, 0.5] }]) {
    const visitor = await city.visit(PHONE);
    await reports(visitor, { cover });
    numbers.push(numberOf(visitor.page));
    assert.deepEqual(visitor.problems, []);
    await visitor.close();
  }
  const [plain, covered] = [await contrasts(numbers[0]), await contrasts(numbers[1])];
  assert.ok(plain.covered > 60 && plain.free > 60, `nothing was covered: ${JSON.stringify(plain)}`);
  assert.ok(covered.free > 60, `the rest is as it was: ${JSON.stringify(covered)}`);
  assert.ok(covered.covered < 30, `it is still to be seen: ${JSON.stringify(covered)}`);
});

test("the phone of a worker names whom to call before it keeps what is dangerous", async () => {
  const { page, problems, close } = await city.visitAs(worker, PHONE);
  await page.goto("/field");
  await page.click("#field-new");
  const stop = page.locator("#field-stop");
  assert.equal(await stop.isVisible(), false, "nothing is chosen yet");
  const general = await page.locator("#field-shows").innerText();
  await page.locator("#f-condition").selectOption("component/0129/missing");
  assert.notEqual(await page.locator("#field-shows").innerText(), general, "what a photo of this must show");
  await page.fill("#f-find", "煤气味");
  await page.locator("#field-hits button").first().click();
  assert.equal(await page.locator("#f-condition").inputValue(), "event/0403/smell");
  assert.ok(await stop.isVisible());
  assert.equal(await stop.locator("a").first().getAttribute("href"), "tel:119");
  const places = page.locator("#field-report [name=at]");
  if (await places.inputValue() === "") await places.selectOption({ index: 1 });
  await page.fill("#field-report [name=words]", "楼道里有煤气味");
  await page.click("#field-report .actions button");
  await page.locator("#field-lacks").waitFor();
  assert.match(await page.locator("#field-lacks").innerText(), /先打电话/);
  assert.equal(await page.locator("#field-queue > li").count(), 0, "nothing is kept before the call");
  assert.deepEqual(await accessFaults(page), []);
  await page.locator("#f-condition").selectOption("event/0102/heap");
  assert.equal(await stop.isVisible(), false, "nobody is in danger");
  assert.deepEqual(problems, []);
  await close();
});
