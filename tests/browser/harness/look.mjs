// What is asked of every page, whoever looks at it and however.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { wordFaults } from "./words.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Rules whose answer hangs on the looks of a page; all others ask for its words and how they hang together. */
const LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"];
/** Sets of rules: all, those that hang on looks, and those that do not. */
const RULES = { all: {}, looks: { runOnly: LOOKS }, words: { rules: Object.fromEntries(LOOKS.map((rule) => [rule, { enabled: false }])) } };

/** Lets a visitor's pages have axe-core from the start, which costs less than handing it to each. */
export const carryAxe = (context) => context.addInitScript({ content: axe });

/** What axe-core finds by one of the sets of rules, one line a fault with the places it is at. */
export async function accessFaults(page, rules = "all") {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  // Of what could be loaded ahead only media matter; no rule that is on asks for style sheets.
  return page.evaluate(async (set) => {
    const result = await window.axe.run(document, { resultTypes: ["violations"], preload: { assets: ["media"] }, ...set });
    return result.violations.map(({ id, help, nodes }) => {
      const places = nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.html.slice(0, 120)} (${(node.failureSummary ?? "").split("\n").slice(1, 3).join(";").trim()})`);
      return `${id}: ${help}; ${nodes.length} places, as ${places.join(" | ")}`;
    });
  }, RULES[rules]);
}

/** Keys of texts begin with the name of a department or of a piece of the platform, which are folders. */
const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const OWNERS = ["city", "platform"].flatMap((zone) => readdirSync(join(root, zone))).join("|");

/** Faults of the page's frame: language, title, headings, doubled ids. */
export async function frameFaults(page, lang) {
  return page.evaluate(([expected, owners]) => {
    const faults = [];
    if (document.documentElement.lang !== expected) faults.push(`the page says it is in "${document.documentElement.lang}"`);
    if (!document.title.replace(/^[\s·]+/u, "").trim()) faults.push("the page has no title");
    const heads = document.querySelectorAll("h1").length;
    if (heads !== 1) faults.push(`the page has ${heads} main headings`);
    for (const list of document.querySelectorAll("dl")) {
      const style = getComputedStyle(list);
      if (style.display !== "grid" || style.gridTemplateColumns.split(" ").length !== 2) continue;
      const left = (node) => Math.round(node.getBoundingClientRect().left);
      const names = new Set([...list.querySelectorAll("dt")].map(left));
      const lost = [...list.querySelectorAll("dd")].find((node) => node.getClientRects().length > 0 && names.has(left(node)));
      if (lost) faults.push(`a value stands where names stand: ${lost.innerText.slice(0, 40)}`);
    }
    const [key] = new RegExp(`\\b(${owners})-[a-z]+(-[a-z]+)*\\b`).exec(document.body.innerText) ?? [];
    if (key) faults.push(`a text key is shown: ${key}`);
    if (expected === "en") {
      const text = document.querySelector("main")?.innerText ?? "";
      const labels = [...document.querySelectorAll("main button, main h1, main label > span, main th")].map((node) => node.innerText).join(" ");
      if (text && /^\p{Script=Han}+$/u.test(labels.replace(/\s/g, ""))) faults.push("an English page speaks Chinese");
    }
    return faults;
  }, [lang, OWNERS]);
}

/** Whether the head of the page keeps its one line in a window of a usual computer. */
export function headFaults(page) {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll("header .bar > *")].map((node) => node.getBoundingClientRect()).filter(({ width, height }) => width > 0 && height > 0);
    if (window.innerWidth < 1280 || boxes.length === 0) return [];
    const lines = Math.max(...boxes.map(({ top }) => top)) >= Math.min(...boxes.map(({ bottom }) => bottom)) ? 2 : 1;
    return lines > 1 ? ["the head of the page takes more than one line"] : [];
  });
}

/** By how many pixels the page is wider than the window. */
export function overhang(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    if (wide <= 0) return null;
    const guilty = [...document.querySelectorAll("body *")].filter((node) => node.getBoundingClientRect().right > window.innerWidth + 1);
    const inner = guilty.filter((node) => !guilty.some((other) => other !== node && node.contains(other)));
    return `${wide} px wider than the window, because of ${inner.slice(0, 3).map((node) => node.outerHTML.slice(0, 100)).join(" | ")}`;
  });
}

/** Faults against the promises of the elder view: text of 18 px, targets of 60 px. */
export function elderFaults(page) {
  return page.evaluate(() => {
    const faults = [];
    const size = Number.parseFloat(getComputedStyle(document.body).fontSize);
    if (size < 18) faults.push(`the body text has ${size} px`);
    const controls = "button, a.button, summary, select, textarea, input:not([type=hidden]):not([type=radio]):not([type=checkbox])";
    for (const node of document.querySelectorAll(controls)) {
      const box = node.getBoundingClientRect();
      if (box.width > 0 && box.height > 0 && box.height < 59.5) faults.push(`a target of ${Math.round(box.height)} px: ${node.outerHTML.slice(0, 100)}`);
    }
    for (const node of document.querySelectorAll("input[type=radio], input[type=checkbox]")) {
      const box = (node.closest("label") ?? node).getBoundingClientRect();
      if (box.width > 0 && box.height < 59.5) faults.push(`a choice of ${Math.round(box.height)} px: ${node.outerHTML.slice(0, 100)}`);
    }
    return faults.slice(0, 6);
  });
}

/** Bytes on the wire of a first visit: page, styles, scripts, icons, fonts, headers included. */
export async function weigh(context, page, path) {
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  session.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
  await page.goto(path, { waitUntil: "networkidle" });
  await session.detach();
  return bytes;
}

/** How much is folded away in the page; unfolds it if that is wanted. */
function folded(page, open) {
  return page.evaluate((wanted) => {
    const nodes = [...document.querySelectorAll("main details:not([open])")];
    if (wanted) for (const node of nodes) node.open = true;
    return nodes.length;
  }, open);
}

/** Of which parts the page is built and which of them are shown, in the order of the page. Words are left out. */
function shape(page) {
  return page.evaluate(() => [...document.body.querySelectorAll("*")].map((node) => {
    const seen = node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    return `${node.tagName}.${node.className}[${node.getAttribute("type") ?? ""}${node.getAttribute("role") ?? ""}]${seen ? "" : "-"}`;
  }).join(" "));
}

/**
 * What is asked of a page at the window's usual width, as it is and with what is folded away unfolded too; it stays unfolded.
 * How the parts hang together is asked once: not again in another view of the same page that has the same shape, and of what is folded not in another language either.
 * @param {Set<string>} asked shapes of this page that were asked already
 */
async function faceFaults(page, mode, asked) {
  const faults = await frameFaults(page, mode.lang);
  const first = async (key) => {
    const shaped = `${key} ${await shape(page)}`;
    return !asked.has(shaped) && Boolean(asked.add(shaped));
  };
  // What is shown when all is folded is shown when it is unfolded too, so how it looks is asked then.
  if ((await folded(page, false)) > 0) {
    if (await first("folded")) faults.push(...await accessFaults(page, "words"));
    await folded(page, true);
  }
  faults.push(...await accessFaults(page, (await first(mode.lang)) ? "all" : "looks"));
  if (mode.elder) faults.push(...await elderFaults(page));
  // Words and the head are asked once in each language: in other clothes they are the same.
  else if (!asked.has(`words ${mode.lang}`)) {
    asked.add(`words ${mode.lang}`);
    faults.push(...await wordFaults(page), ...await headFaults(page));
  }
  return faults;
}

/** Everything that is asked of a page at once, in the view it is in. Leaves the window at its width. */
export async function look(page, mode, asked = new Set()) {
  const [view] = await lookInViews(page, [{ mode }], asked);
  return view;
}

/**
 * Everything that is asked of a page, in several views of it one after the other. Leaves the window at its width.
 * @param {{mode: object, dress?: (page) => Promise<void>}[]} views the first one is the page as it is; `dress` turns it into another
 * @param {Set<string>} asked shapes of this page that were asked already
 * @returns {Promise<string[][]>} the faults of each view
 */
export async function lookInViews(page, views, asked = new Set()) {
  const found = [];
  for (const [at, { mode, dress }] of views.entries()) {
    if (at > 0) await dress(page);
    found.push(await faceFaults(page, mode, asked));
  }
  const usual = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  // The last view is still worn, so the narrow window goes through them backwards.
  for (let at = views.length - 1; at >= 0; at -= 1) {
    if (at < views.length - 1) await views[at].dress(page);
    const wide = await overhang(page);
    if (wide) found[at].push(`at 390 px: ${wide}`);
  }
  await page.setViewportSize(usual);
  return found;
}
