//! The text of an agreement, from its terms on record.

use gongshu_document::{AgreementPaper, AmendmentLine, AmountLine, Clause, Digest, Paper, ResourceLine, ShareLine};
use gongshu_governance::State;
use gongshu_governance::agreement::{Agreement, ProposeAmendment};
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::{AgreementId, PartyId};
use gongshu_governance::rules::Rules;

use super::{party, term};
use crate::district::District;
use crate::error::AppError;

impl District {
    /// The text of an agreement as PDF: the document that was signed, or one made of the terms as they stand where
    /// nobody has signed these terms.
    ///
    /// # Errors
    /// Refuses an agreement that is not on record; and when it cannot be typeset.
    pub async fn agreement_document(&self, id: &AgreementId) -> Result<Vec<u8>, AppError> {
        self.catch_up().await?;
        let snapshot = self.snapshot();
        let Some(agreement) = snapshot.state.agreements.get(id) else {
            return Err(self.unknown_agreement(id));
        };
        let signed = agreement.signatures_in_force().next();
        if let Some(signature) = signed {
            return self.kept_document(&signature.document.document_sha256).await;
        }
        let paper = agreement_paper(self.name(), &snapshot.state, agreement, self.rules());
        self.typeset(Paper::Agreement(Box::new(paper))).await
    }

    /// The text of an agreement as it will stand once the amendment that waits is accepted: what the side that proposed it has
    /// signed, or what is to be signed.
    ///
    /// # Errors
    /// Refuses an agreement that is not on record, or of which no amendment waits; and when it cannot be typeset.
    pub async fn amendment_document(&self, id: &AgreementId) -> Result<Vec<u8>, AppError> {
        self.catch_up().await?;
        let snapshot = self.snapshot();
        let Some(agreement) = snapshot.state.agreements.get(id) else {
            return Err(self.unknown_agreement(id));
        };
        let (Some(terms), Some(offer)) = (agreement.waiting(), &agreement.proposed) else {
            return Err(self.no_amendment(id));
        };
        let signed = agreement.signatures_waiting().next();
        if let Some(signature) = signed {
            return self.kept_document(&signature.document.document_sha256).await;
        }
        let mut amended = (**agreement).clone();
        amended.terms = terms;
        let mut paper = agreement_paper(self.name(), &snapshot.state, &amended, self.rules());
        paper.text += 1;
        paper.amendments.push(AmendmentLine {
            day: "双方签署之日".to_owned(),
            reason: offer.amendment.reason.clone(),
            changes: amendment_changes(&snapshot.state, &offer.amendment),
        });
        self.typeset(Paper::Agreement(Box::new(paper))).await
    }

    pub(super) fn no_amendment(&self, id: &AgreementId) -> AppError {
        let what = gongshu_governance::Text::new("待签署的协议变更", "amendment that waits, of agreement");
        self.rules().unknown(&what, id.as_str()).into()
    }

    /// The signature of a party on the text of an agreement as it stands, or on the last text that it has signed.
    ///
    /// # Errors
    /// Refuses an agreement that is not on record or that the party has not signed.
    pub async fn agreement_signature(&self, id: &AgreementId, party: &PartyId) -> Result<Vec<u8>, AppError> {
        self.catch_up().await?;
        let snapshot = self.snapshot();
        let Some(agreement) = snapshot.state.agreements.get(id) else {
            return Err(self.unknown_agreement(id));
        };
        let last = agreement.signatures.iter().rfind(|signature| signature.party == *party);
        let Some(signature) = last else {
            let what = gongshu_governance::Text::new("该方的签名", "signature of this party");
            return Err(self.rules().unknown(&what, party.as_str()).into());
        };
        self.kept_document(&signature.document.signature_sha256).await
    }

    async fn kept_document(&self, sha256: &str) -> Result<Vec<u8>, AppError> {
        let kept = self.0.store.document(sha256).await?;
        kept.ok_or_else(|| AppError::Internal(format!("the document {sha256} is on record and not in the store")))
    }

    pub(super) fn unknown_agreement(&self, id: &AgreementId) -> AppError {
        let what = gongshu_governance::Text::new("授权协议", "agreement");
        self.rules().unknown(&what, id.as_str()).into()
    }
}

