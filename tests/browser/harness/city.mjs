// One city and one browser for a file of tests, with everybody who works there.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MODES, become, signIn, startBrowser, visit } from "./browser.mjs";
import { startServer } from "./server.mjs";

export class City {
  #states = new Map();
  #door;

  static async open() {
    const city = new City();
    city.server = await startServer();
    try {
      city.browser = await startBrowser();
    } catch (fault) {
      await city.server.stop();
      throw fault;
    }
    return city;
  }

  get base() {
    return this.server.base;
  }

  async close() {
    await this.browser?.close();
    await this.server?.stop();
  }

  /** Somebody from outside. */
  visit(how) {
    return visit(this.browser, this.base, how);
  }

  /** The cookies of somebody who works here. Everybody signs in once for all files of a run. */
  async stateOf(account) {
    if (!this.#states.has(account.login)) {
      const kept = join(dirname(this.server.file), `signed-in-${encodeURIComponent(account.login)}.json`);
      if (!existsSync(kept)) {
        this.#door ??= await this.visit();
        writeFileSync(kept, JSON.stringify(await signIn(this.#door, this.base, account)));
      }
      this.#states.set(account.login, JSON.parse(readFileSync(kept, "utf8")));
    }
    return this.#states.get(account.login);
  }

  /** Somebody who works here, signed in. */
  async visitAs(account, how = {}) {
    return this.visit({ ...how, state: await this.stateOf(account) });
  }

  /** Accounts of a role, first those of the place. */
  accounts(role) {
    return this.server.accounts.filter((account) => account.role === role);
  }

  get roles() {
    return [...new Set(this.server.accounts.map((account) => account.role))];
  }

  /** Whoever may take applications at a counter. */
  async worker() {
    for (const role of this.roles) {
      const [account] = this.accounts(role);
      const visitor = await this.visitAs(account);
      const answer = await visitor.page.goto("/desk");
      await visitor.close();
      if (answer.status() === 200 && new URL(answer.url()).pathname === "/desk") return account;
    }
    throw new Error(`nobody of ${this.roles.join(", ")} may work at a counter`);
  }

  /** One visitor who can be every member of the staff in turn: `as` makes her somebody. */
  async staff(how = {}) {
    const visitor = await this.visit(how);
    const accounts = this.server.accounts.filter(({ role }) => role !== "resident");
    const as = async (account) => become(visitor, this.base, await this.stateOf(account), MODES[how.mode ?? "zh"]);
    return { ...visitor, accounts, as };
  }
}
