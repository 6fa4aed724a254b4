//! A disclosure: made from the record about the year before, reviewed by the agency, published.

use anyhow::Result;
use gongshu_app::governance::Command;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::disclosure::{PrepareDisclosure, PublishDisclosure, ReviewDisclosure};
use gongshu_app::governance::identifier::DisclosureId;

use super::steps::Story;

const PARTY: &str = "operator";

impl Story {
    /// The operator discloses the year before; nobody reviews its own.
    pub(super) async fn disclose(&mut self) -> Result<()> {
        let id = DisclosureId::new(self.district.new_id(DisclosureId::PREFIX));
        let year = day_of(self.district.now()).year();
        let prepare = |year| {
            Command::PrepareDisclosure(Box::new(PrepareDisclosure {
                id: id.clone(),
                year,
                about: "受托运营龙华区公共数据资源的国有控股企业（示范）；上一年度尚未开展授权运营。".to_owned(),
                corrects: None,
                reason: String::new(),
            }))
        };
        let outcome = self.district.act(self.actor(PARTY)?, prepare(year), None).await;
        self.expect_refusal("披露尚未结束的年度", "disclosure.yearly", outcome)?;
        self.act(PARTY, "由运行记录生成上一年度信息披露", prepare(year - 1))
            .await?;
        let publish = || {
            Command::PublishDisclosure(PublishDisclosure {
                disclosure: id.clone(),
                place: "运营机构门户网站".to_owned(),
            })
        };
        let outcome = self.district.act(self.actor(PARTY)?, publish(), None).await;
        self.expect_refusal("未经审核公布披露", "disclosure.review", outcome)?;
        let review = ReviewDisclosure {
            disclosure: id.clone(),
            passed: true,
            report: "与运行记录一致".to_owned(),
        };
        self.act("agency", "实施机构审核披露", Command::ReviewDisclosure(review))
            .await?;
        self.act(PARTY, "公布信息披露", publish()).await?;
        Ok(())
    }
}
