//! Enrolment: a code, used once, turns a signing request into a certificate; a certificate is renewed by its party.

use base64::Engine;
use gongshu_certificate::{Issued, Kind, SigningRequest, Subject, Term, fingerprint};
use gongshu_governance::identifier::{CredentialId, PartyId, PersonId};
use gongshu_governance::party::{Credential, IssueCredential};
use gongshu_governance::{Actor, Command};
use gongshu_store::{CertificateRecord, EnrolmentRecord};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::{FINGERPRINT, seconds};
use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;

/// How long a code may be used.
pub const ENROLMENT_HOURS: i64 = 24;
/// How long a certificate is valid.
const VALID_DAYS: u64 = 365;
/// What every code begins with, so that it is seen for what it is.
const CODE_PREFIX: &str = "gse_";
/// Longest name in a certificate (RFC 5280, appendix A: `ub-common-name`).
const NAME_CHARACTERS_MAX: usize = 64;

/// A code for enrolment; shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// The code.
    pub code: String,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// A new certificate.
pub struct Enrolled {
    /// Its serial number.
    pub serial: String,
    /// It and the issuing authority's, in PEM: what a machine shows.
    pub chain: String,
    /// Until when it is valid.
    pub expires_at: Timestamp,
    /// The act by which it is on record.
    pub act: ActReceipt,
}

