//! 通知书: what one act on record says to those whom it concerns. A sheet is of a thing as it stands; a notice is of what was
//! done on a day, and stays what it is when the thing goes on.
//!
//! A file a kind of thing; acts that change nothing for anybody else have no notice.

mod agreement;
mod alert;
mod assessment;
mod books;
mod complaint;
mod consent;
mod dispute;
mod exit;
mod incident;
mod offer;
mod partner;
mod post;
mod price;
mod quality;
mod registration;
mod regrading;
mod report;
mod resource;
mod revenue;
mod reviewed;
mod scenario;
mod selection;
mod use_of;
mod version;

use gongshu_document::{Paper, SheetPaper, SheetSection};
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::{PartyId, ProductId};
use gongshu_governance::party::Role;
use gongshu_governance::{Event, State, Text};
use jiff::Timestamp;

use super::{fact, party};
use crate::district::District;
use crate::error::AppError;

/// An act on record, and what became of its thing since.
#[derive(Debug, Clone)]
pub struct NoticeOf<'a> {
    /// Index of its entry in the ledger.
    pub index: u64,
    /// When.
    pub at: Timestamp,
    /// Who acted.
    pub by: &'a PartyId,
    /// Its events.
    pub events: &'a [Event],
    /// Later events of the same thing, the first first: index, when, and what.
    pub later: &'a [(u64, Timestamp, Event)],
}

/// The notice of an act.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What stands on it.
    pub paper: SheetPaper,
    /// To whom it goes.
    pub to: Vec<PartyId>,
    readers: Readers,
}

/// A notice in the list of those of a thing.
#[derive(Debug, Clone)]
pub struct ListedNotice {
    /// Index of its act's entry in the ledger.
    pub index: u64,
    /// When.
    pub at: Timestamp,
    /// Id of the act.
    pub act: String,
    /// The notice.
    pub notice: Notice,
}

/// Acts that one page of a thing's notices looks at.
const ACTS_MAX: usize = 200;

/// Who may read a notice beside those to whom it goes and who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// Whoever is on record.
    Everybody,
    /// Agency, operator and supervisor.
    Overseers,
    /// Agency and supervisor.
    Authorities,
    /// The supervisor.
    Supervisor,
}

/// What a kind says of an act.
struct Draft {
    title: &'static str,
    subject: String,
    to: Vec<PartyId>,
    readers: Readers,
    facts: Vec<[String; 2]>,
    sections: Vec<SheetSection>,
    /// Later entries that stand on it.
    later: Vec<u64>,
}

impl Draft {
    fn new(title: &'static str, subject: impl Into<String>) -> Self {
        Self {
            title,
            subject: subject.into(),
            to: Vec::new(),
            readers: Readers::Everybody,
            facts: Vec::new(),
            sections: Vec::new(),
            later: Vec::new(),
        }
    }

    fn to(mut self, parties: impl IntoIterator<Item = PartyId>) -> Self {
        self.to.extend(parties);
        self
    }

    fn fact(mut self, name: &str, value: impl Into<String>) -> Self {
        self.facts.push(fact(name, value));
        self
    }

    fn says(mut self, text: impl Into<String>) -> Self {
        self.sections.push(SheetSection::text("", [text.into()]));
        self
    }
}

