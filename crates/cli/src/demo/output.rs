//! Work under a scenario: a query is run under control, saved, and made into a report that leaves once others than its
//! submitter have reviewed it.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use gongshu_app::governance::Command;
use gongshu_app::governance::identifier::{OutputId, QueryId};
use gongshu_app::governance::output::{Decision, OutputKind, OutputSource, ReviewOutput};
use gongshu_app::workbench::{NewOutput, NewQuery, NewRun};

use super::steps::{Sold, Story, step};

const DEVELOPER: &str = "operator";
const TITLE: &str = "按教育程度统计的人数与工时";
const SQL: &str = "SELECT education, count(*) AS persons, avg(hours_per_week) AS hours \
                   FROM census GROUP BY education ORDER BY education";

impl Story {
    /// From a query at the workbench to a report outside the domain.
    pub(super) async fn report(&mut self, income: &Sold) -> Result<()> {
        let developer = self.actor(DEVELOPER)?;
        let scenario = &income.scenario;
        let asked = NewRun {
            sql: SQL.to_owned(),
            parameters: Vec::new(),
            values: BTreeMap::new(),
        };
        let ran = self.district.run_query(developer.clone(), scenario, &asked).await?;
        self.receipt(None, &serde_json::to_value(&ran.receipt.receipt.receipt)?)?;
        let what = "工作台内受控运行查询：只见结果，不见记录";
        step(ran.receipt.receipt.index, what, ran.receipt.act);
        let query = NewQuery {
            scenario: scenario.clone(),
            name: TITLE.to_owned(),
            sql: SQL.to_owned(),
            parameters: Vec::new(),
        };
        let saved = self.district.save_query(developer.clone(), query).await?;
        self.receipt(None, &serde_json::to_value(&saved.receipt.receipt)?)?;
        step(saved.receipt.index, "保存查询", saved.act);
        let output = NewOutput {
            kind: OutputKind::Report,
            made_from: OutputSource::Query(QueryId::new(&saved.stream)),
            title: TITLE.to_owned(),
            justification: "供产业研究引用".to_owned(),
            previous: None,
            values: BTreeMap::new(),
        };
        let submitted = self.district.submit_output(developer, output).await?;
        self.receipt(None, &serde_json::to_value(&submitted.receipt.receipt)?)?;
        step(submitted.receipt.index, "提交报告出域审查，自动检查通过", submitted.act);
        self.review(&OutputId::new(&submitted.stream)).await
    }

    /// Who submitted it may not release it; another may, and then it is collected.
    async fn review(&mut self, id: &OutputId) -> Result<()> {
        let snapshot = self.district.snapshot();
        let output = snapshot.state.outputs.get(id).context("the report is not on record")?;
        let review = ReviewOutput {
            output: id.clone(),
            content_sha256: output.submission.content.sha256.clone(),
            decision: Decision::Release,
            reason: "每格主体数充足，推导与用途相符".to_owned(),
        };
        let own = Command::ReviewOutput(review.clone());
        let outcome = self.district.act(self.actor(DEVELOPER)?, own, None).await;
        self.expect_refusal("提交人自行放行报告", "output.review", outcome)?;
        let done = self.district.review_output(self.actor("agency")?, review, None).await?;
        self.receipt(None, &serde_json::to_value(&done.receipt.receipt)?)?;
        step(done.receipt.index, "另一人审查并放行报告", done.act);
        let collected = self.district.collect_output(self.actor(DEVELOPER)?, id).await?;
        self.receipt(None, &serde_json::to_value(&collected.receipt.receipt.receipt)?)?;
        let text = String::from_utf8(collected.content)?;
        ensure!(text.contains("Bachelors"), "the report has no rows: {text}");
        step(collected.receipt.receipt.index, "领取报告", collected.receipt.act);
        Ok(())
    }
}