impl District {
    /// A code by which a machine or a person of the actor's own party enrols once.
    ///
    /// # Errors
    /// When the name does not do.
    pub async fn invite(&self, actor: &Actor, kind: Kind, name: &str) -> Result<EnrolmentCode, AppError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX || name.chars().any(char::is_control) {
            return Err(self.input_error(
                (
                    "证书名称须为 1 至 64 个字符",
                    "a name in a certificate has 1 to 64 characters",
                ),
                ("请改用简短名称", "choose a short name"),
            ));
        }
        let secret: [u8; 32] = self.0.entropy.bytes();
        let code = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(secret);
        let code = format!("{CODE_PREFIX}{code}");
        let now = self.now();
        let expires_at = now
            .checked_add(SignedDuration::from_hours(ENROLMENT_HOURS))
            .map_err(AppError::internal)?;
        let enrolment = EnrolmentRecord {
            code_hash: hash_of(&code),
            party: actor.party.to_string(),
            kind: kind.id().to_owned(),
            name: name.to_owned(),
            person: actor.person.as_ref().map_or_else(String::new, ToString::to_string),
            expires_at,
        };
        self.0.store.put_enrolment(&enrolment, now).await?;
        Ok(EnrolmentCode { code, expires_at })
    }

    /// Turns a code and a signing request into a certificate, which goes on record as a credential of the party.
    ///
    /// # Errors
    /// When the request is not sound, which leaves the code as it is; when the code is unknown, used or too old.
    pub async fn enrol(&self, code: &str, request: &[u8]) -> Result<Enrolled, AppError> {
        let request = self.signing_request(request)?;
        let taken = self.0.store.take_enrolment(&hash_of(code.trim())).await?;
        let enrolment = taken.filter(|enrolment| enrolment.expires_at >= self.now());
        let enrolment = enrolment.ok_or_else(|| {
            self.input_error(
                (
                    "登记码不存在、已使用或已过期",
                    "the enrolment code is unknown, used or too old",
                ),
                ("请取新的登记码", "ask for a new code"),
            )
        })?;
        let actor = Actor {
            party: PartyId::new(&enrolment.party),
            person: (!enrolment.person.is_empty()).then(|| PersonId::new(&enrolment.person)),
        };
        let kind = Kind::from_id(&enrolment.kind)
            .ok_or_else(|| AppError::Internal(format!("`{}` is no kind of certificate", enrolment.kind)))?;
        self.certify(actor, kind, &enrolment.name, &request).await
    }

    /// A new certificate in the place of one that is still good; the old one is revoked as superseded.
    ///
    /// # Errors
    /// When the request is not sound, or the certificate is not the actor's or no longer good.
    pub async fn renew_certificate(&self, actor: Actor, serial: &str, request: &[u8]) -> Result<Enrolled, AppError> {
        let request = self.signing_request(request)?;
        let old = self.good_certificate(serial).await?;
        let old = old.filter(|record| record.party == actor.party.as_str());
        let old = old.ok_or_else(|| self.no_good_certificate(serial))?;
        let kind = Kind::from_id(&old.kind)
            .ok_or_else(|| AppError::Internal(format!("`{}` is no kind of certificate", old.kind)))?;
        let enrolled = self.certify(actor.clone(), kind, &old.name, &request).await?;
        let reason = gongshu_certificate::Reason::Superseded;
        self.revoke_certificate(actor, serial, reason).await?;
        Ok(enrolled)
    }

    fn signing_request(&self, request: &[u8]) -> Result<SigningRequest, AppError> {
        let parsed = SigningRequest::parse(request);
        let certifies = self.certifier().issuing.algorithm();
        let fitting = parsed.and_then(|request| request.of_algorithm(certifies));
        fitting.map_err(|error| {
            let message = error.to_string();
            self.input_error(
                (&format!("证书请求不可用：{message}"), &message),
                (
                    &format!("请用 {} 密钥生成 PKCS #10 请求", certifies.name()),
                    &format!("make a PKCS #10 request with a key for {}", certifies.name()),
                ),
            )
        })
    }

    async fn certify(
        &self,
        actor: Actor,
        kind: Kind,
        name: &str,
        request: &SigningRequest,
    ) -> Result<Enrolled, AppError> {
        let (certifier, now) = (self.certifier(), self.now());
        let party_name = self.party_name(&actor.party);
        let subject = Subject::new(kind, name, &party_name, actor.party.as_str());
        let term = Term::days(seconds(now)?, VALID_DAYS);
        let issued = certifier
            .issuing
            .issue(request, &subject, &self.0.entropy.bytes(), term)?;
        let credential = Credential {
            id: CredentialId::new(self.new_id(CredentialId::PREFIX)),
            party: actor.party.clone(),
            key_hash: format!("{FINGERPRINT}{}", issued.fingerprint()?),
            label: format!("{} {name} {}", kind.id(), issued.serial()),
        };
        let record = record(&issued, &actor, kind, name, credential.id.as_str(), now)?;
        let command = Command::IssueCredential(IssueCredential { credential });
        let act = self.act(actor, command, None).await?;
        self.0.store.put_certificate(&record).await?;
        Ok(Enrolled {
            serial: record.serial,
            chain: issued.to_pem()? + &certifier.issuing.certificate_pem()?,
            expires_at: record.expires_at,
            act,
        })
    }

    fn party_name(&self, party: &PartyId) -> String {
        let snapshot = self.snapshot();
        let party = snapshot.state.parties.get(party);
        party.map_or_else(String::new, |party| party.name.clone())
    }

    /// The party and person that a certificate identifies, which whoever shows it has proved to hold; nothing where it
    /// is unknown or revoked.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn actor_of_certificate(&self, der: &[u8]) -> Result<Option<Actor>, AppError> {
        let key_hash = format!("{FINGERPRINT}{}", fingerprint(der));
        let known = || {
            let snapshot = self.snapshot();
            let found = snapshot.state.party_by_key(&key_hash);
            found.map(|(_, party)| party.id.clone())
        };
        let mut party = known();
        if party.is_none() {
            // Another server may have issued it a moment ago.
            self.catch_up().await?;
            party = known();
        }
        let Some(party) = party else { return Ok(None) };
        let serial = Issued::from_der(der)?.serial();
        let record = self.0.store.certificate(&serial).await?;
        let person = record.filter(|record| record.kind == Kind::Person.id());
        let person = person.map(|record| PersonId::new(&record.person));
        Ok(Some(Actor { party, person }))
    }
}

fn record(
    issued: &Issued,
    actor: &Actor,
    kind: Kind,
    name: &str,
    credential: &str,
    now: Timestamp,
) -> Result<CertificateRecord, AppError> {
    let until = i64::try_from(issued.term().until).map_err(AppError::internal)?;
    Ok(CertificateRecord {
        serial: issued.serial(),
        party: actor.party.to_string(),
        kind: kind.id().to_owned(),
        name: name.to_owned(),
        person: actor.person.as_ref().map_or_else(String::new, ToString::to_string),
        credential: credential.to_owned(),
        der: issued.to_der()?,
        issued_at: now,
        expires_at: Timestamp::from_second(until).map_err(AppError::internal)?,
        revoked: None,
    })
}

fn hash_of(code: &str) -> String {
    hex::encode(Sha256::digest(code.as_bytes()))
}
