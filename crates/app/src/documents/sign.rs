//! A party signs an agreement: the signature was made outside, with a key that the platform does not have. Here it is
//! verified, time-stamped, kept, and put on record by its hash.

use gongshu_certificate::{DocumentSignature, Kind, SignatureError, SignedBy, Trust};
use gongshu_governance::agreement::{AcceptAmendment, SealAgreement, SignAgreement, SignedDocument};
use gongshu_governance::identifier::AgreementId;
use gongshu_governance::{Actor, Command};
use gongshu_ledger::stamp::{StampRequest, check_stamp, reply_of, token_of};

use super::sha256;
use crate::act::ActReceipt;
use crate::certificate_authority::seconds;
use crate::district::District;
use crate::error::AppError;

/// How far a signer's clock may be ahead.
const AHEAD_SECONDS_MAX: u64 = 300;

/// A signature that is on record.
#[derive(Debug, Clone)]
pub struct DocumentSigned {
    /// SHA-256 of the document.
    pub document_sha256: String,
    /// SHA-256 of the signature as it is kept, with its time-stamp.
    pub signature_sha256: String,
    /// The act.
    pub act: ActReceipt,
}

impl District {
    /// Puts a party's signature on the text of an agreement on record.
    ///
    /// # Errors
    /// Refuses a signature that does not hold over the document, or is not by a certificate in force of the actor's own
    /// party; and as the agreement's rules say.
    pub async fn sign_agreement(
        &self,
        actor: Actor,
        id: &AgreementId,
        signature: &[u8],
    ) -> Result<DocumentSigned, AppError> {
        let document = self.agreement_document(id).await?;
        let snapshot = self.snapshot();
        let agreement = snapshot.state.agreements.get(id);
        let agreement = agreement.ok_or_else(|| self.unknown_agreement(id))?;
        let own = (agreement.agency == actor.party, id.clone());
        let command = |signed: SignedDocument| match own {
            (true, agreement) => Command::SealAgreement(SealAgreement {
                agreement,
                document: signed,
            }),
            (false, agreement) => Command::SignAgreement(SignAgreement {
                agreement,
                document: Some(signed),
            }),
        };
        let terms = agreement.terms.sha256();
        self.sign_text(actor, signature, &document, terms, command).await
    }

    /// Puts a party's signature on the text that an amendment will make on record: first that of the side that
    /// proposed it, then the other's, which accepts it.
    ///
    /// # Errors
    /// As [`Self::sign_agreement`], and where no amendment waits.
    pub async fn sign_amendment(
        &self,
        actor: Actor,
        id: &AgreementId,
        signature: &[u8],
    ) -> Result<DocumentSigned, AppError> {
        let document = self.amendment_document(id).await?;
        let snapshot = self.snapshot();
        let agreement = snapshot.state.agreements.get(id);
        let agreement = agreement.ok_or_else(|| self.unknown_agreement(id))?;
        let Some(waiting) = agreement.waiting() else {
            return Err(self.no_amendment(id));
        };
        let own = agreement.proposed.as_ref().is_some_and(|offer| offer.by == actor.party);
        let agency = agreement.agency == actor.party;
        let agreement = id.clone();
        let command = |document: SignedDocument| match (own, agency) {
            (true, true) => Command::SealAgreement(SealAgreement { agreement, document }),
            (true, false) => Command::SignAgreement(SignAgreement {
                agreement,
                document: Some(document),
            }),
            (false, _) => Command::AcceptAmendment(AcceptAmendment {
                agreement,
                terms_sha256: document.terms_sha256.clone(),
                document: Some(document),
            }),
        };
        self.sign_text(actor, signature, &document, waiting.sha256(), command)
            .await
    }

    /// Verifies a signature over a document, keeps both, and acts.
    async fn sign_text(
        &self,
        actor: Actor,
        signature: &[u8],
        document: &[u8],
        terms_sha256: String,
        command: impl FnOnce(SignedDocument) -> Command,
    ) -> Result<DocumentSigned, AppError> {
        let parsed = DocumentSignature::parse(signature).map_err(|error| self.not_signed(&error))?;
        let by = parsed.verify(document).map_err(|error| self.not_signed(&error))?;
        self.check_signer(&actor, &by).await?;
        let stamped = self.stamped(&parsed)?.to_der().map_err(AppError::internal)?;
        let signed = SignedDocument {
            terms_sha256,
            document_sha256: sha256(document),
            signature_sha256: sha256(&stamped),
            certificate_sha256: by.fingerprint().map_err(AppError::internal)?,
        };
        let command = command(signed.clone());
        // The bytes come first: what is on record can be shown. Bytes of an act that is refused are in nobody's way.
        let kept = [
            (signed.document_sha256.as_str(), document),
            (signed.signature_sha256.as_str(), stamped.as_slice()),
        ];
        self.refuse_before_keeping(&actor, &command)?;
        self.0.store.put_documents(&kept).await?;
        let act = self.act(actor, command, None).await?;
        Ok(DocumentSigned {
            document_sha256: signed.document_sha256,
            signature_sha256: signed.signature_sha256,
            act,
        })
    }

