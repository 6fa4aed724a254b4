// The whole lifecycle, clicked by its parties in turn.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startDistrict } from "./district.mjs";
import { openBrowser, people, Portal } from "./portal.mjs";

/** This district lets a selection carry a second agreement, which the journey makes on that of the sample. */
const AGAIN = `[pack]
id = "own"
title = "本区补充"
[sources]
"平台" = "平台"
[rules."agreement.selected"]
source = "平台"
article = "本区"
confidence = "L"
zh = "一次遴选可以订立多份协议。"
en = "A selection may carry several agreements."
[rules."agreement.selected".parameters]
once = 0
`;

let district;
let browser;
let as;

before(async () => {
  district = await startDistrict({ rules: AGAIN });
  browser = await openBrowser();
  as = people(browser, district.url);
});

after(async () => {
  await browser?.close();
  district?.stop();
});

const field = (name, type, meaning, rule) => ({ name, type, meaning, level: 3, release: { rule }, nullable: true });
const column = (name) => ({ name, source: { header: name }, column_type: "text", nullable: false, unique: name === "code" });

test("the agency registers a party; a code with a wrong check character is refused by its rule", async () => {
  const agency = await as("agency");
  await agency.goto("/parties");
  const said = await agency.refusedAct("登记主体", { 名称: "新的数据使用方", 角色: { choose: ["数据使用方"] }, 统一社会信用代码: "91440300MA5EXAMPLX" });
  assert.match(said, /party\.code/);
  assert.match(said, /GB 32100/);
  await agency.checkAccessible("parties");
  await agency.picture("parties");
});

test("a provider registers a resource and uploads a file; a broken row is set aside with its place", async () => {
  const firm = await as("firm");
  const code = await firm.page.evaluate(async () => (await (await fetch("/api/v1/session")).json()).party.code);
  const file = join(district.data, "permits.csv");
  // Few enough rows are broken that the version goes into operation.
  const others = Array.from({ length: 40 }, (_, row) => `9144030000000${1000 + row},食品经营许可,准予,内部\n`).join("");
  writeFileSync(file, `code,permit,result,note\n${code},食品经营许可,准予,内部\n91440300MA5BROKEN1\n${others}`);
  const market = await as("market");
  await market.goto("/catalogue");
  await market.act("登记数据资源", {
    名称: "行政许可",
    数据表: "permits",
    说明: "行政许可结果",
    应用领域: { choose: ["商贸流通"] },
    更新频率: "每月",
    使用边界: "仅限授权场景",
    法定依据: "法定职责",
    联系人: "示范联系人",
    主体标识字段: "code",
    "字段定义（JSON）": JSON.stringify([field("code", "text", "统一社会信用代码", "consented"), field("permit", "text", "许可事项", "consented"), field("result", "text", "许可结果", "consented"), field("note", "text", "内部备注", "closed")]),
    "文件格式（JSON）": JSON.stringify({ format: { kind: "csv", delimiter: ",", header: true, encoding: "utf8", null_markers: [""], trim: false }, columns: ["code", "permit", "result", "note"].map(column), bad_rows: "quarantine" }),
  });
  await market.page.getByRole("link", { name: "行政许可" }).click();
  await market.page.getByLabel("数据文件").setInputFiles(file);
  await market.button("上传新版本").click();
  await market.page.getByText(/入库 41 行，隔离 1 行，收据号 \d+/).waitFor();
  await market.page.getByText(/第 3 行/).first().waitFor();
  await market.checkAccessible("resource");
  await market.picture("resource");
});

test("agency and operator agree; six years are refused", async () => {
  const agency = await as("agency");
  await agency.goto("/chain");
  const terms = { 名称: "行政许可授权运营协议", 运营机构: { choose: ["龙华数据运营"] }, 遴选: { choose: ["遴选（示范）"] }, 资源: { choose: ["行政许可"] }, 用途: { choose: ["商贸撮合"] }, "主体 1": { choose: ["龙华数据运营"] }, "分成（万分比） 1": "10000", "日调用量（次）": "10000", "存储能力（GB）": "2000", "计算能力（核）": "16" };
  const clauses = await agency.page.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/rules")).json();
    const lists = items.flatMap(({ parameters }) => Object.values(parameters ?? {})).filter((value) => Array.isArray(value) && value.includes("授权范围"));
    return JSON.stringify(Object.fromEntries(lists[0].map((clause) => [clause, `${clause}：从其方案。`])));
  });
  const said = await agency.refusedAct("拟定协议", { ...terms, 条款: clauses, 截止日: "2036-01-01" });
  assert.match(said, /agreement\.term/);
  await agency.act("拟定协议", { ...terms, 条款: clauses });
  await agency.picture("agreements");
  await agency.checkAccessible("chain");
  const operator = await as("operator");
  await operator.goto("/tasks");
  await operator.act("签署协议");
});

