//! The certificates of a package: the authority's own, its revocation list, and those of the parties that acted.

use std::collections::BTreeSet;

use gongshu_certificate::Issued;
use gongshu_governance::Actor;
use gongshu_governance::party::Role;

use super::Record;
use super::package::{CERTIFICATES, Files};
use crate::district::District;
use crate::error::AppError;

/// What a certificate of a person is of kind; it bears a name, which not everybody is told.
const PERSON: &str = "person";

impl District {
    /// Adds them. Certificates of people are shown to their own party and to supervisors.
    pub(super) async fn add_certificates(
        &self,
        files: &mut Files,
        actor: &Actor,
        records: &[(u64, Record)],
    ) -> Result<(), AppError> {
        let [root, issuing] = self.authority_certificates()?;
        files.put(&format!("{CERTIFICATES}root.pem"), root.into_bytes());
        files.put(&format!("{CERTIFICATES}issuing.pem"), issuing.into_bytes());
        // What it revokes, ended credentials included, is noted before the certificates are read.
        files.put(&format!("{CERTIFICATES}revoked.crl"), self.revocation_list().await?);
        let acted: BTreeSet<&str> = records.iter().map(|(_, record)| party_of(record)).collect();
        let snapshot = self.snapshot();
        let asks = snapshot.state.parties.get(&actor.party);
        let oversees = asks.is_some_and(|party| party.role == Role::Supervisor);
        for record in self.0.store.certificates().await? {
            let told = record.kind != PERSON || oversees || record.party == actor.party.as_str();
            if told && acted.contains(record.party.as_str()) {
                let pem = Issued::from_der(&record.der)?.to_pem()?;
                files.put(&format!("{CERTIFICATES}{}.pem", record.serial), pem.into_bytes());
            }
        }
        Ok(())
    }
}

fn party_of(record: &Record) -> &str {
    match record {
        Record::Act(act) => act.actor.party.as_str(),
        Record::Call(call, _) => &call.consumer,
    }
}
