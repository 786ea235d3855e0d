// What is asked of every page, whoever looks at it and however.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds in the page, or only in what `unfold` opened; one line a fault with the places it is at. */
export async function accessFaults(page, { opened = false, preload = true } = {}) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(async ([within, sheets]) => {
    const result = await window.axe.run(within ? { include: window.opened } : document, { resultTypes: ["violations"], preload: sheets });
    return result.violations.map(({ id, help, nodes }) => {
      const places = nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.html.slice(0, 120)} (${(node.failureSummary ?? "").split("\n").slice(1, 3).join(";").trim()})`);
      return `${id}: ${help}; ${nodes.length} places, as ${places.join(" | ")}`;
    });
  }, [opened, preload]);
}

/** Faults of the page's frame: language, title, headings, doubled ids. */
export async function frameFaults(page, lang) {
  return page.evaluate((expected) => {
    const faults = [];
    if (document.documentElement.lang !== expected) faults.push(`the page says it is in "${document.documentElement.lang}"`);
    if (!document.title.replace(/^[\s·]+/u, "").trim()) faults.push("the page has no title");
    const heads = document.querySelectorAll("h1").length;
    if (heads !== 1) faults.push(`the page has ${heads} main headings`);
    if (/\b(web|counter|cases|places|rulebook|identity|jobs)-[a-z]+(-[a-z]+)*\b/.test(document.body.innerText)) {
      faults.push(`a text key is shown: ${document.body.innerText.match(/\b(web|counter|cases|places|rulebook|identity|jobs)-[a-z-]+/)[0]}`);
    }
    if (expected === "en") {
      const text = document.querySelector("main")?.innerText ?? "";
      const labels = [...document.querySelectorAll("main button, main h1, main label > span, main th")].map((node) => node.innerText).join(" ");
      if (text && /^\p{Script=Han}+$/u.test(labels.replace(/\s/g, ""))) faults.push("an English page speaks Chinese");
    }
    return faults;
  }, lang);
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
  let bytes = 0;
  session.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
  await page.goto(path, { waitUntil: "networkidle" });
  await session.detach();
  return bytes;
}

/** Unfolds what is folded away in the page; says how much that was. */
function unfold(page) {
  return page.evaluate(() => {
    window.opened = [...document.querySelectorAll("main details:not([open])")];
    for (const node of window.opened) node.open = true;
    return window.opened.length;
  });
}

/** Folds again what `unfold` unfolded. */
function fold(page) {
  return page.evaluate(() => { for (const node of window.opened) node.open = false; });
}

/**
 * What is asked of a page at the window's usual width, with what is folded away unfolded too; it stays unfolded.
 * A page that was looked at in another view and differs by its styles alone is not asked again how its parts hang together when they are unfolded.
 */
async function faceFaults(page, mode, { known = false } = {}) {
  const faults = [...await accessFaults(page, { preload: !known }), ...await frameFaults(page, mode.lang)];
  if ((await unfold(page)) > 0) faults.push(...(await accessFaults(page, { opened: known, preload: !known })).map((fault) => `unfolded: ${fault}`));
  if (mode.elder) faults.push(...await elderFaults(page));
  return faults;
}

/** Everything that is asked of a page at once, in the view it is in. Leaves the window at its width. */
export async function look(page, mode) {
  const [view] = await lookInViews(page, [{ mode }]);
  return view;
}

/**
 * Everything that is asked of a page, in several views of it one after the other. Leaves the window at its width.
 * @param {{mode: object, dress?: (page) => Promise<void>}[]} views the first one is the page as it is; `dress` turns it into another
 * @returns {Promise<string[][]>} the faults of each view
 */
export async function lookInViews(page, views) {
  const found = [];
  for (const [at, { mode, dress }] of views.entries()) {
    if (at > 0) {
      await fold(page);
      await dress(page);
    }
    found.push(await faceFaults(page, mode, { known: at > 0 }));
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
