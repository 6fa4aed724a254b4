// What was recorded by mistake, what turns out to be none, and what waits for another's decision: put right from the pages of
// the things themselves, in the district that `make demo` serves.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDistrict } from "./district.mjs";
import { openBrowser, people } from "./portal.mjs";

let district;
let browser;
let as;

before(async () => {
  district = await startDistrict({ oneDay: false });
  browser = await openBrowser();
  as = people(browser, district.url);
});

after(async () => {
  await browser?.close();
  district?.stop();
});

const PAPER = { name: "认定文件.txt", mimeType: "text/plain", buffer: Buffer.from("认定文件（示范）\n") };

/** A minute ago, as a field for day and time in Shanghai takes it. */
const aMinuteAgo = () => new Date(Date.now() + 8 * 3_600_000 - 60_000).toISOString().slice(0, 16);

test("a payout that was recorded by mistake is reversed once, by another person than who recorded it", async () => {
  const reversal = { 理由: "重复登记", 冲正凭证编号: "银行回单 冲正 1 号" };
  const head = await as("operator-head");
  await head.goto("/books");
  await head.tab("对账单");
  const payout = (portal) => portal.page.getByRole("row").filter({ hasText: "第 1 笔分成支付" }).filter({ has: portal.button("冲正") });
  // The head has paid it out.
  assert.match(await head.refusedAct("冲正", reversal, payout(head)), /power\.four-eyes/);

  const operator = await as("operator");
  const { page } = operator;
  await operator.goto("/books");
  await operator.tab("对账单");
  const before = await page.getByRole("row").count();
  await operator.act("冲正", reversal, payout(operator));
  await page.getByText("冲正第 1 笔分成支付").first().waitFor();
  await page.getByText("第 1 笔分成支付（已冲正）").first().waitFor();
  assert.ok((await page.getByRole("row").count()) > before, "the reversal is a line of its own");
  assert.equal(await payout(operator).count(), 0, "it is reversed once");
  await operator.checkAccessible("a statement with a reversal");
  await operator.picture("reversal");

  // What was taken back is owed again, and is paid out anew.
  await operator.tab("结算");
  await operator.act("支付分成", { 凭证编号: "银行回单 2 号" });
  await operator.tab("对账单");
  await page.getByText("第 4 笔分成支付").first().waitFor();
});

test("a consumer's bill says what was used, at which price, and why this amount", async () => {
  const bank = await as("bank");
  const { page } = bank;
  await bank.goto("/books");
  const row = page.getByRole("row").filter({ hasText: "企业登记核验" }).first();
  assert.match(await row.innerText(), /15 次[\s\S]*1\.80 元 \/ 次[\s\S]*27\.00/);
  await row.getByRole("button", { name: /展开|Expand/ }).click();
  await page.getByText("15 次 × 1.80 元 = 27.00 元").waitFor();
  await page.getByText("按次计费，产业发展（收费）").first().waitFor();
  await page.getByText(/被拒绝和未得结果的调用不计费/).first().waitFor();
  await bank.checkAccessible("a bill");
  await bank.picture("bill");
  await bank.narrowPicture("/books", "bill-narrow");
});

