// The map that can be zoomed, and "where I am" on the page of a report.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { City } from "../harness/city.mjs";

let city;
before(async () => { city = await City.open(); });
after(() => city?.close());

/** A point in the invented city of the demonstration, beside one of its buildings. */
const IN_THE_CITY = { latitude: 41.8057, longitude: 123.4315 };
const FAR_AWAY = { latitude: 35.68, longitude: 139.76 };

test("a leader zooms into the map, which loads nothing from elsewhere and breaks no policy", async (t) => {
  const [leader] = city.accounts("organiser_city").concat(city.accounts("organiser_district"), city.accounts("secretary_street"));
  const { page, problems, close } = await city.visitAs(leader);
  const tiles = [];
  page.on("response", (answer) => {
    if (new URL(answer.url()).pathname.startsWith("/map/tiles/")) tiles.push(answer.status());
  });
  await page.goto("/map");
  const map = page.locator("details[data-map]");
  if ((await map.count()) === 0) {
    t.skip("the library of the map is not in this program: cargo xtask map");
    return close();
  }
  assert.deepEqual(tiles, [], "nothing is loaded before somebody opens the map");
  await map.locator("summary").click();
  await page.waitForSelector("details[data-drawn]", { timeout: 60_000 });
  assert.ok(tiles.length > 0 && tiles.every((status) => status === 200), `${tiles}`);
  const legend = await map.locator(".legend li").allInnerTexts();
  assert.ok(legend.some((text) => text.includes("正在办的反映")) && legend.some((text) => text.includes("网格的边界")), `${legend}`);
  const share = await page.evaluate(() => document.querySelector("[data-canvas]").clientWidth / document.querySelector("main").clientWidth);
  assert.ok(share > 0.8, `the map takes the width of the page: ${share}`);
  const [before] = [tiles.length];
  await page.getByRole("button", { name: "放大" }).click();
  await page.waitForFunction((known) => performance.getEntriesByType("resource").length >= known, before);
  assert.deepEqual(problems, []);
  await close();
});

test("the map says the same as a picture without scripts", async () => {
  const [leader] = city.accounts("organiser_city").concat(city.accounts("organiser_district"), city.accounts("secretary_street"));
  const { page, close } = await city.visitAs(leader, { js: false });
  await page.goto("/map");
  assert.equal(await page.locator("details[data-map]:visible").count(), 0);
  assert.ok((await page.locator("figure.map svg").count()) > 0);
  await close();
});

test("where somebody is is asked when she presses the button, and stands in the field", async () => {
  const { page, context, problems, close } = await city.visit({ width: 390, height: 844 });
  await context.grantPermissions(["geolocation"]);
  await context.setGeolocation(IN_THE_CITY);
  await page.goto("/report/new");
  assert.equal(await page.locator("[name=where]").inputValue(), "", "nobody is asked before");
  await page.locator("[name=what]").fill("楼下垃圾没人收");
  await page.locator("[data-here] button").click();
  await page.waitForFunction(() => document.querySelector("[name=where]").value !== "");
  assert.equal(await page.locator("[name=where]").inputValue(), "41.805700,123.431500");
  await page.getByRole("button", { name: "下一步" }).click();
  assert.equal(await page.locator("input[name=at]:checked").inputValue(), "g:41.8057000,123.4315000");
  await context.setGeolocation(FAR_AWAY);
  await page.goto("/report/new");
  await page.locator("[name=what]").fill("楼下垃圾没人收");
  await page.locator("[data-here] button").click();
  await page.waitForFunction(() => document.querySelector("[name=where]").value !== "");
  await page.getByRole("button", { name: "下一步" }).click();
  assert.match(await page.locator("main").innerText(), /不在本市/);
  assert.deepEqual(problems, []);
  await close();
});

test("without scripts, or where the browser gives no position, the page says what to write instead", async () => {
  const plain = await city.visit({ js: false });
  await plain.page.goto("/report/new");
  assert.equal(await plain.page.locator("[data-here]:visible").count(), 0);
  await plain.close();
  const { page, context, close } = await city.visit();
  await context.clearPermissions();
  await page.goto("/report/new");
  await page.locator("[data-here] button").click();
  await page.waitForFunction(() => /小区、社区/.test(document.querySelector("[data-here] [role=status]").textContent));
  await close();
});

