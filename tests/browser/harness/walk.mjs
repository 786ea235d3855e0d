// Finds the pages a visitor can reach: follows links, one page of each kind.

const MOST = 80;
// Downloads are no pages, and signing out would end the walk.
const NO_PAGES = /\.(xlsx|csv|pdf|svg|png|css|js|json)$|^\/(sign-out|assets\/)/;

/** `/cases/210102-2026-0000123-7` and `/cases/210102-2026-0000124-5` are one kind. */
function kind(address) {
  const path = address.pathname.split("/").map((part) => (/\d/.test(part) ? "{}" : part)).join("/");
  return `${path}?${[...new Set(address.searchParams.keys())].sort().join("&")}`;
}

/** What a page is built of, whatever it says: pairs of parent and child with their classes. */
function skeleton(page) {
  return page.evaluate(() => {
    const name = (node) => `${node.tagName}.${[...node.classList].sort().join(".")}[${node.getAttribute("type") ?? ""}${node.getAttribute("role") ?? ""}]`;
    return [...new Set([...document.body.querySelectorAll("*")].map((node) => `${name(node.parentElement)}>${name(node)}`))];
  });
}

/** Goes to a page; none when the address is a download. */
async function arrive(page, path) {
  try {
    const answer = await page.goto(path);
    return (answer?.headers()["content-type"] ?? "").startsWith("text/html");
  } catch (fault) {
    if (fault.message.includes("Download is starting")) return false;
    throw fault;
  }
}

/**
 * Walks from the given paths. A path named there is always visited; found ones once per kind.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<{path: string, parts: string[]}[]>} paths with their queries and what the pages are built of, in the order found
 */
export async function walk(page, base, starts) {
  const open = starts.map((path) => new URL(path, base));
  const kinds = new Set(open.map(kind));
  const found = [];
  while (open.length > 0 && found.length < MOST) {
    const address = open.shift();
    const path = address.pathname + address.search;
    if (!(await arrive(page, path))) continue;
    found.push({ path, parts: await skeleton(page) });
    const links = await page.$$eval("a[href]", (nodes) => nodes.map((node) => node.href));
    for (const link of links.map((href) => new URL(href))) {
      if (link.origin !== new URL(base).origin || NO_PAGES.test(link.pathname) || kinds.has(kind(link))) continue;
      kinds.add(kind(link));
      open.push(link);
    }
  }
  return found;
}