test("the operator applies for a scenario, the agency grants it, the provider approves", async () => {
  const operator = await as("operator");
  await operator.goto("/chain");
  await operator.tab("场景");
  await operator.act("申请场景", {
    名称: "行政许可核验",
    协议: { choose: ["行政许可授权运营协议"] },
    用途: { choose: ["商贸撮合"] },
    价格类别: { choose: ["产业发展"] },
    "资源 1": { choose: ["行政许可"] },
    "字段 1": { choose: ["code", "permit", "result"] },
    使用方范围: "持牌金融机构",
    调用额度: "100",
  });
  await operator.goto("/tasks");
  await operator.page.getByText("评估场景“行政许可核验”的风险").waitFor();
  await assessRisk(operator, "行政许可核验");
  const agency = await as("agency");
  const market = await as("market");
  await agency.goto("/tasks");
  await agency.picture("tasks");
  await agency.checkAccessible("tasks");
  const said = await agency.refusedAct("批准场景");
  assert.match(said, /registration\.required/);
  await market.goto("/catalogue");
  await takeOver(market, agency, "行政许可");
  await agency.goto("/tasks");
  await agency.act("批准场景");
  await market.goto("/tasks");
  await market.act("同意使用");
});

test("a query for a closed column is refused with its rule; the product's query passes and is listed", async () => {
  const operator = await as("operator");
  const { page } = operator;
  await operator.goto("/develop");
  const choose = async (label, option) => {
    await page.getByLabel(label, { exact: true }).click();
    await page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option").filter({ hasText: option }).first().click();
  };
  const write = async (sql) => {
    await page.getByRole("textbox", { name: "SQL 查询" }).click();
    await page.keyboard.press("Control+A");
    await page.keyboard.type(sql);
  };
  await choose("场景", "行政许可核验");
  await write("SELECT code, note FROM permits");
  await operator.button("检查查询").click();
  assert.match(await page.getByRole("alert").innerText(), /flow\./);
  await operator.picture("develop-refused");
  await write("SELECT permit, result FROM permits WHERE code = $1");
  await page.getByLabel("参数（JSON）").fill('[{"name":"code","type":"text","meaning":"统一社会信用代码","example":"91440300"}]');
  await choose("主体所在资源", "行政许可");
  await page.getByLabel("数据主体参数序号（可空）").fill("0");
  await operator.button("检查查询").click();
  await page.getByText("检查通过").waitFor();
  await operator.checkAccessible("develop");
  await operator.picture("develop");
  await page.getByLabel("产品名称").fill("行政许可核验");
  await page.getByLabel("产品说明").fill("凭企业同意返回许可结果");
  await operator.button("提交产品").click();
  await page.getByText(/已记入账本/).waitFor();
  const head = await as("operator-head");
  await openProduct(head);
  await head.act("上架产品");
});

test("the agency sets a ceiling; a price over it is refused, one under it is taken", async () => {
  const agency = await as("agency");
  await openProduct(agency);
  // A ceiling is planned in the permitted revenue of its day.
  assert.match(await agency.refusedAct("核定价格上限", { 价格上限: "2.00", 测算依据: "成本测算" }), /revenue\.permitted/);
  await agency.goto("/books");
  await agency.tab("准许收入");
  const shanghai = (days) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
  const period = { 起始日: shanghai(0), 截止日: shanghai(180) };
  const figures = { 运营成本: "100000.00", 准许利润基数: "100000.00", "准许利润率（万分比）": "500", 税金: "6000.00", 依据: "成本监审报告" };
  await agency.act("核定准许收入", { 授权协议: { choose: ["行政许可授权运营协议"] }, ...period, ...figures });
  await openProduct(agency);
  await agency.act("核定价格上限", { 价格上限: "2.00", 预计销量: "1000", 测算依据: "成本测算" });
  const operator = await as("operator");
  await openProduct(operator);
  assert.match(await operator.refusedAct("制定价格", { 价格: "9.00" }), /price\.ceiling/);
  await operator.act("制定价格", { 价格: "1.50" });
  await operator.picture("product-operator");
});

