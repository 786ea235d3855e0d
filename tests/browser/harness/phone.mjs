// A phone in the field: a browser of its own that can be killed and started again with everything it kept, and a line
// that can be cut.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ARGUMENTS, MODES, executable } from "./browser.mjs";

const PHONE = { width: 390, height: 844 };

/** A line to a server that breaks after every `bytes` sent upwards, and does not exist while it is `down`. */
export class Line {
  #sockets = new Set();
  #sent = 0;
  cuts = 0;
  down = false;
  bytes = Infinity;

  static async to(base) {
    const line = new Line();
    const { port } = new URL(base);
    line.server = createServer((near) => line.#carry(near, Number(port)));
    await new Promise((done) => line.server.listen(0, "127.0.0.1", done));
    line.base = `http://127.0.0.1:${line.server.address().port}`;
    return line;
  }

  #carry(near, port) {
    if (this.down) return near.destroy();
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on("error", () => {}).on("close", () => {
        this.#sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on("data", (bytes) => {
      this.#sent += bytes.length;
      if (this.#sent < this.bytes) return far.write(bytes);
      this.cuts += 1;
      this.cut();
    });
    far.on("data", (bytes) => near.write(bytes));
  }

  /** Everything that is on its way is lost. */
  cut() {
    this.#sent = 0;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** No line from now on, or one again. */
  set(down) {
    this.down = down;
    if (down) this.cut();
  }

  close() {
    this.cut();
    return new Promise((done) => this.server.close(done));
  }
}

/** A browser with a folder of its own. */
export class Phone {
  constructor(base, state) {
    Object.assign(this, { base, state, folder: mkdtempSync(join(tmpdir(), "lianglin-phone-")) });
  }

  async start() {
    const port = join(this.folder, "DevToolsActivePort");
    rmSync(port, { force: true });
    const own = [`--user-data-dir=${this.folder}`, "--remote-debugging-port=0", "--headless=new", "about:blank"];
    this.process = spawn(executable(), [...ARGUMENTS, ...own], { stdio: "ignore" });
    for (let tries = 0; !existsSync(port) || readFileSync(port, "utf8") === ""; tries += 1) {
      if (tries > 300) throw new Error("the browser does not start");
      await new Promise((next) => setTimeout(next, 100));
    }
    const [number] = readFileSync(port, "utf8").split("\n");
    this.browser = await chromium.connectOverCDP(`http://127.0.0.1:${number}`);
    [this.context] = this.browser.contexts();
    const cookies = this.state.cookies.map(({ name, value }) => ({ name, value, url: this.base }));
    await this.context.addCookies([...cookies, { name: "lianglin_display", value: MODES.zh.words, url: this.base }]);
    this.page = await this.context.newPage();
    await this.page.setViewportSize(PHONE);
    this.page.setDefaultTimeout(20_000);
    return this.page;
  }

  /** As a phone whose battery is empty: nothing is closed. */
  async kill() {
    const gone = new Promise((done) => this.process.once("exit", done));
    this.process.kill("SIGKILL");
    await gone;
    await this.browser.close().catch(() => {});
  }

  async end() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 30 });
  }
}
