// The end of a month and the end of an agreement, clicked by those whose they are.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startDistrict } from "./district.mjs";
import { openBrowser, people, Portal } from "./portal.mjs";

/** So many days after the lifecycle its month is over, and may be closed. */
const DAYS_AHEAD = 40;

/** Where the district says that it is reached. */
const ADDRESS = "http://data.example";

let district;
let browser;
let as;

before(async () => {
  district = await startDistrict({ daysAhead: DAYS_AHEAD, address: ADDRESS });
  browser = await openBrowser();
  as = people(browser, district.url);
});

after(async () => {
  await browser?.close();
  district?.stop();
});

/** A program's output, run in the district's folder. */
function told(program, ...given) {
  const { status, stdout, stderr } = spawnSync(program, given, { cwd: district.data, encoding: "utf8" });
  assert.equal(status, 0, `${program}: ${stderr}`);
  return stdout.trim();
}

/** What an amount of a settlement says, such as `已收款`. */
const sum = async ({ page }, label) => {
  const cell = page.locator(".sums .ant-descriptions-item-label", { hasText: label }).first();
  return cell.locator("xpath=following-sibling::td[1]").innerText();
};

/** What was sold is refunded once the last month is closed and every bill is even. */
const evenBooks = async (operator) => {
  await operator.goto("/books");
  await operator.tab("结算");
  for (const close = operator.button("结账"); (await close.count()) > 0; ) await operator.act("结账");
  await operator.tab("账单");
  for (const pay = operator.button("登记收款"); (await pay.count()) > 0; ) await operator.act("登记收款", { 凭证编号: "银行回单第 9 号" });
  await operator.goto("/exits");
};

test("a month goes from metering to invoices, payments, a credit note, a refund and payouts, to the fen", async () => {
  const operator = await as("operator");
  const { page } = operator;
  await operator.goto("/books");
  await operator.tab("计量");
  await page.getByRole("row").filter({ hasText: "企业登记核验" }).first().waitFor();
  await operator.checkAccessible("metering");
  await operator.tab("结算");
  await page.getByText(/月可以结账/).waitFor();
  const metered = await sum(operator, "已计量未结账");
  assert.notEqual(metered, "0.00 元");
  await operator.act("结账");
  assert.equal(await sum(operator, "已计量未结账"), "0.00 元");
  assert.equal(await sum(operator, "已开账单"), metered);

  await operator.tab("账单");
  const row = page.getByRole("row").filter({ hasText: "企业登记核验" }).first();
  await operator.button("登记收款", row).click();
  await operator.fill({ "金额（元）": "99999.00", 凭证编号: "银行回单第 1 号" });
  await operator.button("提交", operator.dialog()).click();
  assert.match(await operator.dialog().getByRole("alert").innerText(), /books\.balance[\s\S]*依据/);
  await operator.button("取消", operator.dialog()).click();
  await operator.dialog().waitFor({ state: "detached" });
  for (const pay = operator.button("登记收款"); (await pay.count()) > 0; ) await operator.act("登记收款", { 凭证编号: "银行回单第 1 号" });
  await operator.act("开具红字账单", { "金额（元）": "0.50", 理由: "一次调用未及时答复" }, row);
  // Who files a credit note does not pay it back: another person of the operator does.
  assert.match(await operator.refusedAct("登记退款", { 凭证编号: "银行回单第 2 号" }), /power\.four-eyes/);
  const head = await as("operator-head");
  await head.goto("/books");
  await head.tab("账单");
  await head.act("登记退款", { 凭证编号: "银行回单第 2 号" });
  await operator.goto("/books");
  await operator.tab("账单");
  await row.getByRole("button", { name: /展开|Expand/ }).click();
  await page.getByText("一次调用未及时答复").waitFor();
  await operator.checkAccessible("bills");
  await operator.picture("bills");

  await operator.tab("结算");
  assert.equal(await sum(operator, "红字冲销"), "0.50 元");
  assert.equal(await sum(operator, "未收款"), "0.00 元");
  for (const pay = operator.button("支付分成"); (await pay.count()) > 0; ) await operator.act("支付分成", { 凭证编号: "银行回单第 3 号" });
  assert.equal(await sum(operator, "结算专户余额"), "0.00 元");
  await operator.checkAccessible("settlement");
  await operator.picture("settlement");
});

