// Finds the pages a visitor can reach: follows links, one page of each kind.

/** More kinds of pages than this are a walk that does not end. */
const MOST = 1_000;
/** Pages read at the same time. */
const AT_ONCE = 6;
// Downloads are no pages, and signing out would end the walk.
const NO_PAGES = /\.(xlsx|csv|pdf|svg|png|css|js|json)$|^\/(sign-out|assets\/)/;

/** `/cases/210102-2026-0000123-7` and `/cases/210102-2026-0000124-5` are one kind. */
function kind(address) {
  const path = address.pathname.split("/").map((part) => (/\d/.test(part) ? "{}" : part)).join("/");
  return `${path}?${[...new Set(address.searchParams.keys())].sort().join("&")}`;
}

/**
 * Reads pages as the page that is open may: asked for and taken apart, not shown. A download has no links and no parts.
 * What a page is built of, whatever it says, are its pairs of parent and child with their classes.
 */
function read(page, paths) {
  return page.evaluate((wanted) => {
    const name = (node) => `${node.tagName}.${[...node.classList].sort().join(".")}[${node.getAttribute("type") ?? ""}${node.getAttribute("role") ?? ""}]`;
    const one = async (path) => {
      const answer = await fetch(path);
      const shown = (answer.headers.get("content-type") ?? "").startsWith("text/html") && !(answer.headers.get("content-disposition") ?? "").startsWith("attachment");
      if (!shown) {
        await answer.body?.cancel();
        return { path, status: answer.status, shown };
      }
      const seen = new DOMParser().parseFromString(await answer.text(), "text/html");
      const links = [...seen.querySelectorAll("a[href]")].map((node) => new URL(node.getAttribute("href"), answer.url).href);
      const parts = [...seen.body.querySelectorAll("*")].map((node) => `${name(node.parentElement)}>${name(node)}`);
      return { path, status: answer.status, shown, links, parts: [...new Set(parts)] };
    };
    return Promise.all(wanted.map(one));
  }, paths);
}

/**
 * Walks from the given paths. A path named there is always visited; found ones once per kind.
 * Pages are read without being shown; that is done for those that are looked at.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<{path: string, status: number, parts: string[]}[]>} paths with their queries and what the pages are built of, in the order found
 */
export async function walk(page, base, starts) {
  const open = starts.map((path) => new URL(path, base));
  const kinds = new Set(open.map(kind));
  const found = [];
  await page.goto(open[0].href);
  while (open.length > 0) {
    for (const { path, status, shown, links, parts } of await read(page, open.splice(0, AT_ONCE).map((address) => address.pathname + address.search))) {
      if (!shown) continue;
      found.push({ path, status, parts });
      for (const link of links.map((href) => new URL(href))) {
        if (link.origin !== new URL(base).origin || NO_PAGES.test(link.pathname) || kinds.has(kind(link))) continue;
        kinds.add(kind(link));
        open.push(link);
      }
    }
    if (found.length > MOST) throw new Error(`more than ${MOST} kinds of pages are reached from ${starts.join(", ")}; the last is ${found.at(-1).path}`);
  }
  return found;
}
