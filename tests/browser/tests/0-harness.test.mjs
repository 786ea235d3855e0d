// What looks at the pages can itself fail: each kind of fault is planted and must be found, and a good page has none.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { startBrowser, visit } from "../harness/browser.mjs";
import { accessFaults, elderFaults, frameFaults, overhang, weigh } from "../harness/look.mjs";
import { bankCard, residentId } from "../harness/people.mjs";
import { walk } from "../harness/walk.mjs";

const good = (main, head = "") => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>办事</title>${head}<link rel="icon" href="data:,"><style>body{font-size:20px}button{min-height:64px}</style></head>
<body><header><a href="/">两邻</a></header><main><h1>要办什么事？</h1>${main}</main></body></html>`;
const PAGES = {
  "/": good('<p><a href="/cases/1">一</a> <a href="/cases/2">二</a> <a href="/list.xlsx">表</a> <a href="https://example.org/">外</a></p>'),
  "/cases/1": good('<p><a href="/cases/2?x=1">三</a></p>'),
  "/cases/2": good(""),
  "/unnamed": good("<form><input></form>"),
  "/pale": good('<p style="color:#bbb">看不清</p>'),
  "/wide": good('<p style="width:900px">宽</p>'),
  "/small": good('<button style="min-height:20px;font-size:12px">小</button>'),
  "/key": good("<p>counter-home-question</p>"),
  "/two": good("<h1>又一个</h1>"),
  "/away": good('<img alt="" src="http://localhost:9/a.png">'),
  "/broken": good("<script>throw new Error('planted')</script>"),
  "/heavy": good("", '<script src="/heavy.js"></script>'),
  "/heavy.js": `//${"x".repeat(100_000)}`,
};

let server;
let browser;
let base;
before(async () => {
  server = createServer((request, answer) => {
    const text = PAGES[new URL(request.url, "http://x").pathname];
    const type = request.url.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
    answer.writeHead(text === undefined ? 404 : 200, { "content-type": type }).end(text ?? good(""));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  server.close();
});

/** Everything that is wrong with a page. */
async function faults(path) {
  const visitor = await visit(browser, base, { width: 390, height: 844 });
  await visitor.page.goto(path, { waitUntil: "load" });
  const wide = await overhang(visitor.page);
  const found = [...await accessFaults(visitor.page), ...await frameFaults(visitor.page, "zh-CN"), ...await elderFaults(visitor.page), ...(wide ? [wide] : []), ...visitor.problems];
  await visitor.close();
  return found;
}

test("a good page has no fault", async () => assert.deepEqual(await faults("/"), []));

for (const [path, word] of [
  ["/unnamed", "label"], ["/pale", "color-contrast"], ["/wide", "px wider than the window"], ["/small", "a target of"], ["/key", "a text key is shown"],
  ["/two", "2 main headings"], ["/away", "a request to http://localhost:9/a.png"], ["/broken", "planted"],
]) {
  test(`a fault planted at ${path} is found`, async () => {
    const found = await faults(path);
    assert.ok(found.some((fault) => fault.includes(word)), `${word} is not in: ${found.join("\n")}`);
  });
}

test("everything on the wire is weighed", async () => {
  const visitor = await visit(browser, base);
  assert.ok((await weigh(visitor.context, visitor.page, "/heavy")) > 100_000);
  assert.ok((await weigh(visitor.context, visitor.page, "/")) < 2_000);
  await visitor.close();
});

test("a walk visits one page of each kind, and only pages of this place", async () => {
  const visitor = await visit(browser, base);
  const found = await walk(visitor.page, base, ["/", "/wide"]);
  assert.deepEqual(found.map(({ path }) => path), ["/", "/wide", "/cases/1", "/cases/2?x=1"]);
  assert.ok(found[1].parts.includes("MAIN.[]>P.[]"), found[1].parts.join(" "));
  await visitor.close();
});

test("made-up numbers pass the checks of the standards", () => {
  for (let running = 0; running < 50; running += 1) {
    const id = residentId(running);
    const sum = [...id].reduce((total, digit, at) => total + (digit === "X" ? 10 : Number(digit)) * (2 ** (17 - at) % 11), 0);
    assert.equal(sum % 11, 1, id);
    const card = [...bankCard(running)].reverse();
    const luhn = card.reduce((total, digit, at) => total + (at % 2 === 0 ? Number(digit) : Number("0246813579"[digit])), 0);
    assert.equal(luhn % 10, 0, card.join(""));
  }
});