impl NoticeOf<'_> {
    /// The notice; none of an act that has none.
    #[must_use]
    pub fn notice(&self, platform: &str, state: &State) -> Option<Notice> {
        let draft = self.draft(state)?;
        let mut facts: Vec<[String; 2]> = Vec::new();
        let names: Vec<String> = draft.to.iter().map(|id| party(state, id).name).collect();
        if !names.is_empty() {
            facts.push(fact("送达", names.join("、")));
        }
        facts.extend(draft.facts);
        facts.push(fact("办理时间", super::beijing(self.at)));
        let mut entries = vec![self.index];
        entries.extend(draft.later);
        let paper = SheetPaper {
            platform: format!("{platform}公共数据授权运营平台"),
            title: draft.title.to_owned(),
            subject: draft.subject,
            number: format!("{}号", self.index),
            day: day_of(self.at).to_string(),
            issuer: party(state, self.by).name,
            facts,
            sections: draft.sections,
            entries: super::ranges(&entries),
        };
        Some(Notice {
            paper,
            to: draft.to,
            readers: draft.readers,
        })
    }

    fn draft(&self, state: &State) -> Option<Draft> {
        if let Some(draft) = consent::batch(state, self.events) {
            return Some(draft);
        }
        let mut all = self.events.iter();
        let told = all.find_map(|event| self.of(state, event));
        // What else follows from an act is told where the act itself is not.
        told.or_else(|| self.events.iter().find_map(|event| follows(state, event)))
    }

    fn of(&self, state: &State, event: &Event) -> Option<Draft> {
        match event {
            Event::Agreement(event) => agreement::draft(state, event),
            Event::Alert(event) => alert::draft(state, event),
            Event::Scenario(event) => scenario::objection(state, event, self.later),
            Event::ScenarioGranted { scenario } => Some(scenario::granted(state, scenario)),
            Event::ResourceApproved { scenario, resource } => resource::decided(state, scenario, resource, None),
            Event::ResourceDeclined {
                scenario,
                resource,
                reason,
            } => resource::decided(state, scenario, resource, Some(reason)),
            Event::Resource(event) => resource::draft(state, event),
            Event::Selection(event) => selection::draft(state, event),
            Event::Assessment(event) => assessment::draft(state, event),
            Event::Dispute(event) => dispute::draft(state, event),
            Event::Incident(event) => incident::draft(state, event),
            Event::Exit(event) => exit::draft(state, event),
            Event::Model(event) => reviewed::model(state, event),
            Event::Output(event) => reviewed::output(state, event),
            Event::Party(event) => use_of::left(state, event),
            Event::Border(event) => use_of::export(state, event),
            Event::ProductListed { product } => Some(offer::listed(state, product)),
            Event::ScenarioFrozen { scenario, reason, .. } => Some(scenario::frozen(state, scenario, reason)),
            Event::ScenarioThawed { scenario, .. } => Some(scenario::thawed(state, scenario)),
            Event::Offer(event) => Some(offer::draft(state, event)),
            Event::CeilingSet { .. } | Event::CeilingsSet { .. } | Event::PriceSet { .. } => price::draft(state, event),
            Event::Complaint(event) => complaint::draft(state, event),
            Event::Report(event) => report::draft(state, event),
            Event::Books(event) => books::draft(state, event),
            Event::ConsentGiven { .. } | Event::ConsentWithdrawn { .. } => consent::draft(state, event),
            Event::Registration(event) => registration::draft(state, event),
            Event::RevenuePermitted { .. } | Event::RevenueSettled { .. } => revenue::draft(state, event),
            Event::PartnerEngaged(_) | Event::EngagementEnded { .. } => partner::draft(state, event),
            Event::Post(event) => post::draft(state, event),
            Event::DestructionOrdered { .. } | Event::VersionDestroyed { .. } => version::draft(state, event),
            _ => None,
        }
    }
}

/// What follows from an act beside what it is for.
fn follows(state: &State, event: &Event) -> Option<Draft> {
    match event {
        Event::Quality(event) => quality::draft(state, event),
        Event::Unsubscribed { .. } | Event::QuotaAgreed { .. } => use_of::subscription(state, event),
        _ => None,
    }
}

impl Notice {
    /// Whether this party may read it.
    #[must_use]
    pub fn is_for(&self, reader: &PartyId, by: &PartyId, state: &State) -> bool {
        let role = state.parties.get(reader).map(|party| party.role);
        let oversees = match self.readers {
            Readers::Everybody => role.is_some(),
            Readers::Overseers => matches!(role, Some(Role::Agency | Role::Operator | Role::Supervisor)),
            Readers::Authorities => role.is_some_and(Role::is_authority),
            Readers::Supervisor => role == Some(Role::Supervisor),
        };
        oversees || reader == by || self.to.contains(reader)
    }
}

