// Every page that anybody can reach, in every way of looking at it: access, frame, width, nothing from elsewhere.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { City } from "../harness/city.mjs";
import { MODES } from "../harness/browser.mjs";
import { look } from "../harness/look.mjs";
import { walk } from "../harness/walk.mjs";

/** Where walks begin; the last one is an address that does not exist. */
const RESIDENT = ["/", "/items", "/items?q=%E8%80%81%E4%BA%BA", "/items?q=zzzz", "/report", "/mine", "/nearby", "/nearby?q=wal", "/nearby?q=zzzz", "/find?q=wal", "/find?q=zzzz", "/help", "/privacy", "/follow", "/verify", "/places", "/places?q=wal", "/rulebook", "/sign-in", "/no-such-page"];
const STAFF = ["/desk", "/desk?q=gljt", "/today", "/queue", "/community", "/unit", "/overview", "/map", "/topics", "/work", "/find?q=wal", "/supervise", "/supervise/late", "/staff", "/account", "/cases/none", "/places", "/rulebook"];

let city;
before(async () => { city = await City.open(); });
after(() => city.close());

/** Looks at one page and says what is wrong with it. */
async function lookAt(visitor, path, mode) {
  const answer = await visitor.page.goto(path);
  const status = answer?.status() ?? 0;
  if (status >= 500) return [`answers ${status}`];
  return [...await look(visitor.page, MODES[mode]), ...visitor.problems.splice(0)];
}

/** Parts that were looked at already: a page built of nothing new is not looked at again as somebody else. */
const seen = new Set();
/** Visitors who look at the same time. */
const EYES = 2;

/** Looks at the pages in one mode, some at a time. */
async function lookAll(open, paths, mode) {
  const left = [...paths];
  const faults = [];
  const eye = async () => {
    const visitor = await open({ mode });
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      for (const fault of await lookAt(visitor, path, mode)) faults.push(`${path}: ${fault}`);
    }
    await visitor.close();
  };
  await Promise.all(Array.from({ length: EYES }, eye));
  return faults;
}

/** Walks as somebody and looks at every page with something new, in every mode. */
async function sweep(t, open, starts) {
  const walker = await open({});
  const pages = await walk(walker.page, city.base, starts);
  await walker.close();
  assert.ok(pages.length > 0, "nothing is reached");
  const fresh = pages.filter(({ parts }) => parts.filter((part) => !seen.has(part) && seen.add(part)).length > 0).map(({ path }) => path);
  t.diagnostic(`${pages.length} pages reached, ${fresh.length} with something new: ${fresh.join(" ")}`);
  for (const mode of Object.keys(MODES)) {
    await t.test(mode, async () => {
      const faults = await lookAll(open, fresh, mode);
      assert.equal(faults.length, 0, `\n${faults.join("\n")}`);
    });
  }
}

describe("every page", () => {
  test("of a resident", (t) => sweep(t, (how) => city.visit(how), RESIDENT));

  test("of the staff", async (t) => {
    for (const role of city.roles.filter((name) => name !== "resident")) {
      await t.test(role, async (inner) => {
        const [account] = city.accounts(role);
        await sweep(inner, (how) => city.visitAs(account, how), STAFF);
      });
    }
  });
});
