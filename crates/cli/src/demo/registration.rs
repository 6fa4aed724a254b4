//! The registration of a resource: applied for, accepted, reviewed, shown to the public; no code before that is over.

use anyhow::Result;
use gongshu_app::governance::Command;
use gongshu_app::governance::identifier::RegistrationId;
use gongshu_app::governance::registration::{
    AcceptRegistration, ApplyRegistration, AssignCode, Material, Registrable, RegistrationType, ReviewRegistration,
};

use super::steps::Story;

const AGENCY: &str = "agency";
/// The paper that goes with the application.
const SOURCE_NAME: &str = "来源合法性说明.txt";
const SOURCE: &str = "本资源由本单位依法定职责在履职中采集，来源合法，权属清楚（示范）。\n";

impl Story {
    /// Brings the registration of a table as far as a day can.
    pub(super) async fn register(&mut self, table: &str, owner: &str) -> Result<()> {
        let registration = RegistrationId::new(self.district.new_id(RegistrationId::PREFIX));
        let kept = self
            .district
            .put_file(self.actor(owner)?, SOURCE_NAME.to_owned(), SOURCE.as_bytes());
        let kept = kept.await?;
        let apply = Command::ApplyRegistration(Box::new(ApplyRegistration {
            id: registration.clone(),
            thing: Registrable::Resource {
                resource: self.resource_of(table)?,
            },
            registration_type: RegistrationType::First,
            reason: "纳入授权运营".to_owned(),
            materials: vec![Material {
                name: "来源合法性说明".to_owned(),
                document_sha256: kept.file.sha256,
            }],
        }));
        self.act(owner, "申请资源登记", apply).await?;
        let accept = Command::AcceptRegistration(AcceptRegistration {
            registration: registration.clone(),
            passed: true,
            reason: String::new(),
        });
        self.act(AGENCY, "受理登记", accept).await?;
        let review = Command::ReviewRegistration(ReviewRegistration {
            registration: registration.clone(),
            passed: true,
            reason: String::new(),
            notice: "区政府门户网站".to_owned(),
        });
        self.act(AGENCY, "形式审核通过，开始公示", review).await?;
        let assign = Command::AssignCode(AssignCode {
            registration,
            code: "440309-R-000001".to_owned(),
        });
        let outcome = self.district.act(self.actor(AGENCY)?, assign, None).await;
        self.expect_refusal("公示期内赋码", "registration.steps", outcome)
    }
}
