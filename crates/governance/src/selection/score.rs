//! Scoring applicants.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::qualify::applicant;
use super::{Selection, SelectionEvent, open};
use crate::Context;
use crate::event::Event;
use crate::identifier::{PartyId, SelectionId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Records the score sheets of an applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreApplicant {
    /// The selection.
    pub selection: SelectionId,
    /// The applicant.
    pub applicant: PartyId,
    /// By member of the panel, all of them, the points by criterion, all of them.
    pub scores: BTreeMap<String, BTreeMap<String, u32>>,
}

/// Decides a score.
///
/// # Errors
/// Refuses sheets of others than the panel's members, of an applicant who does not qualify, a second time, and points that leave a criterion out or give it more than it carries.
pub fn decide_score(state: &State, command: &ScoreApplicant, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let selection = open(state, &command.selection, context)?;
    let applicant = applicant(selection, &command.applicant, context)?;
    if selection.publicity.is_some() || !applicant.scores.is_empty() {
        return Err(context.rules.wrong_state(
            Text::new("评分已完成", "this is scored"),
            Text::new("评分不作更改", "scores do not change"),
        ));
    }
    let qualified = applicant.qualification.as_ref().is_some_and(|it| it.qualified);
    let refuse =
        |zh: String, en: String, remedy| Err(context.rules.refuse(Rule::SelectionScores, Text::new(zh, en), remedy));
    if !qualified {
        let remedy = Text::new("只为合格申请人评分", "score applicants who qualify");
        return refuse(
            "该申请人未通过资格审查".to_owned(),
            "the applicant does not qualify".to_owned(),
            remedy,
        );
    }
    let there: BTreeSet<&String> = command.scores.keys().collect();
    if seats(selection) != there {
        let remedy = Text::new("请录入每位评审专家的评分", "record the sheet of every member");
        return refuse(
            "评分表与评审组名单不符".to_owned(),
            "the sheets are not those of the members of the panel".to_owned(),
            remedy,
        );
    }
    if !command.scores.values().all(|points| fits(selection, points)) {
        let remedy = Text::new("请逐项评分，不超过各项分值", "give each criterion up to its points");
        return refuse(
            "评分与公告的评分项不符".to_owned(),
            "the points are not those of the announced criteria".to_owned(),
            remedy,
        );
    }
    Ok(vec![Event::Selection(SelectionEvent::Scored(Box::new(
        command.clone(),
    )))])
}

fn seats(selection: &Selection) -> BTreeSet<&String> {
    let members = selection.panel.iter().flat_map(|panel| &panel.members);
    members.map(|member| &member.name).collect()
}

fn fits(selection: &Selection, points: &BTreeMap<String, u32>) -> bool {
    let criteria = &selection.announcement.criteria;
    let within = |name: &str, most| points.get(name).is_some_and(|given| *given <= most);
    points.len() == criteria.len() && criteria.iter().all(|it| within(&it.name, it.points))
}
