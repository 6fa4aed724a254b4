//! The operator is selected by negotiation, and the risks of its scenarios are assessed.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use gongshu_app::governance::Command;
use gongshu_app::governance::calendar::{Term, day_of};
use gongshu_app::governance::identifier::{PlanId, ScenarioId, SelectionId};
use gongshu_app::governance::notice::NoticeEvidence;
use gongshu_app::governance::scenario::{AssessRisk, RiskFinding};
use gongshu_app::governance::selection::*;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::steps::Story;

const AGENCY: &str = "agency";
/// Decides on what the other has filed.
const AGENCY_HEAD: &str = "agency-head";
const NOTICE: &str = "区政府门户网站遴选公告专栏";

/// The operator is selected in one day: what was shown to the public before is put on record with what shows it.
fn shown(notice: &str, published: Date) -> NoticeEvidence {
    NoticeEvidence {
        document_sha256: hex::encode(Sha256::digest(notice)),
        published,
    }
}

/// What is selected for.
pub(super) struct Contest {
    pub(super) title: String,
    pub(super) mode: Mode,
    /// Number of the document by which the result is told.
    pub(super) result: String,
}

impl Contest {
    /// The operator of all of the district's data.
    pub(super) fn overall() -> Self {
        Self {
            title: "公共数据资源授权运营机构遴选（示范）".to_owned(),
            mode: Mode::Overall,
            result: "深龙华数公〔2026〕示范1号".to_owned(),
        }
    }
}

impl Story {
    /// Announces, takes the operator's application, has it scored and publicized, and confirms it.
    pub(super) async fn select(&mut self, plan: PlanId, operator: &str, contest: &Contest) -> Result<SelectionId> {
        let id = SelectionId::new(self.district.new_id(SelectionId::PREFIX));
        let mut announcement = self.announcement(id.clone(), plan, contest);
        let asks = std::mem::replace(&mut announcement.criteria[0].asks, "国有资本控股的优先".to_owned());
        let unfair = Command::AnnounceSelection(Box::new(announcement.clone()));
        let outcome = self.district.act(self.actor(AGENCY)?, unfair, None).await;
        self.expect_refusal("以股权限定的遴选条件", "selection.fair", outcome)?;
        announcement.criteria[0].asks = asks;
        let announced = Command::AnnounceSelection(Box::new(announcement.clone()));
        self.act(AGENCY, "公告遴选运营机构（附公告件补登记）", announced)
            .await?;
        self.apply(&announcement, operator).await?;
        self.score(&announcement, operator).await?;
        self.confirm(&id, operator, contest).await?;
        Ok(id)
    }

    fn announcement(&self, id: SelectionId, plan: PlanId, contest: &Contest) -> AnnounceSelection {
        let today = day_of(self.district.now());
        let criterion = |name: &str, asks: &str, points| Criterion {
            name: name.to_owned(),
            asks: asks.to_owned(),
            points,
        };
        let conditions = self.district.rules().parameters().hard_conditions.clone();
        let day = |days: i64| today.saturating_add(jiff::Span::new().days(days));
        AnnounceSelection {
            id,
            plan,
            title: contest.title.clone(),
            method: Method::Negotiation,
            mode: contest.mode,
            conditions: conditions
                .into_iter()
                .map(|name| (name, "逐项以证明文件为准".to_owned()))
                .collect(),
            criteria: vec![
                criterion("技术能力", "安全域建设、受控计算与存证方案", 50),
                criterion("服务能力", "服务团队与响应时限", 30),
                criterion("收益方案", "成本测算与价格方案", 20),
            ],
            term: Term {
                from: day(-30),
                until: day(1),
            },
            invited: std::collections::BTreeSet::new(),
            notice: NOTICE.to_owned(),
            evidence: Some(shown("遴选公告（示范）", day(-30))),
        }
    }

