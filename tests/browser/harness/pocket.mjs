// A phone that is no browser: the program of the work in the field with a shelf, a page and a server that a test
// holds in its hands, so that it can be full, lose a photo, or be pressed in the very moment.
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";

const PROGRAM = readFileSync(new URL("../../../ui/assets/field.js", import.meta.url), "utf8");
const next = () => new Promise(setImmediate);

/** A request of a shelf, which is answered a moment later. */
const request = (tx, work) => {
  const asked = {};
  tx.open += 1;
  setImmediate(() => {
    try {
      asked.result = work();
      asked.onsuccess?.();
    } catch (fault) {
      asked.error = tx.error = fault;
      tx.broken = true;
      asked.onerror?.();
    }
    tx.open -= 1;
  });
  return asked;
};

/** What a phone keeps, in the words of IndexedDB, as far as the program speaks them. */
class Shelf {
  kept = { entries: new Map(), photos: new Map() };
  isFull = false;
  fails = false;

  open() {
    const [asked, shelf] = [{}, this];
    setImmediate(() => {
      if (shelf.fails) {
        asked.error = new DOMException("a private window", "InvalidStateError");
        return asked.onerror();
      }
      asked.result = { transaction: (_, mode) => shelf.#begin(mode) };
      return asked.onsuccess();
    });
    return asked;
  }

  #begin(mode) {
    const tx = { open: 0, broken: false, error: null };
    const own = Object.fromEntries(Object.entries(this.kept).map(([name, rows]) => [name, new Map(rows)]));
    tx.objectStore = (name) => this.#store(tx, own[name]);
    const end = async () => {
      do await next(); while (tx.open > 0);
      if (tx.broken) return tx.onabort?.();
      if (mode === "readwrite") this.kept = own;
      return tx.oncomplete?.();
    };
    end();
    return tx;
  }

  #store(tx, rows) {
    const copied = (row) => (row?.blob || !row ? row : structuredClone(row));
    const put = (row) => {
      if (this.isFull) throw new DOMException("no room", "QuotaExceededError");
      rows.set(row.id, copied(row));
    };
    const of = (entry) => [...rows.values()].filter((row) => row.entry === entry);
    return {
      get: (id) => request(tx, () => copied(rows.get(id))),
      getKey: (id) => request(tx, () => rows.get(id)?.id),
      getAll: () => request(tx, () => [...rows.values()].map(copied)),
      put: (row) => request(tx, () => put(row)),
      delete: (id) => request(tx, () => { rows.delete(id); }),
      index: () => ({
        getAll: (entry) => request(tx, () => of(entry)),
        getAllKeys: (entry) => request(tx, () => of(entry).map((row) => row.id)),
      }),
    };
  }
}

/** A node of the page. */
class Node extends EventTarget {
  dataset = {};
  children = [];
  textContent = "";
  append(...inside) { this.children.push(...inside); }
  replaceChildren(...inside) { this.children = inside; }
  setAttribute() {}
  scrollIntoView() {}
  click() { this.dispatchEvent(new Event("click")); }
}

/** The work in the field on a phone. `heard` answers what it sends: path, body, and returns status and what is told. */
export class Pocket {
  shelf = new Shelf();
  online = true;
  reloads = 0;
  #timer = null;

  constructor(who, heard) {
    Object.assign(this, { who, heard });
  }

  /** Opens the page. */
  async open() {
    // Each word that the page says is called as it is named; what it says of a kind that is none, it does not know.
    const words = (own, name) => (name in own || /^keeps$|^ahead$| /.test(name) ? own[name] : `${name} #`);
    const said = new Proxy({ who: this.who, piece: "1000000" }, { get: words });
    this.root = Object.assign(new Node(), { dataset: said });
    this.state = new Node();
    this.queue = new Node();
    const nodes = { field: this.root, "field-state": this.state, "field-queue": this.queue };
    const document = Object.assign(new EventTarget(), {
      getElementById: (id) => nodes[id] ?? null, createElement: () => new Node(), querySelectorAll: () => [], hidden: false,
    });
    const phone = this;
    const caches = { delete: async () => true, match: async () => undefined, open: async () => ({ put: async () => {} }) };
    const window = Object.assign(new EventTarget(), { isSecureContext: true, indexedDB: true, crypto, confirm: () => true, caches });
    const world = {
      document, window, crypto, Blob, FormData, URLSearchParams, URL, Headers, Response, AbortSignal, Event, CustomEvent,
      indexedDB: { open: () => this.shelf.open() },
      navigator: { get onLine() { return phone.online; } },
      location: { reload: () => { this.reloads += 1; } },
      setTimeout: (work) => { this.#timer = work; }, clearTimeout: () => { this.#timer = null; },
      fetch: (address, { method, body }) => this.#answer(address, method, body),
    };
    runInContext(PROGRAM, createContext(world));
    await this.rests();
  }

  async #answer(address, method, body) {
    if (!this.online) throw new TypeError("no line");
    const { status = 200, told = {}, redirected = false } = await this.heard(address.split("?")[0], body, method);
    return { ok: status === 200, status, redirected, json: async () => told };
  }

  /** Waits until the phone did what it does by itself now. */
  async rests() {
    for (let turns = 0; turns < 200; turns += 1) await next();
  }

  /** The time comes at which the phone tries again. */
  async later() {
    const timer = this.#timer;
    this.#timer = null;
    await timer?.();
    await this.rests();
  }

  /** Keeps something, as a form of the page does. Says whether it was kept. */
  async keep(about, what) {
    const isKept = await new Promise((done) => {
      this.root.dispatchEvent(new CustomEvent("field-keep", { detail: { about, title: about, what, done } }));
    });
    await this.rests();
    return isKept;
  }

  /** What waits on the phone, the first first. */
  get entries() {
    return [...this.shelf.kept.entries.values()].sort((one, other) => one.place - other.place);
  }

  /** Adds a photo to an entry that waits, as a form with photos keeps it. */
  photograph(id, blob) {
    const [photo, entry] = [crypto.randomUUID(), this.shelf.kept.entries.get(id)];
    this.shelf.kept.photos.set(photo, { id: photo, entry: id, blob, digest: "" });
    entry.sent.photos.push({ id: photo, bytes: blob.size, digest: "" });
    return photo;
  }

  /** Presses a button beside an entry of the list by what it says. */
  press(at, words) {
    const buttons = this.queue.children[at].children.filter((node) => node instanceof Node && node.textContent.startsWith(words));
    buttons[0].click();
  }
}
