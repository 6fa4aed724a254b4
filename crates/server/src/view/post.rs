//! Posts as the API shows them.

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_app::governance::State;
use gongshu_app::governance::post::{Delegation, Holder, Post};
use gongshu_app::governance::power::Act;
use jiff::civil::Date;

use super::party_named;

pub(crate) fn post(state: &State, post: &Post, today: Date) -> api::post::Post {
    let delegations = post.delegations.iter().filter_map(|id| state.delegations.get(id));
    let holder = |holder: &Holder| self::holder(holder, post.closed.is_none() && holder.holds(today));
    api::post::Post {
        id: post.of.id.to_string(),
        party: party_named(state, &post.of.party),
        name: post.of.name.clone(),
        acts: post.of.acts.iter().copied().map(named).collect(),
        holders: post.holders.iter().map(holder).collect(),
        delegations: delegations.map(|given| delegation(state, given, today)).collect(),
        closed: post.closed.is_some(),
        revision: post.revision,
    }
}

fn holder(holder: &Holder, holds: bool) -> api::post::PostHolder {
    api::post::PostHolder {
        person: Named {
            id: holder.person.to_string(),
            name: holder.name.clone(),
        },
        from: holder.from.to_string(),
        until: holder.until.map(|until| until.to_string()),
        dismissed: holder.dismissed.map(|at| at.to_string()),
        holds,
    }
}

fn delegation(state: &State, delegation: &Delegation, today: Date) -> api::post::Delegation {
    let given = &delegation.given;
    api::post::Delegation {
        id: given.id.to_string(),
        by: delegation.by.to_string(),
        to: Named {
            id: given.to.to_string(),
            name: given.name.clone(),
        },
        acts: given.acts.iter().copied().map(named).collect(),
        things: given.things.iter().cloned().collect(),
        from: given.from.to_string(),
        until: given.until.to_string(),
        reason: given.reason.clone(),
        in_force: delegation.in_force(state, today),
        revision: delegation.revision,
    }
}

fn named(act: Act) -> api::post::NamedAct {
    api::post::NamedAct {
        id: act.id().to_owned(),
        name: act.name().into(),
    }
}
