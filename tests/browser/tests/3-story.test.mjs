// The main job from end to end, with scripts and without: asked online, taken anywhere, decided, collected, followed, rated.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { City } from "../harness/city.mjs";
import { applicant } from "../harness/people.mjs";
import { Cost, applyOnline, carryThrough, chooseItem, codeOn, findItem, follow, rate } from "../harness/story.mjs";

let city;
let worker;
before(async () => {
  city = await City.open();
  worker = await city.worker();
});
after(() => city.close());

/** The community in which the first worker's colleagues decide, so that everybody needed is there. */
const community = () => worker.place.split(/[\s·]+/u).pop();

for (const [running, js] of [[101, true], [102, false]]) {
  test(`from the question to the rating ${js ? "with" : "without"} scripts`, async (t) => {
    const resident = await city.visit({ js, width: 390, height: 844 });
    const person = applicant(running);
    const cost = new Cost();
    // The old-age allowance stands on the first page; a search takes one screen more.
    if (js) await chooseItem(resident.page, "MZ-11", cost);
    else await findItem(resident.page, "高龄", cost);
    const number = await applyOnline(resident.page, person, community(), cost);
    const code = await codeOn(resident.page);
    assert.ok(cost.screens <= (js ? 6 : 7), `too long a way to an application: ${cost}`);
    assert.match(number, /^\d{6}-\d{4}-\d{7}-[\dX]$/);
    assert.ok((await resident.page.locator("main").innerText()).includes(number), "the receipt shows the number");
    t.diagnostic(`measured: an application online ${js ? "with" : "without"} scripts: ${cost}`);

    const staff = await city.staff({ js });
    const steps = await carryThrough(staff, number);
    await staff.close();
    assert.ok(steps.length >= 2, `the case was carried through in too few steps: ${steps.join(", ")}`);
    t.diagnostic(`the case went ${steps.join(" → ")}`);

    const later = await city.visit({ js, width: 390, height: 844 });
    await follow(later.page, number, code);
    await rate(later.page, number, 5);
    assert.equal(await later.page.locator(`form[action="/follow/${number}/rate"]`).count(), 0, "she rates once");
    assert.deepEqual([...resident.problems, ...later.problems], []);
    await Promise.all([resident.close(), later.close()]);
  });
}

test("a wrong telephone opens nothing, and says the same as a wrong number", async () => {
  const resident = await city.visit();
  await findItem(resident.page, "高龄");
  const number = await applyOnline(resident.page, applicant(103), community());
  const stranger = await city.visit();
  const said = [];
  for (const [asked, telephone] of [[number, "13900000000"], ["210102-2026-9999999-9", applicant(103).telephone]]) {
    await stranger.page.goto("/follow");
    await stranger.page.fill("main input[name=number]", asked);
    await stranger.page.fill("main input[name=telephone]", telephone);
    const [answer] = await Promise.all([
      stranger.page.waitForResponse((response) => response.request().method() === "POST"),
      stranger.page.locator("main form:has(input[name=number]) button").first().click(),
    ]);
    assert.equal(answer.status(), 422);
    said.push(await stranger.page.locator("main [role=alert]").innerText());
  }
  assert.equal(said[0], said[1]);
  for (const path of [`/receipt/${number}`, `/cases/${number}`, `/follow/${number}`]) {
    await stranger.page.goto(path);
    assert.ok(!(await stranger.page.content()).includes("李*"), `${path} shows a stranger the applicant`);
  }
  await Promise.all([resident.close(), stranger.close()]);
});
