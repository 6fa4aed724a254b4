//! 授权委托书: whoever holds a post has another person act for him; and its end.

use gongshu_governance::State;
use gongshu_governance::post::{Delegate, PostEvent};

use super::{Draft, Readers, party};

pub(super) fn draft(state: &State, event: &PostEvent) -> Option<Draft> {
    match event {
        PostEvent::Delegated { given, by } => {
            let post = state.posts.get(&given.post)?;
            let mut holders = post.holders.iter().rev();
            let giver = holders.find(|holder| holder.person == *by);
            let acts: Vec<&str> = given.acts.iter().map(|act| act.zh()).collect();
            let things: Vec<&str> = given.things.iter().map(String::as_str).collect();
            let things = if things.is_empty() {
                "不限".to_owned()
            } else {
                things.join("、")
            };
            Some(
                of(state, "授权委托书", given)?
                    .fact("委托人", giver.map_or_else(|| by.to_string(), |it| it.name.clone()))
                    .fact("受托人", &given.name)
                    .fact("委托事项", acts.join("、"))
                    .fact("事项对象", things)
                    .fact("委托期限", format!("{} 至 {}", given.from, given.until))
                    .fact("委托理由", &given.reason)
                    .says("受托人在委托期限内代委托人办理上列事项，不得转委托；期限届满、委托被撤销或者委托人不再任该岗位的，委托即行终止。"),
            )
        }
        PostEvent::Revoked(revoked) => {
            let given = &state.delegations.get(&revoked.delegation)?.given;
            Some(
                of(state, "委托撤销通知书", given)?
                    .fact("受托人", &given.name)
                    .fact("撤销理由", &revoked.reason)
                    .says("自办理时间起，受托人不得再据该委托办理；此前已经办理的事项不受影响。"),
            )
        }
        PostEvent::Created(_)
        | PostEvent::Closed(_)
        | PostEvent::Appointed(_)
        | PostEvent::Dismissed(_)
        | PostEvent::Filed(_)
        | PostEvent::Unattended(_) => None,
    }
}

/// Who is whose post's holder is the matter of the party, the agency and the supervisor.
fn of(state: &State, title: &'static str, given: &Delegate) -> Option<Draft> {
    let post = &state.posts.get(&given.post)?.of;
    let mut draft = Draft::new(title, post.name.clone())
        .to([post.party.clone()])
        .fact("委托单位", party(state, &post.party).name)
        .fact("委托岗位", &post.name)
        .fact("委托编号", given.id.as_str());
    draft.readers = Readers::Authorities;
    Some(draft)
}
