// The portal as a person uses it: by the names of what is on the page.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const OUT = new URL("out/", import.meta.url).pathname;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PASSWORD = "gongshu-demo";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export async function openBrowser() {
  mkdirSync(OUT, { recursive: true });
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/** One person's browser window. */
export class Portal {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.errors = [];
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      // A refused request is no fault of the page.
      if (message.type() === "error" && !message.text().includes("status of")) this.errors.push(message.text());
    });
  }

  static async open(browser, url) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "zh-CN" });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    return new Portal(page, url);
  }

  async signIn(login) {
    await this.page.goto(`${this.url}/sign-in`);
    await this.page.getByLabel("账号").fill(login);
    await this.page.getByLabel("密码", { exact: true }).fill(PASSWORD);
    await this.page.getByRole("button", { name: "登录" }).click();
    await this.page.getByRole("button", { name: "退出" }).waitFor();
  }

  async goto(path) {
    await this.page.goto(`${this.url}${path}`);
    await this.page.getByRole("heading", { level: 1 }).waitFor();
  }

  async tab(name) {
    await this.page.getByRole("tab", { name, exact: true }).click();
  }

  button(name, within = this.page) {
    return within.getByRole("button", { name, exact: true });
  }

  dialog() {
    return this.page.getByRole("dialog");
  }

  /** Opens the form of an act, fills it in, submits it, and waits until it is recorded. */
  async act(name, fields = {}, within = this.page) {
    await this.button(name, within).first().click();
    await this.fill(fields);
    await this.button("提交", this.dialog()).click();
    const refused = this.dialog().getByRole("alert").first();
    const invalid = this.dialog().locator(".ant-form-item-explain-error").first();
    const done = this.page.getByText(/已记入账本，收据号 \d+/).last();
    await done.or(refused).or(invalid).first().waitFor();
    if (await refused.isVisible()) assert.fail(`${name}: ${await refused.innerText()}`);
    if (await invalid.isVisible()) assert.fail(`${name}: ${await invalid.innerText()}`);
    await this.dialog().waitFor({ state: "detached" });
  }

  /** The same, for an act that is refused: gives what the page says. */
  async refusedAct(name, fields = {}, within = this.page) {
    await this.button(name, within).first().click();
    await this.fill(fields);
    await this.button("提交", this.dialog()).click();
    const said = await this.dialog().getByRole("alert").innerText();
    await this.button("取消", this.dialog()).click();
    await this.dialog().waitFor({ state: "detached" });
    return said;
  }

  async fill(fields) {
    for (const [label, value] of Object.entries(fields)) await this.enter(label, value);
  }

  async enter(label, value) {
    const input = this.dialog().getByLabel(label, { exact: true });
    if (value?.choose) {
      for (const option of value.choose) {
        await input.click();
        await this.page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option").filter({ hasText: option }).first().click();
      }
      await input.blur();
    } else {
      await input.fill(value);
    }
  }

  /** Chooses of a list that opens. */
  async choose(label, option, within = this.page) {
    await within.getByLabel(label, { exact: true }).click();
    await this.page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option").filter({ hasText: option }).first().click();
  }

  /** Submits the form of an act that has a page of its own, and waits until it is recorded. */
  async submit() {
    await this.button("提交").click();
    const outcome = this.page.locator(".outcome");
    const invalid = this.page.locator(".ant-form-item-explain-error").first();
    await outcome.getByRole("alert").first().or(invalid).waitFor();
    if (await invalid.isVisible()) assert.fail(await invalid.innerText());
    assert.match(await outcome.innerText(), /已记入账本，收据号 \d+/);
  }

  async picture(name) {
    await this.page.screenshot({ path: `${OUT}${name}.png`, fullPage: true });
  }

  /** The page as a telephone shows it: nothing is wider than the screen, but what scrolls by itself. */
  async narrowPicture(path, name) {
    await this.page.setViewportSize({ width: 390, height: 844 });
    await this.goto(path);
    await this.page.waitForLoadState("networkidle");
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth);
    await this.picture(name);
    assert.ok(wide <= 390, `${name} is ${wide} wide`);
    await this.page.setViewportSize({ width: 1440, height: 900 });
  }

  /** No serious or critical violation, no error of the page itself. */
  async checkAccessible(name) {
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const told = grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`).join("\n")}`);
    assert.deepEqual(told, [], `axe on ${name}`);
    assert.deepEqual(this.errors, [], `errors of the page ${name}`);
  }
}

/** Signed-in windows of a district's people; each person keeps one. */
export function people(browser, url) {
  const windows = {};
  return async (login) => {
    if (!windows[login]) {
      windows[login] = await Portal.open(browser, url);
      await windows[login].signIn(login);
    }
    return windows[login];
  };
}