test("a consumer sees its own bills, their lines and its statement, and nobody else's", async () => {
  const bank = await as("bank");
  const { page } = bank;
  await bank.goto("/books");
  await page.getByRole("heading", { name: /运营协议/ }).first().waitFor();
  assert.equal(await page.getByRole("tab", { name: "结算" }).count(), 0);
  assert.equal(await bank.button("登记收款").count(), 0);
  const [paper] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "下载文书（PDF）" }).first().click()]);
  assert.equal(readFileSync(await paper.path()).subarray(0, 5).toString(), "%PDF-");
  // The notice of the credit note is found from the bill, by whom it went to.
  await page.getByText("通知书", { exact: true }).first().click();
  const [notice] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /红字/ }).first().click()]);
  assert.equal(readFileSync(await notice.path()).subarray(0, 5).toString(), "%PDF-");
  await bank.checkAccessible("notices of a bill");
  await bank.tab("对账单");
  await page.getByRole("cell", { name: "红字冲销" }).waitFor();
  const [statement] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "下载对账单（PDF）" }).click()]);
  assert.equal(readFileSync(await statement.path()).subarray(0, 5).toString(), "%PDF-");
  await bank.checkAccessible("statement");
  await bank.picture("statement");
  await bank.narrowPicture("/books", "bills-narrow");
});

test("on a telephone the pages are behind a button, and choosing one closes them", async () => {
  const bank = await as("bank");
  const { page } = bank;
  await page.setViewportSize({ width: 390, height: 844 });
  await bank.goto("/market");
  await bank.button("菜单").click();
  await page.getByRole("link", { name: "账单与结算" }).click();
  await page.getByRole("heading", { name: "账单与结算", level: 1 }).waitFor();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await bank.checkAccessible("a narrow page");
  await page.setViewportSize({ width: 1440, height: 900 });
});

test("on a telephone each row of what is looked at most stands by itself, and nothing is wider than the screen", async () => {
  const pages = [["agency", "/tasks", "tasks"], ["bank", "/market", "products"], ["operator", "/register", "register"], ["bank", "/books", "bills"], ["operator", "/books", "bills-operator"]];
  for (const [login, path, name] of pages) {
    const person = await as(login);
    await person.narrowPicture(path, `${name}-narrow`);
    await person.page.setViewportSize({ width: 390, height: 844 });
    await person.goto(path);
    await person.page.locator(".ant-table-row").first().waitFor();
    const wider = await person.page.evaluate(() => [...document.querySelectorAll(".ant-table-content")].filter((it) => it.scrollWidth > it.clientWidth).length);
    assert.equal(wider, 0, `tables of ${path} that scroll`);
    await person.checkAccessible(`${path} on a telephone`);
    await person.page.setViewportSize({ width: 1440, height: 900 });
  }
});

test("permitted revenue is verified by the agency and shown beside what was earned", async () => {
  const agency = await as("agency");
  await agency.goto("/books");
  await agency.tab("准许收入");
  const terms = { 授权协议: { choose: ["授权运营协议"] }, 起始日: "2028-01-01", 截止日: "2028-12-31", 运营成本: "800000", 准许利润基数: "1000000", "准许利润率（万分比）": "500", 税金: "60000.50", 依据: "年度成本监审报告" };
  await agency.act("核定准许收入", terms);
  await agency.page.getByText("910000.50 元").waitFor();
  await agency.checkAccessible("permitted revenue");
  await agency.picture("permitted-revenue");
});

test("a certificate of registration and the register's page carry a code that leads to the query", async () => {
  const agency = await as("agency");
  const code = await agency.page.evaluate(async () => {
    const list = async (name) => (await (await fetch(`/api/v1/${name}`)).json()).items;
    const registration = (await list("registrations")).find(({ status }) => status === "publicized");
    const body = JSON.stringify({ command: "assign_code", of: { registration: registration.id, code: "440309-R-000099" } });
    const headers = { "content-type": "application/json", "x-gongshu": "1" };
    const sent = await fetch("/api/v1/acts", { method: "POST", headers, body });
    if (sent.status !== 201) throw new Error(await sent.text());
    return (await list("register")).find(({ id }) => id === registration.id).certificate.query_code;
  });
  const stranger = await Portal.open(browser, district.url);
  await stranger.goto(`/register?code=${code}`);
  await stranger.page.getByRole("img", { name: "扫码查询" }).waitFor();
  await stranger.page.locator(".qr").screenshot({ path: join(district.data, "shown.png") });
  await stranger.checkAccessible("the register's query");
  await stranger.picture("register-query");
  assert.equal(told("zbarimg", "--raw", "--quiet", "--nodbus", "shown.png"), `${district.url}/register?code=${code}`);

  const paper = await fetch(`${district.url}/api/v1/register/${code}/document`);
  writeFileSync(join(district.data, "certificate.pdf"), Buffer.from(await paper.arrayBuffer()));
  told("pdftoppm", "-r", "150", "-png", "certificate.pdf", "certificate");
  assert.equal(told("zbarimg", "--raw", "--quiet", "--nodbus", "certificate-1.png"), `${ADDRESS}/register?code=${code}`);
});

