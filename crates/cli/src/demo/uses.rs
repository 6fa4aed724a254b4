//! The steps after the products are listed: prices, calls, consent, freeze, destruction.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use gongshu_app::governance::Command;
use gongshu_app::governance::calendar::{Term, day_of};
use gongshu_app::governance::consent::{GiveConsent, WithdrawConsent};
use gongshu_app::governance::identifier::{ConsentId, LoanId, SubscriptionId};
use gongshu_app::governance::loan::ReportLoan;
use gongshu_app::governance::money::Money;
use gongshu_app::governance::product::{SetCeiling, SetPrice};
use gongshu_app::governance::resource::OrderDestruction;
use gongshu_app::governance::scenario::{FreezeScenario, ThawScenario};
use gongshu_app::governance::subscription::Subscribe;
use gongshu_app::{Answered, AppError, Call, CheckQuery};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::sample::Price;
use super::steps::{Sold, Story, step};

/// Who subscribes to every product.
pub(super) const BANK: &str = "bank";

impl Story {
    /// Sets ceiling and price of a product that is charged for; a price over the ceiling is refused.
    pub(super) async fn price(&mut self, sold: &Sold) -> Result<()> {
        let Some(Price { ceiling, price, basis }) = sold.price.clone() else {
            return Ok(());
        };
        let product = || sold.product.clone();
        let command = SetCeiling {
            product: product(),
            ceiling,
            charging: None,
            expected: Some(10_000),
            basis,
        };
        self.act(
            "agency",
            &format!("核定价格上限 {ceiling} 元"),
            Command::SetCeiling(command),
        )
        .await?;
        let over = ceiling + Money::from_fen(1);
        let set = |price| {
            Command::SetPrice(SetPrice {
                product: product(),
                price,
                from: None,
            })
        };
        let outcome = self.district.act(self.actor("operator")?, set(over), None).await;
        self.expect_refusal(&format!("定价 {over} 元"), "price.ceiling", outcome)?;
        self.act("operator", &format!("定价 {price} 元/次"), set(price)).await?;
        Ok(())
    }

    /// A loan of today that a product supported, by its contract.
    pub(super) fn loan_for(&self, sold: &Sold, amount: Money, contract: &str) -> ReportLoan {
        ReportLoan {
            id: LoanId::new(self.district.new_id(LoanId::PREFIX)),
            product: sold.product.clone(),
            entry: None,
            amount,
            granted_on: day_of(self.district.now()),
            document_sha256: hex::encode(Sha256::digest(contract)),
        }
    }

    /// The bank reports a loan that a product supported; the statistics of use count it.
    pub(super) async fn loan(&mut self, sold: &Sold) -> Result<()> {
        let amount = Money::from_fen(50_000_000);
        let loan = self.loan_for(sold, amount, "流动资金借款合同（示范）");
        let what = format!("银行登记“{}”支持的贷款 {amount} 元", sold.name);
        self.act(BANK, &what, Command::ReportLoan(Box::new(loan))).await?;
        Ok(())
    }

    pub(super) async fn subscribe(&mut self, login: &str, sold: &Sold) -> Result<()> {
        let order = Subscribe {
            id: SubscriptionId::new(self.district.new_id(SubscriptionId::PREFIX)),
            product: sold.product.clone(),
            purpose: sold.purpose.clone(),
            quota_calls_max: 100_000_000,
            onward: false,
            onward_to: BTreeSet::new(),
        };
        self.act(login, &format!("银行订购“{}”", sold.name), Command::Subscribe(order))
            .await?;
        Ok(())
    }

    pub(super) async fn call(&self, login: &str, sold: &Sold, parameters: Value) -> Result<Answered, AppError> {
        let parameters = serde_json::from_value(parameters).unwrap_or_default();
        let actor = self
            .actor(login)
            .map_err(|error| AppError::Internal(error.to_string()))?;
        let (product, purpose) = (sold.product.clone(), sold.purpose.clone());
        self.district
            .call(Call {
                actor,
                product,
                purpose,
                parameters,
                idempotency_key: None,
            })
            .await
    }

    pub(super) async fn answered(&mut self, login: &str, what: &str, sold: &Sold, parameters: Value) -> Result<Value> {
        let answered = self.call(login, sold, parameters).await;
        let answered = answered.with_context(|| what.to_owned())?;
        let answer: Value = serde_json::from_str(&answered.answer)?;
        self.receipt(Some(&answer), &serde_json::to_value(&answered.receipt.receipt)?)?;
        let rows = answer["rows"].as_array().map_or(0, Vec::len);
        let first = answer["rows"]
            .get(0)
            .map_or_else(String::new, |row| format!("首行 {row}，"));
        let told = format!("{what}：{rows} 行，{first}费用 {} 元", answered.fee);
        step(answered.receipt.index, &told, "product.call");
        Ok(answer)
    }

