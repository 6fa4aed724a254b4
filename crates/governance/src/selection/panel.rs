//! The panel that scores.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Selection, SelectionEvent, open};
use crate::Context;
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{PartyId, SelectionId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Seats the panel that scores the applicants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeatPanel {
    /// The selection.
    pub selection: SelectionId,
    /// Its members.
    pub members: Vec<PanelMember>,
    /// The member who leads it.
    pub leader: String,
}

/// Seats another panel in its place, before anybody is scored: a member has fallen ill, or has to stand aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReseatPanel {
    /// The selection.
    pub selection: SelectionId,
    /// Its members.
    pub members: Vec<PanelMember>,
    /// The member who leads it.
    pub leader: String,
    /// Why.
    pub reason: String,
}

impl ReseatPanel {
    /// The panel.
    pub(super) fn panel(&self) -> SeatPanel {
        SeatPanel {
            selection: self.selection.clone(),
            members: self.members.clone(),
            leader: self.leader.clone(),
        }
    }
}

/// A member of the panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PanelMember {
    /// Name.
    pub name: String,
    /// Where the member works.
    pub works_for: String,
    /// Parties in which the member declares an interest.
    pub interests: BTreeSet<PartyId>,
}

/// Decides a panel.
///
/// # Errors
/// Refuses it while applications are taken, while an applicant waits for its qualification, after a tender with too few
/// qualified applicants; a second one, one too small or even in number, and a member with an interest in an applicant.
pub fn decide_seat(state: &State, command: &SeatPanel, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let selection = open(state, &command.selection, context)?;
    if selection.panel.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("评审组已组成", "the panel is seated"),
            Text::new(
                "由现有评审组评分；评分前需更换成员的，办理“更换评审组”",
                "let the panel that is there score, or seat another before it does (`selection.reseat`)",
            ),
        ));
    }
    check_applications(selection, context)?;
    check_members(command, context)?;
    check_interests(state, selection, command, context)?;
    Ok(vec![Event::Selection(SelectionEvent::Seated(Box::new(
        command.clone(),
    )))])
}

/// Decides another panel.
///
/// # Errors
/// Refuses it without a reason, where none is seated, once an applicant is scored, and as the first panel is refused.
pub fn decide_reseat(state: &State, command: &ReseatPanel, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let selection = open(state, &command.selection, context)?;
    context.rules.said(&command.reason, ("更换理由", "reason"))?;
    let scored = selection
        .applicants
        .values()
        .any(|applicant| !applicant.scores.is_empty());
    if selection.panel.is_none() || scored {
        return Err(context.rules.refuse(
            Rule::SelectionPanel,
            Text::new(
                "评审组尚未组成，或已开始评分",
                "no panel is seated, or it has begun to score",
            ),
            Text::new(
                "请先组成评审组；已有评分的，需重新评审的取消本次遴选后重新公告",
                "seat it first; once it has scored, cancel the selection and announce another (`selection.cancel`)",
            ),
        ));
    }
    let panel = command.panel();
    check_members(&panel, context)?;
    check_interests(state, selection, &panel, context)?;
    Ok(vec![Event::Selection(SelectionEvent::Reseated(Box::new(
        command.clone(),
    )))])
}

fn check_applications(selection: &Selection, context: &Context<'_>) -> Result<(), Refusal> {
    let refuse = |zh: String, en: String, remedy| {
        Err(context
            .rules
            .refuse(Rule::SelectionApplications, Text::new(zh, en), remedy))
    };
    let announced = &selection.announcement;
    if day_of(context.at) <= announced.term.until && announced.method.is_tender() {
        let remedy = Text::new("请待报名截止", "wait until it has ended");
        return refuse(
            "报名尚未截止".to_owned(),
            "applications are still taken".to_owned(),
            remedy,
        );
    }
    let mut waiting = selection
        .applicants
        .iter()
        .filter(|(_, applicant)| applicant.qualification.is_none());
    if let Some((waiting, _)) = waiting.next() {
        let remedy = Text::new("请先作资格审查", "decide whether they qualify first");
        return refuse(
            format!("申请人 `{waiting}` 尚未作资格审查"),
            format!("whether the applicant `{waiting}` qualifies is not decided"),
            remedy,
        );
    }
    let least = if announced.method.is_tender() {
        context.rules.parameters().tenderers_min
    } else {
        1
    };
    let there = selection.qualified().count();
    if there < least {
        let remedy = Text::new("请重新公告遴选", "announce another selection");
        return refuse(
            format!("合格申请人 {there} 家，不足 {least} 家"),
            format!("{there} applicants qualify; {least} are the least"),
            remedy,
        );
    }
    Ok(())
}

fn check_members(command: &SeatPanel, context: &Context<'_>) -> Result<(), Refusal> {
    for member in &command.members {
        context.rules.said(&member.name, ("评审专家姓名", "member's name"))?;
        context
            .rules
            .said(&member.works_for, ("评审专家单位", "member's organization"))?;
    }
    let (least, seats) = (context.rules.parameters().panel_members_min, command.members.len());
    let names: BTreeSet<&String> = command.members.iter().map(|member| &member.name).collect();
    if seats >= least && seats % 2 == 1 && names.len() == seats && names.contains(&command.leader) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::SelectionPanel,
        Text::new(
            format!("评审组须为不少于 {least} 人的单数，不重复，组长为其中一人；现为 {seats} 人"),
            format!(
                "a panel has an odd number of at least {least} members, each once, one of whom leads; here are {seats}"
            ),
        ),
        Text::new("请调整名单", "change the list"),
    ))
}

/// Nobody scores who works for an applicant, or has declared an interest in one.
fn check_interests(
    state: &State,
    selection: &Selection,
    command: &SeatPanel,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    for member in &command.members {
        for interest in &member.interests {
            state.party(interest, context)?;
        }
        let concerned = selection.applicants.keys().find_map(|applicant| {
            let party = state.parties.get(applicant)?;
            let works_there = party.name == member.works_for;
            (works_there || member.interests.contains(applicant)).then_some(&party.name)
        });
        if let Some(party) = concerned {
            return Err(context.rules.refuse(
                Rule::SelectionPanel,
                Text::new(
                    format!("{} 与申请人 {party} 有利害关系，应当回避", member.name),
                    format!("`{}` has an interest in the applicant `{party}`", member.name),
                ),
                Text::new("请另选评审专家", "choose another member"),
            ));
        }
    }
    Ok(())
}
