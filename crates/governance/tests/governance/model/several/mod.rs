//! Several agreements at once and one after the other, with a clock that goes on in between: any acts, by anyone, at any time.
//!
//! Three lanes go along the path, each with an agreement of its own: two operators beside each other, and the first once
//! more. Between their steps somebody asks for a step out of order, for what is not his, decides on what he filed himself, moves
//! money, or hours to months go by, so that terms end, deadlines pass and publicities open and close. What holds after each act
//! is worked out beside the rules (`checks.rs`). The rules are those of the packs as they are, day by day.
//!
//! The seed is fixed; `GONGSHU_TORTURE_CASES` asks for more runs.

mod checks;
mod ending;
mod lane;
mod money;
mod script;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::OnceLock;

use gongshu_governance::agreement::AgreementStatus;
use gongshu_governance::authorization::{CallRequest, Usage};
use gongshu_governance::books::agreement_of;
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::{PartyId, PersonId};
use gongshu_governance::party::Role;
use gongshu_governance::power::Act;
use gongshu_governance::rules::{RuleBook, Rules};
use gongshu_governance::subscription::Subscription;
use gongshu_governance::{Actor, Command, Context, Moment, Refusal, State, authorize, decide, evolve};
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::{ACCESS, picture};
use crate::district::{CALENDAR, District, FIRM_CODE, NATIONAL, PARTIES, actor_of, powers};
use crate::matrix::cell;
use checks::{Filings, Money};
use lane::{Days, LANES, Lane};
use script::{BREAKING, MENDING, Op, Script, script};

/// How often a step is asked for before its lane goes on without it: what waits for a day is asked for again. A registration
/// is shown to the public for ten working days, which three weeks have whatever day they begin.
const TRIES: usize = 4;

fn book() -> &'static RuleBook {
    static BOOK: OnceLock<RuleBook> = OnceLock::new();
    BOOK.get_or_init(|| RuleBook::load(&[NATIONAL, CALENDAR, &later_years()]).unwrap())
}

/// Years that are not arranged yet, so that working days can be counted in them.
fn later_years() -> String {
    let mut pack = "[pack]\nid = \"later-years\"\ntitle = \"later years\"\n".to_owned();
    for year in 2027..2045 {
        let holiday = format!("{{ name = \"元旦\", from = \"{year}-01-01\", until = \"{year}-01-01\" }}");
        let (source, make_up) = ("试验用", "[]");
        write!(
            pack,
            "[[years]]\nyear = {year}\nsource = \"{source}\"\nconfidence = \"L\"\nholidays = [{holiday}]\nmake_up = {make_up}\n"
        )
        .unwrap();
    }
    pack
}

/// What the runs have come to.
#[derive(Debug, Default)]
struct Seen {
    accepted: BTreeMap<Act, usize>,
    refused: BTreeMap<String, usize>,
    /// Calls that were permitted, and that were not.
    calls: [usize; 2],
    /// Exits that began, and that are closed.
    ended: usize,
    closed: usize,
    /// Agreements in force at one time, at most.
    at_once: usize,
    /// What was refused since its agreement was over.
    shut_out: usize,
    /// Agreements whose books were settled in the end.
    settled: usize,
    /// What its own filer asked to decide, and was refused for that alone.
    own: usize,
    hours: i64,
}

struct Run {
    district: District,
    lanes: Vec<Lane>,
    times: Vec<jiff::Timestamp>,
    filings: Filings,
    money: Money,
}

impl Run {
    fn new(begun: &District, days: &[Days; LANES.len()]) -> Self {
        let lanes = LANES.into_iter().zip(days).map(|(lane, days)| Lane::new(lane, *days));
        Self {
            times: vec![begun.now; begun.events.len()],
            lanes: lanes.collect(),
            district: begun.clone(),
            filings: Filings::default(),
            money: Money::default(),
        }
    }

