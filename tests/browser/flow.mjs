// The whole flow in a real Chromium: scripts off for people, on only for axe; then a picture of every page.
//
// Reads BROWSER_PLAN: {"url", "links": {"member", "lawyer", "administrator", "steward"}, "chromium", "pictures"}.
import { browser, check, enter, look as lookAt, pagesLookedAt, picture, plan, visitor } from "./kit.mjs";

const QUESTION =
  "Мне вторую неделю не платят зарплату, срок прошёл 20 февраля. Директор говорит, что денег нет. Могу ли я не выходить на работу, пока не заплатят?";
const ANSWER =
  "Да, через 15 дней задержки работу можно приостановить.\n\nСначала письменно известите работодателя и оставьте себе копию с отметкой.";

async function until(page, what, found) {
  for (let n = 0; n < 120; n++) {
    if (await found()) return;
    await new Promise((wake) => setTimeout(wake, 250));
    await page.reload();
  }
  throw new Error(`never came: ${what}`);
}

// 1. The member asks and sees the law at once.
const member = await enter("member");
check(new URL(member.page.url()).pathname === "/cases", "a member's home is their cases");
await member.page.click("main a.button");
await member.page.fill("textarea[name=text]", QUESTION);
await member.page.fill("input[name=day]", "2026-02-20");
await member.page.fill("input[name=topic]", "зарплата");
await member.page.click("main button");
const own = new URL(member.page.url()).pathname;
check(/^\/cases\/[0-9a-f-]+$/.test(own), `a case: ${own}`);
check(await member.page.getByText("Общая информация, не ответ юриста").isVisible(), "general information is marked");
check(await member.page.getByText("дольше пятнадцати дней").first().isVisible(), "the law is there at once");
check(!(await member.page.content()).includes("учебная модель"), "no draft for the member");

// 2. The lawyer finds the draft, edits, reads, approves.
const lawyer = await enter("lawyer");
check(new URL(lawyer.page.url()).pathname === "/desk", "a lawyer's home is the queue");
await lawyer.page.click(`a[href="/desk${own}"]`);
await until(lawyer.page, "the draft", () => lawyer.page.locator("#editor input[name=sha256]").count());
const desk = new URL(lawyer.page.url()).pathname;
const editable = { url: desk, who: "lawyer", name: "desk-case" };
check((await lawyer.page.locator(".sentences del").count()) === 1, "what was struck is struck");
await lawyer.page.click(".sentences .chip >> nth=0");
check(lawyer.page.url().includes("#s-tk-142-2"), "a citation opens its source");

// 3. Every page under axe and in pictures, before the case moves on.
const steward = await enter("steward");
const administrator = await enter("administrator");
const people = { member, lawyer, steward, administrator };
people.guest = await visitor();
const before = [
  { url: "/", who: "guest", name: "start" },
  { url: "/login", who: "guest", name: "login" },
  { url: plan.links.neighbour, who: "guest", name: "link" },
  { url: "/login/none", who: "guest", name: "link-dead" },
  { url: "/ask", who: "member", name: "ask" },
  { url: own, who: "member", name: "case-waiting" },
  { url: "/cases", who: "steward", name: "cases-empty" },
  { url: "/desk", who: "lawyer", name: "desk" },
  { url: "/desk?text=ничего", who: "lawyer", name: "desk-nothing" },
  editable,
  { url: "/search?q=задержка", who: "lawyer", name: "search" },
  { url: "/approve", who: "lawyer", name: "approve-list" },
  { url: "/approve?article=tk:142", who: "lawyer", name: "approve" },
  { url: "/law", who: "guest", name: "law" },
  { url: "/law/tk?on=2026-02-20", who: "guest", name: "law-act" },
  { url: "/law/tk/142?on=2026-02-20#2", who: "guest", name: "law-article" },
  { url: "/admin", who: "administrator", name: "admin" },
  { url: "/admin/law", who: "administrator", name: "admin-law-empty" },
  { url: "/admin/law/practice", who: "administrator", name: "admin-practice" },
  { url: "/amendments", who: "lawyer", name: "amendments" },
  { url: "/admin/journal", who: "administrator", name: "journal" },
  { url: "/admin", who: "member", name: "forbidden" },
  { url: "/nowhere", who: "member", name: "not-found" },
];
for (const one of before) await look(one);