/// What stands on the text of an agreement.
#[must_use]
pub fn agreement_paper(platform: &str, state: &State, agreement: &Agreement, rules: &Rules) -> AgreementPaper {
    let terms = &agreement.terms;
    let selection = terms.selection.as_ref().and_then(|id| state.selections.get(id));
    AgreementPaper {
        platform: platform.to_owned(),
        number: terms.id.to_string(),
        title: terms.title.clone(),
        agency: party(state, &agreement.agency),
        operator: party(state, &terms.operator),
        selection: selection.map(|selection| selection.announcement.title.clone()),
        capacity: terms.capacity.iter().map(amount).collect(),
        term: term(&terms.term),
        purposes: terms.purposes.iter().cloned().collect(),
        clauses: clauses(agreement, rules),
        resources: terms.resources.iter().map(|id| resource(state, id)).collect(),
        shares: shares(state, agreement),
        text: agreement.text(),
        amendments: amendments(state, agreement),
        digest: Digest {
            algorithm: "SHA-256".to_owned(),
            value: terms.sha256(),
        },
    }
}

/// The mandatory clauses in the order of the rules, then the others.
fn clauses(agreement: &Agreement, rules: &Rules) -> Vec<Clause> {
    let order = &rules.parameters().agreement_clauses;
    let mut all: Vec<(&String, &String)> = agreement.terms.clauses.iter().collect();
    all.sort_by_key(|(title, _)| order.iter().position(|known| known == *title).unwrap_or(order.len()));
    let clause = |(title, text): (&String, &String)| Clause {
        title: title.clone(),
        text: text.clone(),
    };
    all.into_iter().map(clause).collect()
}

fn amount(amount: &gongshu_governance::agreement::Amount) -> AmountLine {
    AmountLine {
        name: amount.measure.zh().to_owned(),
        quantity: amount.quantity.to_string(),
        unit: amount.measure.unit().to_owned(),
    }
}

fn resource(state: &State, id: &gongshu_governance::identifier::ResourceId) -> ResourceLine {
    let resource = state.resources.get(id).map(|resource| &resource.registration);
    ResourceLine {
        name: resource.map_or_else(|| id.to_string(), |it| it.name.clone()),
        provider: resource.map_or_else(String::new, |it| party(state, &it.provider).name),
    }
}

fn shares(state: &State, agreement: &Agreement) -> Vec<ShareLine> {
    let shares = agreement.terms.shares.iter();
    let line = |share: &gongshu_governance::agreement::RevenueShare| ShareLine {
        party: party(state, &share.party).name,
        role: state
            .parties
            .get(&share.party)
            .map_or_else(String::new, |party| party.role.zh().to_owned()),
        percent: format!("{}.{:02}%", share.share.0 / 100, share.share.0 % 100),
    };
    shares.map(line).collect()
}

fn amendments(state: &State, agreement: &Agreement) -> Vec<AmendmentLine> {
    let line = |amendment: &gongshu_governance::agreement::Amendment| AmendmentLine {
        day: day_of(amendment.at).to_string(),
        reason: amendment.amendment.reason.clone(),
        changes: amendment_changes(state, &amendment.amendment),
    };
    agreement.amendments.iter().map(line).collect()
}

/// What an amendment changes, in Chinese, a line each.
#[must_use]
pub fn amendment_changes(state: &State, amendment: &ProposeAmendment) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(term) = amendment.term {
        all.push(format!("授权期限止于 {}", term.until));
    }
    if let Some(resources) = &amendment.resources {
        let names: Vec<String> = resources.iter().map(|id| resource(state, id).name).collect();
        all.push(format!("资源目录改为{}", names.join("、")));
    }
    if let Some(capacity) = &amendment.capacity {
        let amounts = capacity.iter().map(amount);
        let amounts: Vec<String> = amounts
            .map(|it| format!("{}{}{}", it.name, it.quantity, it.unit))
            .collect();
        all.push(format!("授权规模改为{}", amounts.join("、")));
    }
    if let Some(purposes) = &amendment.purposes {
        let purposes: Vec<&str> = purposes.iter().map(String::as_str).collect();
        all.push(format!("用途改为{}", purposes.join("、")));
    }
    if !amendment.clauses.is_empty() {
        let titles: Vec<&str> = amendment.clauses.keys().map(String::as_str).collect();
        all.push(format!("修改条款“{}”", titles.join("”“")));
    }
    if amendment.shares.is_some() {
        all.push("调整收益分配".to_owned());
    }
    all
}