test("the bank subscribes; without consent its call is refused; with it the answer comes with a receipt that verifies", async () => {
  const bank = await as("bank");
  await openProduct(bank);
  await bank.act("订购");
  assert.match(await refusedCall(bank), /chain\.consent/);
  const firm = await as("firm");
  await firm.goto("/chain");
  await firm.tab("授权同意");
  await firm.act("给予同意", { 数据使用方: { choose: ["示范银行"] }, 用途: { choose: ["商贸撮合"] }, 资源: { choose: ["行政许可"] }, 字段: { choose: ["code", "permit", "result"] } });
  await fillCode(bank);
  await bank.button("调用产品").click();
  await bank.page.getByRole("cell", { name: "准予" }).waitFor();
  await bank.button("在本机验证").click();
  await bank.page.getByText("验证通过").waitFor();
  await bank.picture("console");
  await bank.checkAccessible("console");
  await bank.goto("/chain");
  await bank.tab("订购");
  await bank.page.getByText("1.50 元").first().waitFor();
});

test("a saved answer verifies on the page for strangers, and an altered one does not", async () => {
  const bank = await as("bank");
  await openProduct(bank);
  await fillCode(bank);
  await bank.button("调用产品").click();
  const [download] = await Promise.all([bank.page.waitForEvent("download"), bank.button("保存答复文件").click()]);
  const saved = join(district.data, "answer.json");
  await download.saveAs(saved);
  const stranger = await Portal.open(browser, district.url);
  await stranger.goto("/verify");
  await stranger.page.getByLabel("选择文件").setInputFiles(saved);
  await stranger.button("使用本平台公布的公钥").click();
  await stranger.button("验证").click();
  await stranger.page.getByText("验证通过").waitFor();
  const box = stranger.page.getByLabel("答复文件或收据文本");
  await box.fill((await box.inputValue()).replace("准予", "不予"));
  await stranger.button("验证").click();
  await stranger.page.getByText("验证未通过").waitFor();
  await stranger.page.getByText(/answer\./).first().waitFor();
  await stranger.checkAccessible("verify");
  await stranger.picture("verify");
});

test("the firm withdraws its consent: the next call is refused", async () => {
  const firm = await as("firm");
  await firm.goto("/chain");
  await firm.tab("授权同意");
  await firm.act("撤回同意");
  const bank = await as("bank");
  await openProduct(bank);
  assert.match(await refusedCall(bank), /chain\.consent/);
});

test("the supervisor watches live, freezes the scenario, and thaws it", async () => {
  const supervisor = await as("supervisor");
  await supervisor.goto("/live");
  await supervisor.page.getByText("实时连接正常").waitFor();
  const row = supervisor.page.getByRole("row").filter({ hasText: "行政许可核验" }).filter({ hasText: "商贸撮合" });
  await supervisor.act("冻结场景", { 理由: "抽查" }, row);
  const bank = await as("bank");
  await openProduct(bank);
  assert.match(await refusedCall(bank), /chain\.frozen/);
  await supervisor.page.getByText("chain.frozen").first().waitFor();
  await supervisor.picture("live");
  await supervisor.checkAccessible("live");
  await supervisor.act("解冻场景", {}, row);
  await openProduct(bank);
  assert.match(await refusedCall(bank), /chain\.consent/);
});

test("the provider destroys the version: the page and the product say so", async () => {
  const market = await as("market");
  await market.goto("/catalogue");
  await market.page.getByRole("link", { name: "行政许可" }).click();
  await market.act("销毁版本", { 理由: "保存期满" });
  await market.page.getByText("密钥已毁，数据不可恢复").waitFor();
  const bank = await as("bank");
  await openProduct(bank);
  assert.match(await refusedCall(bank), /version\.available/);
});

