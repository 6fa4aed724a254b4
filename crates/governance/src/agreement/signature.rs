//! Signatures of the parties on the text of an agreement: the document is signed outside with the party's own key, and the
//! act commits to the terms, the document and the signature by their hashes.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::amend::open;
use super::offer::check_not_dropped;
use super::{Agreement, AgreementEvent, AgreementStatus, ProposeAgreement};
use crate::Context;
use crate::event::Event;
use crate::identifier::{AgreementId, PartyId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::selection::check_unused;
use crate::state::State;
use crate::text::Text;

/// What a party has signed, by SHA-256 in lower-case hex. Whoever puts it on record has verified the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignedDocument {
    /// Of the terms, in their canonical form (`docs/spec/documents.md`).
    pub terms_sha256: String,
    /// Of the document.
    pub document_sha256: String,
    /// Of the signature, a detached CMS.
    pub signature_sha256: String,
    /// Of the certificate of who signed: its fingerprint.
    pub certificate_sha256: String,
}

/// Signs the text of an agreement for the agency that proposed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SealAgreement {
    /// Which.
    pub agreement: AgreementId,
    /// What was signed.
    pub document: SignedDocument,
}

/// Signs a proposed agreement for the operator, or the text of one that was amended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignAgreement {
    /// Which.
    pub agreement: AgreementId,
    /// What was signed; the act alone signs where it is left out and the rules do not ask for more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<SignedDocument>,
}

/// A signature on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementSignature {
    /// By whom.
    pub party: PartyId,
    /// Since when it is on record.
    pub at: Timestamp,
    /// The number of the text: 1 as proposed, one more with each amendment. Terms that return to what they were are a
    /// text of their own, which nobody has signed yet. 0 where the amendment that was signed came to nothing.
    #[serde(default)]
    pub text: usize,
    /// What was signed.
    pub document: SignedDocument,
}

impl ProposeAgreement {
    /// The SHA-256 of the terms, in lower-case hex: of their JSON by RFC 8785, without members that say nothing, so that it
    /// stays the same when terms learn to say more.
    #[must_use]
    pub fn sha256(&self) -> String {
        let mut text = String::new();
        let value = serde_json::to_value(self).unwrap_or_default();
        canonical(&value, &mut text);
        hex::encode(Sha256::digest(text))
    }
}

impl Agreement {
    /// The number of the text in force: 1 as proposed, one more with each amendment.
    #[must_use]
    pub fn text(&self) -> usize {
        self.amendments.len() + 1
    }

    /// The signatures on the text as it stands now.
    pub fn signatures_in_force(&self) -> impl Iterator<Item = &AgreementSignature> {
        self.signatures_on(self.text(), self.terms.sha256())
    }

    /// The signatures on the text as it will stand once the amendment that waits is accepted.
    pub fn signatures_waiting(&self) -> impl Iterator<Item = &AgreementSignature> {
        let waiting = self.waiting().map(|terms| terms.sha256());
        self.signatures_on(self.text() + 1, waiting.unwrap_or_default())
    }

    fn signatures_on(&self, text: usize, terms: String) -> impl Iterator<Item = &AgreementSignature> {
        let of_these = move |it: &&AgreementSignature| it.text == text && it.document.terms_sha256 == terms;
        self.signatures.iter().filter(of_these)
    }
}

/// Decides the agency's signature, on the text in force or on the one that its own amendment will make.
///
/// # Errors
/// Refuses one on other terms than these, a second one on the same, and one after the end; and one on the operator's
/// amendment, which is signed by accepting it.
pub fn decide_seal(state: &State, command: &SealAgreement, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    check_not_dropped(agreement, context)?;
    if !signs_own_amendment(agreement, &command.document, context)? {
        check_in_force(agreement, &command.document, context)?;
    }
    Ok(vec![Event::Agreement(AgreementEvent::Sealed(command.clone()))])
}

/// A signature on the text that an amendment will make, by the side that proposed it: the other signs by accepting.
fn signs_own_amendment(
    agreement: &Agreement,
    document: &SignedDocument,
    context: &Context<'_>,
) -> Result<bool, Refusal> {
    let terms = &document.terms_sha256;
    if agreement.waiting().map(|terms| terms.sha256()).as_ref() != Some(terms) {
        return Ok(false);
    }
    if open(agreement, context)?.by != context.actor.party {
        refused(
            context,
            (
                "这是对方提出的变更，签名须随签署变更一并提交",
                "the other side proposed this amendment: a signature on it accepts it",
            ),
            ("请以同一签名签署变更", "accept the amendment with this signature"),
        )?;
    }
    let signed: Vec<_> = agreement.signatures_waiting().collect();
    check_document(agreement, document, terms, &signed, context)?;
    Ok(true)
}

/// Decides the operator's signature, on the text in force or on the one that its own amendment will make.
///
/// # Errors
/// Refuses an agreement that is unknown or already signed, one of two that rest on the same selection, an act without a document where the rules ask for one, and a
/// document that is not the one that the agency has signed.
pub fn decide_sign(state: &State, command: &SignAgreement, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    check_not_dropped(agreement, context)?;
    let signed = agreement.status != AgreementStatus::Proposed;
    if !signed {
        let terms = &agreement.terms;
        check_unused(state, terms.selection.as_ref(), &terms.id, context)?;
    }
    let Some(document) = &command.document else {
        if signed {
            return Err(already(context));
        }
        check_not_demanded(context)?;
        return Ok(vec![event_of(command)]);
    };
    if signed && signs_own_amendment(agreement, document, context)? {
        return Ok(vec![Event::Agreement(AgreementEvent::TextSigned(command.clone()))]);
    }
    check_in_force(agreement, document, context)?;
    let on_text: Vec<_> = agreement.signatures_in_force().collect();
    check_same(&agreement.agency, document, &on_text, context)?;
    Ok(vec![if signed {
        Event::Agreement(AgreementEvent::TextSigned(command.clone()))
    } else {
        event_of(command)
    }])
}

