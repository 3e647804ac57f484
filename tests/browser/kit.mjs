// What both browser tests need: people with scripts off, pages under axe in both schemes, pictures.
import { chromium } from "playwright-core";
import AxeBuilder from "@axe-core/playwright";
import { mkdirSync } from "node:fs";

export const plan = JSON.parse(process.env.BROWSER_PLAN);
export const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } };
/** A busy machine takes its time over an edition: a test waits for it, and judges no speed. */
const PATIENCE_MS = 180_000;
const PASSWORD = "синий трактор едет";

const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
export const browser = await chromium.launch({ executablePath: plan.chromium, args: flags });
const options = (more) => ({ baseURL: plan.url, locale: "ru-RU", timezoneId: "Europe/Moscow", ...more });

export function check(yes, what) {
  if (!yes) throw new Error(what);
}

/** A visitor with scripts off. */
export async function visitor(viewport = SIZES.desk) {
  const context = await browser.newContext(options({ javaScriptEnabled: false, viewport }));
  context.setDefaultTimeout(PATIENCE_MS);
  return { context, page: await context.newPage() };
}

/** A person with scripts off who came by a one-time link. */
export async function enter(who) {
  const { context, page } = await visitor();
  await page.goto(plan.links[who]);
  await page.fill("input[name=password]", PASSWORD);
  await page.fill("input[name=again]", PASSWORD);
  await page.press("input[name=again]", "Enter");
  await page.waitForLoadState();
  return { context, page };
}

let looked = 0;
export const pagesLookedAt = () => looked;

/** A page under axe in both schemes, and its pictures. */
export async function look({ context: own }, url, name) {
  looked += 1;
  const state = await own.storageState();
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      // axe is a script: it runs in a context of its own, past our policy.
      const context = await browser.newContext(options({ storageState: state, viewport, colorScheme, bypassCSP: true }));
      const page = await context.newPage();
      await page.goto(url);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      check(overflow <= 0, `${name} is ${overflow} px too wide at ${viewport.width}`);
      const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      const bad = found.violations.filter((one) => ["serious", "critical"].includes(one.impact));
      check(bad.length === 0, `${name}, ${size}, ${colorScheme}: ${JSON.stringify(bad.map((one) => [one.id, one.nodes.map((node) => node.html)]))}`);
      await picture(page, `${name}-${viewport.width}-${colorScheme}`);
      await context.close();
    }
  }
}

export async function picture(page, name) {
  if (!plan.pictures) return;
  mkdirSync(plan.pictures, { recursive: true });
  await page.screenshot({ path: `${plan.pictures}/${name}.png`, fullPage: true });
}