impl District {
    /// The notice of an act as PDF.
    ///
    /// # Errors
    /// Refuses an entry that has no notice, or none for this reader; and when it cannot be typeset.
    pub async fn notice_document(&self, index: u64, reader: &PartyId) -> Result<Vec<u8>, AppError> {
        let Some(notice) = self.notice(index, reader).await? else {
            let what = Text::new("有通知书的账本条目", "ledger entry with a notice");
            return Err(self.rules().unknown(&what, &index.to_string()).into());
        };
        self.typeset(Paper::Sheet(Box::new(notice.paper))).await
    }

    /// The notice of an act, where it has one that this party may read.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn notice(&self, index: u64, reader: &PartyId) -> Result<Option<Notice>, AppError> {
        self.catch_up().await?;
        let listed = self.listed_notice(index, reader).await?;
        Ok(listed.map(|listed| listed.notice))
    }

    /// The notices of acts on a thing that this party may read, the newest first, of those before an index; and before
    /// which index to go on.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn notices(
        &self,
        thing: &str,
        before: Option<u64>,
        reader: &PartyId,
    ) -> Result<(Vec<ListedNotice>, Option<u64>), AppError> {
        self.catch_up().await?;
        let acts = self.0.store.acts_on(thing).await?.into_iter().rev();
        let earlier = |index: &u64| before.is_none_or(|before| *index < before);
        let mut acts: Vec<u64> = acts.map(|(index, _)| index).filter(earlier).collect();
        let more = acts.len() > ACTS_MAX;
        acts.truncate(ACTS_MAX);
        let mut notices = Vec::new();
        for index in &acts {
            notices.extend(self.listed_notice(*index, reader).await?);
        }
        Ok((notices, acts.last().copied().filter(|_| more)))
    }

    async fn listed_notice(&self, index: u64, reader: &PartyId) -> Result<Option<ListedNotice>, AppError> {
        let act = self.0.store.acts(index, 1).await?.pop();
        let Some(act) = act.filter(|act| act.index == index) else {
            return Ok(None);
        };
        let events: Vec<Event> = act.events.iter().map(|record| record.event.clone()).collect();
        let later = self.later(index, &events).await?;
        let by = &act.actor.party;
        let of = NoticeOf {
            index,
            at: act.at,
            by,
            events: &events,
            later: &later,
        };
        let snapshot = self.snapshot();
        let notice = of.notice(self.name(), &snapshot.state);
        let notice = notice.filter(|notice| notice.is_for(reader, by, &snapshot.state));
        Ok(notice.map(|notice| ListedNotice {
            index,
            at: act.at,
            act: act.act,
            notice,
        }))
    }

    /// What became of an objection: the acts on its scenario since.
    async fn later(&self, index: u64, events: &[Event]) -> Result<Vec<(u64, Timestamp, Event)>, AppError> {
        let mut later = Vec::new();
        let Some(objection) = events.iter().find(|event| scenario::is_objection(event)) else {
            return Ok(later);
        };
        for (number, at) in self.0.store.acts_on(objection.stream()).await? {
            if number <= index {
                continue;
            }
            let act = self.0.store.acts(number, 1).await?.pop();
            let events = act.into_iter().flat_map(|act| act.events);
            later.extend(events.map(|record| (number, at, record.event)));
        }
        Ok(later)
    }
}

/// Who operates a product.
fn operator_of(state: &State, id: &ProductId) -> Option<PartyId> {
    let scenario = state.scenarios.get(&state.products.get(id)?.submission.scenario)?;
    let agreement = state.agreements.get(&scenario.application.agreement)?;
    Some(agreement.terms.operator.clone())
}
