// Every page that anybody can reach, in every way of looking at it: access, frame, width, nothing from elsewhere.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { City } from "../harness/city.mjs";
import { MODES } from "../harness/browser.mjs";
import { accessFaults, elderFaults, frameFaults, overhang } from "../harness/look.mjs";
import { walk } from "../harness/walk.mjs";

const NARROW = { width: 390, height: 844 };
/** Where walks begin; the last one is an address that does not exist. */
const RESIDENT = ["/", "/items", "/items?q=%E8%80%81%E4%BA%BA", "/items?q=zzzz", "/follow", "/verify", "/places", "/places?q=wal", "/rulebook", "/sign-in", "/no-such-page"];
const STAFF = ["/desk", "/desk?q=gljt", "/queue", "/supervise", "/staff", "/account", "/cases/000000-0000-0000000-0", "/places", "/rulebook"];

let city;
before(async () => { city = await City.open(); });
after(() => city.close());

/** Looks at one page and says what is wrong with it. */
async function look(visitor, path, mode) {
  const answer = await visitor.page.goto(path);
  const status = answer?.status() ?? 0;
  if (status >= 500) return [`answers ${status}`];
  const faults = [...await accessFaults(visitor.page), ...await frameFaults(visitor.page, MODES[mode].lang)];
  if (mode.startsWith("elder") || mode === "largest") faults.push(...await elderFaults(visitor.page));
  await visitor.page.setViewportSize(NARROW);
  const wide = await overhang(visitor.page);
  if (wide) faults.push(`at ${NARROW.width} px: ${wide}`);
  await visitor.page.setViewportSize({ width: 1280, height: 900 });
  return [...faults, ...visitor.problems.splice(0)];
}

/** Walks as somebody and looks at every kind of page in every mode. */
async function sweep(t, open, starts) {
  const walker = await open({});
  const paths = await walk(walker.page, city.base, starts);
  await walker.close();
  assert.ok(paths.length > 0, "nothing is reached");
  t.diagnostic(`${paths.length} pages: ${paths.join(" ")}`);
  for (const mode of Object.keys(MODES)) {
    await t.test(mode, async () => {
      const visitor = await open({ mode });
      const faults = [];
      for (const path of paths) {
        for (const fault of await look(visitor, path, mode)) faults.push(`${path}: ${fault}`);
      }
      await visitor.close();
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
