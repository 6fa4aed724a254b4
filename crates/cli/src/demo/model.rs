//! The model of the demo: fitted to its data (`demo/models/haze.py`), registered, reviewed by a second person, called.

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gongshu_app::CheckQuery;
use gongshu_app::governance::Command;
use gongshu_app::governance::identifier::{ModelId, ResourceId, ScenarioId};
use gongshu_app::governance::model::{ModelFormat, ModelInput, RegisterModel, ReviewModel};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::sample::Model;
use super::steps::{Sold, Story, step};
use super::uses::BANK;

/// What `demo/models/haze.py` writes.
const HAZE: &[u8] = include_bytes!("../../../../demo/models/haze.onnx");

impl Story {
    /// Registers the model and puts it in force; the one who registered it may not do both.
    pub(super) async fn model(&mut self, sample: &Model, scenario: &ScenarioId, resource: &ResourceId) -> Result<()> {
        let id = ModelId::new(self.district.new_id(ModelId::PREFIX));
        let module_sha256 = hex::encode(Sha256::digest(HAZE));
        let registration = RegisterModel {
            id: id.clone(),
            scenario: scenario.clone(),
            name: sample.name.clone(),
            number: 1,
            summary: sample.summary.clone(),
            input: ModelInput {
                resource: resource.clone(),
                fields: sample.fields.clone(),
            },
            format: ModelFormat::Onnx,
            module: STANDARD.encode(HAZE),
            module_sha256: module_sha256.clone(),
        };
        let function = registration.function();
        let registrar = self.actor("operator")?;
        let done = self
            .district
            .register_model(registrar.clone(), registration, None)
            .await?;
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        step(done.receipt.index, &format!("登记模型 {function}（ONNX）"), done.act);
        let review = Command::ReviewModel(ReviewModel {
            model: id,
            module_sha256,
            report: sample.report.clone(),
        });
        let outcome = self.district.act(registrar, review.clone(), None).await;
        self.expect_refusal("登记人自行审查模型", "model.review", outcome)?;
        let done = self.district.act(self.actor("agency")?, review, None).await?;
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        step(done.receipt.index, &format!("另一人审查模型 {function}"), done.act);
        Ok(())
    }

    /// Scores leave, what they were made of does not.
    pub(super) async fn scores(&mut self, haze: &Sold) -> Result<()> {
        let answer = self
            .answered(BANK, "重度污染预警评分", haze, json!({"date": "2014-01-16"}))
            .await?;
        let rows = answer["rows"].as_array().context("no rows")?;
        let likely = |row: &serde_json::Value| row[1].as_f64().is_none_or(|risk| (0.0..=1.0).contains(&risk));
        ensure!(
            rows.len() == 24 && rows.iter().all(likely),
            "not a risk for each hour: {answer}"
        );
        let raw = CheckQuery {
            scenario: haze.scenario.clone(),
            sql: "SELECT hour, pm2_5 FROM air_quality".to_owned(),
            parameters: vec![],
            subject: None,
        };
        let outcome = self.district.check_query(&self.actor("operator")?, &raw).await;
        self.expect_refusal("查询评分所用的实测值", "flow.scored-only", outcome)
    }
}