test("any act can be done by its form: parts within parts, a refusal by its rule, a receipt", async () => {
  const agency = await as("agency");
  const { page } = agency;
  await agency.goto("/acts?act=agreement.propose");
  await page.getByLabel("协议名称").fill("只有一条条款的协议");
  await page.getByLabel("运营机构").fill(await idOf(agency, "龙华数据运营"));
  await page.getByLabel("遴选", { exact: true }).fill(await first(agency, "selections"));
  await page.getByLabel("起始日").fill("2026-01-01");
  await page.getByLabel("截止日").fill("2028-01-01");
  for (const [label, chosen] of [["数据资源目录", "行政许可"], ["使用目的范围", "商贸撮合"]]) {
    await page.getByLabel(label).fill(chosen);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
  }
  const clauses = page.getByRole("group", { name: "协议条款" });
  await agency.button("添加一项", clauses).click();
  await clauses.getByLabel("名称或编号").fill("授权范围");
  await clauses.getByLabel("内容").fill("授权范围：从其方案。");
  await agency.checkAccessible("the form of an agreement");
  await agency.button("提交").click();
  assert.match(await page.getByRole("alert").innerText(), /agreement\.clauses[\s\S]*依据/);
  await agency.picture("form");

  await page.getByLabel("事项", { exact: true }).fill("party.register");
  await page.locator(".ant-select-item-option").filter({ hasText: "party.register" }).click();
  await page.getByLabel("名称").fill("自然人（示范）");
  await page.getByLabel("标识代码").fill("person-of-the-forms");
  await page.getByLabel("角色").click();
  await page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option").filter({ hasText: "数据主体" }).click();
  await agency.button("提交").click();
  await page.getByText(/已记入账本，收据号 \d+/).last().waitFor();
  assert.ok(await idOf(agency, "自然人（示范）"));
});

test("the plan is read with every opinion and its answer, and with what changed", async () => {
  const bank = await as("bank");
  const { page } = bank;
  await bank.goto("/plans");
  await page.getByRole("tab", { name: "意见与答复（27）" }).click();
  const declined = page.getByRole("row").filter({ hasText: "不采纳" });
  assert.match(await declined.innerText(), /补充本区配套文件[\s\S]*发改数据规/);
  await bank.picture("plan");
  await bank.checkAccessible("the plan");
  await page.getByRole("tab", { name: "版本（2）" }).click();
  assert.match(await page.locator("del").allInnerTexts().then(String), /国有资本优先/);
  assert.doesNotMatch(await page.locator("ins").allInnerTexts().then(String), /国有资本优先/);
  await page.getByRole("tab", { name: "论证与决策" }).click();
  await page.getByText("（赞成 7，反对 0）").waitFor();
});