fn event_of(command: &SignAgreement) -> Event {
    Event::AgreementSigned {
        agreement: command.agreement.clone(),
        document: command.document.clone(),
    }
}

/// Where the rules ask for documents, an act alone signs nothing.
fn check_not_demanded(context: &Context<'_>) -> Result<(), Refusal> {
    if !context.rules.parameters().agreement_documents {
        return Ok(());
    }
    refused(
        context,
        (
            "签署须附对协议文本的电子签名",
            "signing takes an electronic signature on the agreement's text",
        ),
        (
            "请下载协议文本，用本单位证书签名后提交签名文件",
            "download the agreement's text, sign it with the party's certificate, and submit the signature",
        ),
    )
}

/// The signature that accepts an amended text: over the document that the side that proposed it has signed.
///
/// # Errors
/// [`Rule::AgreementSignatures`].
pub(super) fn check_acceptance(
    agreement: &Agreement,
    terms: &ProposeAgreement,
    document: Option<&SignedDocument>,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let Some(document) = document else {
        return check_not_demanded(context);
    };
    let signed: Vec<_> = agreement.signatures_waiting().collect();
    check_document(agreement, document, &terms.sha256(), &signed, context)?;
    let first = agreement.proposed.as_ref().map_or(&agreement.agency, |offer| &offer.by);
    check_same(first, document, &signed, context)
}

/// A document of the terms in force.
fn check_in_force(agreement: &Agreement, document: &SignedDocument, context: &Context<'_>) -> Result<(), Refusal> {
    let signed: Vec<_> = agreement.signatures_in_force().collect();
    check_document(agreement, document, &agreement.terms.sha256(), &signed, context)
}

/// A document of these terms, which this party has not signed yet.
fn check_document(
    agreement: &Agreement,
    document: &SignedDocument,
    terms: &str,
    signed: &[&AgreementSignature],
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if matches!(agreement.status, AgreementStatus::Ended { .. }) {
        return Err(context.rules.wrong_state(
            Text::new("该协议已经终止", "the agreement has ended"),
            Text::new("无需签署", "there is nothing to sign"),
        ));
    }
    let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let hashes = [
        &document.document_sha256,
        &document.signature_sha256,
        &document.certificate_sha256,
    ];
    if !hashes.into_iter().all(|hash| is_hash(hash)) || document.terms_sha256 != terms {
        return refused(
            context,
            (
                "签署的文本不是协议现行条款或待签署的变更",
                "what was signed are not the terms on record, nor the amendment that waits",
            ),
            (
                "请重新下载协议文本后签署",
                "download the agreement's text again and sign that",
            ),
        );
    }
    if signed.iter().any(|signature| signature.party == context.actor.party) {
        return Err(already(context));
    }
    Ok(())
}

/// The document that the side that signs `first` has signed; where the rules ask for documents, it does before the other.
fn check_same(
    first: &PartyId,
    document: &SignedDocument,
    signed: &[&AgreementSignature],
    context: &Context<'_>,
) -> Result<(), Refusal> {
    match signed.iter().find(|signature| signature.party == *first) {
        Some(seal) if seal.document.document_sha256 == document.document_sha256 => Ok(()),
        None if !context.rules.parameters().agreement_documents => Ok(()),
        Some(_) => refused(
            context,
            (
                "签署的不是提出方已签名的同一份文件",
                "this is not the document that the side that proposed it has signed",
            ),
            (
                "请下载提出方已签名的文件后签署",
                "download the document that the other side has signed, and sign that",
            ),
        ),
        None => refused(
            context,
            (
                "提出方尚未对协议文本签名",
                "the side that proposed it has not signed the text yet",
            ),
            ("请待提出方签名后签署", "sign after the other side has"),
        ),
    }
}

fn already(context: &Context<'_>) -> Refusal {
    context.rules.wrong_state(
        Text::new("该协议已经签署", "the agreement is already signed"),
        Text::new("无需重复签署", "there is nothing to do"),
    )
}

fn refused(context: &Context<'_>, message: (&str, &str), remedy: (&str, &str)) -> Result<(), Refusal> {
    let text = |(zh, en): (&str, &str)| Text::new(zh, en);
    Err(context
        .rules
        .refuse(Rule::AgreementSignatures, text(message), text(remedy)))
}

/// JSON by RFC 8785, without null, empty lists and empty objects. Terms hold texts and whole numbers only.
fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (item, number) in items.iter().zip(0_usize..) {
                text.push_str(if number == 0 { "" } else { "," });
                canonical(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let said: BTreeMap<&String, &Value> = members.iter().filter(|(_, value)| says(value)).collect();
            text.push('{');
            for ((name, value), number) in said.into_iter().zip(0_usize..) {
                // Writing into a text does not fail.
                let _ = write!(
                    text,
                    "{}{}:",
                    if number == 0 { "" } else { "," },
                    Value::from(name.as_str())
                );
                canonical(value, text);
            }
            text.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => text.push_str(&value.to_string()),
    }
}

fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(value: &Value) -> String {
        let mut text = String::new();
        canonical(value, &mut text);
        text
    }

    #[test]
    fn members_are_sorted_and_what_says_nothing_is_left_out() {
        let value = json!({"b": [1, {"z": "甲\"", "a": null}], "a": {}, "c": [], "ab": "x"});
        assert_eq!(written(&value), r#"{"ab":"x","b":[1,{"z":"甲\""}]}"#);
    }
}
