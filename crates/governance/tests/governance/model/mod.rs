//! The rules against a model of the chain that is nothing but flags: any acts, by anyone, in any order; then the exit.
//!
//! A run goes some way along the path, asks for steps of it at random, and ends the agreement: random plans, reports,
//! payments and days, in any order and late. At last the rightful parties do what is left, so that every exit closes.
//! The seed is fixed; `GONGSHU_TORTURE_CASES` asks for more runs. Several agreements, and a clock that goes on between all
//! steps, are in `several`, where what always holds is checked in place of each answer.

mod accounts;
mod chain;
mod ending;
mod picture;
mod request;
mod several;
mod winding;

use std::cell::RefCell;

use gongshu_governance::authorization::Usage;
use gongshu_governance::calendar::day_of;
use gongshu_governance::post::Hand;
use gongshu_governance::power::Act;
use gongshu_governance::{Command, Moment, State, evolve};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::district::{District, PARTIES, actor, actor_of, path, rules};
use chain::Model;
pub(crate) use picture::picture;
use request::{Request, request};

/// What a run has come to.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    started: usize,
    closed: usize,
    /// Exits that were not closed when it was asked for, since something was left.
    kept_open: usize,
    late: usize,
    out_of_order: usize,
    /// Acts of the operator and its partner under the agreement, asked for after its end.
    shut_out: usize,
    /// Entries of the books that were reversed.
    reversed: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.started += other.started;
        self.closed += other.closed;
        self.kept_open += other.kept_open;
        self.late += other.late;
        self.out_of_order += other.out_of_order;
        self.shut_out += other.shut_out;
        self.reversed += other.reversed;
    }
}

/// A district and its model, side by side.
struct Run {
    district: District,
    model: Model,
    /// When each event happened.
    times: Vec<jiff::Timestamp>,
    counts: Counts,
}

/// What authorizes, or uses what is authorized: none of it is accepted once the exit has begun.
const ACCESS: [Act; 15] = [
    Act::ApplyScenario,
    Act::GrantScenario,
    Act::ProposeAmendment,
    Act::AcceptAmendment,
    Act::RegisterModel,
    Act::TrainModel,
    Act::SubmitProduct,
    Act::ListProduct,
    Act::Subscribe,
    Act::SaveQuery,
    Act::RecordAttempt,
    Act::RunQuery,
    Act::SubmitOutput,
    Act::ReviewOutput,
    Act::CollectOutput,
];

/// Things of the path that come to nothing: the model has one of each kind, which goes on.
const OTHERS: [&str; 4] = ["prd_vague", "prd_early", "scn_refused", "scn_withdrawn"];

impl Run {
    fn new(district: District) -> Self {
        Self {
            times: vec![district.now; district.events.len()],
            model: Model::new(day_of(district.now)),
            district,
            counts: Counts::default(),
        }
    }

    /// Asks for something, and compares what comes of it with what the model says.
    fn ask(&mut self, rightful: &str, asks: &str, command: &Command) -> Result<bool, TestCaseError> {
        let before = self.district.events.len();
        let expected = asks == rightful && self.model.allows(asks, command);
        self.check_before(asks, command, expected)?;
        let outcome = self.district.act(asks, command);
        let what = command.act().id();
        prop_assert_eq!(
            outcome.is_ok(),
            expected,
            "{} by {}: {:?}, {:?}, {:?}",
            what,
            asks,
            command,
            outcome,
            self.model
        );
        prop_assert_eq!(self.district.events.len() > before, expected);
        self.times.resize(self.district.events.len(), self.district.now);
        if expected {
            self.count(command);
            let taken = self.model.take(command, &self.district.events[before..]);
            prop_assert!(taken.is_ok(), "{}: {:?}", what, taken);
        }
        self.check_after(command, expected)?;
        Ok(expected)
    }

