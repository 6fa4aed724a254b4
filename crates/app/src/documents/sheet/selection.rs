//! 遴选结果公告: what was asked, who applied and how they were scored, objections, and who is selected.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::selection::{Applicant, Method, Mode, Selection, ranking};

use super::{Draft, fact, party, recorded_late, span};

pub(super) fn draft(state: &State, selection: &Selection) -> Draft {
    let announced = &selection.announcement;
    let selected = selection.selected.as_ref().map(|id| party(state, id).name);
    let title = if selected.is_some() {
        "运营机构遴选结果公告"
    } else {
        "运营机构遴选情况"
    };
    let mut facts = vec![
        fact("遴选方式", method(announced.method)),
        fact("授权模式", mode(announced.mode)),
        fact(
            "申请期间",
            format!(
                "{}{}",
                span(&announced.term),
                recorded_late(selection.announced_late_days, announced.evidence.as_ref())
            ),
        ),
        fact("公告载体", announced.notice.clone()),
    ];
    if let Some(panel) = &selection.panel {
        let names: Vec<&str> = panel.members.iter().map(|member| member.name.as_str()).collect();
        facts.push(fact(
            "评审组",
            format!("{}（组长：{}）", names.join("、"), panel.leader),
        ));
    }
    if let Some(publicity) = &selection.publicity {
        let name = party(state, &publicity.applicant).name;
        let late = recorded_late(selection.publicity_late_days, publicity.evidence.as_ref());
        facts.push(fact(
            "公示",
            format!("{name}，{}，{}{late}", span(&publicity.term), publicity.notice),
        ));
    }
    let failed = selection.failed.as_ref();
    let failed = failed.map(|it| format!("流标（{}）：{}", day_of(it.at), it.reason));
    facts.push(fact(
        "遴选结果",
        failed.or(selected).unwrap_or_else(|| "尚未确定".to_owned()),
    ));
    Draft {
        title: title.to_owned(),
        subject: announced.title.clone(),
        number: announced.id.to_string(),
        issuer: selection.agency.clone(),
        facts,
        sections: sections(state, selection),
        streams: vec![announced.id.to_string()],
    }
}

fn sections(state: &State, selection: &Selection) -> Vec<SheetSection> {
    let announced = &selection.announcement;
    let conditions = announced
        .conditions
        .iter()
        .map(|(name, asks)| [name.clone(), asks.clone()]);
    let criteria = announced.criteria.iter();
    let criteria = criteria.map(|it| [it.name.clone(), it.asks.clone(), it.points.to_string()]);
    let objections = selection.objections.iter().map(|(number, it)| {
        let answer = it.answer.as_ref();
        let outcome = answer.map_or("待答复", |answer| if answer.upheld { "成立" } else { "不成立" });
        let reason = answer.map_or_else(String::new, |answer| answer.reason.clone());
        let raised = &it.raised;
        [
            number.to_string(),
            raised.objector.clone(),
            raised.reason.clone(),
            outcome.to_owned(),
            reason,
        ]
    });
    vec![
        SheetSection::table("一、资格条件", ["条件:1", "要求:3"], conditions),
        SheetSection::table("二、评分标准", ["指标:1", "要求:3", "分值#"], criteria),
        SheetSection::table(
            "三、申请与评审",
            ["申请人:2", "资格审查", "审查理由:3", "总分#", "名次#"],
            applicants(state, selection),
        ),
        SheetSection::table("四、异议", ["序号", "异议人:1", "理由:2", "处理", "答复:2"], objections),
    ]
}

/// Those who are ranked in their order, then the others.
fn applicants(state: &State, selection: &Selection) -> Vec<[String; 5]> {
    let ranked = ranking(selection);
    let place = |id: &PartyId| ranked.iter().position(|place| place.applicant == id && place.complete);
    let mut all: Vec<_> = selection.applicants.iter().collect();
    all.sort_by_key(|(id, _)| place(id).unwrap_or(usize::MAX));
    let row = |(id, applicant): (&PartyId, &Applicant)| {
        let decided = applicant.qualification.as_ref();
        let outcome = decided.map_or("待审查", |it| if it.qualified { "通过" } else { "不通过" });
        let at = place(id);
        let total = at.and_then(|at| ranked.get(at)).map(|it| it.total.to_string());
        let aside = if selection.set_aside.contains(id) {
            "（异议成立，取消）"
        } else {
            ""
        };
        [
            format!("{}{aside}", party(state, id).name),
            outcome.to_owned(),
            decided.map_or_else(String::new, |it| it.reason.clone()),
            total.unwrap_or_else(|| "—".to_owned()),
            at.map_or_else(|| "—".to_owned(), |at| (at + 1).to_string()),
        ]
    };
    all.into_iter().map(row).collect()
}

fn method(method: Method) -> &'static str {
    match method {
        Method::OpenTender => "公开招标",
        Method::InvitedTender => "邀请招标",
        Method::Negotiation => "谈判",
        Method::OtherCompetition => "其他公平竞争方式",
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Overall => "整体授权",
        Mode::ByField => "分领域授权",
        Mode::ByScenario => "依场景授权",
    }
}
