//! A consumer abroad: the document of its path goes on record, and of whom a call takes information abroad is counted.

use anyhow::{Context, Result, ensure};
use gongshu_app::governance::Command;
use gongshu_app::governance::border::{ExportPath, RecordExport};
use gongshu_app::governance::calendar::{Term, day_of};
use gongshu_app::governance::consent::GiveConsent;
use gongshu_app::governance::identifier::{AgreementId, ConsentId, ExportId};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::steps::{Sold, Story};

const CONSUMER: &str = "bank-hk";
const PERSON: &str = "person";
/// What is filed with the authority; its SHA-256 goes on record.
const CONTRACT: &str = "粤港澳大湾区（内地、香港）个人信息跨境流动标准合同（示范）";

impl Story {
    /// A person is asked for by a bank in Hong Kong, and counts as one whose information went abroad.
    pub(super) async fn abroad(&mut self, agreement: &AgreementId, verification: &Sold) -> Result<()> {
        let from = day_of(self.district.now());
        let term = |days: i64| Term {
            from,
            until: from.saturating_add(jiff::Span::new().days(days)),
        };
        let export = RecordExport {
            id: ExportId::new(self.district.new_id(ExportId::PREFIX)),
            agreement: agreement.clone(),
            consumer: self.actor(CONSUMER)?.party,
            path: ExportPath::BayAreaContract,
            document_number: "大湾区标准合同备案〔2026〕示范 1 号".to_owned(),
            document_sha256: hex::encode(Sha256::digest(CONTRACT)),
            term: term(365),
            passed_on: false,
        };
        let what = "登记出境文件：大湾区标准合同";
        self.act("operator", what, Command::RecordExport(Box::new(export)))
            .await?;
        self.subscribe(CONSUMER, verification).await?;
        let snapshot = self.district.snapshot();
        let person = snapshot.state.parties.get(&self.actor(PERSON)?.party);
        let person = person.context("the person is not on record")?;
        let consent = GiveConsent {
            id: ConsentId::new(self.district.new_id(ConsentId::PREFIX)),
            consumer: self.actor(CONSUMER)?.party,
            purpose: verification.purpose.clone(),
            resource: self.resource_of("firms")?,
            fields: ["code", "name", "status", "founded"].map(str::to_owned).into(),
            term: term(90),
        };
        let what = format!("{} 同意境外银行核验其有无工商登记", person.name);
        self.act(PERSON, &what, Command::GiveConsent(Box::new(consent))).await?;
        let asked = json!({"code": person.code, "name": person.name});
        let answer = self
            .answered(CONSUMER, "境外银行核验自然人", verification, asked)
            .await?;
        ensure!(
            answer["rows"] == json!([]),
            "a person is in the register of firms: {answer}"
        );
        let operator = self.actor("operator")?.party;
        let counted = self.district.snapshot().exported_by(&operator, from.year());
        ensure!(
            (counted.persons, counted.sensitive) == (1, 0),
            "the call abroad was not counted: {counted:?}"
        );
        Ok(())
    }
}