    async fn apply(&mut self, announced: &AnnounceSelection, operator: &str) -> Result<()> {
        let evidence = announced.conditions.keys().map(|name| {
            let file = format!("{name}证明（示范）");
            (name.clone(), hex::encode(Sha256::digest(file)))
        });
        let application = Command::ApplySelection(Box::new(ApplySelection {
            selection: announced.id.clone(),
            legal_person: true,
            protection_level: 3,
            last_blemish: None,
            evidence: evidence.collect(),
        }));
        self.act(operator, "报名遴选，逐项附证明文件", application).await?;
        let report = Sha256::digest("公共信用信息报告（示范）");
        let check = RecordCheck {
            document_sha256: hex::encode(report),
            day: day_of(self.district.now()),
            last_blemish: None,
        };
        let qualified = Command::QualifyApplicant(QualifyApplicant {
            check: Some(check),
            selection: announced.id.clone(),
            applicant: self.actor(operator)?.party,
            qualified: true,
            reason: "逐项核对，符合资格条件".to_owned(),
        });
        self.act(AGENCY, "核查信用报告，资格审查通过", qualified).await?;
        Ok(())
    }

    async fn score(&mut self, announced: &AnnounceSelection, operator: &str) -> Result<()> {
        let member = |number: usize| format!("评审专家{number}");
        let members = (1..=5).map(|number| PanelMember {
            name: member(number),
            works_for: "某评审专家库".to_owned(),
            interests: BTreeSet::new(),
        });
        let panel = Command::SeatPanel(Box::new(SeatPanel {
            selection: announced.id.clone(),
            members: members.collect(),
            leader: member(1),
        }));
        self.act(AGENCY, "组成 5 人评审组", panel).await?;
        // Each member takes a tenth or so off, not all the same.
        let sheet = |number: usize| -> BTreeMap<String, u32> {
            let off = u32::try_from(number).unwrap_or(0);
            let criteria = announced.criteria.iter();
            criteria
                .map(|it| (it.name.clone(), it.points - it.points / 10 - off % 3))
                .collect()
        };
        let scores = Command::ScoreApplicant(Box::new(ScoreApplicant {
            selection: announced.id.clone(),
            applicant: self.actor(operator)?.party,
            scores: (1..=5).map(|number| (member(number), sheet(number))).collect(),
        }));
        self.act(AGENCY, "登记评分表", scores).await?;
        Ok(())
    }

    async fn confirm(&mut self, selection: &SelectionId, operator: &str, contest: &Contest) -> Result<()> {
        let today = day_of(self.district.now());
        let day = |days: i64| today.saturating_add(jiff::Span::new().days(days));
        let publicity = Command::PublicizeCandidate(PublicizeCandidate {
            selection: selection.clone(),
            applicant: self.actor(operator)?.party,
            term: Term {
                from: day(-5),
                until: day(-1),
            },
            notice: NOTICE.to_owned(),
            evidence: Some(shown("候选人公示（示范）", day(-5))),
        });
        self.act(AGENCY, "公示候选人（附公示件补登记）", publicity).await?;
        let result = Command::ConfirmSelection(ConfirmSelection {
            selection: selection.clone(),
            document_number: contest.result.clone(),
        });
        self.act(AGENCY_HEAD, "确定运营机构", result).await?;
        Ok(())
    }

    /// The operator assesses the risks of a scenario before it is granted.
    pub(super) async fn assess_risk(&mut self, scenario: &ScenarioId) -> Result<()> {
        let finding = RiskFinding {
            likelihood: 2,
            impact: 4,
            measure: "安全域内受控查询，输出控制，实时监测与冻结".to_owned(),
        };
        let risks = self.district.rules().parameters().scenario_risks.clone();
        let assessed = Command::AssessRisk(Box::new(AssessRisk {
            scenario: scenario.clone(),
            risks: risks.into_iter().map(|name| (name, finding.clone())).collect(),
            document_sha256: hex::encode(Sha256::digest("场景风险评估报告（示范）")),
        }));
        self.act("operator", "评估场景风险", assessed).await?;
        Ok(())
    }
}
