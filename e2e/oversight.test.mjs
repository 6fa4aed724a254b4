// What is looked at while the district is at work: proposed rules tried on the record, the quality of data, papers and
// notices where their things are; in both languages, and as a telephone shows it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startDistrict } from "./district.mjs";
import { openBrowser, people } from "./portal.mjs";

let district;
let browser;
let as;

before(async () => {
  district = await startDistrict();
  browser = await openBrowser();
  as = people(browser, district.url);
});

after(async () => {
  await browser?.close();
  district?.stop();
});

const NATIONAL = readFileSync(new URL("../rules/national.toml", import.meta.url), "utf8");

/** The page in the other language, and back. */
async function inEnglish(portal, name, said) {
  const { page } = portal;
  await page.getByRole("button", { name: "English" }).click();
  await page.getByText(said).first().waitFor();
  await portal.picture(`${name}-en`);
  await portal.checkAccessible(`${name} in English`);
  await page.getByRole("button", { name: "中文" }).click();
}

test("the agency tries a proposed rule pack on the record; a broken one says what to mend", async () => {
  const agency = await as("agency");
  await agency.goto("/rules");
  const { page } = agency;
  const pack = page.getByLabel("规则包内容");
  await pack.fill("not toml");
  await agency.button("试算").click();
  assert.match(await page.getByRole("alert").first().innerText(), /规则包无法读取/);
  await page.getByLabel("规则包文件").setInputFiles({ name: "national.toml", mimeType: "application/toml", buffer: Buffer.from(NATIONAL.replace("\nyears_max = 5\n", "\nyears_max = 1\n")) });
  await agency.button("试算").click();
  await page.getByText(/1 项决定将有不同/).waitFor();
  await page.getByText("将予拒绝").waitFor();
  await agency.checkAccessible("rules tried");
  await agency.picture("rules-tried");
  await inEnglish(agency, "rules-tried", "1 decisions would differ");
  await agency.narrowPicture("/rules", "rules-narrow");
});

test("who may not try rules is not offered to", async () => {
  const bank = await as("bank");
  await bank.goto("/rules");
  await bank.page.getByText("agreement.term").first().waitFor();
  assert.equal(await bank.page.getByLabel("规则包内容").count(), 0);
});

test("a work order is answered by the department and closed by the agency, from its page", async () => {
  const agency = await as("agency");
  await agency.goto("/tasks");
  await agency.page.getByRole("row").filter({ hasText: "核验“人口收入抽样”的质量工单答复" }).getByRole("link").click();
  const row = agency.page.getByRole("row").filter({ hasText: "人口收入抽样" });
  await row.getByText("待核验").waitFor();
  await agency.checkAccessible("quality");
  await agency.picture("quality");
  await inEnglish(agency, "quality", "waits for the agency");
  await row.getByRole("link", { name: "核验质量工单" }).click();
  const { page } = agency;
  assert.match(await page.getByLabel("工单", { exact: true }).inputValue(), /^wko_/);
  await page.getByLabel("是否通过").click();
  await page.getByLabel("理由").fill("复核相符");
  await agency.button("提交").click();
  await page.getByText(/已记入账本，收据号 \d+/).waitFor();
  await agency.goto("/quality");
  await row.getByText("已办结").waitFor();
  await row.getByText("通知书", { exact: true }).click();
  await row.getByRole("link", { name: "数据质量工单办结通知书" }).waitFor();
  await agency.narrowPicture("/quality", "quality-narrow");
});

test("a catalogue entry tells volume, quality against what is asked, and special kinds", async () => {
  const agency = await as("agency");
  await agency.goto("/catalogue");
  await agency.page.getByRole("link", { name: "人口收入抽样" }).click();
  await agency.page.getByText("94.00%（188 / 200），低于规定").waitFor();
  await agency.page.getByRole("heading", { name: "特别数据与批准" }).waitFor();
  await agency.checkAccessible("catalogue entry");
  await agency.picture("catalogue-entry");
  await inEnglish(agency, "catalogue-entry", "94.00% (188 of 200), below what is asked");
  const path = new URL(agency.page.url()).pathname;
  await agency.narrowPicture(path, "catalogue-entry-narrow");
});

