//! Consents that a consumer has gathered, put on record together, with a proof each.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ConsentedUse, GiveConsent, check_names, check_term};
use crate::Context;
use crate::calendar::Term;
use crate::event::Event;
use crate::identifier::{ConsentId, ResourceId};
use crate::party::Role;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Puts consents on record that subjects have given to the consumer itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordConsents {
    /// The id of the first consent; the others are `<id>.<number>`, from 2, in the order of the subjects' codes.
    pub id: ConsentId,
    /// The purpose.
    pub purpose: String,
    /// The resource.
    pub resource: ResourceId,
    /// The fields of it.
    pub fields: BTreeSet<String>,
    /// From and until when.
    pub term: Term,
    /// By the code of each subject, the SHA-256 of the paper that it signed, lower-case hex.
    pub proofs: BTreeMap<String, String>,
}

/// Decides a batch: all of it or nothing.
///
/// # Errors
/// Refuses what a single consent could not be, a batch of none or too many, a subject without proof, and a subject whose
/// live consent covers the use already.
pub fn decide_record(state: &State, command: &RecordConsents, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let one = given(command, 1, context);
    check_names(state, &one, context)?;
    check_term(&command.term, context)?;
    let most = context.rules.parameters().consents_max;
    let refuse =
        |zh: String, en: String, remedy| Err(context.rules.refuse(Rule::ConsentBatch, Text::new(zh, en), remedy));
    if command.proofs.is_empty() || command.proofs.len() > most {
        let there = command.proofs.len();
        return Err(context.rules.refuse_by(
            Rule::ConsentBatch,
            "subjects_max",
            Text::new(
                format!("一批应有 1 至 {most} 个数据主体，现有 {there} 个"),
                format!("a batch has 1 to {most} subjects, not {there}"),
            ),
            Text::new("请分批办理", "record them in batches"),
        ));
    }
    if let Some((code, _)) = command.proofs.iter().find(|(_, proof)| !is_sha256(proof)) {
        let remedy = Text::new("请填写授权书的 SHA-256", "give the SHA-256 of what the subject signed");
        return refuse(
            format!("`{code}` 没有授权凭证"),
            format!("there is no proof of the consent of `{code}`"),
            remedy,
        );
    }
    let mut events = Vec::with_capacity(command.proofs.len());
    for ((code, proof), number) in command.proofs.iter().zip(1..) {
        let given = given(command, number, context);
        check_new(state, &given, code, context)?;
        events.push(Event::ConsentGiven {
            given: Box::new(given),
            subject: state.party_by_code.get(&(Role::Subject, code.clone())).cloned(),
            code: code.clone(),
            proof_sha256: Some(proof.clone()),
        });
    }
    Ok(events)
}

fn given(command: &RecordConsents, number: u32, context: &Context<'_>) -> GiveConsent {
    let id = match number {
        1 => command.id.clone(),
        number => ConsentId::new(format!("{}.{number}", command.id)),
    };
    GiveConsent {
        id,
        consumer: context.actor.party.clone(),
        purpose: command.purpose.clone(),
        resource: command.resource.clone(),
        fields: command.fields.clone().into(),
        term: command.term,
    }
}

fn check_new(state: &State, given: &GiveConsent, code: &str, context: &Context<'_>) -> Result<(), Refusal> {
    let use_of = ConsentedUse {
        consumer: &given.consumer,
        purpose: &given.purpose,
        resource: &given.resource,
        fields: &given.fields,
        day: given.term.until,
    };
    if !state.consents.contains_key(&given.id) && !state.consents_of(code).any(|consent| consent.covers(&use_of)) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::Duplicate,
        Text::new(
            format!("`{code}` 已有覆盖该用途的授权同意"),
            format!("a live consent of `{code}` already covers this use"),
        ),
        Text::new("请从本批中移除", "leave it out of the batch"),
    ))
}