    /// What the sequencer will decide again: nobody fills the store with signatures that lead to nothing.
    fn refuse_before_keeping(&self, actor: &Actor, command: &Command) -> Result<(), AppError> {
        gongshu_governance::decide(&self.snapshot().state, command, &self.context(actor))?;
        Ok(())
    }

    /// The certificate is the platform's, in force when it signed and now, of the actor's party, and for documents.
    async fn check_signer(&self, actor: &Actor, by: &SignedBy) -> Result<(), AppError> {
        let now = seconds(self.now())?;
        let [root, _] = self.authority_certificates()?;
        let trust = Trust::from_pem(&root).map_err(AppError::internal)?;
        if by.seconds > now + AHEAD_SECONDS_MAX {
            return Err(self.input_error(
                ("签名时间晚于现在", "the signature says that it was made later than now"),
                (
                    "请校准签名设备的时钟后重新签名",
                    "set the clock of the signing machine right, and sign again",
                ),
            ));
        }
        let at = [by.seconds.min(now), now];
        let chain = at.into_iter().try_for_each(|at| by.check_chain(&trust, at));
        chain.map_err(|error| self.not_signed(&error))?;
        let der = by.certificate_der().map_err(AppError::internal)?;
        let holder = self.actor_of_certificate(&der).await?;
        let serial = gongshu_certificate::Issued::from_der(&der)?.serial();
        let record = self.0.store.certificate(&serial).await?;
        let own = holder.is_some_and(|holder| holder.party == actor.party);
        let for_documents = record.is_some_and(|record| record.kind != Kind::Service.id());
        if own && for_documents {
            return Ok(());
        }
        Err(self.input_error(
            (
                "签名证书不是本单位的有效签名证书（已吊销、属于其他单位或仅供接口调用）",
                "the certificate is no signing certificate in force of this party: it was revoked, is another's, or is for calls only",
            ),
            (
                "请用 gongshu ca code organization 和 gongshu ca enrol 取得本单位证书后签名",
                "get a certificate of the party with gongshu ca code organization and gongshu ca enrol, and sign with that",
            ),
        ))
    }

    /// The signature with a time-stamp: its own, where that holds, or one by the built-in authority.
    fn stamped(&self, signature: &DocumentSignature) -> Result<DocumentSignature, AppError> {
        let value = signature.value().map_err(AppError::internal)?;
        let own = signature.time_stamp().ok().flatten();
        let holds = own.is_some_and(|token| reply_of(&token).is_ok_and(|reply| check_stamp(value, &reply).is_ok()));
        if holds {
            return Ok(signature.clone());
        }
        let nonce = u64::from_be_bytes(self.0.entropy.bytes());
        let request = StampRequest::new(value, nonce).map_err(AppError::internal)?;
        let reply = self.answer_stamp_request(&request.to_bytes().map_err(AppError::internal)?)?;
        // A district without an authority keeps signatures as they came.
        let Some(reply) = reply else {
            return Ok(signature.clone());
        };
        request.read(&reply).map_err(AppError::internal)?;
        let token = token_of(&reply).map_err(AppError::internal)?;
        signature.with_time_stamp(&token).map_err(AppError::internal)
    }

    fn not_signed(&self, error: &SignatureError) -> AppError {
        let zh = match error {
            SignatureError::Structure(_) => "不是单个签名人的分离式 CMS 签名（DER 或 PEM）",
            SignatureError::Key | SignatureError::Signature => "签名值与证书不符，签名无效或被改动",
            SignatureError::Document => "签名所针对的不是这份文件：文件有改动，或签的是另一份",
            SignatureError::Certificate => "签名未附证书，或未以 signing-certificate-v2 属性指明证书",
            SignatureError::Algorithm => "签名算法不是 ECDSA P-256/SHA-256 或 SM2/SM3",
            SignatureError::Untrusted => "签名证书不是本平台签发，或签名时不在有效期内",
        };
        self.input_error(
            (zh, &error.to_string()),
            (
                "请重新下载文件，用 gongshu document sign 或 openssl cms -sign -cades -binary 签名后提交",
                "download the document again, sign it with gongshu document sign or openssl cms -sign -cades -binary, and submit that",
            ),
        )
    }
}
