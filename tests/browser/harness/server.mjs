// A demonstration city of its own for one run: new database, new key, free port; gone afterwards.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** The platform's program: LIANGLIN, else the development build. */
function program() {
  const found = process.env.LIANGLIN ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/lianglin");
  if (!existsSync(found)) throw new Error(`${found} is not there: run \`cargo build\` first, or set LIANGLIN`);
  return found;
}

function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer().on("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Waits until the server answers; throws with what it said when it does not. */
async function answers(base, server, said) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (server.exitCode !== null) break;
    try {
      await fetch(base, { redirect: "manual" });
      return;
    } catch {
      await new Promise((next) => setTimeout(next, 100));
    }
  }
  throw new Error(`the server does not answer at ${base}:\n${said.join("")}`);
}

/**
 * Starts a server, or takes the one that run.mjs started.
 * @returns {Promise<{base: string, accounts: object[], cases: object[], stop: () => Promise<void>}>}
 */
export async function startServer() {
  if (process.env.LIANGLIN_BASE) {
    const signIns = JSON.parse(readFileSync(process.env.LIANGLIN_SIGN_INS, "utf8"));
    return { ...signIns, base: process.env.LIANGLIN_BASE, file: process.env.LIANGLIN_SIGN_INS, stop: async () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), "lianglin-browser-"));
  const file = join(folder, "sign-ins.json");
  const place = ["--database", join(folder, "city.db"), "--key-file", join(folder, "city.key")];
  const filled = spawnSync(program(), [...place, "init", "--demo", "--sign-ins", file], { cwd: folder, encoding: "utf8" });
  if (filled.status !== 0) throw new Error(`the demonstration city cannot be made:\n${filled.stdout}${filled.stderr}`);
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const server = spawn(program(), [...place, "serve", "--quota", "0", "--listen", `127.0.0.1:${port}`], { cwd: folder });
  const said = [];
  server.stdout.on("data", (text) => said.push(text));
  server.stderr.on("data", (text) => said.push(text));
  const stop = async () => {
    server.kill("SIGTERM");
    const impatient = setTimeout(() => server.kill("SIGKILL"), 10_000);
    await new Promise((done) => (server.exitCode === null && server.signalCode === null ? server.once("exit", done) : done()));
    clearTimeout(impatient);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answers(base, server, said);
  } catch (fault) {
    await stop();
    throw fault;
  }
  return { ...JSON.parse(readFileSync(file, "utf8")), base, file, stop };
}
