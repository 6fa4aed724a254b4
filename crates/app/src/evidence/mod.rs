//! Evidence packages: entries with their proofs, what opens them, the rules they were decided by, and a report, in one
//! file that `gongshu verify` checks offline (`docs/spec/evidence.md`).

mod certificates;
mod check;
mod named;
mod package;
mod report;

use std::collections::BTreeMap;

use gongshu_governance::evidence::MakeEvidence;
use gongshu_governance::identifier::EvidenceId;
use gongshu_governance::party::Role;
use gongshu_governance::{Actor, Command, Event, Text};
use gongshu_ledger::stamp::{StampTrust, check_stamp};
use gongshu_ledger::{AnswerReceipt, OpeningText};
use gongshu_store::{ActRecord, CallRecord};
use serde_json::json;
use sha2::{Digest, Sha256};

pub use check::{CheckedEvidence, EvidenceError, EvidenceStamp, check_evidence};
pub use named::NamedFile;

use crate::act::{ActReceipt, opens_to_actor};
use crate::district::District;
use crate::error::AppError;
use crate::private::Private;
use crate::sequencer::encode_events;
use package::{Files, MAKING, MANIFEST, REPORT, STAMP_AUTHORITY, STAMP_REPLY, STAMPED};

/// A package and the receipt of its making.
#[derive(Debug, Clone)]
pub struct MadeEvidence {
    /// The receipt of the act that put it on record.
    pub receipt: ActReceipt,
    /// The package, a zip file.
    pub package: Vec<u8>,
}

/// What is on record at an index.
enum Record {
    Act(ActRecord),
    Call(Box<CallRecord>, Option<Private>),
}

impl District {
    /// Makes an evidence package of these entries, and puts it on record. Commitments are opened where they are the
    /// actor's own, and all of them for a supervisor.
    ///
    /// # Errors
    /// Refuses as [`gongshu_governance::evidence::decide_make`], and an index that the log does not have.
    pub async fn make_evidence(
        &self,
        actor: Actor,
        entries: Vec<u64>,
        purpose: String,
    ) -> Result<MadeEvidence, AppError> {
        // More than this is refused by the rule; no need to gather them all.
        let most = self.rules().parameters().evidence_entries_max;
        let mut files = Files::default();
        let mut records = Vec::new();
        for index in entries.iter().copied().take(most) {
            let record = self.on_record(index).await?;
            let openings = self.openings(&actor, &record)?;
            let receipt = self.receipt_with(index, openings).await?.receipt;
            files.put_json(&format!("entries/{index}.json"), &answer_file(&receipt))?;
            records.push((index, record));
        }
        self.add_rules(&mut files, &records).await?;
        self.add_time_stamp(&mut files).await?;
        self.add_certificates(&mut files, &actor, &records).await?;
        let named = self.add_named(&mut files, &actor, &records).await?;
        let head = report::Head {
            named: &named,
            purpose: &purpose,
            by: &actor.party,
            at: self.now(),
        };
        files.put(REPORT, self.report(&head, &records).into_bytes());
        let manifest = files.manifest()?;
        let made = MakeEvidence {
            id: EvidenceId::new(self.new_id(EvidenceId::PREFIX)),
            entries,
            purpose,
            manifest_sha256: hex::encode(Sha256::digest(&manifest)),
        };
        let receipt = self.act(actor, Command::MakeEvidence(Box::new(made)), None).await?;
        files.put(MANIFEST, manifest);
        files.put_json(MAKING, &answer_file(&receipt.receipt.receipt))?;
        Ok(MadeEvidence {
            receipt,
            package: files.zip()?,
        })
    }

    async fn on_record(&self, index: u64) -> Result<Record, AppError> {
        if let Some(call) = self.0.store.call(index).await? {
            let private = Private::decode(&call.private)?;
            return Ok(Record::Call(Box::new(call), private));
        }
        let act = self.0.store.acts(index, 1).await?.pop();
        act.filter(|act| act.index == index).map(Record::Act).ok_or_else(|| {
            let what = Text::new("账本条目", "ledger entry");
            self.rules().unknown(&what, &index.to_string()).into()
        })
    }

    /// What opens the commitments of an entry to this party.
    fn openings(&self, actor: &Actor, record: &Record) -> Result<BTreeMap<String, OpeningText>, AppError> {
        let snapshot = self.snapshot();
        let party = snapshot.state.parties.get(&actor.party);
        let oversees = party.is_some_and(|party| party.role == Role::Supervisor);
        match record {
            Record::Act(act) if oversees || (act.actor.party == actor.party && opens_to_actor(&act.act)) => {
                let events: Vec<Event> = act.events.iter().map(|record| record.event.clone()).collect();
                let opening = OpeningText {
                    salt: act.salt.clone(),
                    value: encode_events(&events)?,
                };
                Ok(BTreeMap::from([("events".to_owned(), opening)]))
            }
            Record::Call(call, Some(private)) => {
                let subject = private.openings.get("subject").map(|opening| opening.value.as_str());
                let code = party.and_then(|party| party.code.as_deref());
                let own = call.consumer == actor.party.as_str() || (subject.is_some() && subject == code);
                Ok(if oversees || own {
                    private.openings.clone()
                } else {
                    BTreeMap::new()
                })
            }
            Record::Act(_) | Record::Call(_, None) => Ok(BTreeMap::new()),
        }
    }

    /// The packs that the entries were decided by, each set in a folder named by its hash.
    async fn add_rules(&self, files: &mut Files, records: &[(u64, Record)]) -> Result<(), AppError> {
        for (index, record) in records {
            let hash = match record {
                Record::Act(act) => act.rules_hash.clone(),
                Record::Call(..) => self.rules_of_call(*index).await?,
            };
            let packs = self.0.store.rule_pack(&hash).await?.unwrap_or_default();
            for (number, pack) in packs.into_iter().enumerate() {
                files.put(&format!("rules/{hash}/{number}.toml"), pack.into_bytes());
            }
        }
        Ok(())
    }

    async fn rules_of_call(&self, index: u64) -> Result<String, AppError> {
        let entry = self.0.store.entries(index, 1).await?.pop().unwrap_or_default();
        let leaf: crate::leaf::CallLeaf = serde_json::from_slice(&entry).map_err(AppError::internal)?;
        Ok(leaf.rules)
    }

    /// The newest time-stamped checkpoint; it need not be the one that the receipts are under.
    async fn add_time_stamp(&self, files: &mut Files) -> Result<(), AppError> {
        let Some((size, _)) = self.time_stamps().await?.first().copied() else {
            return Ok(());
        };
        let stamped = self.time_stamp(size).await?;
        if let Some(certificate) = self.stamp_certificate()? {
            // The stamp may be by an outside authority, whose certificate is in the reply.
            let own = StampTrust::from_pem(&certificate).map_err(AppError::internal)?;
            let checked = check_stamp(stamped.checkpoint.as_bytes(), &stamped.reply);
            if checked.is_ok_and(|checked| checked.is_by(&own).is_ok()) {
                files.put(STAMP_AUTHORITY, certificate.into_bytes());
            }
        }
        files.put(STAMPED, stamped.checkpoint.into_bytes());
        files.put(STAMP_REPLY, stamped.reply);
        Ok(())
    }
}

/// A receipt in the form that `gongshu verify` reads.
fn answer_file(receipt: &AnswerReceipt) -> serde_json::Value {
    json!({ "receipt": receipt })
}
