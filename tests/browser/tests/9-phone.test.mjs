// The program that answers the pages of the field without a line, by itself: what a full phone, a server that is being
// renewed and a clock that was wrong do to it. No browser and no city are started.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

const PROGRAM = readFileSync(new URL("../../../ui/assets/field-sw.js", import.meta.url), "utf8");
const HOME = "https://city.example";
const DAY = 24 * 3_600_000;

/** A phone with the program: what it keeps, and a server whose answers a test decides. */
class Phone {
  kept = new Map();
  isFull = false;
  now = Date.now();
  answers = () => new Response("from the server");

  constructor() {
    const [phone, heard] = [this, {}];
    const cache = {
      match: async (path) => phone.kept.get(path)?.clone(),
      delete: async (path) => phone.kept.delete(path),
      put: async (path, answer) => {
        if (phone.isFull) throw new DOMException("no room", "QuotaExceededError");
        phone.kept.set(path, answer);
      },
    };
    const caches = {
      open: async () => cache,
      match: async (path) => cache.match(path),
      delete: async () => phone.kept.clear(),
    };
    class Clock extends Date {
      constructor(...given) { super(...(given.length > 0 ? given : [phone.now])); }
      static now() { return phone.now; }
    }
    const self = { location: { origin: HOME }, addEventListener: (name, heed) => { heard[name] = heed; } };
    const wait = (work) => { phone.late = work; };
    const fetch = async (request) => phone.answers(request);
    runInContext(PROGRAM, createContext({ self, caches, fetch, Date: Clock, Headers, Response, URL, setTimeout: wait }));
    this.heard = heard;
  }

  /** What the page at an address says; nothing where the program leaves it to the browser. */
  async asks(path) {
    const [request, waits] = [{ url: HOME + path, method: "GET" }, []];
    let answer;
    this.heard.fetch({ request, respondWith: (given) => { answer = given; }, waitUntil: (given) => waits.push(given) });
    const said = await (await answer)?.text();
    await Promise.all(waits);
    return said;
  }
}
const fails = () => { throw new TypeError("no line"); };
const file = (text, lasts) => new Response(text, { headers: { "cache-control": lasts ? "public, immutable" : "no-cache" } });

test("a phone without room shows what the server says, and its files", async () => {
  const phone = new Phone();
  phone.isFull = true;
  assert.equal(await phone.asks("/field"), "from the server");
  phone.answers = () => file("a script", true);
  assert.equal(await phone.asks("/assets/field-012345678901.js"), "a script");
  assert.equal(phone.kept.size, 0);
});

test("while the server is renewed a worker has her page, and the message in front of it is not kept", async () => {
  const phone = new Phone();
  assert.equal(await phone.asks("/field"), "from the server");
  for (const status of [502, 503, 504]) {
    phone.answers = () => new Response("bad gateway", { status });
    assert.equal(await phone.asks("/field"), "from the server", `${status}`);
    assert.equal(await phone.asks("/field/patrol"), "bad gateway", `${status}: nothing is kept of that page`);
  }
  phone.answers = fails;
  assert.equal(await phone.asks("/field"), "from the server");
  await assert.rejects(phone.asks("/field/patrol"));

  phone.answers = () => new Promise(() => {});
  const asked = phone.asks("/field");
  await new Promise(setImmediate);
  phone.late();
  assert.equal(await asked, "from the server", "nobody waits for ever");
});

test("a file of another build is not kept under the name of this one", async () => {
  const phone = new Phone();
  phone.answers = () => file("of another build", false);
  assert.equal(await phone.asks("/assets/field-012345678901.js"), "of another build");
  phone.answers = () => file("of this build", true);
  assert.equal(await phone.asks("/assets/field-012345678901.js"), "of this build");
  phone.answers = fails;
  assert.equal(await phone.asks("/assets/field-012345678901.js"), "of this build", "and stays without a line");
});

test("what was kept by a clock that was wrong is forgotten all the same", async () => {
  for (const [days, stays] of [[1, true], [3, false], [-1, true], [-300, false]]) {
    const phone = new Phone();
    await phone.asks("/field");
    phone.answers = fails;
    phone.now += days * DAY;
    if (stays) assert.equal(await phone.asks("/field"), "from the server", `${days} days later`);
    else await assert.rejects(phone.asks("/field"), undefined, `${days} days later`);
    assert.equal(phone.kept.has("/field"), stays, `${days} days later`);
  }
});

test("whoever is signed out or refused takes along what the phone kept", async () => {
  for (const answer of [() => new Response("no", { status: 403 }), () => ({ type: "opaqueredirect", status: 0, headers: new Headers(), text: async () => "" })]) {
    const phone = new Phone();
    await phone.asks("/field");
    await phone.asks("/field/dwellings");
    phone.answers = answer;
    await phone.asks("/field");
    assert.equal(phone.kept.size, 0);
  }
});