    fn rules(&self) -> &'static Rules {
        book().at(self.district.now)
    }

    fn decide(&self, actor: &Actor, command: &Command) -> Result<Vec<gongshu_governance::Event>, Refusal> {
        let context = Context {
            at: self.district.now,
            actor,
            rules: self.rules(),
            powers: powers(),
            seen_revision: None,
        };
        decide(&self.district.state, command, &context)
    }

    fn play(&mut self, op: &Op, seen: &mut Seen) -> Result<(), TestCaseError> {
        match op {
            // A lane that sells goes on more slowly, so that much happens meanwhile.
            Op::Next { lane, wait } if self.sells(*lane) && wait % 3 != 0 => Ok(()),
            Op::Next { lane, wait } => {
                if !self.next(*lane, seen)? {
                    self.pass(*wait, seen);
                }
                Ok(())
            }
            Op::Step { lane, step, other } => {
                let step = step.index(self.lanes[*lane].steps.len());
                let (party, command) = self.command(*lane, step);
                let asks = other.map_or(party, |index| PARTIES[index].0);
                self.ask(*lane, &actor_of(asks, &command), &command, seen).map(|_| ())
            }
            Op::Same { lane, pair } => self.same(*lane, pair, seen),
            Op::Money { lane, moves } => moves.iter().try_for_each(|(moves, person)| {
                let Some(command) = self.moves(*lane, moves) else {
                    return Ok(());
                };
                let operator = self.lanes[*lane].party("pty_operator");
                let person = ["", "_second", "_third"][*person];
                let actor = Actor {
                    party: PartyId::new(operator),
                    person: Some(PersonId::new(format!("psn_{operator}{person}"))),
                };
                self.ask(*lane, &actor, &command, seen).map(|_| ())
            }),
            Op::Disturb { lane, which } => {
                if !self.sells(*lane) {
                    return Ok(());
                }
                let breaks = BREAKING[which.index(BREAKING.len())];
                MENDING.into_iter().chain([breaks]).try_for_each(|act| {
                    let (party, command) = self.of(*lane, act);
                    self.ask(*lane, &actor_of(party, &command), &command, seen).map(|_| ())
                })
            }
            Op::Clock { hours } => {
                self.pass(*hours, seen);
                self.check(seen)
            }
        }
    }

    /// Whether somebody has an open subscription under the lane's agreement.
    fn sells(&self, lane: usize) -> bool {
        let (state, agreement) = (&self.district.state, self.lanes[lane].agreement());
        let mut open = state.subscriptions.iter().filter(|(_, it)| it.open);
        open.any(|(id, _)| agreement_of(state, id) == Some(&agreement))
    }

    fn pass(&mut self, hours: i64, seen: &mut Seen) {
        self.district.now += SignedDuration::from_hours(hours);
        seen.hours += hours;
    }

    fn command(&self, lane: usize, step: usize) -> (&'static str, Command) {
        self.lanes[lane].command(step, &self.district.state, self.district.now)
    }

    /// A lane goes on; what is refused is asked for again, and at last left out.
    fn next(&mut self, lane: usize, seen: &mut Seen) -> Result<bool, TestCaseError> {
        let step = self.lanes[lane].next;
        if step == self.lanes[lane].steps.len() {
            return Ok(true);
        }
        let (party, command) = self.command(lane, step);
        let actor = actor_of(party, &command);
        let done = self.ask(lane, &actor, &command, seen)?;
        let lane = &mut self.lanes[lane];
        lane.tried += 1;
        if done || lane.tried == TRIES {
            (lane.next, lane.tried) = (step + 1, 0);
        }
        Ok(done)
    }

    /// The person who did the first of a pair asks for the second, on what he did.
    fn same(&mut self, lane: usize, pair: &prop::sample::Index, seen: &mut Seen) -> Result<(), TestCaseError> {
        let pairs = &self.rules().parameters().four_eyes;
        let (first, second) = pairs[pair.index(pairs.len())];
        let found = |act: Act| lane::acts().iter().position(|it| *it == act);
        let (Some(filed), Some(decided)) = (found(first), found(second)) else {
            return Ok(());
        };
        let (filer, filing) = self.command(lane, filed);
        let (_, decision) = self.command(lane, decided);
        let actor = actor_of(filer, &filing);
        if let Err(refusal) = self.decide(&actor, &decision) {
            seen.own += usize::from(refusal.rule == "power.four-eyes");
            return Ok(());
        }
        self.ask(lane, &actor, &decision, seen).map(|_| ())
    }

    /// Asks for what has to be accepted, by somebody who has filed nothing of it.
    fn must(&mut self, lane: usize, party: &str, command: &Command, seen: &mut Seen) -> Result<(), TestCaseError> {
        let actor = Actor {
            party: PartyId::new(party),
            person: Some(PersonId::new(format!("psn_{party}_last"))),
        };
        let outcome = self.decide(&actor, command);
        prop_assert!(outcome.is_ok(), "{:?}: {:?}", command, outcome);
        self.ask(lane, &actor, command, seen).map(|_| ())
    }

    /// Asks for something; what is accepted has to be what may be.
    fn ask(&mut self, lane: usize, actor: &Actor, command: &Command, seen: &mut Seen) -> Result<bool, TestCaseError> {
        let act = command.act();
        let over = self.is_over(lane);
        let line = checks::line(command, &self.money);
        let events = match self.decide(actor, command) {
            Ok(events) => events,
            Err(refusal) => {
                *seen.refused.entry(refusal.rule).or_default() += 1;
                seen.shut_out += usize::from(over && ACCESS.contains(&act));
                return Ok(false);
            }
        };
        prop_assert!(!events.is_empty(), "{:?} leads to nothing", command);
        prop_assert!(
            !(over && ACCESS.contains(&act)),
            "{:?} under an agreement that is over",
            command
        );
        self.check_power(actor, command)?;
        let person = actor.person.as_ref().unwrap();
        let filed = self
            .filings
            .take(&self.rules().parameters().four_eyes, person, command, &line);
        prop_assert!(filed.is_ok(), "{:?}", filed);
        if let Command::ListProduct(list) = command {
            let living = checks::chain_above(&self.district.state, &list.product, self.district.now);
            prop_assert!(living.is_ok(), "listed: {:?}", living);
        }
        for event in events {
            let money = self.money.take(&event);
            prop_assert!(money.is_ok(), "{:?}", money);
            self.district.happened(event);
        }
        self.times.resize(self.district.events.len(), self.district.now);
        self.lanes[lane].take(command, self.district.now);
        *seen.accepted.entry(act).or_default() += 1;
        seen.ended += usize::from(act == Act::StartExit);
        seen.closed += usize::from(act == Act::CloseExit);
        self.check(seen)?;
        Ok(true)
    }

    /// Whether the agreement of a lane has ended, or its term is over.
    fn is_over(&self, lane: usize) -> bool {
        let agreement = self.district.state.agreements.get(&self.lanes[lane].agreement());
        agreement.is_some_and(|agreement| match agreement.status {
            AgreementStatus::Proposed => false,
            AgreementStatus::Signed { .. } => agreement.terms.term.until < day_of(self.district.now),
            AgreementStatus::Ended { .. } | AgreementStatus::Dropped { .. } => true,
        })
    }

    /// The role has the power, and where it is over its own things alone, the thing is its own.
    fn check_power(&self, actor: &Actor, command: &Command) -> Result<(), TestCaseError> {
        let role = PARTIES
            .iter()
            .find(|(id, ..)| *id == actor.party.as_str())
            .map(|(_, role, _)| *role);
        let power = power(role.unwrap(), command.act());
        prop_assert!(!power.is_empty(), "{:?} by {:?}", command, role);
        let context = Context {
            at: self.district.now,
            actor,
            rules: self.rules(),
            powers: powers(),
            seen_revision: None,
        };
        if power == "own" {
            let owner = command.owner(&self.district.state, &context).unwrap();
            prop_assert_eq!(owner.as_ref(), Some(&actor.party), "{:?}", command);
        }
        Ok(())
    }

    /// What holds whatever happened.
    fn check(&self, seen: &mut Seen) -> Result<(), TestCaseError> {
        let (state, now) = (&self.district.state, self.district.now);
        let signed = state
            .agreements
            .values()
            .filter(|it| matches!(it.status, AgreementStatus::Signed { .. }));
        let in_force = signed.filter(|it| it.terms.term.covers(day_of(now))).count();
        seen.at_once = seen.at_once.max(in_force);
        for holds in [checks::shares(state), checks::endings(state), self.money.agree(state)] {
            prop_assert!(holds.is_ok(), "{:?}", holds);
        }
        for subscription in state.subscriptions.values() {
            let request = CallRequest {
                actor: &actor_of(subscription.consumer.as_str(), &call()),
                product: &subscription.order.product,
                purpose: &subscription.order.purpose,
                subject: Some(FIRM_CODE),
                at: now,
            };
            let permit = authorize(state, &request, Usage::default(), self.rules(), powers());
            seen.calls[usize::from(permit.is_err())] += 1;
            let Ok(permit) = permit else { continue };
            let living = checks::chain_of_call(state, subscription, now);
            prop_assert!(living.is_ok(), "a call is permitted: {:?}", living);
            let open = state.subscriptions.values().any(|it| {
                it.open && it.consumer == subscription.consumer && it.order.product == subscription.order.product
            });
            prop_assert!(open, "a call without a subscription");
            let total: i64 = permit.split.iter().map(|(_, share)| share.fen()).sum();
            prop_assert_eq!(total, permit.fee.fen());
            let product = &state.products[&subscription.order.product];
            prop_assert!(
                product.ceiling.is_none_or(|ceiling| permit.fee <= ceiling),
                "{:?}",
                permit
            );
            for usage in self.used_up(subscription) {
                let refused = authorize(state, &request, usage, self.rules(), powers())
                    .err()
                    .map(|it| it.rule);
                prop_assert_eq!(refused.as_deref(), Some("chain.quota"));
            }
        }
        Ok(())
    }

    /// The quota of a subscription and that of its scenario, each to the last call.
    fn used_up(&self, of: &Subscription) -> [Usage; 2] {
        let state = &self.district.state;
        let scenario = &state.scenarios[&state.products[&of.order.product].submission.scenario];
        let (one, all) = (of.order.quota_calls_max, scenario.application.quota_calls_max);
        [(one, 0), (0, all)].map(|(subscription_calls, scenario_calls)| Usage {
            subscription_calls,
            scenario_calls,
            ..Usage::default()
        })
    }

    /// The state of all events, and that of a saved state and the events after it.
    fn check_replay(&self, cut: &prop::sample::Index) -> Result<(), TestCaseError> {
        let events = &self.district.events;
        let cut = cut.index(events.len() + 1);
        let moments = (1..)
            .zip(&self.times)
            .map(|(sequence, at)| Moment { sequence, at: *at });
        let (mut replayed, mut restored) = (State::default(), None);
        for (moment, event) in moments.zip(events) {
            if replayed.sequence == cut as u64 {
                restored = Some(State::restore(&replayed.save().unwrap()).unwrap());
            }
            evolve(&mut replayed, event, moment);
            if let Some(restored) = &mut restored {
                evolve(restored, event, moment);
            }
        }
        prop_assert_eq!(picture(&replayed), picture(&self.district.state));
        if let Some(restored) = restored {
            prop_assert_eq!(picture(&restored), picture(&replayed));
        }
        Ok(())
    }
}

