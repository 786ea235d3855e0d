// The two programs of the work in the field by themselves, the one that answers without a line and the one that keeps
// and sends: what a full phone, a server that is being renewed, a clock that was wrong, a lost photo and a hand in the
// very moment do to them. No browser and no city are started.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { Pocket } from "../harness/pocket.mjs";

const PROGRAM = readFileSync(new URL("../../../ui/assets/field-sw.js", import.meta.url), "utf8");
const HOME = "https://city.example";
const DAY = 24 * 3_600_000;

/** A phone with the first program: what it keeps, and a server whose answers a test decides. */
class Answers {
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
  const phone = new Answers();
  phone.isFull = true;
  assert.equal(await phone.asks("/field"), "from the server");
  phone.answers = () => file("a script", true);
  assert.equal(await phone.asks("/assets/field-012345678901.js"), "a script");
  assert.equal(phone.kept.size, 0);
});

test("while the server is renewed a worker has her page, and the message in front of it is not kept", async () => {
  const phone = new Answers();
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
  const phone = new Answers();
  phone.answers = () => file("of another build", false);
  assert.equal(await phone.asks("/assets/field-012345678901.js"), "of another build");
  phone.answers = () => file("of this build", true);
  assert.equal(await phone.asks("/assets/field-012345678901.js"), "of this build");
  phone.answers = fails;
  assert.equal(await phone.asks("/assets/field-012345678901.js"), "of this build", "and stays without a line");
});

test("what was kept by a clock that was wrong is forgotten all the same", async () => {
  for (const [days, stays] of [[1, true], [3, false], [-1, true], [-300, false]]) {
    const phone = new Answers();
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
    const phone = new Answers();
    await phone.asks("/field");
    await phone.asks("/field/dwellings");
    phone.answers = answer;
    await phone.asks("/field");
    assert.equal(phone.kept.size, 0);
  }
});

// ---- what waits to be sent

const visit = (words) => ({ kind: "dwelling", door: {}, version: 0, fields: { agreed: { saw: "", set: words } } });

/** A server that notes what comes, and takes it as a test says. */
class Server {
  came = [];
  state = () => "done";
  status = () => 200;
  who = "zhao";
  now = undefined;

  heard = async (path, body) => {
    if (path === "/field/tasks.json") return { told: { who: this.who, now: this.now, tasks: [], more: "", entries: [] } };
    if (path.startsWith("/field/photos/")) {
      const piece = await body.get("piece").arrayBuffer();
      this.came.push(`${path.split("/").pop()} ${piece.byteLength}`);
      return { told: { have: piece.byteLength, whole: true, entry: { ...this.last, state: "done", photos: [] } } };
    }
    const sent = JSON.parse(body.get("entry"));
    const name = sent.fields?.agreed?.set ?? sent.kind;
    const status = this.status(name);
    if (status !== 200) return { status };
    this.came.push(name);
    const photos = sent.photos.map(({ id }) => ({ id, have: 0, whole: false }));
    this.last = { id: sent.id, key: `4/${sent.id}`, state: photos.length > 0 ? "photos" : this.state(name), words: "", remedy: "", photos };
    return { told: this.last };
  };
}
async function pocket(server = new Server(), online = false) {
  const phone = new Pocket("zhao", server.heard);
  phone.online = online;
  await phone.open();
  return { phone, server };
}

test("what cannot be kept is said, and is kept once there is room", async () => {
  const { phone } = await pocket();
  phone.shelf.isFull = true;
  assert.equal(await phone.keep("d:1", visit("one")), false, "the form stays as it is");
  assert.match(phone.state.textContent, /notKept/);
  assert.equal(phone.entries.length, 0);
  phone.shelf.isFull = false;
  assert.equal(await phone.keep("d:1", visit("one")), true);
  assert.doesNotMatch(phone.state.textContent, /notKept/);
  assert.equal(phone.entries.length, 1);
});

test("a window that keeps nothing leaves the forms to the server, and says so", async () => {
  const phone = new Pocket("zhao", new Server().heard);
  phone.shelf.fails = true;
  await phone.open();
  assert.equal(phone.root.dataset.keeps, undefined);
  assert.match(phone.state.textContent, /noStore/);
});

