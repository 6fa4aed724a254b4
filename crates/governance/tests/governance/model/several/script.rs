//! What a run is made of: what happens, in which order, for how long agreements are.

use gongshu_governance::power::Act;
use proptest::prelude::*;

use super::lane::{Days, LANES};
use super::money::{self, Moves};
use crate::district::PARTIES;

/// Something that happens.
#[derive(Debug, Clone)]
pub(super) enum Op {
    /// A lane's next step is asked for; where it is refused, so many hours go by.
    Next { lane: usize, wait: i64 },
    /// Any step of a lane is, by its party or another.
    Step {
        lane: usize,
        step: prop::sample::Index,
        other: Option<usize>,
    },
    /// The person who filed something decides on it.
    Same { lane: usize, pair: prop::sample::Index },
    /// Money moves, or is said to, by one of the operator's people.
    Money { lane: usize, moves: Vec<(Moves, usize)> },
    /// While something is sold in a lane, what is broken above it is mended, and then one link breaks.
    Disturb { lane: usize, which: prop::sample::Index },
    /// So many hours go by.
    Clock { hours: i64 },
}

/// What mends a link above a product, where it is broken.
pub(super) const MENDING: [Act; 8] = [
    Act::ResumeAgreement,
    Act::ThawScenario,
    Act::LiftMeasure,
    Act::ApproveResource,
    Act::ReviewModel,
    Act::ResumeProduct,
    Act::GiveConsent,
    Act::Subscribe,
];

/// What breaks one.
pub(super) const BREAKING: [Act; 18] = [
    Act::SuspendAgreement,
    Act::FreezeScenario,
    Act::OrderMeasure,
    Act::DeclineResource,
    Act::SuspendModel,
    Act::SuspendProduct,
    Act::WithdrawConsent,
    Act::Unsubscribe,
    Act::DeclineResource,
    Act::SuspendProduct,
    Act::WithdrawConsent,
    Act::WithdrawProduct,
    Act::EndEngagement,
    Act::WithdrawModel,
    Act::OrderDestruction,
    Act::RegradeResource,
    Act::EndScenario,
    Act::AgreeQuota,
];

#[derive(Debug, Clone)]
pub(super) struct Script {
    /// How many steps the first lane goes before anything else happens.
    pub(super) along: usize,
    /// For how many days the agreements and their scenarios are; some for as long as on the path.
    pub(super) days: [Days; LANES.len()],
    pub(super) ops: Vec<Op>,
    pub(super) cut: prop::sample::Index,
}

fn op() -> impl Strategy<Value = Op> {
    let lane = || prop_oneof![5 => Just(0_usize), 5 => Just(1), 4 => Just(2)];
    let index = any::<prop::sample::Index>;
    let other = prop::option::weighted(0.4, 0..PARTIES.len());
    let hours = prop_oneof![6 => 1..72_i64, 3 => 24..24 * 25_i64, 1 => 24 * 30..24 * 150_i64];
    prop_oneof![
        60 => (lane(), 0..24 * 9_i64).prop_map(|(lane, wait)| Op::Next { lane, wait }),
        14 => (lane(), index(), other).prop_map(|(lane, step, other)| Op::Step { lane, step, other }),
        4 => (lane(), index()).prop_map(|(lane, pair)| Op::Same { lane, pair }),
        8 => (lane(), prop::collection::vec((money::moves(), 0..3_usize), 1..6)).prop_map(|(lane, moves)| Op::Money { lane, moves }),
        12 => (lane(), index()).prop_map(|(lane, which)| Op::Disturb { lane, which }),
        5 => hours.prop_map(|hours| Op::Clock { hours }),
    ]
}

pub(super) fn script(steps: usize) -> impl Strategy<Value = Script> {
    let days = || {
        (
            prop::option::weighted(0.4, 60..500_i64),
            prop::option::weighted(0.5, 20..150_i64),
        )
    };
    let along = prop_oneof![Just(0), steps / 3..=steps];
    let ops = prop::collection::vec(op(), 300..700);
    (along, [days(), days(), days()], ops, any::<prop::sample::Index>()).prop_map(|(along, days, ops, cut)| Script {
        along,
        days,
        ops,
        cut,
    })
}
