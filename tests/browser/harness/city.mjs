// One city and one browser for a file of tests, with everybody who works there.
import { signIn, startBrowser, visit } from "./browser.mjs";
import { startServer } from "./server.mjs";

export class City {
  #states = new Map();

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

  /** Somebody who works here, signed in. */
  async visitAs(account, how = {}) {
    if (!this.#states.has(account.login)) this.#states.set(account.login, await signIn(this.browser, this.base, account));
    return this.visit({ ...how, state: this.#states.get(account.login) });
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

  /** Every member of the staff with a page of their own. */
  async staff(how = {}) {
    return Promise.all(this.server.accounts.filter(({ role }) => role !== "resident").map(async (account) => {
      const visitor = await this.visitAs(account, how);
      return { account, ...visitor };
    }));
  }
}
