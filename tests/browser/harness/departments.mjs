// Which department of the city serves a page, and how much of the browser's time each may take.

/** Departments that serve more than the addresses that begin with their name; all others are named by the first part of theirs. */
const SERVED = {
  cases: ["queue", "supervise", "figures", "requests", "search"],
  counter: ["", "apply", "catalogue", "desk", "follow", "items", "receipt"],
  exchange: ["api", "systems"],
  identity: ["account", "sign-in", "staff"],
  letters: ["verify"],
  visits: ["appointments", "counters"],
};

/** The department that serves a path. */
export function departmentOf(path) {
  const part = new URL(path, "http://city").pathname.split("/")[1].split(".")[0];
  const [found] = Object.entries(SERVED).find(([, parts]) => parts.includes(part)) ?? [part];
  return found;
}

/** Seconds by department, the longest first. Each has its budget; a machine that is known to be slow is given more by LIANGLIN_BROWSER_BUDGET. */
export class Times {
  #seconds = new Map();
  #budget;

  constructor(budget = Number(process.env.LIANGLIN_BROWSER_BUDGET ?? 30)) {
    this.#budget = budget;
  }

  add(path, seconds) {
    const department = departmentOf(path);
    this.#seconds.set(department, (this.#seconds.get(department) ?? 0) + seconds);
  }

  /** One line a department. */
  get lines() {
    return this.#sorted.map(([department, seconds]) => `measured: browser ${department} ${seconds.toFixed(1)} s of ${this.#budget}`);
  }

  /** Departments that took more than their budget. */
  get over() {
    return this.#sorted.filter(([, seconds]) => seconds > this.#budget).map(([department, seconds]) => `${department} takes ${seconds.toFixed(1)} s of ${this.#budget}`);
  }

  get #sorted() {
    return [...this.#seconds].sort(([, one], [, other]) => other - one);
  }
}