// 3a. Amendments without text: one is put aside for the whole act, the other cleared for its provision; then there is a button.
const approve = lawyer.page.locator("button[formaction$='/approve']");
await lawyer.page.goto(desk);
check((await approve.count()) === 0, "no approval while warnings are open");
check((await lawyer.page.locator("#warnings form").count()) === 3, "a law for one provision, a law for both");
await administrator.page.goto("/amendments");
const possible = administrator.page.locator("article", { hasText: "2-ФЗ" });
await possible.locator("summary").click();
await possible.locator("textarea").fill("Кодекса не касается.");
await possible.locator("button").click();
check((await administrator.page.locator("article.open").count()) === 1, "one of two is left");
await look({ url: "/amendments", who: "administrator", name: "amendments-aside" });
// Put aside by mistake it is taken back, and put aside anew.
await administrator.page.locator("section > details summary").click();
const back = administrator.page.locator("form[action='/amendments/reopen'] button");
await picture(administrator.page, "amendments-back");
await back.click();
check((await administrator.page.locator("article.open").count()) === 2, "taken back it waits again");
await possible.locator("summary").click();
await possible.locator("textarea").fill("Прочитан: Кодекса не касается.");
await possible.locator("button").click();
check((await administrator.page.locator("article.open").count()) === 1, "and is put aside anew");
await lawyer.page.goto(desk);
const warning = lawyer.page.locator("#warnings form");
check((await warning.count()) === 1, "its warnings are gone");
await lawyer.page.click("#warnings summary");
await warning.locator("textarea").fill("Закон меняет часть 4, а в ответе часть 2.");
await warning.locator("button").click();
check(lawyer.page.url().includes("done=cleared"), `cleared: ${lawyer.page.url()}`);
check((await lawyer.page.locator("#warnings .flag.ok").innerText()).includes("Лев Юристов"), "who cleared it");
check((await approve.count()) === 1, "now there is a button");
await look({ url: desk, who: "lawyer", name: "desk-cleared" });

// 4. The lawyer changes words, sees them as the member will, and approves.
await lawyer.page.goto(desk);
const stale = await lawyer.context.newPage();
await stale.goto(desk);
await lawyer.page.fill("#editor textarea[name=text]", ANSWER);
await lawyer.page.click("button[formaction$='/approve']");
check(lawyer.page.url().includes("done=check"), "changed words are shown before they are approved");
check(await lawyer.page.locator(".preview .mine").count() === 2, "what the lawyer wrote is marked");
await stale.fill("#editor textarea[name=text]", "Мой вариант.");
await stale.click("#editor button");
check(await stale.getByText("Кто-то изменил ответ раньше").isVisible(), "the slower one sees both texts");
await picture(stale, "conflict");
await lawyer.page.click("button[formaction$='/approve']");
check(await lawyer.page.getByText("Отменить утверждение").isVisible(), "held, and can be taken back");
await look({ url: desk, who: "lawyer", name: "desk-held" });

// 5. After the hold the member reads it, and asks on.
await member.page.goto(own);
await until(member.page, "the answer", () => member.page.locator(".card.answer").count());
check((await member.page.locator(".card.answer").innerText()).includes("Сначала письменно известите"), "the lawyer's words");
await look({ url: own, who: "member", name: "case-answered" });
await look({ url: "/cases", who: "member", name: "cases" });
await look({ url: desk, who: "lawyer", name: "desk-answered" });
await member.page.goto(own);
await member.page.click("summary:has-text('Спросить дальше')");
await member.page.fill("textarea[name=text]", "А проценты за задержку?");
await member.page.click("button:has-text('Отправить')");
check(await member.page.getByText("А проценты за задержку?").isVisible(), "the follow-up is in the case");

// 6. The keyboard alone: the first stop leads past the menu.
await people.guest.page.goto("/");
await people.guest.page.keyboard.press("Tab");
const first = await people.guest.page.locator(":focus").getAttribute("href");
check(first === "#main", `the first stop of the keyboard is the content, not ${first}`);

await browser.close();
console.log(`flow ok, ${pagesLookedAt()} pages looked at`);

/** A page as one of the people sees it. */
async function look({ url, who, name }) {
  await lookAt(people[who], url, name);
}