test("an exit: the inventory by class, keys destroyed by their providers, steps reported by whose they are", async () => {
  const agency = await as("agency");
  const { page } = agency;
  await agency.goto("/exits");
  await page.getByText(/没有可查阅的退出事项/).waitFor();
  await agency.act("启动退出", { 授权协议: { choose: ["授权运营协议"] }, 退出事由: { choose: ["公共利益"] }, 事实依据: "机构调整", "认定文件（双方协商终止、期限届满的可不填）": "e1".repeat(32), 期限: "2099-12-31" });
  await page.getByRole("heading", { name: /原始数据/ }).waitFor();
  assert.match(await page.getByText(/已销毁 \d+ 个，共 \d+ 个/).innerText(), /已销毁 1 个/);
  await page.getByText("尚未结清").or(page.getByText("已结清")).first().waitFor();
  await agency.checkAccessible("an exit");
  await agency.picture("exit");
  await agency.narrowPicture("/exits", "exit-narrow");

  const waiting = () => page.getByRole("row").filter({ hasText: "待处置" });
  for (const login of ["market", "ecology", "health", "statistics"]) {
    const provider = await as(login);
    await provider.goto("/exits");
    await provider.page.waitForLoadState("networkidle");
    for (const destroy = provider.button("销毁版本"); (await destroy.count()) > 0; ) await provider.act("销毁版本");
    assert.equal(await provider.page.getByRole("heading", { name: /已交易产品/ }).count(), 0, "others' assets are not shown");
  }
  await agency.goto("/exits");
  // Products wait for their step, and data no longer does.
  await waiting().first().waitFor();
  const raw = page.getByRole("heading", { name: "原始数据", exact: false }).last().locator("xpath=following::table[1]");
  assert.equal(await raw.getByText("待处置").count(), 0);
  // Each step is proposed to whose its assets are; here the operator answers for all.
  const owner = { choose: ["龙华数据运营有限公司（示范）"] };
  await agency.act("制定退出计划", { "原始数据销毁：责任单位": owner, "衍生模型处置：责任单位": owner, "数据产品与出域成果处置：责任单位": owner, "已交易产品退款或续供：责任单位": owner });
  await agency.picture("exit-plan");

  const operator = await as("operator");
  await operator.goto("/exits");
  for (const step of ["原始数据销毁", "衍生模型处置", "数据产品与出域成果处置", "已交易产品退款或续供", "业务与资料移交"]) {
    if (step === "已交易产品退款或续供") await evenBooks(operator);
    const button = operator.button(`报告${step}`);
    await button.click();
    const outcomes = operator.dialog().getByRole("combobox");
    for (let at = 0; at < (await outcomes.count()); at += 1) {
      const field = outcomes.nth(at).locator("xpath=ancestor::*[contains(concat(' ',@class,' '),' ant-form-item ')][1]");
      if (/已销毁|已移交|许可使用|已退款/.test(await field.innerText())) continue;
      // What a kept model shows is said of those that are kept; here they are destroyed.
      if (/评估结论/.test(await field.innerText())) continue;
      await outcomes.nth(at).click();
      await operator.page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option").filter({ hasText: step === "衍生模型处置" ? "已销毁" : "许可使用" }).first().click();
    }
    for (const input of await operator.dialog().getByLabel(/证明/).all()) {
      if ((await input.inputValue()) === "") await input.fill("移交清单第 1 号");
    }
    if (step === "数据产品与出域成果处置") await operator.picture("exit-report");
    await operator.button("提交", operator.dialog()).click();
    await button.waitFor({ state: "hidden" });
  }
  // The permitted revenue is not settled: the settlement says what is to be done.
  const said = await operator.refusedAct("报告最终结算", { "证明材料（清单、结算单等编号）": "结算单第 1 号" });
  assert.match(said, /准许收入[\s\S]*尚未结算/);
  await agency.goto("/exits");
  assert.equal(await waiting().count(), 0);
  assert.equal(await agency.button("办结退出").count(), 0, "it is closed once all is settled");
  const [paper] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "下载文书（PDF）" }).click()]);
  assert.equal(readFileSync(await paper.path()).subarray(0, 5).toString(), "%PDF-");
  await agency.picture("exit-steps");
});
