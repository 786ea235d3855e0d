// Starts one demonstration city, runs every test against it, stops it. Ends as the tests end.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "./harness/server.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "tests");
const wanted = process.argv.slice(2);
const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs") && (wanted.length === 0 || wanted.some((part) => name.includes(part))));

const server = await startServer();
const tests = spawn(process.execPath, ["--test", "--test-reporter=spec", "--test-concurrency=1", ...files.sort().map((name) => join(folder, name))], {
  stdio: "inherit",
  env: { ...process.env, LIANGLIN_BASE: server.base, LIANGLIN_SIGN_INS: server.file },
});
const stop = () => tests.kill("SIGTERM");
process.on("SIGINT", stop).on("SIGTERM", stop);
const code = await new Promise((done) => tests.once("exit", (status) => done(status ?? 1)));
await server.stop();
process.exit(code);