test("at the workbench samples are synthetic, a query runs under control, and a report leaves once the agency has reviewed it", async () => {
  const operator = await as("operator");
  const { page } = operator;
  const choose = async (label, option) => {
    await page.getByLabel(label, { exact: true }).click();
    await page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option").filter({ hasText: option }).first().click();
  };
  const run = async (sql) => {
    await page.getByRole("textbox", { name: "SQL 查询" }).click();
    await page.keyboard.press("Control+A");
    await page.keyboard.type(sql);
    await operator.button("在控制下运行").click();
  };
  await operator.goto("/workbench");
  await choose("场景", "收入结构统计");
  await operator.button("抽取合成样例").click();
  await page.getByText(/合成数据，不是任何主体的真实记录/).waitFor();
  await operator.checkAccessible("the workbench's data");
  await operator.picture("workbench-sample");
  await operator.tab("查询");
  await run("SELECT hours_per_week FROM census");
  assert.match(await page.getByRole("alert").innerText(), /flow\.[\s\S]*avg\(hours_per_week\)/);
  await run("SELECT education, count(*) AS persons, avg(hours_per_week) AS hours FROM census GROUP BY education ORDER BY education");
  await page.getByText(/已运行并记入账本，收据号 \d+/).waitFor();
  await page.getByRole("cell", { name: "Bachelors" }).waitFor();
  await page.getByLabel("查询名称").fill("教育与工时");
  await operator.button("保存为新版本").click();
  await page.getByText(/已记入账本/).waitFor();
  await operator.checkAccessible("the workbench's query");
  await operator.tab("运行记录");
  await page.getByText("查询检查 · flow.aggregate-only").first().waitFor();
  await operator.checkAccessible("the workbench's runs");
  await operator.tab("查询");
  await operator.picture("workbench");
  await choose("保存的查询", "教育与工时");
  await choose("类别", "报告");
  await page.getByLabel("成果名称").fill("教育与工时报告");
  await page.getByLabel("出域理由").fill("供产业研究引用");
  await operator.button("提交出域审查").click();
  await page.getByRole("cell", { name: "教育与工时报告 · v1" }).waitFor();

  const agency = await as("agency");
  await agency.goto("/workbench");
  await agency.button("审查").click();
  await agency.page.getByText("最小单元主体数").first().waitFor();
  await agency.page.getByText("Bachelors").first().waitFor();
  await agency.checkAccessible("the review of an output");
  await agency.picture("workbench-review");
  await agency.act("作出审查结论", { 审查结论: { choose: ["放行"] }, 理由: "每格主体数充足，推导与用途相符" });

  await operator.goto("/workbench");
  const [download] = await Promise.all([page.waitForEvent("download"), operator.button("领取成果", page.getByRole("row").filter({ hasText: "教育与工时报告" })).click()]);
  assert.match(readFileSync(await download.path(), "utf8"), /^# 教育与工时报告[\s\S]*\| Bachelors \|/);
});

test("the selection of the operator is read from its conditions to its result", async () => {
  const bank = await as("bank");
  const { page } = bank;
  await bank.goto("/selections");
  await page.getByRole("heading", { name: /运营机构遴选（示范） · 龙华数据运营/ }).waitFor();
  await page.getByText("技术能力（50 分）").waitFor();
  const row = page.getByRole("row").filter({ hasText: "符合资格条件" });
  assert.match(await row.innerText(), /龙华数据运营[\s\S]*合格[\s\S]*\d{3}/);
  await bank.picture("selection");
});

test("a code for a certificate is shown once; an evidence package of entries is downloaded", async () => {
  const bank = await as("bank");
  const { page } = bank;
  await bank.goto("/certificates");
  await page.getByLabel("证书名称").fill("核验服务");
  await bank.button("取得登记码").click();
  await page.getByText(/^gse_/).waitFor();
  await bank.picture("certificates");
  await bank.goto("/evidence");
  await page.getByLabel("账本条目").fill("3-1");
  await page.getByLabel("用途").fill("（2026）粤0309民初1号");
  await bank.button("制作并下载").click();
  await page.getByText(/收据号，以逗号分隔/).nth(1).waitFor();
  await page.getByLabel("账本条目").fill("30, 32-33");
  const [download] = await Promise.all([page.waitForEvent("download"), bank.button("制作并下载").click()]);
  assert.equal(readFileSync(await download.path()).subarray(0, 2).toString(), "PK");
  await bank.picture("evidence");
});

test("every page is accessible, in both languages, and can be walked by keyboard alone", async () => {
  const operator = await as("operator");
  for (const path of ["/catalogue", "/market", "/tasks", "/acts", "/plans", "/selections", "/assessments", "/disputes", "/chain", "/books", "/exits", "/develop", "/workbench", "/live", "/incidents", "/register", "/disclosure", "/verify", "/rules", "/border", "/certificates", "/evidence", "/files", "/parties"]) {
    await operator.goto(path);
    await operator.page.waitForLoadState("networkidle");
    await operator.checkAccessible(path);
  }
  await operator.goto("/market");
  await operator.button("English").click();
  await operator.page.getByRole("heading", { name: "Products" }).waitFor();
  await operator.checkAccessible("English");
  await operator.picture("english");
  const stranger = await Portal.open(browser, district.url);
  await stranger.goto("/market");
  await stranger.page.keyboard.press("Tab");
  assert.equal(await stranger.page.evaluate(() => document.activeElement?.className), "skip");
  await stranger.goto("/sign-in");
  await stranger.page.getByLabel("账号").focus();
  await stranger.page.keyboard.type("bank");
  await stranger.page.keyboard.press("Tab");
  await stranger.page.keyboard.type("gongshu-demo");
  await stranger.page.keyboard.press("Enter");
  await stranger.page.getByRole("button", { name: "退出" }).waitFor();
  await tabTo(stranger, "空气质量日均指标");
  await stranger.page.keyboard.press("Enter");
  await stranger.page.getByRole("heading", { name: "调用台" }).waitFor();
  await tabTo(stranger, "调用产品");
  await stranger.page.keyboard.press("Enter");
  await stranger.page.getByRole("heading", { name: "收据" }).waitFor();
  await stranger.picture("keyboard");
});

/** Presses Tab until what has the focus says this. */
async function tabTo({ page }, text) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.textContent?.trim() === wanted, text)) return;
  }
  assert.fail(`\`${text}\` cannot be reached by keyboard`);
}