/// Some command of a party's first person.
fn call() -> Command {
    static CALL: OnceLock<Command> = OnceLock::new();
    CALL.get_or_init(|| crate::district::path().swap_remove(0).1).clone()
}

/// What the policies say of a role and an act, asked once.
fn power(role: Role, act: Act) -> &'static str {
    static CELLS: OnceLock<Vec<Vec<&'static str>>> = OnceLock::new();
    let of_role = |role: &Role| Act::ALL.iter().map(|act| cell(powers(), *role, *act)).collect();
    let cells = CELLS.get_or_init(|| Role::ALL.iter().map(of_role).collect());
    let at = |found: Option<usize>| found.unwrap();
    let (role, act) = (
        at(Role::ALL.iter().position(|it| *it == role)),
        at(Act::ALL.iter().position(|it| *it == act)),
    );
    cells[role][act]
}

fn walk(script: &Script, begun: &District, seen: &mut Seen) -> Result<(), TestCaseError> {
    let mut run = Run::new(begun, &script.days);
    for _ in 0..script.along * TRIES {
        if run.lanes[0].next < script.along && !run.next(0, seen)? {
            run.pass(24 * 7, seen);
        }
    }
    for op in &script.ops {
        run.play(op, seen)?;
    }
    for lane in 0..LANES.len() {
        run.settle(lane, seen)?;
    }
    // One after the other, so that the last ones go on while the first end.
    for lane in 0..LANES.len() {
        run.finish(lane, seen)?;
    }
    run.check_replay(&script.cut)
}

