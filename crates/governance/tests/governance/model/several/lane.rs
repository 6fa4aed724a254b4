//! A lane: the whole path once more, with things of its own, by an operator, a partner and a bank of its own, at the time
//! that it has become.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::AgreementId;
use gongshu_governance::power::Act;
use gongshu_governance::{Command, State, forms};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value, json};

use crate::district::{NOW, PARTIES, path};

/// Who stands for whom in a lane.
type Parties = &'static [(&'static str, &'static str)];

/// One agreement and all that rests on it.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    /// What tells its ids from those of the others.
    mark: &'static str,
    parties: Parties,
    pub(super) steps: &'static [(&'static str, Value)],
    /// The step that comes next.
    pub(super) next: usize,
    /// How often the next step was refused.
    pub(super) tried: usize,
    /// How many days its agreement and its scenarios are for; as many as on the path where none are said.
    days: Days,
    /// The last day of its agreement, once it is proposed.
    until: Option<Date>,
    /// When each selection was announced: what is filed in it has days of its windows.
    announced: BTreeMap<String, Timestamp>,
}

/// For how many days an agreement is, and a scenario under it.
pub(super) type Days = (Option<i64>, Option<i64>);

/// A second operator beside the first, and the first operator once more.
pub(super) const LANES: [(&str, Parties); 3] = [
    ("", &[]),
    (
        "_b",
        &[
            ("pty_operator", "pty_operator2"),
            ("pty_operator2", "pty_operator"),
            ("pty_partner", "pty_partner2"),
            ("pty_partner2", "pty_partner"),
            ("pty_bank", "pty_bank2"),
            ("pty_bank2", "pty_bank"),
        ],
    ),
    ("_c", &[]),
];

/// The path behind its parties, as documents.
fn steps() -> &'static [(&'static str, Value)] {
    static STEPS: OnceLock<Vec<(&'static str, Value)>> = OnceLock::new();
    STEPS.get_or_init(|| {
        let steps = path().split_off(PARTIES.len());
        let document = |(party, command)| (party, serde_json::to_value::<Command>(command).unwrap());
        steps.into_iter().map(document).collect()
    })
}

/// What each step of the path asks for.
pub(super) fn acts() -> &'static [Act] {
    static ACTS: OnceLock<Vec<Act>> = OnceLock::new();
    let act = |(_, document): &(_, Value)| {
        let command: Command = serde_json::from_value(document.clone()).unwrap();
        command.act()
    };
    ACTS.get_or_init(|| steps().iter().map(act).collect())
}

