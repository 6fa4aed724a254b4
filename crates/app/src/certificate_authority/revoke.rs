//! Revocation, and the list that tells of it.

use std::collections::HashMap;

use gongshu_certificate::{Authority, Reason, Revoked, Standing, StatusFailure, StatusRequest, Term};
use gongshu_governance::identifier::CredentialId;
use gongshu_governance::party::RevokeCredential;
use gongshu_governance::power::Act;
use gongshu_governance::{Actor, Command};
use gongshu_store::CertificateRecord;
use jiff::Timestamp;

use super::seconds;
use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;

/// How long a list is good for; a newer one is made whenever one is asked for.
const LIST_DAYS: u64 = 1;
/// How long an answer about single certificates is good for.
const STATUS_SECONDS: u64 = 3_600;

impl District {
    /// Revokes a certificate: its credential ends on record, and the list names it. A party revokes its own; the
    /// operator and supervisors, any.
    ///
    /// # Errors
    /// When the actor may not, or it is no longer good.
    pub async fn revoke_certificate(&self, actor: Actor, serial: &str, reason: Reason) -> Result<ActReceipt, AppError> {
        let any = self.may_revoke_any(&actor);
        let record = self.good_certificate(serial).await?;
        let record = record.filter(|record| any || record.party == actor.party.as_str());
        let record = record.ok_or_else(|| self.no_good_certificate(serial))?;
        let credential = CredentialId::new(&record.credential);
        let command = Command::RevokeCredential(RevokeCredential { credential });
        let act = self.act(actor, command, None).await?;
        self.0.store.revoke_certificate(serial, self.now(), reason.id()).await?;
        Ok(act)
    }

    /// The certificates that are revoked, as a list in DER that is signed now (RFC 5280, section 5).
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn revocation_list(&self) -> Result<Vec<u8>, AppError> {
        self.note_ended().await?;
        let revoked = self.0.store.certificates().await?;
        let revoked = revoked.iter().filter_map(revoked_of).collect::<Result<Vec<_>, _>>()?;
        self.listed(&self.certifier().issuing, &revoked)
    }

    /// The issuing authorities that the root has revoked, as a list in DER that is signed now. There is one authority, and it
    /// stands; whoever checks a whole chain asks for the list all the same.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn root_revocation_list(&self) -> Result<Vec<u8>, AppError> {
        self.listed(&self.certifier().root, &[])
    }

    fn listed(&self, authority: &Authority, revoked: &[Revoked]) -> Result<Vec<u8>, AppError> {
        let now = self.now();
        // Numbers must grow (section 5.2.3); microseconds do, as far as the clock does.
        let number = u64::try_from(now.as_microsecond()).map_err(AppError::internal)?;
        Ok(authority.revocation_list(revoked, number, Term::days(seconds(now)?, LIST_DAYS))?)
    }

    /// Answers a request about single certificates (OCSP, RFC 6960); what is no request gets a response that says so.
    ///
    /// # Errors
    /// When the response cannot be written.
    pub async fn certificate_status(&self, request: &[u8]) -> Result<Vec<u8>, AppError> {
        let Ok(request) = StatusRequest::parse(request) else {
            return Ok(StatusFailure::Malformed.response()?);
        };
        let Ok(stand) = self.standings(&request).await else {
            return Ok(StatusFailure::TryLater.response()?);
        };
        let from = seconds(self.now())?;
        let term = Term {
            from,
            until: from.saturating_add(STATUS_SECONDS),
        };
        let standing = |serial: &str| stand.get(serial).copied().unwrap_or(Standing::Unknown);
        Ok(self.certifier().issuing.answer_status(&request, standing, term)?)
    }

    /// How the certificates that are asked of stand, and no others: anybody may ask.
    async fn standings(&self, request: &StatusRequest) -> Result<HashMap<String, Standing>, AppError> {
        let (mut records, now) = (Vec::new(), self.now());
        for serial in request.serials() {
            records.extend(self.0.store.certificate(&serial).await?);
        }
        self.catch_up().await?;
        let mut stand = HashMap::new();
        for record in records {
            let record = self.noted(record, now).await?;
            let standing = match revoked_of(&record).transpose()? {
                Some(Revoked { at, reason, .. }) => Standing::Revoked { at, reason },
                None => Standing::Good,
            };
            stand.insert(record.serial, standing);
        }
        Ok(stand)
    }

    /// Whether the actor's party may revoke the certificates of others.
    pub(super) fn may_revoke_any(&self, actor: &Actor) -> bool {
        let snapshot = self.snapshot();
        let party = snapshot.state.parties.get(&actor.party);
        party.is_some_and(|party| self.powers().allows(&party.id, party.role, Act::RevokeCredential, None))
    }

    /// The certificate of this number, where it is not revoked.
    pub(super) async fn good_certificate(&self, serial: &str) -> Result<Option<CertificateRecord>, AppError> {
        let found = self.0.store.certificate(serial).await?;
        // What another server has put on record comes before its row.
        self.catch_up().await?;
        Ok(found.filter(|record| record.revoked.is_none() && self.is_live(record)))
    }

    pub(super) fn no_good_certificate(&self, serial: &str) -> AppError {
        let what = gongshu_governance::Text::new("有效证书", "certificate in force");
        self.rules().unknown(&what, serial).into()
    }

    /// What has ended a credential on record otherwise has ended its certificate: it is noted as revoked.
    pub(super) async fn note_ended(&self) -> Result<(), AppError> {
        let (records, now) = (self.0.store.certificates().await?, self.now());
        // A row is written after its credential is on record, so whoever sees the row can know the credential.
        self.catch_up().await?;
        for record in records {
            self.noted(record, now).await?;
        }
        Ok(())
    }

    /// The certificate, noted as revoked where its credential has ended.
    async fn noted(&self, record: CertificateRecord, now: Timestamp) -> Result<CertificateRecord, AppError> {
        if record.revoked.is_some() || self.is_live(&record) {
            return Ok(record);
        }
        let reason = Reason::PrivilegeWithdrawn.id();
        self.0.store.revoke_certificate(&record.serial, now, reason).await?;
        Ok(CertificateRecord {
            revoked: Some((now, reason.to_owned())),
            ..record
        })
    }

    fn is_live(&self, record: &CertificateRecord) -> bool {
        let credential = CredentialId::new(&record.credential);
        self.snapshot().state.credentials.contains_key(&credential)
    }
}

fn revoked_of(record: &CertificateRecord) -> Option<Result<Revoked, AppError>> {
    let (at, reason) = record.revoked.as_ref()?;
    let revoked = |at| Revoked {
        serial: record.serial.clone(),
        at,
        reason: Reason::from_id(reason).unwrap_or(Reason::PrivilegeWithdrawn),
    };
    Some(seconds(*at).map(revoked))
}
