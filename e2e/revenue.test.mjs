// A year of permitted revenue that is over: settled, and its difference made good in the next, by documents.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDistrict } from "./district.mjs";
import { openBrowser, people } from "./portal.mjs";

/** So many days after the lifecycle its first year is over, and its months may be closed. */
const DAYS_AHEAD = 400;

let district;
let browser;
let as;

before(async () => {
  district = await startDistrict({ daysAhead: DAYS_AHEAD });
  browser = await openBrowser();
  as = people(browser, district.url);
});

after(async () => {
  await browser?.close();
  district?.stop();
});

/** A day in Shanghai as the district's calendar has it, so many days from its today. */
const day = (days) => new Date(Date.now() + 8 * 3_600_000 + (DAYS_AHEAD + days) * 86_400_000).toISOString().slice(0, 10);

const file = (name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(`${name}（示范）\n`) });

test("a settled year's difference is dealt with in the next permit, which names its document and that of the finding", async () => {
  const operator = await as("operator");
  await operator.goto("/books");
  await operator.tab("结算");
  await operator.page.getByText(/月可以结账/).waitFor();
  while ((await operator.page.getByText(/月可以结账/).count()) > 0) await operator.act("结账");

  // Who has verified a period does not settle it.
  const head = await as("agency-head");
  await head.goto("/books");
  await head.tab("准许收入");
  await head.act("结算期间收入", { 依据: "年度经营报告" });
  await head.page.getByText(/未超收/).waitFor();

  const agency = await as("agency");
  const { page } = agency;
  await agency.goto("/books");
  await agency.tab("准许收入");

  const figures = { 运营成本: "800000.00", 准许利润基数: "1000000.00", "准许利润率（万分比）": "500", 税金: "60000.00", 依据: "年度成本监审报告" };
  await agency.button("核定准许收入").click();
  const dialog = agency.dialog();
  await agency.fill({ 授权协议: { choose: ["授权运营协议"] }, 起始日: day(0), 截止日: day(364), ...figures, 核定文件文号: "深发改价〔2028〕示范 1 号" });
  // A number without its document is half a statement.
  await agency.button("提交", dialog).click();
  await dialog.getByText("“核定文件”与“核定文件文号”须同时填写").first().waitFor();
  await dialog.getByLabel("选择文件").nth(0).setInputFiles(file("核定文件.txt"));
  await dialog.getByText("“核定文件.txt”已存入平台").waitFor();
  await agency.fill({ 差额所属的已结算期间: { choose: [/ – /] }, "差额（元，少核为正，多核为负）": "-1200.00", 差额原因: "上年税金多计" });
  await dialog.getByLabel("选择文件").nth(1).setInputFiles(file("差额认定.txt"));
  await dialog.getByText("“差额认定.txt”已存入平台").waitFor();
  await agency.checkAccessible("the form of a permit");
  await agency.button("提交", dialog).click();
  await dialog.waitFor({ state: "detached" });

  // 800,000 + 1,000,000 × 5 % + 60,000 − 1,200
  await page.getByText("908800.00 元").waitFor();
  await page.getByText(/核定文件：深发改价〔2028〕示范 1 号/).waitFor();
  await page.getByRole("link", { name: "核定文件.txt" }).waitFor();
  await page.getByText(/差额 -1200\.00 元：上年税金多计/).waitFor();
  await page.getByRole("link", { name: "差额认定.txt" }).waitFor();
  await agency.checkAccessible("a permit with its documents");
  await agency.picture("permit-documents");
});