    /// Nobody approves what he filed, and nothing is used under an agreement that has ended.
    fn check_before(&mut self, asks: &str, command: &Command, expected: bool) -> Result<(), TestCaseError> {
        let act = command.act();
        if self.model.ending.is_some() && ACCESS.contains(&act) {
            prop_assert!(!expected, "{:?} after the exit began", act);
            self.counts.shut_out += 1;
        }
        let closes = matches!(command, Command::CloseExit(_));
        self.counts.kept_open += usize::from(closes && !expected && self.model.ending.is_some());
        let filed = self.district.state.filed.get(command.stream());
        let pairs = rules()
            .parameters()
            .four_eyes
            .iter()
            .filter(|(_, second)| *second == act);
        let own = actor(asks);
        let filed_it = pairs.clone().any(|(first, _)| {
            let filing = own.person.clone().map(|person| (*first, Hand::Person(person)));
            filing.is_some_and(|filing| filed.is_some_and(|filed| filed.contains(&filing)))
        });
        if filed_it {
            let refusal = self.district.decide_as(&own, command).err().map(|it| it.rule);
            prop_assert!(refusal.is_some(), "{:?} by the person who filed", act);
            prop_assert!(
                !expected || refusal.as_deref() == Some("power.four-eyes"),
                "{:?}",
                refusal
            );
            prop_assert!(actor_of(asks, command) != own || !expected);
        }
        Ok(())
    }

    /// No product without a living chain, shares add up, no fen comes from nowhere, and an exit closes when all is done.
    fn check_after(&self, command: &Command, accepted: bool) -> Result<(), TestCaseError> {
        let call = self.district.call(Usage::default());
        prop_assert_eq!(call.is_ok(), self.model.serves(), "{:?} {:?}", call, self.model);
        prop_assert!(call.is_err() || self.model.ending.is_none());
        if let Ok(permit) = call {
            let total: i64 = permit.split.iter().map(|(_, share)| share.fen()).sum();
            prop_assert_eq!(total, permit.fee.fen());
        }
        let agree = self.model.accounts.agree(&self.district.state);
        prop_assert!(agree.is_ok(), "{:?}", agree);
        if let (true, Command::CloseExit(close)) = (accepted, command) {
            let exit = &self.district.state.exits[&close.exit];
            prop_assert!(exit.steps.values().all(|step| step.done.is_some()), "{:?}", exit);
            let reported: Vec<&str> = exit.reported().map(|line| line.asset.as_str()).collect();
            let assets = self.model.assets();
            prop_assert!(
                assets.keys().all(|asset| reported.contains(&asset.as_str())),
                "{:?}",
                exit
            );
            prop_assert!(self.model.is_settled(), "{:?}", self.model);
        }
        Ok(())
    }

    /// Counts what has been accepted, before the model takes it.
    fn count(&mut self, command: &Command) {
        match command {
            Command::StartExit(_) => self.counts.started += 1,
            Command::CloseExit(_) => self.counts.closed += 1,
            Command::ReverseEntry(_) => self.counts.reversed += 1,
            Command::ReportExitStep(report) => {
                let Some(ending) = &self.model.ending else { return };
                let earlier = ending.steps.range(..report.step);
                let late = ending.steps[&report.step].due < self.model.today;
                self.counts.out_of_order += usize::from(earlier.into_iter().any(|(_, step)| !step.done));
                self.counts.late += usize::from(late);
            }
            _ => {}
        }
    }

    fn pass(&mut self, days: i64) {
        self.district.now += jiff::SignedDuration::from_hours(24 * days);
        self.model.today = day_of(self.district.now);
    }

    /// A step of the path, asked for by its party or another.
    fn step(&mut self, rightful: &'static str, other: Option<usize>, command: &Command) -> Result<(), TestCaseError> {
        let asks = other.map_or(rightful, |index| PARTIES[index].0);
        if asks == rightful || !belongs_to_others_too(command.act()) {
            self.ask(rightful, asks, command)?;
        }
        Ok(())
    }

    /// The state of all events, and that of a saved state and the events after it.
    fn check_replay(&self, cut: &prop::sample::Index) -> Result<(), TestCaseError> {
        let events = &self.district.events;
        let cut = cut.index(events.len() + 1);
        let moments = (1..)
            .zip(&self.times)
            .map(|(sequence, at)| Moment { sequence, at: *at });
        let (mut replayed, mut saved) = (State::default(), Vec::new());
        for (moment, event) in moments.clone().zip(events) {
            if replayed.sequence == cut as u64 {
                saved = replayed.save().unwrap();
            }
            evolve(&mut replayed, event, moment);
        }
        prop_assert_eq!(picture(&replayed), picture(&self.district.state));
        if cut < events.len() {
            let mut restored = State::restore(&saved).unwrap();
            for (moment, event) in moments.zip(events).skip(cut) {
                evolve(&mut restored, event, moment);
            }
            prop_assert_eq!(picture(&restored), picture(&replayed));
        }
        Ok(())
    }
}