/** What a thing says of which nobody was told. */
const NO_NOTICE = "尚无可查阅的通知书";

test("papers, notices and the acts of a thing stand on its page", async () => {
  const agency = await as("agency");
  for (const [path, name, told] of [
    ["/chain", "chain", NO_NOTICE],
    ["/incidents", "incidents", "安全事件办结通知书"],
    ["/assessments", "assessments", "年度评估通知书"],
    ["/disputes", "disputes", "争议办结通知书"],
    ["/selections", "selections", "遴选结果通知书"],
    ["/register", "register", "登记补录通知书"],
    ["/alerts", "alerts", NO_NOTICE],
    ["/border", "border", NO_NOTICE],
  ]) {
    await agency.goto(path);
    await agency.page.waitForLoadState("networkidle");
    const notices = agency.page.locator("details.notices").first();
    await notices.getByText("通知书", { exact: true }).click();
    // What was told of the first thing of each page is known, and that of some nothing was.
    await notices.getByText(told).first().waitFor();
    assert.equal((await notices.getByRole("link").count()) > 0, told !== NO_NOTICE, `papers of notices on ${name}`);
    await agency.checkAccessible(name);
    await agency.picture(`things-${name}`);
    await agency.narrowPicture(path, `things-${name}-narrow`);
  }
  await agency.goto("/register");
  await agency.page.getByText("申请材料").first().waitFor();
  await agency.page.getByRole("link", { name: "来源合法性说明.txt" }).first().waitFor();
});

/** Fills in the form of an act that a link has opened, and submits it. */
async function submit(portal, fields) {
  for (const [label, value] of Object.entries(fields)) await portal.page.getByLabel(label, { exact: true }).fill(value);
  await portal.button("提交").click();
  await portal.page.getByText(/已记入账本，收据号 \d+/).last().waitFor();
}

test("a bank complains about the operator, which answers; the supervisor decides, and what is upheld is put right", async () => {
  const bank = await as("bank");
  await bank.goto("/disputes");
  await bank.page.getByText("尚无投诉。").waitFor();
  await bank.page.getByRole("link", { name: "投诉运营机构" }).click();
  const agreement = await bank.page.evaluate(async () => (await (await fetch("/api/v1/agreements")).json()).items[0].id);
  await submit(bank, { 授权协议: agreement, 投诉类别: "差别待遇", 事实: "服务水平与其他银行不同" });

  const operator = await as("operator");
  await operator.goto("/tasks");
  await operator.page.getByRole("row").filter({ hasText: "差别待遇" }).getByRole("link").click();
  await operator.page.getByText("待答辩").waitFor();
  await operator.page.getByRole("link", { name: "答辩投诉" }).click();
  await submit(operator, { 答辩意见: "接口版本不同" });

  const supervisor = await as("supervisor");
  await supervisor.goto("/disputes");
  await supervisor.page.getByRole("link", { name: "处理投诉" }).click();
  await supervisor.page.getByLabel("是否成立").click();
  await submit(supervisor, { 认定依据: "产品清单对所有使用方适用同一服务水平", 整改要求: "统一服务水平", 整改期限: "2099-12-31" });
  await supervisor.goto("/disputes");
  await supervisor.page.getByText("待整改").waitFor();
  await supervisor.checkAccessible("complaints");
  await supervisor.picture("complaints");
  await inEnglish(supervisor, "complaints", "to be put right");

  await operator.goto("/disputes");
  await operator.page.getByRole("link", { name: "报告投诉整改" }).click();
  await submit(operator, { 整改情况: "已统一接口版本", "整改证明": "c2".repeat(32) });
  await supervisor.goto("/disputes");
  await supervisor.page.getByRole("link", { name: "核验投诉整改" }).click();
  await supervisor.page.getByLabel("是否通过").click();
  await submit(supervisor, { 核验意见: "核验一致" });
  await bank.goto("/disputes");
  await bank.page.getByText("已办结").waitFor();
  await bank.narrowPicture("/disputes", "complaints-narrow");
});
