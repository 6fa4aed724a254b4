//! A state as text, so that two can be compared.

use std::collections::BTreeMap;

use gongshu_governance::State;

/// Everything of a state as text, in one order.
pub(crate) fn picture(state: &State) -> BTreeMap<String, String> {
    let mut picture = BTreeMap::from([("sequence".to_owned(), state.sequence.to_string())]);
    macro_rules! draw {
        ($($records:ident),*) => {$(
            for (id, record) in state.$records.iter() {
                picture.insert(format!("{} {id:?}", stringify!($records)), format!("{record:?}"));
            }
        )*};
    }
    draw!(
        parties,
        party_by_code,
        standings,
        work_orders,
        posts,
        posts_by_party,
        delegations,
        filed,
        credentials,
        credential_by_hash,
        resources,
        agreements,
        scenarios,
        engagements,
        models
    );
    draw!(
        queries,
        runs,
        outputs,
        products,
        revenues,
        plans,
        selections,
        evidence,
        files,
        documents,
        mentions,
        alerts,
        incidents,
        disputes,
        assessments,
        disclosures,
        complaints,
        reports,
        registrations,
        registered,
        registration_by_query,
        erasures,
        erased,
        periods,
        books,
        exits,
        subscriptions,
        subscription_by_use,
        loans,
        exports,
        exports_by_use,
        consents,
        consents_by_code,
        revisions
    );
    // The same set can have trees of several shapes.
    for (of, consents) in state.consents_by_use.iter() {
        let consents: Vec<_> = consents.iter().collect();
        picture.insert(format!("consents_by_use {of:?}"), format!("{consents:?}"));
    }
    for (proof, consents) in state.consents_by_proof.iter() {
        let consents: Vec<_> = consents.iter().collect();
        picture.insert(format!("consents_by_proof {proof}"), format!("{consents:?}"));
    }
    picture
}
