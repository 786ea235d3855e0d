// A first visit costs little: at most 60 KB on the wire for any page of a resident.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { become } from "../harness/browser.mjs";
import { City } from "../harness/city.mjs";
import { weigh } from "../harness/look.mjs";
import { walk } from "../harness/walk.mjs";

const MOST_BYTES = 60 * 1024;
/** Pages weighed at the same time: each waits until nothing more comes. */
const SCALES = 3;

let city;
before(async () => { city = await City.open(); });
after(() => city.close());

test("a first visit to any page of a resident fits into 60 KB", async (t) => {
  const walker = await city.visit();
  const paths = await walk(walker.page, city.base, ["/", "/items", "/report", "/mine", "/nearby", "/follow", "/places", "/rulebook", "/sign-in"]);
  await walker.close();
  const weights = [];
  const left = [...paths];
  const weighSome = async () => {
    const visitor = await city.visit({ width: 390, height: 844 });
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await become(visitor, city.base);
      weights.push({ path: next.path, bytes: await weigh(visitor.context, visitor.page, next.path) });
    }
    await visitor.close();
  };
  await Promise.all(Array.from({ length: SCALES }, weighSome));
  weights.sort((one, other) => other.bytes - one.bytes);
  const shown = weights.slice(0, 3).map(({ path, bytes }) => `${path} ${(bytes / 1024).toFixed(1)} KB`).join(", ");
  t.diagnostic(`measured: the heaviest of ${weights.length} first visits: ${shown}`);
  assert.ok(weights.every(({ bytes }) => bytes > 0), "nothing was measured");
  assert.deepEqual(weights.filter(({ bytes }) => bytes > MOST_BYTES), []);
});
