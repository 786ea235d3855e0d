// Which department of the city serves a page, and how much of the browser's time each may take.

/** Departments that serve more than the addresses that begin with their name; all others are named by the first part of theirs. */
const SERVED = {
  cases: ["queue", "supervise", "figures", "requests", "search"],
  counter: ["", "apply", "catalogue", "desk", "follow", "items", "receipt"],
  exchange: ["api", "systems"],
  grid: ["field"],
  identity: ["account", "sign-in", "staff"],
  letters: ["verify"],
  overview: ["accesses", "audit", "community", "find", "help", "map", "mine", "privacy", "report", "today", "topics", "unit", "work"],
  places: ["nearby"],
  visits: ["appointments", "counters"],
};

/** The department that serves a path. */
export function departmentOf(path) {
  const part = new URL(path, "http://city").pathname.split("/")[1].split(".")[0];
  const [found] = Object.entries(SERVED).find(([, parts]) => parts.includes(part)) ?? [part];
  return found;
}

/**
 * The browser's working time by department, the longest first. Looks at several pages go on at once, so what the browser worked is shared out
 * by how long each look took. Each department has its budget; a machine that is known to be slow gives more by LIANGLIN_BROWSER_BUDGET.
 * What is over it is said and is no fault: the same machine takes twice as long when others work on it.
 */
export class Times {
  #took = new Map();
  #budget;
  #worked;

  constructor(worked = 0, budget = Number(process.env.LIANGLIN_BROWSER_BUDGET || 30)) {
    [this.#worked, this.#budget] = [worked, budget];
  }

  /** A look at a page took so long. */
  add(path, took) {
    const department = departmentOf(path);
    this.#took.set(department, (this.#took.get(department) ?? 0) + took);
  }

  /** One line a department. */
  get lines() {
    return this.#shares.map(([department, seconds]) => `measured: browser ${department} ${seconds.toFixed(1)} s of ${this.#budget}${seconds > this.#budget ? ", over its budget" : ""}`);
  }

  get #shares() {
    const all = [...this.#took.values()].reduce((sum, took) => sum + took, 0);
    return [...this.#took].map(([department, took]) => [department, (this.#worked * took) / all]).sort(([, one], [, other]) => other - one);
  }
}
