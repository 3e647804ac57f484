// The guide in a real Chromium, scripts off: what a lawyer approved is there, sums show their steps, a term its last day.
//
// Reads BROWSER_PLAN: {"url", "links": {"lawyer", "member", "administrator"}, "changed", "chromium", "pictures"}.
import { browser, check, enter, look, pagesLookedAt, plan, visitor } from "./kit.mjs";

const guest = await visitor();
const lawyer = await enter("lawyer");
const member = await enter("member");

// 1. Nothing is shown before a lawyer said yes.
await guest.page.goto("/guide/sums");
check((await guest.page.locator("main .list li").count()) === 0, "no sums yet");
const closed = await guest.page.goto("/guide/sums/delay");
check(closed.status() === 404, `a sum that nobody approved is not there: ${closed.status()}`);

// 2. The lawyer approves all sums, terms, words and two situations.
const desk = lawyer.page;
async function approve(kind, only) {
  await desk.goto(`/approve?notes=${kind}`);
  for (const box of await desk.locator("input[name=pick]").all()) {
    const id = (await box.getAttribute("value")).split("@")[0];
    if (!only || only.includes(id)) await box.check();
  }
  await desk.click("main form button:not(.second)");
}
await approve("sums");
check((await desk.locator("main form").count()) === 1, "nothing waits");
await approve("terms");
await approve("words");
await approve("situations", ["situation:salary-delayed", "situation:leave-refused"]);
await look(lawyer, "/approve", "approve-notes");

// 3. Anybody computes article 236, step by step, with the rates.
const { page } = guest;
await page.goto("/guide/sums");
await page.click("a[href='/guide/sums/delay']");
await page.fill("input[name=amount]", "50 000");
await page.fill("input[name=due]", "2025-06-02");
await page.fill("input[name=paid]", "2025-06-20");
await page.click("main form button");
const sum = await page.locator("section.sum").innerText();
// 6 days at 21 % and 12 at 20 %, 1/150 of the rate a day.
check(sum.replace(/\s/g, " ").includes("1 220,00 руб."), `the sum: ${sum}`);
check(sum.includes("21 %") && sum.includes("20 %") && sum.includes("ст. 236"), `its rates and norm: ${sum}`);
await page.fill("input[name=amount]", "много");
await page.click("main form button");
check((await page.locator("[role=alert]").innerText()).includes("50000"), "what to write is said");
check((await page.locator("input[name=paid]").inputValue()) === "2025-06-20", "and nothing is lost");
await look(guest, "/guide/sums/delay?amount=50000&due=2025-06-02&paid=2025-06-20", "guide-sum");

// 4. The lawyer counts a term of article 392; a member sees the rule and no last day.
await desk.goto("/guide/terms");
await desk.selectOption("select[name=rule]", "court-dismissal");
await desk.fill("input[name=from]", "2025-03-05");
await desk.click("main form.card button");
const due = (await desk.locator(".due").innerText()).replace(/\s/g, " ");
check(due.includes("7 апреля 2025"), `the last day: ${due}`);
await look(lawyer, "/guide/terms?rule=court-dismissal&from=2025-03-05", "guide-terms");
await member.page.goto("/guide/terms?rule=court-dismissal&from=2025-03-05");
check((await member.page.locator("#court-dismissal").count()) === 1, "the member sees the rule");
check((await member.page.locator(".due").count()) === 0, "and no day that nobody confirmed");

// 5. A member finds a situation and a word, and no situation that waits.
await member.page.goto("/guide?q=зарплату задерживают");
await member.page.click("a[href='/guide/situations/salary-delayed']");
check((await member.page.locator("main ol li").count()) > 2, "steps");
check((await member.page.goto("/guide/situations/moved-to-other-town")).status() === 404, "one that waits is not there");
await look(member, "/guide/situations/salary-delayed", "guide-situation");
await look(member, "/guide", "guide");
await desk.goto("/guide");
await desk.click("#pay summary");
check((await desk.locator("#pay .list li").count()) > 5, "a topic opens");
await look(lawyer, "/guide", "guide-all");
await member.page.goto("/guide/words?q=отработка");
check((await member.page.locator("dl.words dt").count()) > 0, "a word");
await look(member, "/guide/words?q=отработка", "guide-words");

// 6. The law changes: the term and the situation that lean on the norm leave the member's pages at once.
const administrator = await enter("administrator");
await administrator.page.goto("/admin/law");
await administrator.page.setInputFiles("input[type=file]", plan.changed);
await administrator.page.click("main form button");
const taken = await administrator.page.locator("main").innerText();
check(taken.includes("добавлена"), `the edition is in: ${taken}`);
check((await member.page.goto("/guide/situations/salary-delayed")).status() === 404, "the situation left");
await member.page.goto("/guide/terms");
check((await member.page.locator("#court-wages").count()) === 0, "the term left");
check((await member.page.locator("#court-dismissal").count()) === 1, "one whose norm stands is there");

// 7. The lawyer sees the statement on it with the difference, and words it anew.
await desk.goto("/approve");
await desk.click("a[href='/approve/changed']");
const section = desk.locator("section.card", { hasText: "двух лет" }).first();
check((await section.locator("ins").innerText()).includes("двух лет"), "what came is marked");
check((await section.locator("del").innerText()).includes("одного года"), "and what went");
await look(lawyer, "/approve/changed", "approve-changed");
const id = await section.getAttribute("id");
await section.locator("textarea[name=text]").fill("За невыплаченной зарплатой работник вправе обратиться в суд в течение двух лет со дня, когда её должны были выплатить.");
await section.locator("button").click();
check((await desk.locator(`[id="${id}"]`).count()) === 0, "it waits no more");
await member.page.goto("/law/tk/392");
check((await member.page.locator("main").innerText()).includes("в течение двух лет со дня, когда её"), "and the member reads it");

console.log(`guide ok: ${pagesLookedAt()} pages looked at`);
await browser.close();