impl Lane {
    pub(super) fn new((mark, parties): (&'static str, Parties), days: Days) -> Self {
        Self {
            mark,
            parties,
            steps: steps(),
            next: 0,
            tried: 0,
            days,
            until: None,
            announced: BTreeMap::new(),
        }
    }

    pub(super) fn agreement(&self) -> AgreementId {
        AgreementId::new(format!("agr_1{}", self.mark))
    }

    /// The party that stands for one of the path.
    pub(super) fn party(&self, of: &'static str) -> &'static str {
        let stands = self.parties.iter().find(|(from, _)| *from == of);
        stands.map_or(of, |(_, to)| to)
    }

    /// A step of the path in this lane, as one would ask for it now.
    pub(super) fn command(&self, step: usize, state: &State, now: Timestamp) -> (&'static str, Command) {
        let (party, document) = &self.steps[step];
        let mut document = document.clone();
        let of = document["of"]["selection"].as_str();
        let announced = of.and_then(|id| self.announced.get(&format!("{id}{}", self.mark)));
        // An applicant is checked when it is decided upon.
        let announced = announced.filter(|_| document["command"] != "qualify_applicant");
        let moved = Moved::until(*announced.unwrap_or(&now));
        self.turn(&mut document["of"], &moved);
        if document["command"] == "deregister_party" {
            // Nobody who works in a lane leaves.
            document["of"]["party"] = json!("pty_firm2");
        }
        if document["command"] == "assign_code" {
            // A code is that of one thing.
            document["of"]["code"] = json!(format!("{}{}", document["of"]["code"].as_str().unwrap(), self.mark));
        }
        self.shorten(&mut document, now);
        self.name_terms(&mut document, state);
        let command = serde_json::from_value(document.clone());
        let command = command.unwrap_or_else(|error| panic!("{error}: {document}"));
        (self.party(party), command)
    }

    /// Takes what was accepted.
    pub(super) fn take(&mut self, command: &Command, at: Timestamp) {
        match command {
            Command::ProposeAgreement(terms) => self.until = Some(terms.term.until),
            Command::AnnounceSelection(of) => drop(self.announced.insert(of.id.to_string(), at)),
            _ => {}
        }
    }

    /// Ids get the lane's mark and parties their stand-ins, days and months move.
    fn turn(&self, value: &mut Value, moved: &Moved) {
        match value {
            Value::String(text) => *text = self.text(text, moved),
            Value::Array(items) => items.iter_mut().for_each(|item| self.turn(item, moved)),
            Value::Object(members) => {
                let turned = std::mem::take(members).into_iter().map(|(name, mut value)| {
                    if name == "year" {
                        value = value.as_i64().map_or(value, |year| json!(year + moved.years));
                    }
                    if name == "table" {
                        value = json!(format!("{}{}", value.as_str().unwrap(), self.mark));
                    }
                    self.turn(&mut value, moved);
                    (self.text(&name, moved), value)
                });
                *members = turned.collect::<Map<_, _>>();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&self, text: &str, moved: &Moved) -> String {
        if let Some((_, stands)) = self.parties.iter().find(|(from, _)| *from == text) {
            return (*stands).to_owned();
        }
        if ids().contains(text) {
            return format!("{text}{}", self.mark);
        }
        // The module of a model is pinned by what it holds.
        let module = modules().contains(text);
        if !module && text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit()) {
            // Files, keys and proofs of a lane are none of another.
            let (first, rest) = text.split_at(1);
            return format!("{}{rest}", self.mark.strip_prefix('_').unwrap_or(first));
        }
        moved.text(text).unwrap_or_else(|| text.to_owned())
    }

    /// A lane's agreement is for as many days as it is, and nothing under it is for longer.
    fn shorten(&self, document: &mut Value, now: Timestamp) {
        let in_days = |days: i64| day_of(now).saturating_add(days.days());
        let until = match (document["command"].as_str(), self.days) {
            (Some("propose_agreement"), (Some(days), _)) => Some(in_days(days)),
            (Some("apply_scenario"), (_, Some(days))) => {
                Some(self.until.map_or(in_days(days), |until| until.min(in_days(days))))
            }
            _ => self.until,
        };
        if let Some(until) = until {
            cap(document, until);
        }
    }

    /// Signatures and answers name the terms that they are about by their hash.
    fn name_terms(&self, document: &mut Value, state: &State) {
        let Some(agreement) = state.agreements.get(&self.agreement()) else {
            return;
        };
        let waiting = agreement.waiting().unwrap_or_else(|| agreement.terms.clone());
        match document["command"].as_str() {
            Some("seal_agreement" | "sign_agreement") => {
                document["of"]["document"]["terms_sha256"] = json!(agreement.terms.sha256());
            }
            Some("accept_amendment" | "decline_amendment") => document["of"]["terms_sha256"] = json!(waiting.sha256()),
            _ => {}
        }
    }
}

/// No day by which something ends is later than this.
fn cap(value: &mut Value, last: Date) {
    let Value::Object(members) = value else {
        if let Value::Array(items) = value {
            items.iter_mut().for_each(|item| cap(item, last));
        }
        return;
    };
    for (name, value) in members {
        let day = value.as_str().and_then(|text| text.parse::<Date>().ok());
        match day {
            Some(day) if name == "until" && day > last => *value = json!(last),
            _ => cap(value, last),
        }
    }
}

/// The ids of the path, parties and persons left out: texts that start as ids do.
fn ids() -> &'static BTreeSet<String> {
    static IDS: OnceLock<BTreeSet<String>> = OnceLock::new();
    IDS.get_or_init(|| {
        let (mut prefixes, mut ids) = (BTreeSet::new(), BTreeSet::new());
        for form in forms() {
            texts(&form.schema, &mut |text| {
                prefixes.extend(text.strip_prefix("id:").map(str::to_owned));
            });
        }
        for (_, document) in steps() {
            texts(&document["of"], &mut |text| {
                let prefix = text.split_once('_').map(|(prefix, _)| prefix);
                let is_id = prefix.is_some_and(|prefix| prefixes.contains(prefix) && !["pty", "psn"].contains(&prefix));
                ids.extend(is_id.then(|| text.to_owned()));
            });
        }
        ids
    })
}

/// The hashes of what models are made of.
fn modules() -> &'static BTreeSet<String> {
    static MODULES: OnceLock<BTreeSet<String>> = OnceLock::new();
    MODULES.get_or_init(|| {
        let registers = steps().iter().filter(|(_, it)| it["command"] == "register_model");
        let hashes = registers.filter_map(|(_, it)| it["of"]["module_sha256"].as_str());
        hashes.map(str::to_owned).collect()
    })
}

/// Every text that is a value.
fn texts(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => found(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// How far the clock has moved from where the path stands.
struct Moved {
    seconds: i64,
    days: i64,
    months: i64,
    years: i64,
}

impl Moved {
    fn until(now: Timestamp) -> Self {
        let start: Timestamp = NOW.parse().unwrap();
        let (from, to) = (day_of(start), day_of(now));
        let years = i64::from(to.year() - from.year());
        Self {
            seconds: now.as_second() - start.as_second(),
            days: (to - from).get_days().into(),
            months: years * 12 + i64::from(to.month() - from.month()),
            years,
        }
    }

    /// A day, an instant or a month, moved; none where the text is something else.
    fn text(&self, text: &str) -> Option<String> {
        let digits = text.starts_with(|start: char| start.is_ascii_digit());
        match text.len() {
            10 if digits => Some(text.parse::<Date>().ok()?.saturating_add(self.days.days()).to_string()),
            7 if digits => {
                let first: Date = format!("{text}-01").parse().ok()?;
                Some(first.saturating_add(self.months.months()).to_string()[..7].to_owned())
            }
            20.. if digits => {
                let at: Timestamp = text.parse().ok()?;
                Some((at + self.seconds.seconds()).to_string())
            }
            _ => None,
        }
    }
}

#[test]
fn a_lane_has_ids_parties_and_days_of_its_own() {
    let lane = Lane::new(LANES[1], (Some(90), None));
    let step = |act: &str| {
        let found = lane.steps.iter().position(|(_, document)| document["command"] == act);
        found.unwrap()
    };
    let now: Timestamp = "2027-06-01T02:00:00Z".parse().unwrap();
    let (party, command) = lane.command(step("propose_agreement"), &State::default(), now);
    let Command::ProposeAgreement(terms) = command else {
        panic!()
    };
    assert_eq!((party, terms.id), ("pty_agency", AgreementId::new("agr_1_b")));
    assert_eq!(terms.operator.as_str(), "pty_operator2");
    assert_eq!(
        (terms.term.from, terms.term.until),
        (date(2027, 3, 3), date(2027, 8, 30))
    );
}