#[test]
fn agreements_beside_and_after_each_other_keep_what_always_holds_while_time_goes_by() {
    let asked = std::env::var("GONGSHU_TORTURE_CASES").ok();
    let config = ProptestConfig {
        cases: asked.map_or(16, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        max_shrink_iters: 40,
        ..ProptestConfig::default()
    };
    let begun = District::after(PARTIES.len());
    let steps = Lane::new(LANES[0], (None, None)).steps.len();
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let seen = RefCell::new(Seen::default());
    let started = std::time::Instant::now();
    let outcome = TestRunner::new_with_rng(config, seed)
        .run(&script(steps), |script| walk(&script, &begun, &mut seen.borrow_mut()));
    outcome.unwrap();
    let seen = seen.into_inner();
    let never: Vec<&str> = acts_of_path()
        .difference(&seen.accepted.keys().copied().collect())
        .map(|act| act.id())
        .collect();
    println!(
        "{} acts accepted of {} kinds, {} years, {:.1} s\nnever: {never:?}\n{seen:?}",
        seen.accepted.values().sum::<usize>(),
        seen.accepted.len(),
        seen.hours / 24 / 365,
        started.elapsed().as_secs_f64()
    );
    assert!(never.len() <= 3, "{never:?}");
    let each = [
        seen.calls[0],
        seen.calls[1],
        seen.ended,
        seen.shut_out,
        seen.settled,
        seen.own,
    ];
    assert!(each.iter().all(|count| *count > 0), "{seen:?}");
    assert_eq!(seen.closed, seen.ended, "{seen:?}");
    assert!(seen.at_once >= 2, "agreements beside each other: {seen:?}");
}

/// The acts that the lanes ask for.
fn acts_of_path() -> BTreeSet<Act> {
    let path = crate::district::path().split_off(PARTIES.len());
    path.iter().map(|(_, command)| command.act()).collect()
}
