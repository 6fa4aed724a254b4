//! Agency and operator sign the agreement: each with a key and a certificate of its own, as a party does at home.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use gongshu_app::AppError;
use gongshu_app::certificate::{Algorithm, Kind, NewKey, Signer};
use gongshu_app::governance::Command;
use gongshu_app::governance::agreement::SignAgreement;
use gongshu_app::governance::identifier::AgreementId;
use gongshu_app::ledger::Suite;

use super::steps::{Story, step};
use crate::site::{say, write_secret};

impl Story {
    /// Both sides sign the text; where this machine cannot typeset it, the operator's act signs.
    pub(super) async fn sign_agreement(&mut self, id: &AgreementId) -> Result<()> {
        match self.district.agreement_document(id).await {
            Ok(document) => {
                for (login, what) in [
                    ("agency", "实施机构对协议文本电子签名"),
                    ("operator", "运营机构对同一文本电子签名，协议生效"),
                ] {
                    self.sign_document(login, what, id, &document).await?;
                }
                fs::write(self.signing().join("agreement.pdf"), document)?;
                Ok(())
            }
            Err(AppError::Fonts(text)) => {
                say(&format!("协议文本未排版，以操作签署：{}", text.zh));
                let act = SignAgreement {
                    agreement: id.clone(),
                    document: None,
                };
                self.act("operator", "运营机构签署协议", Command::SignAgreement(act))
                    .await?;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Where the parties' keys are; each would have its own at home.
    fn signing(&self) -> PathBuf {
        self.data.join("signing")
    }

    async fn sign_document(&mut self, login: &str, what: &str, id: &AgreementId, document: &[u8]) -> Result<()> {
        let signer = self.signer(login).await?;
        let now = u64::try_from(self.district.now().as_second())?;
        let signature = signer.sign(document, now)?.to_der()?;
        let signed = self.district.sign_agreement(self.actor(login)?, id, &signature).await?;
        self.receipt(None, &serde_json::to_value(&signed.act.receipt.receipt)?)?;
        step(signed.act.receipt.index, what, signed.act.act);
        Ok(())
    }

    /// A new key of a party with its certificate.
    async fn signer(&mut self, login: &str) -> Result<Signer> {
        let algorithm = match self.district.suite() {
            Suite::International => Algorithm::EcdsaP256,
            Suite::ShangMi => Algorithm::Sm2,
        };
        let actor = self.actor(login)?;
        let key = NewKey::new(algorithm, &rand::random())?;
        let code = self.district.invite(&actor, Kind::Organization, login).await?;
        let enrolled = self.district.enrol(&code.code, key.request_pem()?.as_bytes()).await?;
        self.receipt(None, &serde_json::to_value(&enrolled.act.receipt.receipt)?)?;
        step(
            enrolled.act.receipt.index,
            &format!("{login} 取得签名证书"),
            enrolled.act.act,
        );
        let (key, folder) = (key.to_pem()?, self.signing());
        fs::create_dir_all(&folder)?;
        write_secret(&folder.join(format!("{login}.key")), key.trim_end())?;
        fs::write(folder.join(format!("{login}.pem")), &enrolled.chain)?;
        Ok(Signer::from_pem(&key, &enrolled.chain)?)
    }
}
