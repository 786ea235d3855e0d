// What no link leads to: each question of an application, its corrections, the receipt, the way and the rating.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { MODES, send } from "../harness/browser.mjs";
import { City } from "../harness/city.mjs";
import { carryAxe, look } from "../harness/look.mjs";
import { applicant } from "../harness/people.mjs";
import { Cost, applyOnline, codeOn, findItem, follow } from "../harness/story.mjs";

let city;
let worker;
before(async () => {
  city = await City.open();
  worker = await city.worker();
});
after(() => city.close());

/** What was asked already of each screen, by its language and name. */
const asked = new Map();
const askedOf = (mode, where) => {
  const screen = `${mode.lang} ${where}`;
  if (!asked.has(screen)) asked.set(screen, new Set());
  return asked.get(screen);
};
/** Visitors here look at everything, so they have axe-core with them. */
const carrying = async (visitor) => {
  await carryAxe(visitor.context);
  return visitor;
};

const PLAIN = "button:not([name=back]):not([type=button])";

// Two at a time: each has visitors of its own, and the cases of one are nothing to the others.
describe("looked at", { concurrency: 2 }, () => {
  for (const [at, name] of Object.keys(MODES).entries()) {
    test(`an application looked at: ${name}`, async () => {
      const { page, problems, close } = await carrying(await city.visit({ mode: name, width: 390, height: 844 }));
      const community = worker.place.split(/[\s·]+/u).pop();
      const person = applicant(401 + at);
      const faults = [];
      const seen = [];
      const see = async (where) => {
        seen.push(where);
        for (const fault of await look(page, MODES[name], askedOf(MODES[name], where))) faults.push(`${where}: ${fault}`);
      };
      const question = async () => {
        const heading = await page.locator("h1").innerText();
        await see(heading);
        const empty = page.locator("main form[method=post] input:visible:not([type=radio]):not([type=checkbox])");
        if ((await empty.count()) === 0 || (await empty.first().inputValue()) !== "") return;
        await send(page, "main form[method=post]", PLAIN);
        assert.ok((await page.locator("[role=alert]").count()) > 0, `nothing is said about an empty answer to "${heading}"`);
        await see(`${heading}, left empty`);
      };
      await findItem(page, "高龄");
      const number = await applyOnline(page, person, community, new Cost(), question);
      await follow(page, number, await codeOn(page));
      await see("the way");
      await page.goto("/follow");
      await page.fill("main input[name=number]", "1");
      await send(page, "main form:has(input[name=number])");
      await see("a number that is none");
      assert.ok(seen.length >= 8, `too little was looked at: ${seen.join(", ")}`);
      assert.deepEqual([...faults, ...problems], []);
      await close();
    });
  }

  test("a new password is weighed in a word, and a Chinese character weighs more", async () => {
    const { page, problems, close } = await city.visit({ mode: "zh", width: 390, height: 844 });
    await page.goto("/account/open");
    assert.equal(await page.locator("meter").count(), 1, "the new password alone is weighed");
    const word = page.locator(".hint [role=status]");
    for (const [typed, said] of [["password1234", "弱"], ["Grey-heron-7", "弱"], ["Grey-heron-71xq", "可以"], ["correct horse battery", "强"], ["浑河边上灰鹭七十一只", "强"], ["好好好好好好好好好好好好", "弱"], ["", ""]]) {
      await page.fill("main input[name=new]", typed);
      assert.equal((await word.innerText()).trim(), said, typed);
    }
    assert.deepEqual(problems, []);
    await close();
  });

  test("a date stays on one line wherever its sentence is broken", async () => {
    const { page, problems, close } = await city.visit({ mode: "elder", width: 390, height: 844 });
    const told = (at) => `${"字".repeat(at)}任期到2028年8月20日，8月21日起换届。`;
    const lines = Array.from({ length: 30 }, (_, at) => `<p class="told">${told(at)}</p>`).join("");
    await page.route("**/help", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace("</main>", `${lines}</main>`) });
    });
    await page.goto("/help");
    const found = await page.locator("main p.told").evaluateAll((all) => all.map((line) => [line.textContent, [...line.querySelectorAll("span")].map((date) => [date.textContent, date.getClientRects().length])]));
    assert.equal(found.length, 30);
    for (const [at, [words, whole]] of found.entries()) {
      assert.equal(words, told(at), "the words are the same");
      assert.deepEqual(whole, [["2028年8月20日", 1], ["8月21日", 1]], words);
    }
    assert.deepEqual(problems, []);
    await close();
  });

  test("the desk says what is missing, in every mode", async () => {
    const faults = [];
    for (const [name, mode] of Object.entries(MODES)) {
      const { page, problems, close } = await carrying(await city.visitAs(worker, { mode: name }));
      await page.goto("/desk?q=gljt");
      await send(page, "main form[method=post]", "button:not([name]):not([tabindex='-1'])");
      assert.ok((await page.locator("[role=alert] li").count()) >= 2, "each empty field is named");
      for (const fault of [...await look(page, mode, askedOf(mode, "the desk")), ...problems]) faults.push(`${name}: ${fault}`);
      await close();
    }
    assert.deepEqual(faults, []);
  });
});
