// Visitors in a real Chromium: each with cookies of their own, each watched for what no page may do.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

export const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const PLACES = [process.env.LIANGLIN_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Ways a page can be looked at. */
export const MODES = {
  zh: { lang: "zh-CN", words: "zh-CN.usual.0.light" },
  en: { lang: "en", words: "en.usual.0.light" },
  elder: { lang: "zh-CN", words: "zh-CN.elder.0.light", elder: true },
  dark: { lang: "zh-CN", words: "zh-CN.usual.0.dark" },
  largest: { lang: "en", words: "en.elder.4.dark", elder: true },
};

/** The program of the browser. */
export function executable() {
  const found = PLACES.find((place) => place && existsSync(place));
  if (!found) throw new Error("Chromium is missing: apt-get install -y chromium, or set LIANGLIN_CHROMIUM");
  return found;
}

export async function startBrowser() {
  return chromium.launch({ executablePath: executable(), headless: true, args: ARGUMENTS });
}

/** Seconds that all processes of the browser worked until now, however busy the machine is with other things. */
export async function secondsWorked(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** The cookie by which the server knows how a visitor likes pages. */
const display = (base, mode) => ({ name: "lianglin_display", value: mode.words, url: base });

/**
 * A new visitor. `problems` collects what no page may do: requests to elsewhere, errors of scripts, broken policy.
 * @param {{mode?: keyof MODES, js?: boolean, width?: number, height?: number, state?: object}} how
 */
export async function visit(browser, base, how = {}) {
  const mode = MODES[how.mode ?? "zh"];
  const context = await browser.newContext({
    baseURL: base,
    javaScriptEnabled: how.js ?? true,
    viewport: { width: how.width ?? 1280, height: how.height ?? 900 },
    locale: mode.lang,
    storageState: how.state,
    reducedMotion: "reduce",
  });
  await context.addCookies([display(base, mode)]);
  const problems = [];
  context.on("request", (request) => {
    if (!request.url().startsWith(`${base}/`) && !request.url().startsWith("data:")) problems.push(`a request to ${request.url()}`);
  });
  context.on("weberror", (fault) => problems.push(`a script failed: ${fault.error().message}`));
  context.on("console", (message) => {
    // A refused form or a missing page is an answer, and the browser reports its status as an error.
    const expected = message.text().startsWith("Failed to load resource: the server responded with a status of 4");
    if (message.type() === "error" && !expected) problems.push(`the console says: ${message.text()}`);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return { context, page, problems, close: () => context.close() };
}

/** Makes a visitor somebody else, or nobody, by an exchange of cookies: that costs less than a new visitor. */
export async function become({ context }, base, state, mode = MODES.zh) {
  await context.clearCookies();
  await context.addCookies([...(state?.cookies ?? []), display(base, mode)]);
}

/** The same visitor likes pages in another way from the next page on. */
export const prefer = ({ context }, base, mode) => context.addCookies([display(base, mode)]);

/** Signs in as a visitor who is nobody yet; gives the cookies, to be used again: signing in is rationed. */
export async function signIn(visitor, base, account) {
  const { page } = visitor;
  await become(visitor, base);
  await page.goto("/sign-in");
  await page.fill("main input[name=login]", account.login);
  await page.fill("main input[type=password]", account.password);
  await send(page, "main form:has(input[type=password])");
  if (new URL(page.url()).pathname === "/sign-in") {
    throw new Error(`${account.login} (${account.role}) cannot sign in: ${await page.locator("main").innerText()}`);
  }
  return visitor.context.storageState();
}

/** Presses a form's first button, or the one named, and waits for the page that follows. */
export async function send(page, form, button = "button:not([type=button]), input[type=submit]") {
  await Promise.all([page.waitForEvent("domcontentloaded"), page.locator(form).first().locator(button).first().click()]);
}