async function openProduct(portal) {
  await portal.goto("/market");
  await portal.page.getByRole("link", { name: "行政许可核验" }).click();
  await portal.page.getByRole("heading", { name: "行政许可核验", level: 1 }).waitFor();
}

async function fillCode(bank) {
  const firm = await as("firm");
  const code = await firm.page.evaluate(async () => (await (await fetch("/api/v1/session")).json()).party.code);
  await bank.page.getByLabel("统一社会信用代码（code）").fill(code);
}

async function refusedCall(bank) {
  await fillCode(bank);
  await bank.button("调用产品").click();
  return bank.page.getByRole("alert").filter({ hasText: "依据" }).innerText();
}

/** The id of the party that has this in its name. */
/** The id of the first thing of a list. */
async function first({ page }, list) {
  return page.evaluate(async (list) => (await (await fetch(`/api/v1/${list}`)).json()).items[0].id, list);
}

/** Assesses the risks that the rules list of a scenario, as low as they go. */
async function assessRisk({ page }, name) {
  const status = await page.evaluate(async (name) => {
    const items = async (list) => (await (await fetch(`/api/v1/${list}`)).json()).items;
    const scenario = (await items("scenarios")).find((it) => it.name === name);
    const { parameters } = (await items("rules")).find(({ id }) => id === "scenario.risk");
    const finding = { likelihood: 1, impact: 2, measure: "安全域内受控查询" };
    const risks = Object.fromEntries(parameters.list.map((risk) => [risk, finding]));
    const of = { scenario: scenario.id, risks, document_sha256: "a1".repeat(32) };
    const headers = { "content-type": "application/json", "x-gongshu": "1" };
    const sent = await fetch("/api/v1/acts", { method: "POST", headers, body: JSON.stringify({ command: "assess_risk", of }) });
    return sent.status;
  }, name);
  assert.equal(status, 201);
}

/** Puts on record that a resource was registered before: its holder says so, the registrar accepts and reviews it. */
async function takeOver(holder, registrar, name) {
  const day = (years) => `${new Date().getFullYear() + years}-06-30`;
  const earlier = {
    registrar: "市公共数据资源登记机构（示范）",
    code: "440309-R-100001",
    valid: { from: day(-1), until: day(2) },
    registered_sha256: "d1".repeat(32),
    publicity: { from: `${new Date().getFullYear() - 1}-06-01`, until: `${new Date().getFullYear() - 1}-06-29` },
    publicized_sha256: "d2".repeat(32),
  };
  const resources = await holder.page.evaluate(async () => (await (await fetch("/api/v1/resources")).json()).items);
  const thing = { kind: "resource", resource: resources.find((it) => it.name === name).id };
  const materials = [{ name: "来源合法性说明", document_sha256: "d3".repeat(32) }];
  const { id } = await does(holder, "apply_registration", { thing, registration_type: "first", reason: "纳入授权运营", materials, earlier });
  await does(registrar, "accept_registration", { registration: id, passed: true, reason: "" });
  await does(registrar, "review_registration", { registration: id, passed: true, reason: "", notice: "" });
}

/** Does an act by the API, in the session of the page. */
async function does({ page }, command, of) {
  const done = await page.evaluate(async ([command, of]) => {
    const headers = { "content-type": "application/json", "x-gongshu": "1" };
    const sent = await fetch("/api/v1/acts", { method: "POST", headers, body: JSON.stringify({ command, of }) });
    return { status: sent.status, body: await sent.json() };
  }, [command, of]);
  assert.equal(done.status, 201, JSON.stringify(done.body));
  return done.body;
}

async function idOf({ page }, name) {
  const items = await page.evaluate(async () => (await (await fetch("/api/v1/parties")).json()).items);
  return items.find((party) => party.name.includes(name))?.id;
}