/// Others who may as well would change whose thing it is; the model has one of each.
fn belongs_to_others_too(act: Act) -> bool {
    use Act::*;
    matches!(
        act,
        ProposeAmendment
            | EndExport
            | RecordQualityCheck
            | RevokeCredential
            | RegisterModel
            | SuspendModel
            | SuspendProduct
            | SubmitProduct
            | Subscribe
            | GiveConsent
            | MakeEvidence
            | RecordFile
            | ReadFile
            | RemoveFile
            | PrepareDisclosure
            | FileComplaint
            | DecideComplaint
            | CloseComplaint
            | ReviewDisclosure
            | ObjectToRegistration
            | ReportIncident
            | HandleAlert
            | SaveQuery
            | RecordAttempt
            | RunQuery
            | TrainModel
            | ReviewOutput
            | ApplySelection
            | ObjectSelection
            | RecordConsents
            | SuspendAgreement
            | OpenDispute
            | RecordStep
            | MoveDispute
            | CloseDispute
            | NarrowScenario
            | EndScenario
            | AgreeQuota
            | EndEngagement
            | RecordWithdrawal
            | OrderMeasure
            | LiftMeasure
    )
}

/// What a run is made of.
#[derive(Debug, Clone)]
struct Script {
    /// How far it goes along the path first; a random walk alone would seldom reach a call.
    along: usize,
    walk: Vec<(usize, Option<usize>)>,
    /// How many days pass before the exit begins, where it has not.
    wait: i64,
    end: Vec<(Request, Option<usize>)>,
    cut: prop::sample::Index,
}

fn script(steps: usize) -> impl Strategy<Value = Script> {
    let other = || prop::option::weighted(0.1, 0..PARTIES.len());
    let walk = prop::collection::vec((0..steps, other()), 0..120);
    let end = prop::collection::vec((request(), other()), 0..60);
    let along = prop_oneof![0..=steps, steps / 2..=steps];
    (along, walk, 0..80_i64, end, any::<prop::sample::Index>()).prop_map(|(along, walk, wait, end, cut)| Script {
        along,
        walk,
        wait,
        end,
        cut,
    })
}

fn play(script: &Script, begun: &District, steps: &[(&'static str, Command)]) -> Result<Counts, TestCaseError> {
    let mut run = Run::new(begun.clone());
    let along = (0..script.along).map(|step| (step, None));
    for (step, other) in along.chain(script.walk.iter().copied()) {
        let (rightful, command) = &steps[step];
        run.step(rightful, other, command)?;
    }
    if run.model.ending.is_none() {
        run.pass(script.wait);
        run.start()?;
    }
    for (request, other) in &script.end {
        if let Some((rightful, command)) = run.command(request) {
            let asks = other.map_or(rightful, |index| PARTIES[index].0);
            run.ask(rightful, asks, &command)?;
        }
    }
    run.wind_down()?;
    run.check_replay(&script.cut)?;
    Ok(run.counts)
}

#[test]
fn what_is_accepted_is_what_the_model_allows_and_every_exit_closes() {
    let asked = std::env::var("GONGSHU_TORTURE_CASES").ok();
    let config = ProptestConfig {
        cases: asked.map_or(48, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    };
    let mut steps = path().split_off(PARTIES.len());
    steps.retain(|(_, command)| !OTHERS.contains(&command.stream()));
    let begun = District::after(PARTIES.len());
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let total = RefCell::new(Counts::default());
    let outcome = TestRunner::new_with_rng(config, seed).run(&script(steps.len()), |script| {
        total.borrow_mut().add(play(&script, &begun, &steps)?);
        Ok(())
    });
    outcome.unwrap();
    let total = total.into_inner();
    println!("{total:?}");
    assert_eq!(total.closed, total.started, "{total:?}");
    let each = [
        total.closed,
        total.kept_open,
        total.late,
        total.out_of_order,
        total.shut_out,
        total.reversed,
    ];
    assert!(each.iter().all(|count| *count > 0), "{total:?}");
}
