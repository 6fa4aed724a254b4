//! The plan: drafted, reviewed by seven experts and the public, revised, decided, published.

use anyhow::Result;
use gongshu_app::governance::Command;
use gongshu_app::governance::identifier::PlanId;
use gongshu_app::governance::notice::NoticeEvidence;
use gongshu_app::governance::plan::{
    AnswerOpinion, ConcludeReview, DecidePlan, DraftPlan, FormPanel, OpenComment, PublishPlan, RecordOpinion,
    RevisePlan,
};
use sha2::{Digest, Sha256};

use super::sample::Plan;
use super::steps::{Story, step};

const AGENCY: &str = "agency";
/// Decides on what the other has filed.
const AGENCY_HEAD: &str = "agency-head";

impl Story {
    /// Brings the plan from its draft to its publication.
    pub(super) async fn plan(&mut self, sample: &Plan) -> Result<PlanId> {
        let id = PlanId::new(self.district.new_id(PlanId::PREFIX));
        let draft = Command::DraftPlan(Box::new(DraftPlan {
            id: id.clone(),
            title: sample.title.clone(),
            sections: sample.sections.clone(),
        }));
        self.act(AGENCY, "起草实施方案", draft).await?;
        let panel = Command::FormPanel(Box::new(FormPanel {
            plan: id.clone(),
            experts: sample.panel.experts.clone(),
            leader: sample.panel.leader.clone(),
        }));
        let what = format!("组成 {} 人专家组", sample.panel.experts.len());
        self.act(AGENCY, &what, panel).await?;
        let comment = Command::OpenComment(OpenComment {
            plan: id.clone(),
            term: sample.comment.term,
            notice: sample.comment.notice.clone(),
            evidence: Some(NoticeEvidence {
                document_sha256: hex::encode(Sha256::digest(&sample.comment.document)),
                published: sample.comment.term.from,
            }),
        });
        self.act(AGENCY, "公开征求意见（先行公示，附公示件补登记）", comment)
            .await?;
        self.opinions(&id, sample).await?;
        self.finish_plan(id.clone(), sample).await?;
        Ok(id)
    }

    /// Records the opinions, revises, and answers them one by one.
    async fn opinions(&mut self, plan: &PlanId, sample: &Plan) -> Result<()> {
        let mut last = 0;
        for (said, opinion) in sample.opinion.iter().zip(1..) {
            let record = Command::RecordOpinion(Box::new(RecordOpinion {
                plan: plan.clone(),
                opinion,
                expert: Some(said.expert.clone()),
                section: Some(said.section.clone()),
                text: said.text.clone(),
                received: None,
            }));
            last = self.act_unsaid(AGENCY, record).await?;
        }
        step(
            last,
            &format!("逐条登记专家意见 {} 条", sample.opinion.len()),
            "plan.opinion",
        );
        let conclusion = self.conclusion(plan, sample);
        let outcome = self.district.act(self.actor(AGENCY)?, conclusion, None).await;
        self.expect_refusal("意见未答复即作结论", "plan.answers", outcome)?;
        let revision = Command::RevisePlan(Box::new(RevisePlan {
            plan: plan.clone(),
            sections: sample.revision.sections.clone(),
            reason: sample.revision.reason.clone(),
        }));
        self.act(AGENCY, "修订实施方案", revision).await?;
        for (said, opinion) in sample.opinion.iter().zip(1..) {
            let answer = Command::AnswerOpinion(Box::new(AnswerOpinion {
                plan: plan.clone(),
                opinion,
                verdict: said.verdict,
                reason: said.reason.clone(),
                basis: said.basis.clone(),
            }));
            last = self.act_unsaid(AGENCY, answer).await?;
        }
        step(
            last,
            &format!("逐条答复专家意见 {} 条", sample.opinion.len()),
            "plan.answer",
        );
        Ok(())
    }

    fn conclusion(&self, plan: &PlanId, sample: &Plan) -> Command {
        Command::ConcludeReview(Box::new(ConcludeReview {
            plan: plan.clone(),
            in_favour: sample.conclusion.in_favour,
            against: sample.conclusion.against,
            conclusion: sample.conclusion.text.clone(),
        }))
    }

    async fn finish_plan(&mut self, plan: PlanId, sample: &Plan) -> Result<()> {
        let conclusion = self.conclusion(&plan, sample);
        self.act(AGENCY, "登记论证结论", conclusion).await?;
        let decision = Command::DecidePlan(Box::new(DecidePlan {
            plan: plan.clone(),
            meeting: sample.decision.meeting.clone(),
            minutes_sha256: hex::encode(Sha256::digest(&sample.decision.minutes)),
            adopted: true,
        }));
        let outcome = self.district.act(self.actor(AGENCY)?, decision.clone(), None).await;
        self.expect_refusal("起草人自行登记集体决策", "power.four-eyes", outcome)?;
        self.act(AGENCY_HEAD, "登记集体决策", decision).await?;
        let publication = Command::PublishPlan(PublishPlan {
            plan,
            document_number: sample.publication.document_number.clone(),
        });
        self.act(AGENCY, "公布实施方案", publication).await?;
        Ok(())
    }
}
