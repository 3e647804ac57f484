// The law in a real Chromium, scripts off: read an article on a day, upload another edition, compare the two.
//
// Reads BROWSER_PLAN: {"url", "links": {"lawyer", "administrator"}, "docx", "damaged", "clarification", "letter", "chromium", "pictures"}.
import { SIZES, browser, check, enter, look, pagesLookedAt, picture, plan, visitor } from "./kit.mjs";

const guest = await visitor();
const { page } = guest;

// 1. From the list to a point: contents, a chapter opened by hand, the article, its day.
await page.goto("/law");
await page.click("main a.row");
check((await page.content()).length < 150_000, "the contents are light");
const chapter = page.locator("details", { hasText: "Глава 13." }).last();
await chapter.locator("summary").click();
await chapter.locator('a[href="tk/81"]').click();
check(new URL(page.url()).pathname === "/law/tk/81", `an article: ${page.url()}`);
await page.goto("/law/tk/81?on=2023-08-04#1-6-v");
check(await page.locator("[id='1-6-v'] .copy").isVisible(), "the norm that was asked for shows how it is cited");
check(!(await page.locator("[id='1-6-g'] .copy").isVisible()), "and the others do not");
await page.goto("/law/tk?on=2023-09-01");
await page.fill("input[name=article]", "п. 6 ч. 1 ст. 81");
await page.press("input[name=article]", "Enter");
check(page.url().endsWith("/law/tk/81?on=2023-09-01#1-6"), `a jump: ${page.url()}`);
await page.click("details.day summary");
await page.fill("input[name=on]", "2023-08-04");
await page.press("input[name=on]", "Enter");
check(page.url().includes("on=2023-08-04"), "another day");
await page.goto("/law/tk?q=сверхурочная работа&on=2023-08-04");
check((await page.locator(".hits mark").count()) > 0, "what was looked for is marked");
await page.click(".hits .chip >> nth=0");
check(/\/law\/tk\/[\d.]+\?on=2023-08-04#/.test(page.url()), `a place: ${page.url()}`);

// 2. The keyboard alone: margin numbers are links with names.
await page.goto("/law/tk/152?on=2023-08-04");
const number = page.locator("a.num").first();
await number.focus();
await page.keyboard.press("Enter");
check(page.url().endsWith("#1"), "a part's number leads to it");
check((await number.getAttribute("aria-label")).includes("152"), "and says what it is");

// 3. An administrator hands in a damaged file, then an edition; and compares.
const administrator = await enter("administrator");
const desk = administrator.page;
await desk.goto("/admin/law");
await desk.setInputFiles("input[type=file]", plan.damaged);
await desk.click("main form button");
const refusal = await desk.locator(".notice.bad").innerText();
check(refusal.includes("187") && refusal.includes("damaged_"), `a refusal names file and place: ${refusal}`);
check(!refusal.includes("/tmp"), "and no folder of the server");
check((await desk.locator(".held-act tbody tr").count()) === 1, "nothing of it is kept");
await desk.setInputFiles("input[type=file]", plan.docx);
await desk.click("main form button");
const taken = await desk.locator(".notice").first().innerText();
check(taken.includes("добавлена") && taken.includes("537"), `the edition is in: ${taken}`);
check((await desk.locator(".held-act tbody tr").count()) === 2, "and in the list");
await look(administrator, "/admin/law", "admin-law");
await desk.click(".notice.ok a:has-text('сравнить')");
check(new URL(desk.url()).pathname === "/law/tk/compare", `the comparison: ${desk.url()}`);
await desk.click("a[href*='article=152']");
check((await desk.locator("ins").count()) > 0 && (await desk.locator("del").count()) > 0, "words came and went");
await desk.selectOption("select[name=chapter]", { index: 1 });
await desk.fill("input[name=article]", "");
await desk.click("main form button");
check(desk.url().includes("chapter=0"), `a chapter: ${desk.url()}`);
check((await desk.locator(".change").count()) > 0, "its changes in words");

// 3a. What is unclear between the two editions is decided.
await desk.goto("/admin/law");
await desk.click("#alignments a");
const open = async () => Number((await desk.locator("main").innerText()).match(/(\d+)\s+норм/)?.[1] ?? 0);
const before = await open();
check(before > 0, "something is unclear");
await look(administrator, "/admin/law/alignments?act=tk", "admin-alignments");
const first = desk.locator("main article").first();
const questions = first.locator(".question");
const asked = await questions.first().getAttribute("id");
await first.locator("summary").click();
check((await first.locator(".beside section .law").first().innerText()).length > 100, "the whole article is there to read");
await picture(desk, "admin-alignments-whole");
await first.locator("button").first().click();
check((await desk.locator("[role=alert]").count()) === 1, "nothing marked is said");
await questions.first().locator("input[value=alone]").check();
await first.locator("button").first().click();
check(/Решён 1\sвопрос/.test(await desk.locator(".notice.ok").innerText()), "one is decided");
// That a norm is new may put the older one, which is free now, in question in its turn.
check((await open()) <= before, `no more than ${before}`);
check((await desk.locator(`[id="${asked}"]`).count()) === 0, "it is asked no more");
const next = desk.locator("main article").first();
const rest = await next.locator(".question").evaluateAll((all) => all.map((one) => one.id));
const left = await open();
await next.locator("button[name=rest]").click();
check((await open()) < left, "as it is now, in the whole article");
for (const id of rest) check((await desk.locator(`[id="${id}"]`).count()) === 0, `${id} is asked no more`);

// 4. The same file again changes nothing; the new edition is found at once.
await desk.goto("/admin/law");
await desk.setInputFiles("input[type=file]", plan.docx);
await desk.click("main form button");
check((await desk.locator(".notice").first().innerText()).includes("уже был добавлен"), "it is known");
await page.goto("/law/tk?q=наставничество&on=2025-10-01");
check((await page.locator("a[href^='tk/351.8']").count()) > 0, "the new edition is searched");

// 4a. An inspectorate's answer says itself what it is; a court act that doesn't is refused until the form says it.
await desk.goto("/admin/law");
await desk.setInputFiles("input[type=file]", plan.clarification);
await desk.click("main form button");
const answer = await desk.locator(".notice").first().innerText();
check(answer.includes("добавлено") && answer.includes("Названо норм"), `an answer is in: ${answer}`);
await desk.click("summary:has-text('Подсказать')");
await desk.selectOption("select[name=kind]", "court");
await desk.setInputFiles("input[type=file]", plan.letter);
await desk.click("main form button");
const unsigned = await desk.locator(".notice.bad").innerText();
check(unsigned.includes("«Кто написал» и «День документа»") && !unsigned.includes("--"), `what to fill in: ${unsigned}`);
check((await desk.locator("select[name=kind]").inputValue()) === "court", "what was said is still there");
for (const [size, viewport] of Object.entries(SIZES)) {
  await desk.setViewportSize(viewport);
  await picture(desk, `admin-law-said-${size}`);
}
await desk.fill("input[name=issuer]", "Учебный суд");
await desk.fill("input[name=date]", "2023-09-01");
await desk.fill("input[name=number]", "7-у");
await desk.setInputFiles("input[type=file]", plan.letter);
await desk.click("main form button");
check((await desk.locator(".notice.ok").innerText()).includes("Учебный суд"), "the court act is in");
await desk.click(".notice.ok a");
check((await desk.locator("article").count()) === 1, "and in its list");
check((await desk.locator("article .chip").innerText()).includes("392"), "with the norm it cites");
await look(administrator, "/admin/law/practice?kind=court", "admin-practice-court");
await look(administrator, "/admin/law/practice", "admin-practice-real");

// 5. Every page under axe and in pictures.
const lawyer = await enter("lawyer");
for (const [who, url, name] of [
  [guest, "/law/tk", "real-contents"],
  [guest, "/law/tk?article=999", "real-contents-none"],
  [lawyer, "/law/tk/81?on=2025-10-01#1-6-v", "real-article"],
  [guest, "/law/tk/152?on=2024-06-01", "real-between"],
  [guest, "/law/tk/115?on=2024-06-01", "real-same"],
  [guest, "/law/tk/351.8?on=2023-08-04", "real-absent"],
  [guest, "/law/tk/7", "real-repealed"],
  [guest, "/law/tk?q=сверхурочная работа", "real-search"],
  [guest, "/law/tk/compare", "real-compare"],
  [guest, "/law/tk/compare?article=152", "real-compare-article"],
  [guest, "/law/tk/compare?chapter=2", "real-compare-chapter"],
]) {
  await look(who, url, name);
}
// On paper: no menu, no forms, and what was folded is there.
await page.goto("/law/tk/81");
await page.emulateMedia({ media: "print" });
check(!(await page.locator("header.top").isVisible()), "no menu on paper");
check(!(await page.locator("details.day").isVisible()), "no forms on paper");

await browser.close();
console.log(`law ok, ${pagesLookedAt()} pages looked at`);