test("where something is can be shown on a small map, which loads nothing before it is opened", async (t) => {
  const { page, problems, close } = await city.visit({ width: 390, height: 844 });
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto("/report/new");
  const map = page.locator("details[data-map]");
  if ((await map.count()) === 0) {
    t.skip("the library of the map is not in this program: cargo xtask map");
    return close();
  }
  const heavy = () => asked.filter((path) => path.includes("maplibre") || path.startsWith("/map/"));
  assert.deepEqual(heavy(), [], "nothing is loaded before somebody opens the map");
  await map.locator("summary").click();
  await page.waitForSelector("details[data-drawn]", { timeout: 60_000 });
  assert.ok(heavy().some((path) => path.startsWith("/map/places/")) && heavy().every((path) => !path.startsWith("/map/tiles")), `${heavy()}`);
  // From far away a press brings the map nearer and writes nothing.
  const status = map.locator("[role=status]");
  await page.getByRole("button", { name: "就是地图正中" }).click();
  await page.waitForFunction(() => /再点一下/.test(document.querySelector("details[data-map] [role=status]").textContent));
  assert.equal(await page.locator("[name=where]").inputValue(), "");
  while (!/已填上/.test(await status.textContent())) {
    await page.waitForTimeout(700);
    await page.getByRole("button", { name: "就是地图正中" }).click();
  }
  // The field names the compound where the map knows it, and the point goes along; else it holds the point.
  const told = () => ["[name=where]", "input[type=hidden][name=at]"].map((name) => document.querySelector(name)?.value ?? "").join("|");
  const middle = await page.evaluate(told);
  assert.match(middle, /^([^|]+\|g:)?\d+\.\d{6},\d+\.\d{6}\|?$/);
  await map.locator("canvas").click({ position: { x: 40, y: 40 } });
  await page.waitForFunction((before) => ["[name=where]", "input[type=hidden][name=at]"].map((name) => document.querySelector(name)?.value ?? "").join("|") !== before, middle);
  await page.locator("[name=where]").fill("41.805700,123.431500");
  assert.equal(await page.locator("input[type=hidden][name=at]").count(), 0, "what is written takes the place of the point");
  await page.locator("[name=what]").fill("楼下垃圾没人收");
  await page.getByRole("button", { name: "下一步" }).click();
  assert.equal(await page.locator("input[name=at]:checked").inputValue(), "g:41.8057000,123.4315000");
  assert.deepEqual(problems, []);
  await close();
  const plain = await city.visit({ js: false });
  await plain.page.goto("/report/new");
  assert.equal(await plain.page.locator("details[data-map]:visible").count(), 0, "without scripts there is the field alone");
  await plain.close();
});

/** A picture of one pixel. */
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

/** The map of a leader as if the operator had set a base map, whose squares are answered here. */
async function overBase(visitor, about, answer) {
  const { page } = visitor;
  const asked = [];
  await page.route("**/map/base/**", (route) => { asked.push(new URL(route.request().url()).pathname); return route.fulfill(answer); });
  await page.route("**/map", async (route) => {
    const whole = await route.fetch();
    const told = JSON.stringify({ tiles: "/map/base/{z}/{x}/{y}", ...about }).replaceAll('"', "&#34;");
    const body = (await whole.text()).replace("data-map=", `data-base="${told}" data-style="/assets/map-base.js" data-map=`);
    return route.fulfill({ response: whole, body });
  });
  await page.goto("/map");
  if ((await page.locator("details[data-map]").count()) === 0) return null;
  await page.locator("details[data-map] summary").click();
  await page.waitForSelector("details[data-drawn]", { timeout: 60_000 });
  return asked;
}

test("a base map is drawn below the city, and the city goes on where it does not come", async (t) => {
  const [leader] = city.accounts("organiser_city").concat(city.accounts("organiser_district"), city.accounts("secretary_street"));
  const layers = ["water", "landuse", "park", "building", "transportation", "transportation_name", "roads"];
  for (const [about, answer] of [
    [{ minzoom: 1, maxzoom: 18 }, { status: 200, contentType: "image/png", body: PIXEL }],
    [{ minzoom: 1, maxzoom: 18 }, { status: 502, body: "" }],
    [{ minzoom: 1, maxzoom: 14, layers, bounds: [100, 30, 140, 50] }, { status: 404, body: "" }],
    [{ minzoom: 1, maxzoom: 14, layers: [] }, { status: 200, contentType: "application/vnd.mapbox-vector-tile", body: "" }],
  ]) {
    const visitor = await city.visitAs(leader);
    const asked = await overBase(visitor, about, answer);
    if (asked === null) {
      t.skip("the library of the map is not in this program: cargo xtask map");
      return visitor.close();
    }
    assert.ok(asked.length > 0 && asked.every((path) => /^\/map\/base\/\d+\/\d+\/\d+$/.test(path)), `${asked}`);
    // The browser itself reports a square that does not come.
    assert.deepEqual(visitor.problems.filter((problem) => !problem.includes("status of 502")), []);
    await visitor.close();
  }
});