test("a full phone still sends what it keeps", async () => {
  const { phone, server } = await pocket();
  await phone.keep("d:1", visit("one"));
  await phone.keep("d:2", visit("two"));
  [phone.shelf.isFull, phone.online] = [true, true];
  await phone.later();
  assert.deepEqual(server.came, ["one", "two"]);
  assert.equal(phone.entries.length, 0, "and has room again");
});

test("what is taken back while something else is on its way is not sent, and what follows it still is", async () => {
  const { phone, server } = await pocket();
  await phone.keep("d:1", visit("first"));
  await phone.keep("d:2", visit("taken back"));
  await phone.keep("d:2", visit("after it"));
  phone.online = true;
  let goOn;
  const [heard, waits] = [phone.heard, new Promise((done) => { goOn = done; })];
  phone.heard = async (...given) => {
    await waits;
    return heard(...given);
  };
  const sending = phone.later();
  await phone.rests();
  phone.press(1, "takeBack");
  await phone.rests();
  goOn();
  await sending;
  await phone.rests();
  assert.deepEqual(server.came, ["first", "after it"]);
  assert.equal(phone.entries.length, 0);
});

test("a photo that the phone cannot read any more holds up nothing but its own entry", async () => {
  const { phone, server } = await pocket();
  await phone.keep("d:1", visit("unreadable"));
  await phone.keep("d:2", visit("readable"));
  const [one, other] = phone.entries;
  const gone = () => Promise.reject(new DOMException("data lost", "NotReadableError"));
  phone.photograph(one.id, { size: 7, slice: () => ({ arrayBuffer: gone }) });
  const photo = phone.photograph(other.id, new Blob(["a photo"]));
  phone.online = true;
  await phone.later();
  assert.deepEqual(server.came, ["unreadable", "readable", `${photo} 7`]);
  assert.deepEqual(phone.entries.map(({ id, state }) => [id, state]), [[one.id, "broken"]]);
  assert.match(phone.state.textContent, /needs/, "and is said");
});

test("what the server could not take is tried again, as the phone says", async () => {
  const { phone, server } = await pocket();
  await phone.keep("d:1", visit("one"));
  await phone.keep("d:1", visit("two"));
  server.status = (name) => (name === "one" ? 413 : 200);
  phone.online = true;
  await phone.later();
  assert.deepEqual(server.came, ["two"], "it holds up nothing");
  server.status = () => 200;
  await phone.later();
  assert.deepEqual(server.came, ["two", "one"]);
  assert.equal(phone.entries.length, 0);
});

test("what is not taken from her now stays, is said, and goes once it is", async () => {
  const { phone, server } = await pocket();
  await phone.keep("d:1", visit("one"));
  server.status = () => 403;
  phone.online = true;
  await phone.later();
  assert.equal(phone.entries[0].state, "queued", "it is not at fault");
  assert.match(phone.state.textContent, /noRight/);
  server.status = () => 200;
  await phone.later();
  assert.deepEqual(server.came, ["one"]);
});

test("whoever signs in after her sees nothing of hers", async () => {
  const server = new Server();
  const { phone } = await pocket(server);
  await phone.keep("d:1", visit("one"));
  const heard = phone.heard;
  // As the server answers who is not whose phone it is: it leads to the sign-in.
  phone.heard = async (path, body, method) => (method === "POST" ? { redirected: true } : heard(path, body, method));
  [server.who, phone.online] = ["wu", true];
  await phone.later();
  assert.equal(phone.reloads, 1, "the page is hers from now on");
  phone.who = "wu";
  await phone.open();
  assert.equal(phone.queue.children.length, 0);
  assert.match(phone.state.textContent, /others/);
  assert.equal(phone.entries.length, 1, "and waits for whose it is");
});

test("an entry of a kind that this version does not know holds up nothing", async () => {
  const { phone, server } = await pocket();
  await phone.keep("x", { kind: "of tomorrow" });
  await phone.keep("d:2", visit("two"));
  phone.online = true;
  await phone.later();
  assert.deepEqual(server.came, ["of tomorrow", "two"]);
});

test("the day is that of the server where the clock of the phone is wrong", async () => {
  const server = new Server();
  server.now = Date.now() + 3 * DAY;
  const { phone } = await pocket(server, true);
  await phone.rests();
  const ahead = Number(phone.root.dataset.ahead);
  assert.ok(Math.abs(ahead - 3 * DAY) < 60_000, `${ahead}`);
});
