// What looks at the pages can itself fail: each kind of fault is planted and must be found, and a good page has none.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { MODES, startBrowser, visit } from "../harness/browser.mjs";
import { Times, departmentOf } from "../harness/departments.mjs";
import { accessFaults, elderFaults, frameFaults, headFaults, overhang, weigh } from "../harness/look.mjs";
import { bankCard, residentId } from "../harness/people.mjs";
import { Eye, bare } from "../harness/views.mjs";
import { walk } from "../harness/walk.mjs";
import { JOINT, faultsOf, wordFaults } from "../harness/words.mjs";

const good = (main, head = "") => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>办事</title>${head}<link rel="icon" href="data:,"><style>body{font-size:20px}button{min-height:64px}</style></head>
<body><header><a href="/">两邻</a></header><main><h1>要办什么事？</h1>${main}</main></body></html>`;
const TALL = "<style>summary,input{display:block;min-height:64px}</style>";
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
  "/words": good('<p><b>和平区</b><span>区</span></p><ul><li><b>Heping District</b><span>District</span></li><li>Closed closed</li></ul><table><tr><td>已办结<td><span class="light">已办结</span></table>'),
  "/words/good": good('<p><b>和平区</b> · <span>社区</span> (<a href="/">Heping District</a>), 共<b>12</b>件</p><table><tr><td>已办结<td><span class="light">今天</span></table><p hidden><b>a</b><i>b</i></p><p>一件一件办</p>'),
  "/head": good("").replace("<header>", '<header><div class="bar"><p style="width:100%">上</p><p>下</p></div>'),
  "/views": good("<button>好</button>"),
  "/views/pale": good('<style>[data-theme="dark"] p{color:#bbb;background:#fff}</style><p>看不清</p>'),
  "/views/low": good('<style>[data-view="elder"] button{min-height:20px}</style><button>小</button>'),
  "/views/wide": good('<style>[data-size="4"] p{width:900px}</style><p>宽</p>'),
  "/views/shown": good('<style>input{display:none}[data-theme="dark"] input{display:block}</style><form><input></form>'),
  "/views/other": good("ELDER"),
  "/views/folded": good(`${TALL}<details><summary>开</summary><form><input></form></details>`),
  "/views/order": good(`${TALL}<details><summary>开</summary><h2>二</h2></details><h3>三</h3>`),
};
/** A fault planted in some views, and a word of it. */
const VIEWS = {
  "/views": [[], ""],
  "/views/pale": [["dark", "largest"], "color-contrast"],
  "/views/low": [["elder", "largest"], "a target of"],
  "/views/wide": [["largest"], "px wider than the window"],
  "/views/shown": [["dark", "largest"], "label"],
  "/views/other": [["elder", "largest"], "label"],
  "/views/folded": [["zh", "en"], "label"],
  "/views/order": [["zh"], "heading-order"],
};

/** The page as its server would send it to somebody who likes pages in this way. */
function liked(text, cookie) {
  const [lang, view, size, theme] = (/lianglin_display=([^;]*)/.exec(cookie ?? "")?.[1] ?? "zh-CN.usual.0.light").split(".");
  return text
    .replace('<html lang="zh-CN">', `<html lang="${lang}" data-view="${view}" data-size="${size}" data-theme="${theme}">`)
    .replace("ELDER", view === "elder" ? "<form><input></form>" : "<p>好</p>");
}

let server;
let browser;
let base;
let visitor;
before(async () => {
  server = createServer((request, answer) => {
    const text = PAGES[new URL(request.url, "http://x").pathname];
    const type = request.url.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
    answer.writeHead(text === undefined ? 404 : 200, { "content-type": type }).end(text === undefined ? good("") : liked(text, request.headers.cookie));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await startBrowser();
  visitor = await visit(browser, base, { width: 390, height: 844 });
});
after(async () => {
  await browser.close();
  server.close();
});

/** Everything that is wrong with a page. */
async function faults(path) {
  await visitor.page.goto(path, { waitUntil: "load" });
  const wide = await overhang(visitor.page);
  return [...await accessFaults(visitor.page), ...await frameFaults(visitor.page, "zh-CN"), ...await elderFaults(visitor.page), ...(wide ? [wide] : []), ...visitor.problems.splice(0)];
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

test("labels that run together are found, and words that are meant are not", async () => {
  const found = async (path) => {
    await visitor.page.goto(path, { waitUntil: "load" });
    return wordFaults(visitor.page);
  };
  const faults = (await found("/words")).join("\n");
  for (const word of ["和平区区", "Heping DistrictDistrict", "Closed closed", "已办结"]) assert.ok(faults.includes(word), `${word} is not in: ${faults}`);
  assert.deepEqual(await found("/words/good"), []);
  for (const run of ["DistrictDistrict", "已办结 已办结", `Step${JOINT}3`, `Closed.${JOINT}Book again`, `文安路社区${JOINT}社区`]) assert.equal(faultsOf(run).length > 0, true, run);
  for (const run of ["沈阳市 · 文安路社区 · 社区党组织书记", "Dadong District · District case handler", "OpenAPI, WeChat, KiB, GitHub", `Lianglin${JOINT}’s`, "二〇二〇年", "沈阳市市民热线", `a ${JOINT}b`]) {
    assert.deepEqual(faultsOf(run), [], run);
  }
});

test("a head of two lines is found in a wide window", async () => {
  const wide = await visit(browser, base, { width: 1280, height: 844 });
  for (const [path, faults] of [["/head", 1], ["/", 0]]) {
    await wide.page.goto(path, { waitUntil: "load" });
    assert.equal((await headFaults(wide.page)).length, faults, path);
  }
  await wide.close();
});

test("a fault of one view is found in that view, whether the page is dressed or loaded as it", async (t) => {
  const eye = await Eye.open(browser, base);
  for (const [path, [modes, word]] of Object.entries(VIEWS)) {
    await t.test(path, async () => {
      const found = await eye.lookAt(undefined, path);
      assert.deepEqual(Object.keys(found).sort(), Object.keys(MODES).sort());
      assert.deepEqual(Object.keys(MODES).filter((mode) => found[mode].some((fault) => fault.includes(word))), modes, JSON.stringify(found));
      assert.deepEqual(Object.keys(MODES).filter((mode) => found[mode].length > 0), modes, JSON.stringify(found));
    });
  }
  await eye.close();
});

test("two views of a page are alike only if their words are", () => {
  const page = (view, rest) => `<html data-view="${view}"><form class="prefer" method="post" action="/prefer"><button>${view}</button></form><input name="_token" value="${view}">${rest}`;
  assert.equal(bare(page("usual", "<p>a")), bare(page("elder", "<p>a")));
  assert.notEqual(bare(page("usual", "<p>a")), bare(page("elder", "<p>b")));
});

test("time is counted by the department that serves the page", () => {
  assert.deepEqual(["/", "/items/MZ-11", "/items?q=1", "/queue", "/places/1", "/reports/new", "/stations.xlsx"].map(departmentOf), ["counter", "counter", "counter", "cases", "places", "reports", "stations"]);
  const times = new Times(21, 10);
  for (const [path, took] of [["/desk", 400], ["/items", 700], ["/places", 1000]]) times.add(path, took);
  assert.deepEqual(times.lines, ["measured: browser counter 11.0 s of 10, over its budget", "measured: browser places 10.0 s of 10"]);
});

test("everything on the wire is weighed", async () => {
  assert.ok((await weigh(visitor.context, visitor.page, "/heavy")) > 100_000);
  assert.ok((await weigh(visitor.context, visitor.page, "/")) < 2_000);
  assert.ok((await weigh(visitor.context, visitor.page, "/heavy")) > 100_000, "a second time it weighs the same");
});

test("a walk visits one page of each kind, and only pages of this place", async () => {
  const found = await walk(visitor.page, base, ["/", "/wide"]);
  assert.deepEqual(found.map(({ path }) => path), ["/", "/wide", "/cases/1", "/cases/2?x=1"]);
  assert.ok(found[1].parts.includes("MAIN.[]>P.[]"), found[1].parts.join(" "));
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
