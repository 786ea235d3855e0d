// Finds the pages a visitor can reach: follows links, one page of each kind.

const MOST = 60;
// Downloads are no pages, and signing out would end the walk.
const NO_PAGES = /\.(xlsx|csv|pdf|svg|png|css|js|json)$|^\/(sign-out|assets\/)/;

/** `/cases/210102-2026-0000123-7` and `/cases/210102-2026-0000124-5` are one kind. */
function kind(address) {
  const path = address.pathname.split("/").map((part) => (/\d/.test(part) ? "{}" : part)).join("/");
  return `${path}?${[...new Set(address.searchParams.keys())].sort().join("&")}`;
}

/**
 * Walks from the given paths. A path named there is always visited; found ones once per kind.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>} paths with their queries, in the order found
 */
export async function walk(page, base, starts) {
  const open = starts.map((path) => new URL(path, base));
  const kinds = new Set(open.map(kind));
  const found = [];
  while (open.length > 0 && found.length < MOST) {
    const address = open.shift();
    const path = address.pathname + address.search;
    const answer = await page.goto(path);
    if (!(answer?.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    found.push(path);
    const links = await page.$$eval("a[href]", (nodes) => nodes.map((node) => node.href));
    for (const link of links.map((href) => new URL(href))) {
      if (link.origin !== new URL(base).origin || NO_PAGES.test(link.pathname) || kinds.has(kind(link))) continue;
      kinds.add(kind(link));
      open.push(link);
    }
  }
  return found;
}
