// Files behind hashes: a bidder picks what it shows, the agency downloads it, nobody else finds it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startDistrict } from "./district.mjs";
import { openBrowser, people } from "./portal.mjs";

const TITLE = "另行遴选（走查）";
const CONTENT = Buffer.concat([Buffer.from("%PDF-1.7\n三级等保备案证明\n"), Buffer.alloc(2_500_000, 32)]);
const HASH = createHash("sha256").update(CONTENT).digest("hex");

let district;
let browser;
let as;
let file;

before(async () => {
  district = await startDistrict();
  browser = await openBrowser();
  as = people(browser, district.url);
  file = join(district.data, "等保备案证明.pdf");
  writeFileSync(file, CONTENT);
});

after(async () => {
  await browser?.close();
  district?.stop();
});

/** Announces a selection like the one before; gives its id and its conditions. */
async function announce({ page }) {
  return page.evaluate(async (title) => {
    const items = async (path) => (await (await fetch(`/api/v1/${path}`)).json()).items;
    const [[before], [agreement]] = [await items("selections"), await items("agreements")];
    const { plan, conditions } = before;
    const criteria = [{ name: "方案", asks: "运营方案", points: 100 }];
    const of = { plan: plan.id, title, method: "negotiation", mode: "by_field", conditions, notice: "区政府门户网站", criteria, term: agreement.term };
    const headers = { "content-type": "application/json", "x-gongshu": "1" };
    const sent = await fetch("/api/v1/acts", { method: "POST", headers, body: JSON.stringify({ command: "announce_selection", of }) });
    return { id: (await sent.json()).id, conditions: Object.keys(conditions) };
  }, TITLE);
}

test("a bidder picks a file for each condition, and its hash is filled in", async () => {
  const { id, conditions } = await announce(await as("agency"));
  const operator = await as("operator");
  const { page } = operator;
  await operator.goto("/acts?act=selection.apply");
  await page.getByLabel("遴选", { exact: true }).fill(id);
  await page.getByLabel("是否法人").click();
  await page.getByLabel("平台等级保护级别").fill("3");
  const evidence = page.getByRole("group", { name: "资格条件的证明" });
  for (const [at, condition] of conditions.entries()) {
    await operator.button("添加一项", evidence).click();
    await evidence.getByLabel("名称或编号").nth(at).fill(condition);
    await evidence.getByLabel("选择文件").nth(at).setInputFiles(file);
    await evidence.getByText("“等保备案证明.pdf”已存入平台").nth(at).waitFor();
    assert.equal(await evidence.getByLabel("内容").nth(at).inputValue(), HASH);
  }
  await operator.checkAccessible("the form of an application");
  await operator.picture("files-form");
  await operator.button("提交").click();
  await page.getByText(/已记入账本，收据号 \d+/).or(page.getByRole("alert")).first().waitFor();
  assert.match(await page.locator(".outcome").innerText(), /已记入账本/);
  const kept = await page.evaluate(async () => (await (await fetch("/api/v1/files")).json()).items);
  assert.equal(kept.length, 1, "the same file is kept once");
  assert.deepEqual([kept[0].sha256, kept[0].media_type, kept[0].named], [HASH, "application/pdf", true]);
});

/** What the browser saves when the link is clicked. */
async function downloaded(page, link) {
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

test("the agency downloads it from the page of selections, on record", async () => {
  const agency = await as("agency");
  await agency.goto("/selections");
  const { page } = agency;
  const section = page.locator("section").filter({ hasText: TITLE });
  const link = section.getByRole("link", { name: "等保备案证明.pdf" }).first();
  await link.waitFor();
  const saved = await downloaded(page, link);
  assert.equal(saved.name, "等保备案证明.pdf");
  assert.ok(saved.content.equals(CONTENT));
  await agency.picture("files-selection");
  await agency.checkAccessible("selections with evidence");
  const feed = await page.evaluate(async () => (await (await fetch("/api/v1/feed")).json()).items);
  assert.equal(feed[0].act, "file.read");
});

test("others see neither hash nor file, and the page of files says what there is", async () => {
  const bank = await as("bank");
  await bank.goto("/selections");
  await bank.page.locator("section").filter({ hasText: TITLE }).first().waitFor();
  assert.equal(await bank.page.getByText(HASH).count(), 0);
  assert.equal(await bank.page.getByRole("link", { name: "等保备案证明.pdf" }).count(), 0);
  const status = await bank.page.evaluate(async (hash) => (await fetch(`/api/v1/files/${hash}`)).status, HASH);
  assert.equal(status, 404);
  await bank.goto("/files");
  await bank.page.getByText("尚无文件").waitFor();
  await bank.page.getByLabel("上传文件").setInputFiles({ name: "网页.html", mimeType: "text/html", buffer: Buffer.from("<html></html>") });
  assert.match(await bank.page.getByRole("alert").first().innerText(), /file\.store/);
  await bank.page.getByLabel("上传文件").setInputFiles({ name: "说明.txt", mimeType: "text/plain", buffer: Buffer.from("情况说明") });
  await bank.page.getByRole("link", { name: "说明.txt" }).waitFor();
  await bank.page.getByText("未被引用").waitFor();
  assert.match(await bank.refusedAct("删除文件", { 理由: "误传" }), /file\.removal/);
  await bank.checkAccessible("files");
  await bank.picture("files");
  await bank.narrowPicture("/files", "files-narrow");
});

test("a file that was altered where it is stored is not given out", async () => {
  const folder = join(district.data, "vault", ".files");
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".sealed"))) {
    const stored = readFileSync(join(folder, name));
    stored[stored.length - 1] ^= 1;
    writeFileSync(join(folder, name), stored);
  }
  const { page } = await as("agency");
  const told = await page.evaluate(async (hash) => {
    const answer = await fetch(`/api/v1/files/${hash}`);
    return { status: answer.status, problem: await answer.json() };
  }, HASH);
  assert.deepEqual([told.status, told.problem.code], [500, "file.altered"]);
  assert.match(told.problem.title, /已损坏、缺失或被改动/);
});