    pub(super) async fn calls(
        &mut self,
        verification: &Sold,
        daily: &Sold,
        income: &Sold,
        epidemic: &Sold,
    ) -> Result<()> {
        let snapshot = self.district.snapshot();
        let subject = snapshot.state.parties.get(&self.actor("firm")?.party);
        let subject = subject.context("the firm is not on record")?;
        let asked = json!({"code": subject.code, "name": subject.name});
        let outcome = self.call(BANK, verification, asked.clone()).await;
        self.expect_refusal("未经同意核验企业", "chain.consent", outcome)?;
        let from = day_of(self.district.now());
        let consent = GiveConsent {
            id: ConsentId::new(self.district.new_id(ConsentId::PREFIX)),
            consumer: self.actor(BANK)?.party,
            purpose: verification.purpose.clone(),
            resource: self.resource_of("firms")?,
            fields: ["code", "name", "status", "founded"].map(str::to_owned).into(),
            term: Term {
                from,
                until: from.saturating_add(jiff::Span::new().days(90)),
            },
        };
        let id = consent.id.clone();
        self.act(
            "firm",
            &format!("{} 同意银行核验", subject.name),
            Command::GiveConsent(Box::new(consent)),
        )
        .await?;
        let answer = self.answered(BANK, "核验企业", verification, asked.clone()).await?;
        ensure!(answer["rows"][0][0] == json!(true), "the firm was not matched");
        let wrong = json!({"code": subject.code, "name": "另一家公司"});
        let answer = self.answered(BANK, "名称不符的核验", verification, wrong).await?;
        ensure!(
            answer["rows"][0] == json!([false, null, null]),
            "a mismatch told more than that"
        );
        self.answered(
            BANK,
            "空气质量日均",
            daily,
            json!({"from": "2014-01-01", "until": "2014-01-07"}),
        )
        .await?;
        let answer = self.answered(BANK, "收入结构统计", income, json!({})).await?;
        ensure!(answer["suppressed"].as_u64() > Some(0), "no small cell was held back");
        self.answered(
            BANK,
            "疫情日报",
            epidemic,
            json!({"city": "深圳市", "date": "2020-04-19"}),
        )
        .await?;
        let operator = self.district.snapshot().meter(self.actor("operator")?.party.as_str());
        ensure!(
            operator.fen == 126 * 2 + 700,
            "the fee was not split as agreed: {operator:?}"
        );
        self.act(
            "firm",
            "企业撤回同意",
            Command::WithdrawConsent(WithdrawConsent { consent: id }),
        )
        .await?;
        let outcome = self.call(BANK, verification, asked).await;
        self.expect_refusal("撤回同意后再次核验", "chain.consent", outcome)
    }

    pub(super) async fn raw_rows(&mut self, income: &Sold) -> Result<()> {
        let check = |sql: &str| CheckQuery {
            scenario: income.scenario.clone(),
            sql: sql.to_owned(),
            parameters: vec![],
            subject: None,
        };
        let raw = check("SELECT age, education FROM census");
        let outcome = self.district.check_query(&self.actor("partner")?, &raw).await;
        self.expect_refusal("查询原始记录", "flow.aggregate-only", outcome)?;
        let filter = check("SELECT count(*) FROM census WHERE age = 37");
        let outcome = self.district.check_query(&self.actor("partner")?, &filter).await;
        self.expect_refusal("按受限字段筛选", "flow.aggregate-only", outcome)
    }

    pub(super) async fn freeze(&mut self, daily: &Sold) -> Result<()> {
        let scenario = daily.scenario.clone();
        let freeze = FreezeScenario {
            scenario: scenario.clone(),
            reason: "例行抽查".to_owned(),
        };
        self.act("supervisor", "监管部门冻结场景", Command::FreezeScenario(freeze))
            .await?;
        let asked = json!({"from": "2014-01-01", "until": "2014-01-07"});
        let outcome = self.call(BANK, daily, asked.clone()).await;
        self.expect_refusal("冻结期间调用", "chain.frozen", outcome)?;
        self.act(
            "supervisor",
            "解冻场景",
            Command::ThawScenario(ThawScenario { scenario }),
        )
        .await?;
        self.answered(BANK, "解冻后调用", daily, asked).await?;
        Ok(())
    }

    pub(super) async fn destroy(&mut self, table: &str, epidemic: &Sold) -> Result<()> {
        let id = self.resource_of(table)?;
        let snapshot = self.district.snapshot();
        let resource = snapshot.state.resources.get(&id).context("the resource is gone")?;
        let version = resource.current().context("no version")?.id.clone();
        let order = OrderDestruction {
            resource: id,
            version,
            reason: "保存期满".to_owned(),
        };
        let done = self
            .district
            .destroy_version(self.actor("health")?, order, None)
            .await?;
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        step(done.receipt.index, "销毁数据版本：密钥已毁，证明入账", done.act);
        let outcome = self
            .call(BANK, epidemic, json!({"city": "深圳市", "date": "2020-04-19"}))
            .await;
        self.expect_refusal("调用已销毁数据的产品", "version.available", outcome)
    }
}
