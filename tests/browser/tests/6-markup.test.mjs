// The Nu HTML checker reads every page that anybody can reach, in both languages, as the server sends it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { City } from "../harness/city.mjs";
import { MODES, become } from "../harness/browser.mjs";
import { walk } from "../harness/walk.mjs";

/** Where walks begin. */
const STARTS = ["/", "/items", "/mine", "/today", "/work", "/desk", "/queue", "/overview", "/supervise", "/rulebook", "/follow", "/verify", "/nearby", "/help", "/privacy", "/api", "/no-such-page"];
/** Languages in which pages are read. */
const READ_IN = ["zh", "en"];

let city;
let folder;

before(async () => {
  city = await City.open();
  folder = mkdtempSync(join(tmpdir(), "lianglin-markup-"));
});
after(async () => {
  await city?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Whether there is Java, which the checker needs. */
const java = () => spawnSync("java", ["-version"]).status === 0;

/** Writes what the server sends for each kind of page of a visitor; returns which file is which page. */
async function keep(role, state, known) {
  const visitor = await city.visit();
  for (const language of READ_IN) {
    await become(visitor, city.base, state, MODES[language]);
    for (const { path, parts } of await walk(visitor.page, city.base, STARTS)) {
      // A page built of nothing new was read before, as somebody else.
      const fresh = parts.filter((part) => !known.parts.has(`${language} ${part}`));
      if (fresh.length === 0) continue;
      fresh.forEach((part) => known.parts.add(`${language} ${part}`));
      const text = await visitor.page.evaluate(async (address) => (await fetch(address)).text(), path);
      const name = `${known.files.size + 1}.html`;
      writeFileSync(join(folder, name), text);
      known.files.set(name, `${path} (${role}, ${language})`);
    }
  }
  await visitor.close();
}

test("the Nu HTML checker finds no error on any page", async (t) => {
  if (!java()) {
    t.skip("there is no java: apt-get install -y default-jre-headless");
    return;
  }
  const known = { parts: new Set(), files: new Map() };
  await keep("resident", undefined, known);
  for (const role of city.roles.filter((role) => role !== "resident")) {
    await keep(role, await city.stateOf(city.accounts(role)[0]), known);
  }
  assert.ok(known.files.size > 20, `only ${known.files.size} pages were read`);
  const jar = String(createRequire(import.meta.url)("vnu-jar"));
  const checked = spawnSync("java", ["-Xmx1g", "-jar", jar, "--format", "json", "--exit-zero-always", "--skip-non-html", folder], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  assert.equal(checked.status, 0, checked.stderr);
  const { messages } = JSON.parse(checked.stderr);
  const told = ({ url, lastLine, message, extract }) => `${known.files.get(url.split("/").at(-1))}, line ${lastLine}: ${message} ${extract ?? ""}`.trim();
  const errors = messages.filter(({ type }) => type === "error");
  const warnings = messages.filter(({ type, subType }) => type === "info" && subType === "warning");
  for (const warning of warnings) t.diagnostic(told(warning));
  t.diagnostic(`measured: ${known.files.size} pages read by the Nu HTML checker, ${errors.length} errors, ${warnings.length} warnings`);
  assert.deepEqual(errors.map(told), []);
});
