// One page in all its views. What differs between two views by styles alone is loaded once and dressed as the other.
import { MODES, become, prefer, visit } from "./browser.mjs";
import { carryAxe, look, lookInViews } from "./look.mjs";

/** The names of the modes by language: the first of each is loaded, the others are compared with it. */
const LANGUAGES = [...new Set(Object.values(MODES).map(({ lang }) => lang))].map((lang) => Object.keys(MODES).filter((name) => MODES[name].lang === lang));

const PREFERENCES = /<form[^>]*action="\/prefer"[^]*?<\/form>/g;

/** What may differ between two views of the same page: attributes of its root and the forms of preferences. */
export function clothes(html) {
  const [, root] = /<html([^>]*)>/.exec(html) ?? ["", ""];
  return { attributes: [...root.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]), preferences: html.match(PREFERENCES) ?? [] };
}

/** A page's text without what may differ, and without the marks that make each form's sending its own. */
export function bare(html) {
  return html.replace(/<html[^>]*>/, "").replace(PREFERENCES, "").replace(/(name="_(?:token|once)" value=")[^"]*/g, "$1");
}

/** Turns the page that is open into the view that wears these clothes. */
function dress(page, { attributes, preferences }) {
  return page.evaluate(([pairs, forms]) => {
    for (const [name, value] of pairs) document.documentElement.setAttribute(name, value);
    document.querySelectorAll('form[action="/prefer"]').forEach((form, at) => { form.outerHTML = forms[at]; });
  }, [attributes, preferences]);
}

/** Somebody who looks at pages: one visitor a language, who can be anybody. */
export class Eye {
  #base;
  #visitors = new Map();

  static async open(browser, base) {
    const eye = new Eye();
    eye.#base = base;
    for (const names of LANGUAGES) {
      const visitor = await visit(browser, base, { mode: names[0] });
      await carryAxe(visitor.context);
      eye.#visitors.set(names, visitor);
    }
    return eye;
  }

  async close() {
    await Promise.all([...this.#visitors.values()].map(({ close }) => close()));
  }

  /**
   * Looks at a page in every mode, as somebody or as nobody.
   * @returns {Promise<Record<string, string[]>>} the faults by mode
   */
  async lookAt(state, path) {
    const found = {};
    const asked = new Set();
    for (const [names, visitor] of this.#visitors) {
      await become(visitor, this.#base, state, MODES[names[0]]);
      Object.assign(found, await this.#inLanguage(visitor, path, names, asked));
    }
    return found;
  }

  async #inLanguage(visitor, path, [first, ...others], asked) {
    const { page } = visitor;
    const shown = await page.goto(path);
    if (shown.status() >= 500) return { [first]: [`answers ${shown.status()}`] };
    const html = await shown.text();
    const views = [{ name: first, mode: MODES[first], dress: (here) => dress(here, clothes(html)) }];
    const apart = [];
    for (const name of others) {
      const other = await this.#text(visitor, path, name);
      if (bare(other) === bare(html)) views.push({ name, mode: MODES[name], dress: (here) => dress(here, clothes(other)) });
      else apart.push(name);
    }
    const faults = await lookInViews(page, views, asked);
    const found = Object.fromEntries(views.map(({ name }, at) => [name, faults[at]]));
    found[first].push(...visitor.problems.splice(0));
    for (const name of apart) found[name] = await this.#loaded(visitor, path, name);
    return found;
  }

  /** What the server sends to somebody who likes pages in this mode. */
  async #text(visitor, path, name) {
    await prefer(visitor, this.#base, MODES[name]);
    return (await visitor.context.request.get(path)).text();
  }

  /** Looks at a page that is another one in this mode. */
  async #loaded(visitor, path, name) {
    await prefer(visitor, this.#base, MODES[name]);
    const shown = await visitor.page.goto(path);
    if (shown.status() >= 500) return [`answers ${shown.status()}`];
    return [...await look(visitor.page, MODES[name]), ...visitor.problems.splice(0)];
  }
}
