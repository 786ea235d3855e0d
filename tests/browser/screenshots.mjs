// Takes the pictures of the guide: main pages on a phone and on a desk, into docs/guide/images. Run by `cargo xtask screenshots`.
import { mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { City } from "./harness/city.mjs";
import { applicant } from "./harness/people.mjs";
import { applyOnline, findItem } from "./harness/story.mjs";

const folder = resolve(dirname(fileURLToPath(import.meta.url)), "../../docs/guide/images");
const WIDTHS = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } };

/** One picture of what the visitor sees without scrolling. */
async function shoot(page, name) {
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file, animations: "disabled", caret: "hide" });
  console.log(`${name}.png ${(statSync(file).size / 1024).toFixed(0)} KB`);
}

async function shootAll(visitor, pages, ending) {
  for (const [name, path] of Object.entries(pages)) {
    const answer = await visitor.page.goto(path);
    if (answer.status() >= 400) throw new Error(`${path} answers ${answer.status()}`);
    await shoot(visitor.page, `${name}-${ending}`);
  }
}

mkdirSync(folder, { recursive: true });
const city = await City.open();
try {
  const worker = await city.worker();
  const community = worker.place.split(/[\s·]+/u).pop();
  for (const [size, [width, view]] of Object.entries(WIDTHS).entries()) {
    const resident = await city.visit(view);
    await resident.page.goto("/");
    await shoot(resident.page, `home-${width}`);
    const code = await findItem(resident.page, "高龄");
    await shoot(resident.page, `apply-${width}`);
    const number = await applyOnline(resident.page, applicant(301 + size), community);
    await shoot(resident.page, `receipt-${width}`);
    await shootAll(resident, { guide: `/items/${code}`, status: `/follow/${number}`, places: "/places", rulebook: "/rulebook" }, width);
    await resident.close();
    for (const [mode, name] of [["elder", "home-elder"], ["dark", "home-dark"], ["en", "home-english"]]) {
      const other = await city.visit({ ...view, mode });
      await shootAll(other, { [name]: "/" }, width);
      await other.close();
    }
    const desk = await city.visitAs(worker, view);
    await shootAll(desk, { desk: "/desk?q=gljt", queue: "/queue", case: `/cases/${number}` }, width);
    await desk.close();
    for (const account of city.server.accounts) {
      const office = await city.visitAs(account, view);
      const answer = await office.page.goto("/supervise");
      const seen = answer.status() === 200 && new URL(answer.url()).pathname === "/supervise";
      if (seen) await shoot(office.page, `supervise-${width}`);
      await office.close();
      if (seen) break;
    }
  }
} finally {
  await city.close();
}
