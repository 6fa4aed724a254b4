//! What certificates a party has.

use gongshu_governance::Actor;
use gongshu_store::CertificateRecord;

use crate::district::District;
use crate::error::AppError;

/// A certificate and how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateStatus {
    /// It is good.
    Good,
    /// Its term has ended.
    Expired,
    /// It was revoked.
    Revoked,
}

impl CertificateStatus {
    /// Its stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl District {
    /// The certificates that the actor may know of, the newest first: those of its party; all, where it may revoke any.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn certificates_of(
        &self,
        actor: &Actor,
    ) -> Result<Vec<(CertificateRecord, CertificateStatus)>, AppError> {
        self.note_ended().await?;
        let all = self.0.store.certificates().await?.into_iter();
        let any = self.may_revoke_any(actor);
        let seen = all.filter(|record| any || record.party == actor.party.as_str());
        Ok(seen
            .map(|record| (self.status(&record), record))
            .map(|(status, record)| (record, status))
            .collect())
    }

    fn status(&self, record: &CertificateRecord) -> CertificateStatus {
        if record.revoked.is_some() {
            CertificateStatus::Revoked
        } else if record.expires_at < self.now() {
            CertificateStatus::Expired
        } else {
            CertificateStatus::Good
        }
    }
}