test("a report that turns out to be a false alarm is retracted from its page by a second person, with the finding", async () => {
  const operator = await as("operator");
  const { page } = operator;
  await operator.goto("/acts?act=incident.report");
  await page.getByLabel("事件名称").fill("夜间批量调用");
  await operator.choose("级别", "一般");
  await operator.choose("所涉系统", "其他网络运营者");
  await page.getByLabel("发现时间").fill(aMinuteAgo());
  await page.getByLabel("事件情况").fill("夜间短时大量调用，疑似密钥外泄");
  await operator.submit();

  const section = (portal) => portal.page.getByRole("region", { name: /夜间批量调用/ });
  const retract = async (portal) => {
    await portal.goto("/incidents");
    await section(portal).getByRole("heading", { name: "夜间批量调用 · 一般 · 处置中" }).waitFor();
    await section(portal).getByRole("link", { name: "撤销安全事件报告" }).click();
    assert.match(await portal.page.getByLabel("安全事件", { exact: true }).inputValue(), /^inc_/);
    await portal.page.getByLabel("撤销理由").fill("核实为压力测试");
    await portal.page.getByLabel("选择文件").setInputFiles(PAPER);
    await portal.page.getByText("“认定文件.txt”已存入平台").waitFor();
  };
  // Who has reported it does not say that it is none.
  await retract(operator);
  await operator.button("提交").click();
  assert.match(await page.locator(".outcome").getByRole("alert").innerText(), /power\.four-eyes/);
  const head = await as("operator-head");
  await retract(head);
  await head.submit();

  await operator.goto("/incidents");
  await section(operator).getByRole("heading", { name: "夜间批量调用 · 一般 · 已撤销（不属于安全事件）" }).waitFor();
  await section(operator).getByText("核实为压力测试").waitFor();
  assert.equal(await section(operator).getByRole("link", { name: "登记义务办理" }).count(), 0, "nothing more is due");
  await operator.checkAccessible("incidents with a retraction");
  await operator.picture("incident-retracted");
});

test("a looser grade waits for the agency, shown on the resource with what holds and what is asked", async () => {
  const market = await as("market");
  const { page } = market;
  await market.goto("/catalogue");
  await page.getByRole("link", { name: "企业登记", exact: true }).click();
  await page.getByRole("link", { name: "变更分级和放行规则" }).click();
  const grades = page.getByRole("group", { name: "各字段的级别和放行规则" });
  await market.button("添加一项", grades).click();
  await grades.getByLabel("名称或编号").fill("street");
  await grades.getByLabel("级别").fill("1");
  await market.choose("类别", "开放", grades);
  await page.getByLabel("理由").fill("街道已在政府网站公开");
  await page.getByLabel("分级依据").fill("公共数据分级目录（示范）");
  await page.getByLabel("选择文件").setInputFiles(PAPER);
  await page.getByText("“认定文件.txt”已存入平台").waitFor();
  await market.submit();

  const agency = await as("agency");
  await agency.goto("/tasks");
  await agency.goto("/catalogue");
  await agency.page.getByRole("link", { name: "企业登记", exact: true }).click();
  const waiting = agency.page.locator(".ant-card").filter({ has: agency.page.getByRole("heading", { name: "待审批的分级变更" }) });
  const row = waiting.getByRole("row").filter({ hasText: "street" });
  assert.match(await row.innerText(), /2 → 1[\s\S]*分组 → 开放/);
  await waiting.getByText(/街道已在政府网站公开；依据：公共数据分级目录/).waitFor();
  await agency.checkAccessible("a waiting regrading");
  await agency.picture("regrading");
  await waiting.getByRole("link", { name: "审批放宽分级和放行规则" }).click();
  await agency.page.getByLabel("是否同意").click();
  await agency.page.getByLabel("理由").fill("与公开目录一致");
  await agency.submit();

  await market.goto("/catalogue");
  await page.getByRole("link", { name: "企业登记", exact: true }).click();
  const field = page.getByRole("row").filter({ hasText: "所在街道" });
  await field.getByText("开放").waitFor();
  assert.equal(await page.getByRole("heading", { name: "待审批的分级变更" }).count(), 0);
});

test("the demo has a closed month, statistics of use, an erasure, and an exit from the first step to its report", async () => {
  const supervisor = await as("supervisor");
  const { page } = supervisor;
  await supervisor.goto("/disclosure");
  await page.getByText(/支持贷款 15 笔/).waitFor();
  const cell = page.getByRole("row").filter({ hasText: "企业登记核验" }).first();
  assert.match(await cell.innerText(), /\d{4}-\d{2}[\s\S]*15/);
  await supervisor.goto("/evidence");
  await page.getByText(/责令删除决定/).waitFor();
  await supervisor.goto("/exits");
  await page.getByText("已办结").first().waitFor();
  await page.getByText(/试点数据产品移交/).waitFor();
  await supervisor.checkAccessible("an exit that is closed");
  await supervisor.picture("exit-closed");
});
