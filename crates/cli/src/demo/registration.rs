//! The registrations of resources. What is in use was registered before the platform, and comes on record by its papers; one is
//! registered anew: applied for, accepted, reviewed, shown to the public; no code before that is over.

use anyhow::Result;
use gongshu_app::governance::Command;
use gongshu_app::governance::calendar::{Term, day_of};
use gongshu_app::governance::identifier::RegistrationId;
use gongshu_app::governance::registration::{
    AcceptRegistration, ApplyRegistration, AssignCode, EarlierRegistration, Material, Registrable, RegistrationType,
    ReviewRegistration,
};
use jiff::ToSpan;

use super::steps::Story;

const AGENCY: &str = "agency";
/// The paper that goes with the application.
const SOURCE_NAME: &str = "来源合法性说明.txt";
const SOURCE: &str = "本资源由本单位依法定职责在履职中采集，来源合法，权属清楚（示范）。\n";

impl Story {
    /// Puts on record that a table was registered a year before the platform: its holder says so, the registrar reviews it.
    pub(super) async fn take_over(&mut self, table: &str, owner: &str, number: usize) -> Result<()> {
        let code = format!("440309-R-{number:06}");
        let today = day_of(self.district.now());
        let from = today.saturating_sub(1.year());
        let valid = Term {
            from,
            until: from.saturating_add(3.years()).saturating_sub(1.day()),
        };
        let publicity = Term {
            from: from.saturating_sub(15.days()),
            until: from.saturating_sub(1.day()),
        };
        let certificate = format!(
            "公共数据资源登记证书（示范） {code} {table} {} 至 {}\n",
            valid.from, valid.until
        );
        let notice = format!("登记公示（示范） {table} {} 至 {}\n", publicity.from, publicity.until);
        let earlier = EarlierRegistration {
            registrar: "市公共数据资源登记机构（示范）".to_owned(),
            code,
            valid,
            registered_sha256: self.paper(owner, "登记证书.txt", certificate).await?,
            publicity,
            publicized_sha256: self.paper(owner, "登记公示.txt", notice).await?,
        };
        let registration = self.apply_registration(table, owner, Some(earlier)).await?;
        self.review_registration(registration, "审核登记证书和公示文件，补录登记", "")
            .await
    }

    /// Keeps a paper of a party, and gives its hash.
    async fn paper(&mut self, owner: &str, name: &str, text: String) -> Result<String> {
        let content = std::io::Cursor::new(text.into_bytes());
        let kept = self.district.put_file(self.actor(owner)?, name.to_owned(), content);
        Ok(kept.await?.file.sha256)
    }

    async fn apply_registration(
        &mut self,
        table: &str,
        owner: &str,
        earlier: Option<EarlierRegistration>,
    ) -> Result<RegistrationId> {
        let registration = RegistrationId::new(self.district.new_id(RegistrationId::PREFIX));
        let what = if earlier.is_some() {
            "申请补录资源登记"
        } else {
            "申请资源登记"
        };
        let apply = Command::ApplyRegistration(Box::new(ApplyRegistration {
            id: registration.clone(),
            thing: Registrable::Resource {
                resource: self.resource_of(table)?,
            },
            registration_type: RegistrationType::First,
            reason: "纳入授权运营".to_owned(),
            materials: vec![Material {
                name: "来源合法性说明".to_owned(),
                document_sha256: self.paper(owner, SOURCE_NAME, SOURCE.to_owned()).await?,
            }],
            earlier,
        }));
        self.act(owner, what, apply).await?;
        Ok(registration)
    }

    async fn review_registration(&mut self, registration: RegistrationId, what: &str, notice: &str) -> Result<()> {
        let accept = Command::AcceptRegistration(AcceptRegistration {
            registration: registration.clone(),
            passed: true,
            reason: String::new(),
        });
        self.act(AGENCY, "受理登记", accept).await?;
        let review = Command::ReviewRegistration(ReviewRegistration {
            registration,
            passed: true,
            reason: String::new(),
            notice: notice.to_owned(),
        });
        self.act(AGENCY, what, review).await?;
        Ok(())
    }

    /// Brings the first registration of a table as far as a day can.
    pub(super) async fn register(&mut self, table: &str, owner: &str) -> Result<()> {
        let registration = self.apply_registration(table, owner, None).await?;
        self.review_registration(registration.clone(), "形式审核通过，开始公示", "区政府门户网站")
            .await?;
        let assign = Command::AssignCode(AssignCode {
            registration,
            code: "440309-R-000099".to_owned(),
        });
        let outcome = self.district.act(self.actor(AGENCY)?, assign, None).await;
        self.expect_refusal("公示期内赋码", "registration.steps", outcome)
    }
}
