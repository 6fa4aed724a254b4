//! A small district, and the path on which it comes to serve a call and to end its service.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::agreement::{Amount, Measure, ProposeAgreement, RevenueShare};
use gongshu_governance::authorization::{CallRequest, DataVersion, Permit, Usage};
use gongshu_governance::books::{
    ClosePeriod, CreditInvoice, MeteredUse, PayOut, RecordPayment, RecordRefund, ReturnShare, ReverseEntry, Reversible,
};
use gongshu_governance::border::Region;
use gongshu_governance::calendar::Term;
use gongshu_governance::consent::{GiveConsent, WithdrawConsent};
use gongshu_governance::erasure::{EraseCalls, ErasedCall, ErasureGround};
use gongshu_governance::evidence::MakeEvidence;
use gongshu_governance::exit::{
    AssetReport, CloseExit, ExitGround, ExitStep, ModelStatement, Outcome, PlanExit, PlannedStep, ReportExitStep,
    StartExit,
};
use gongshu_governance::identifier::*;
use gongshu_governance::incident::{
    CloseIncident, DutyKind, FulfilDuty, GradeIncident, Level, ReportIncident, RetractIncident, System,
};
use gongshu_governance::model::{
    Algorithm, Fit, ModelFormat, ModelInput, RegisterModel, ReviewModel, SuspendModel, TrainModel, WithdrawModel,
};
use gongshu_governance::money::BasisPoints;
use gongshu_governance::notice::NoticeEvidence;
use gongshu_governance::output::{
    CollectOutput, Content, Decision, Figures, OutputKind, OutputSource, ReviewOutput, SubmitOutput, WithdrawOutput,
};
use gongshu_governance::party::{Credential, IssueCredential, Party, RegisterParty, RevokeCredential, Role};
use gongshu_governance::plan::{
    AnswerOpinion, ConcludeReview, DecidePlan, DraftPlan, Expert, FormPanel, OpenComment, PublishPlan, RecordOpinion,
    ReformPanel, RevisePlan, Verdict,
};
use gongshu_governance::power::{Act, Powers};
use gongshu_governance::product::{
    CheckedQuery, EndEngagement, EngagePartner, Engagement, ListProduct, Parameter, ProductForm, ResumeProduct,
    SetCeiling, SetPrice, SubjectParameter, SubmitProduct, SuspendProduct, Volume, WithdrawProduct,
};
use gongshu_governance::registration::{
    AcceptRegistration, ApplyRegistration, AssignCode, EarlierRegistration, Material, ObjectToRegistration,
    Registrable, RegistrationType, ResolveRegistrationObjection, ReviewRegistration, WithdrawRegistration,
};
use gongshu_governance::resource::{
    Entry, Field, FieldType, OrderDestruction, RecordDestruction, RecordVersion, RegisterResource, ReleaseRule,
    Version, VersionStatus,
};
use gongshu_governance::revenue::{PermitRevenue, PlannedSales, SetCeilings, SettleRevenue};
use gongshu_governance::rules::{RuleBook, Rules};
use gongshu_governance::scenario::{
    ApplyScenario, ApproveResource, DeclineResource, EndScenario, FreezeScenario, GrantScenario, NarrowScenario,
    PriceClass, ThawScenario,
};
use gongshu_governance::subscription::{AgreeQuota, Subscribe, Unsubscribe};
use gongshu_governance::workbench::{
    AttemptKind, AttemptStep, Control, Ran, RecordAttempt, RefusedAttempt, RunKind, RunQuery, SaveQuery,
};
use gongshu_governance::{Actor, Command, Context, Event, Moment, Refusal, State, authorize, decide, evolve};
use jiff::civil::date;

pub(crate) const NATIONAL: &str = include_str!("../../../../rules/national.toml");
pub(crate) const CALENDAR: &str = include_str!("../../../../rules/calendar.toml");
pub(crate) const FIRM_CODE: &str = "91440300708461136T";
pub(crate) const PURPOSE: &str = "信贷审核";
pub(crate) const NOW: &str = "2026-04-01T02:00:00Z";

/// Who is on record: id, role, code. The others of a kind are there to ask for what is not theirs.
pub(crate) const PARTIES: [(&str, Role, &str); 14] = [
    ("pty_agency", Role::Agency, "11440300MB2D00001X"),
    ("pty_market", Role::Provider, "11440300MB2D00002X"),
    ("pty_ecology", Role::Provider, "11440300MB2D00003X"),
    ("pty_operator", Role::Operator, "11440300MB2D00004X"),
    ("pty_operator2", Role::Operator, "11440300MB2D00005X"),
    ("pty_partner", Role::Partner, "11440300MB2D00006X"),
    ("pty_partner2", Role::Partner, "11440300MB2D00007X"),
    ("pty_bank", Role::Consumer, "11440300MB2D00008X"),
    ("pty_bank2", Role::Consumer, "11440300MB2D00009X"),
    ("pty_firm", Role::Subject, FIRM_CODE),
    ("pty_firm2", Role::Subject, "91110000802100433B"),
    ("pty_supervisor", Role::Supervisor, "11440300MB2D00010X"),
    ("pty_assessor", Role::Assessor, "11440300MB2D00011X"),
    ("pty_assessor2", Role::Assessor, "11440300MB2D00012X"),
];

/// Events so far, and what they led to.
#[derive(Debug, Clone)]
pub(crate) struct District {
    pub(crate) state: State,
    pub(crate) events: Vec<Event>,
    pub(crate) now: jiff::Timestamp,
}

pub(crate) fn rules() -> &'static Rules {
    static BOOK: std::sync::OnceLock<RuleBook> = std::sync::OnceLock::new();
    let book = BOOK.get_or_init(|| {
        let at_once = overlay("publicity_days = 10", "publicity_days = 0");
        let removed = overlay(
            "[rules.\"file.removal\".parameters]\ndays_min = 7",
            "[rules.\"file.removal\".parameters]\ndays_min = 0",
        );
        RuleBook::load(&[NATIONAL, CALENDAR, &at_once, &removed]).unwrap()
    });
    book.at(NOW.parse().unwrap())
}

/// The rules that packs make on the day of the path.
pub(crate) fn rules_of(packs: &[&str]) -> Rules {
    let book = RuleBook::load(packs).unwrap();
    book.at(NOW.parse().unwrap()).as_ref().clone()
}

/// A pack that says the same of the rule with this parameter, and gives it another value. The path stands still in time,
/// so nothing on it waits for a publicity.
pub(crate) fn overlay(before: &str, after: &str) -> String {
    let rules = NATIONAL.split("\n[rules.\"").map(|rule| format!("[rules.\"{rule}"));
    let found: Vec<String> = rules.collect();
    let at = found.iter().position(|rule| rule.contains(before)).unwrap();
    // The parameters of a rule and their basis stand in tables of their own, after it.
    let id = found[at].split('"').nth(1).unwrap();
    let first = found
        .iter()
        .position(|table| table.starts_with(&format!("[rules.\"{id}\"]")));
    let rule = found[first.unwrap()..=at].join("\n").replace(before, after);
    format!("[pack]\nid = \"overlay-{id}\"\ntitle = \"overlay\"\n{rule}")
}

pub(crate) fn powers() -> &'static Powers {
    static POWERS: std::sync::OnceLock<Powers> = std::sync::OnceLock::new();
    POWERS.get_or_init(|| Powers::load().unwrap())
}

pub(crate) fn actor(party: &str) -> Actor {
    Actor {
        party: PartyId::new(party),
        person: Some(PersonId::new(format!("psn_{party}"))),
    }
}

/// Who acts for a party on the path: another of its people where what one filed is decided by a second.
pub(crate) fn actor_of(party: &str, command: &Command) -> Actor {
    let mut actor = actor(party);
    if let Command::DecidePlan(_)
    | Command::ConfirmSelection(_)
    | Command::ListProduct(_)
    | Command::AcceptAmendment(_)
    | Command::RecordRefund(_)
    | Command::SettleRevenue(_)
    | Command::RetractIncident(_)
    | Command::CloseExit(_) = command
    {
        actor.person = Some(PersonId::new(format!("psn_{party}_second")));
    }
    // A payment is recorded by the first, a refund by the second.
    if let Command::ReverseEntry(_) = command {
        actor.person = Some(PersonId::new(format!("psn_{party}_third")));
    }
    actor
}

impl District {
    pub(crate) fn empty() -> Self {
        Self {
            state: State::default(),
            events: Vec::new(),
            now: NOW.parse().unwrap(),
        }
    }

    /// The district after the first `steps` of [`path`].
    pub(crate) fn after(steps: usize) -> Self {
        let mut district = Self::empty();
        for (party, command) in path().into_iter().take(steps) {
            district.must(party, &command);
        }
        district
    }

    /// The district before the step that asks for this act, and the step.
    pub(crate) fn before(act: &str) -> (Self, &'static str, Command) {
        let step = path().iter().position(|(_, command)| command.act().id() == act);
        let step = step.unwrap_or_else(|| panic!("the path has no {act}"));
        let (party, command) = path().swap_remove(step);
        (Self::after(step), party, command)
    }

    /// The district in which a call is permitted.
    pub(crate) fn serving() -> Self {
        Self::before("product.suspend").0
    }

    pub(crate) fn decide(&self, party: &str, command: &Command) -> Result<Vec<Event>, Refusal> {
        self.decide_seen(party, command, None)
    }

    pub(crate) fn decide_seen(&self, party: &str, command: &Command, seen: Option<u64>) -> Result<Vec<Event>, Refusal> {
        self.asked(&actor_of(party, command), command, (rules(), seen))
    }

    /// Decides for this very person.
    pub(crate) fn decide_as(&self, actor: &Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
        self.asked(actor, command, (rules(), None))
    }

    /// Decides by other rules than [`rules`].
    pub(crate) fn decide_under(&self, rules: &Rules, party: &str, command: &Command) -> Result<Vec<Event>, Refusal> {
        self.asked(&actor_of(party, command), command, (rules, None))
    }

    /// Decides; whatever is refused is told to a clerk in words, not by the ids of acts.
    fn asked(
        &self,
        actor: &Actor,
        command: &Command,
        (rules, seen_revision): (&Rules, Option<u64>),
    ) -> Result<Vec<Event>, Refusal> {
        let context = Context {
            at: self.now,
            actor,
            rules,
            powers: powers(),
            seen_revision,
        };
        let decided = decide(&self.state, command, &context);
        if let Err(refusal) = &decided {
            let said = format!("{}\n{}", refusal.message.zh, refusal.remedy.zh);
            let named = Act::ALL.iter().find(|act| said.contains(act.id()));
            assert!(named.is_none(), "{refusal:#?}");
        }
        decided
    }

    pub(crate) fn act(&mut self, party: &str, command: &Command) -> Result<(), Refusal> {
        for event in self.decide(party, command)? {
            self.happened(event);
        }
        Ok(())
    }

    pub(crate) fn happened(&mut self, event: Event) {
        let sequence = self.state.sequence + 1;
        evolve(&mut self.state, &event, Moment { sequence, at: self.now });
        // Calls are no acts: what they raise comes with the subscription.
        let sold = matches!(&event, Event::Subscribed { order, .. } if order.product.as_str() == "prd_verify")
            && self.state.alerts.is_empty();
        self.events.push(event);
        if sold {
            self.happened(crate::steps::raised_about("pty_bank"));
        }
    }

    pub(crate) fn must(&mut self, party: &str, command: &Command) {
        if let Err(refusal) = self.act(party, command) {
            panic!("{party} may not {}: {refusal:#?}", command.act().id());
        }
    }

    /// A resource comes on record as registered before the platform.
    pub(crate) fn register_earlier(&mut self, provider: &str, resource: &str) {
        let mut apply = registration_application();
        apply.id = RegistrationId::new(format!("reg_{resource}"));
        apply.thing = Registrable::Resource {
            resource: ResourceId::new(resource),
        };
        let day = |year| date(year, 3, 17);
        apply.earlier = Some(EarlierRegistration {
            registrar: "市公共数据登记机构".to_owned(),
            code: format!("440300-R-{resource}"),
            valid: Term {
                from: day(2025),
                until: day(2028),
            },
            registered_sha256: "e1".repeat(32),
            publicity: Term {
                from: date(2025, 3, 3),
                until: date(2025, 3, 14),
            },
            publicized_sha256: "e2".repeat(32),
        });
        let registration = apply.id.clone();
        self.must(provider, &Command::ApplyRegistration(Box::new(apply)));
        for (_, command) in registration_steps(&registration) {
            self.must("pty_agency", &command);
        }
    }

    /// Asks whether the bank may verify the firm.
    pub(crate) fn call(&self, usage: Usage) -> Result<Permit, Refusal> {
        self.call_as("pty_bank", PURPOSE, Some(FIRM_CODE), usage)
    }

    pub(crate) fn call_as(
        &self,
        party: &str,
        purpose: &str,
        subject: Option<&str>,
        usage: Usage,
    ) -> Result<Permit, Refusal> {
        let request = CallRequest {
            actor: &actor(party),
            product: &ProductId::new("prd_verify"),
            purpose,
            subject,
            at: self.now,
        };
        authorize(&self.state, &request, usage, rules(), powers())
    }
}

fn party(&(id, role, code): &(&str, Role, &str)) -> Command {
    Command::RegisterParty(RegisterParty {
        party: Party {
            id: PartyId::new(id),
            role,
            name: id.to_owned(),
            code: Some(code.to_owned()),
            region: Region::Mainland,
        },
        organization: role == Role::Subject,
    })
}

pub(crate) fn field(name: &str, level: u8, release: ReleaseRule) -> Field {
    Field {
        name: name.to_owned(),
        field_type: FieldType::Text,
        meaning: name.to_owned(),
        level,
        release,
        nullable: false,
    }
}

fn term() -> Term {
    Term {
        from: date(2026, 4, 1),
        until: date(2027, 3, 31),
    }
}

fn fields() -> BTreeSet<String> {
    ["code", "name"].map(str::to_owned).into()
}

fn granted() -> BTreeSet<String> {
    ["code", "name", "grade"].map(str::to_owned).into()
}

/// Every act once, each by the party whose it is, in the order in which they become possible.
pub(crate) fn path() -> Vec<(&'static str, Command)> {
    let (firms, scenario, product) = (
        ResourceId::new("res_firms"),
        ScenarioId::new("scn_credit"),
        ProductId::new("prd_verify"),
    );
    let version = VersionId::new("ver_1");
    let [permit, ceilings, check] = revenue();
    let mut path: Vec<(&str, Command)> = PARTIES.iter().map(|it| ("pty_agency", party(it))).collect();
    path.extend(crate::steps::files());
    path.extend(plan());
    path.extend(crate::steps::selection());
    path.extend([
        ("pty_market", resource()),
        ("pty_market", recorded_version(&firms, &version)),
        ("pty_market", crate::steps::clearance()),
    ]);
    path.extend(registration());
    path.push(("pty_agency", agreement()));
    path.extend(crate::steps::signatures(&agreement()));
    path.extend([("pty_operator", application())]);
    path.extend(crate::steps::before_grant());
    path.extend([
        (
            "pty_agency",
            Command::GrantScenario(GrantScenario {
                scenario: scenario.clone(),
            }),
        ),
        (
            "pty_market",
            Command::ApproveResource(ApproveResource {
                scenario: scenario.clone(),
                resource: firms.clone(),
            }),
        ),
        ("pty_operator", engagement()),
        ("pty_operator", registered_model()),
        ("pty_agency", reviewed_model()),
        ("pty_partner", submission()),
    ]);
    path.extend(crate::steps::dropped(&submission()));
    path.extend(crate::steps::turned_down(&application()));
    path.extend([
        (
            "pty_operator",
            Command::ListProduct(ListProduct {
                product: product.clone(),
            }),
        ),
        permit,
        (
            "pty_agency",
            Command::SetCeiling(SetCeiling {
                product: product.clone(),
                ceiling: "2.00".parse().unwrap(),
                charging: None,
                expected: Some(1_000),
                basis: "成本测算".to_owned(),
            }),
        ),
        (
            "pty_operator",
            Command::SetPrice(SetPrice {
                product: product.clone(),
                price: "1.80".parse().unwrap(),
                from: None,
            }),
        ),
        (
            "pty_bank",
            Command::Subscribe(Subscribe {
                id: SubscriptionId::new("sub_1"),
                product,
                purpose: PURPOSE.to_owned(),
                quota_calls_max: 100,
                onward: false,
                onward_to: BTreeSet::new(),
            }),
        ),
        ("pty_firm", consent()),
        ("pty_bank2", crate::steps::batch()),
        ("pty_bank2", crate::steps::recalled()),
        ("pty_bank", credential()),
    ]);
    path.extend(crate::steps::export());
    path.push(("pty_bank", crate::steps::loan()));
    path.push(ceilings);
    path.extend(books());
    path.extend(crate::steps::amendment(&agreement()));
    path.extend(incident());
    path.push(("pty_operator", crate::steps::handled_alert()));
    path.extend(workbench());
    path.push(("pty_partner", trained_model()));
    path.extend(crate::steps::assessment());
    path.extend(crate::steps::dispute());
    path.extend(crate::steps::complaint());
    path.extend(cancellation());
    path.push(("pty_market", crate::steps::changed_resource()));
    path.extend(crate::steps::regraded());
    path.extend(crate::steps::quality());
    path.extend(crate::steps::posts());
    path.extend(crate::steps::disclosure());
    path.extend([("pty_bank", evidence()), ("pty_supervisor", erasure())]);
    path.push(crate::steps::removed_file());
    path.extend(offer());
    path.extend(ends(&firms, &scenario, &version));
    path.push(("pty_market", crate::steps::withdrawn_clearance()));
    path.push(("pty_market", crate::steps::withdrawn_resource()));
    path.extend(exit(check));
    path.extend(crate::steps::operating_report());
    let end = EndScenario {
        scenario,
        reason: "用途已实现".to_owned(),
    };
    path.push(("pty_agency", Command::EndScenario(end)));
    path.extend(crate::steps::parties());
    path
}

/// The plan: drafted, reviewed by five experts and the public, decided and published.
pub(crate) fn plan() -> [(&'static str, Command); 10] {
    let plan = || PlanId::new("pln_1");
    let sections = &rules().parameters().plan_sections;
    let expert = |number: usize| Expert {
        name: format!("专家{number}"),
        works_for: "某大学".to_owned(),
        speciality: "数据治理".to_owned(),
    };
    let commands = [
        Command::DraftPlan(Box::new(DraftPlan {
            id: plan(),
            title: "公共数据资源授权运营实施方案".to_owned(),
            sections: sections
                .iter()
                .map(|name| (name.clone(), format!("{name}初稿")))
                .collect(),
        })),
        Command::FormPanel(Box::new(FormPanel {
            plan: plan(),
            experts: (1..=5).map(expert).collect(),
            leader: "专家1".to_owned(),
        })),
        Command::ReformPanel(Box::new(ReformPanel {
            plan: plan(),
            experts: (1..=5).map(expert).collect(),
            leader: "专家2".to_owned(),
            reason: "原组长因病不能履职".to_owned(),
        })),
        Command::OpenComment(OpenComment {
            plan: plan(),
            term: Term {
                from: date(2026, 3, 1),
                until: date(2026, 3, 31),
            },
            notice: "区政府门户网站".to_owned(),
            evidence: Some(NoticeEvidence {
                document_sha256: "d1".repeat(32),
                published: date(2026, 3, 1),
            }),
        }),
        Command::RecordOpinion(Box::new(RecordOpinion {
            plan: plan(),
            opinion: 1,
            expert: Some("专家2".to_owned()),
            section: Some("收益".to_owned()),
            text: "明确可以收费的主体".to_owned(),
            received: None,
        })),
        Command::RevisePlan(Box::new(RevisePlan {
            plan: plan(),
            sections: BTreeMap::from([("收益".to_owned(), "逐一列明可以收费的主体".to_owned())]),
            reason: "采纳意见 1".to_owned(),
        })),
        Command::AnswerOpinion(Box::new(AnswerOpinion {
            plan: plan(),
            opinion: 1,
            verdict: Verdict::Declined,
            reason: "另行规定".to_owned(),
            basis: "发改价格〔2025〕65号".to_owned(),
        })),
        Command::ConcludeReview(Box::new(ConcludeReview {
            plan: plan(),
            in_favour: 5,
            against: 0,
            conclusion: "合法、合理".to_owned(),
        })),
        Command::DecidePlan(Box::new(DecidePlan {
            plan: plan(),
            meeting: "区政府常务会议纪要〔2026〕1号".to_owned(),
            minutes_sha256: "cd".repeat(32),
            adopted: true,
        })),
        Command::PublishPlan(PublishPlan {
            plan: plan(),
            document_number: "深龙华政数〔2026〕1号".to_owned(),
        }),
    ];
    commands.map(|command| ("pty_agency", command))
}

/// The revenue of the agreement's first year: permitted, spread over a ceiling, settled at its exit.
fn revenue() -> [(&'static str, Command); 3] {
    let revenue = RevenueId::new("rev_1");
    let permit = PermitRevenue {
        id: revenue.clone(),
        agreement: AgreementId::new("agr_1"),
        period: Term {
            from: date(2026, 1, 1),
            until: date(2026, 12, 31),
        },
        cost: "1200000.00".parse().unwrap(),
        base: "1500000.00".parse().unwrap(),
        rate: BasisPoints(600),
        taxes: "77400.00".parse().unwrap(),
        basis: "成本监审报告".to_owned(),
        replaces: None,
        document_number: Some("深发改〔2026〕1号".to_owned()),
        document_sha256: Some("7a".repeat(32)),
        adjustment: None,
    };
    let ceilings = SetCeilings {
        revenue: revenue.clone(),
        sales: vec![PlannedSales {
            product: ProductId::new("prd_verify"),
            ceiling: "2.00".parse().unwrap(),
            expected: 500_000,
        }],
        basis: "预计销量测算".to_owned(),
    };
    let settled = SettleRevenue {
        revenue,
        earned: "1420000.00".parse().unwrap(),
        basis: "年度经营报告".to_owned(),
    };
    [
        ("pty_agency", Command::PermitRevenue(Box::new(permit))),
        ("pty_agency", Command::SetCeilings(ceilings)),
        ("pty_agency", Command::SettleRevenue(settled)),
    ]
}

/// An incident: reported, found to be smaller, remedied, closed.
/// An incident on record, and one that turns out to be none.
fn incident() -> [(&'static str, Command); 6] {
    let incident = || IncidentId::new("inc_1");
    let report = ReportIncident {
        id: incident(),
        title: "接口异常访问".to_owned(),
        level: Level::Larger,
        system: System::OtherOperator,
        discovered: "2026-04-01T01:00:00Z".parse().unwrap(),
        personal_information: false,
        scenarios: [ScenarioId::new("scn_credit")].into(),
        facts: "同一密钥短时大批量调用".to_owned(),
        drill: false,
    };
    let mut alarm = report.clone();
    alarm.id = IncidentId::new("inc_2");
    let retraction = RetractIncident {
        incident: alarm.id.clone(),
        reason: "经核查为压力测试流量".to_owned(),
        document_sha256: "c7".repeat(32),
    };
    let commands = [
        Command::ReportIncident(Box::new(report)),
        Command::GradeIncident(GradeIncident {
            incident: incident(),
            level: Level::General,
            personal_information: false,
            scenarios: [].into(),
            reason: "核查后未见数据外泄".to_owned(),
        }),
        Command::FulfilDuty(FulfilDuty {
            incident: incident(),
            duty: DutyKind::Remedy,
            how: "吊销密钥".to_owned(),
            document_sha256: None,
            done_at: None,
            evidence_sha256: None,
        }),
        Command::CloseIncident(CloseIncident {
            incident: incident(),
            cause: "密钥保管不当".to_owned(),
            lessons: "缩短密钥有效期".to_owned(),
        }),
        Command::ReportIncident(Box::new(alarm)),
        Command::RetractIncident(Box::new(retraction)),
    ];
    commands.map(|command| ("pty_operator", command))
}

/// What the platform found of a query over the field that the scenario grants without consent.
pub(crate) fn ran() -> Ran {
    let firms = ResourceId::new("res_firms");
    Ran {
        checked: CheckedQuery {
            derivation_sha256: "d0".repeat(32),
            fields: BTreeMap::from([(firms.clone(), ["grade".to_owned()].into())]),
            consented: BTreeMap::new(),
            models: BTreeMap::new(),
        },
        versions: vec![DataVersion {
            resource: firms,
            version: VersionId::new("ver_1"),
        }],
        losses: BTreeMap::new(),
        charged: false,
    }
}

/// An attempt that the check refuses.
pub(crate) fn refused_attempt(id: &str) -> RecordAttempt {
    RecordAttempt {
        id: RunId::new(id),
        scenario: ScenarioId::new("scn_credit"),
        kind: AttemptKind::Query,
        sql_commitment: format!("sha256:{}", "a0".repeat(32)),
        training: None,
        losses: BTreeMap::new(),
        step: AttemptStep::Refused(RefusedAttempt {
            control: Control::Check,
            rule: "flow.aggregate-only".to_owned(),
            column: Some("firms.debt".to_owned()),
            location: Some((1, 8)),
        }),
    }
}

/// A query is saved, refused, run, submitted as a report, released, collected and taken back.
fn workbench() -> [(&'static str, Command); 7] {
    let output = || OutputId::new("out_1");
    let save = SaveQuery {
        id: QueryId::new("qry_1"),
        scenario: ScenarioId::new("scn_credit"),
        name: "评级分布".to_owned(),
        number: 1,
        sql: "SELECT grade, count(*) FROM firms GROUP BY grade".to_owned(),
        parameters: Vec::new(),
        checked: ran().checked,
    };
    let run = RunQuery {
        id: RunId::new("run_1"),
        scenario: ScenarioId::new("scn_credit"),
        kind: RunKind::Query,
        sql_commitment: format!("sha256:{}", "a1".repeat(32)),
        answer_commitment: format!("sha256:{}", "a2".repeat(32)),
        ran: ran(),
    };
    let review = ReviewOutput {
        output: output(),
        content_sha256: "c0".repeat(32),
        decision: Decision::Release,
        reason: "每格主体数充足".to_owned(),
    };
    let withdraw = WithdrawOutput {
        output: output(),
        reason: "已有新版本".to_owned(),
    };
    [
        ("pty_partner", Command::SaveQuery(Box::new(save))),
        (
            "pty_partner",
            Command::RecordAttempt(Box::new(refused_attempt("run_0"))),
        ),
        ("pty_partner", Command::RunQuery(Box::new(run))),
        ("pty_partner", Command::SubmitOutput(Box::new(submitted_output()))),
        ("pty_agency", Command::ReviewOutput(review)),
        (
            "pty_partner",
            Command::CollectOutput(CollectOutput { output: output() }),
        ),
        ("pty_partner", Command::WithdrawOutput(withdraw)),
    ]
}

pub(crate) fn submitted_output() -> SubmitOutput {
    SubmitOutput {
        id: OutputId::new("out_1"),
        kind: OutputKind::Report,
        made_from: OutputSource::Query(QueryId::new("qry_1")),
        title: "企业评级分布报告".to_owned(),
        justification: "供产业研究使用".to_owned(),
        previous: None,
        values: BTreeMap::new(),
        content: Content {
            sha256: "c0".repeat(32),
            bytes: 512,
        },
        ran: ran(),
        figures: Figures {
            rows: 4,
            combinations: 5,
            unique: 1,
            suppressed: 1,
            smallest: Some(12),
            subjects: 180,
        },
        attempt: None,
    }
}

/// The application for the registration of the resource.
fn registration_application() -> ApplyRegistration {
    ApplyRegistration {
        id: RegistrationId::new("reg_1"),
        thing: Registrable::Resource {
            resource: ResourceId::new("res_firms"),
        },
        registration_type: RegistrationType::First,
        reason: "纳入授权运营".to_owned(),
        materials: vec![Material {
            name: "来源合法性说明".to_owned(),
            document_sha256: "ab".repeat(32),
        }],
        earlier: None,
    }
}

/// The registrar accepts an application, and its review finds nothing wrong.
fn registration_steps(registration: &RegistrationId) -> [(&'static str, Command); 2] {
    let accept = AcceptRegistration {
        registration: registration.clone(),
        passed: true,
        reason: String::new(),
    };
    let review = ReviewRegistration {
        registration: registration.clone(),
        passed: true,
        reason: String::new(),
        notice: "区政府门户网站".to_owned(),
    };
    [
        ("pty_agency", Command::AcceptRegistration(accept)),
        ("pty_agency", Command::ReviewRegistration(review)),
    ]
}

/// Its cancellation is applied for, and taken back.
fn cancellation() -> [(&'static str, Command); 2] {
    let mut cancel = registration_application();
    cancel.id = RegistrationId::new("reg_2");
    cancel.registration_type = RegistrationType::Cancellation;
    let withdraw = WithdrawRegistration {
        registration: cancel.id.clone(),
        reason: "仍继续授权运营".to_owned(),
    };
    [
        ("pty_market", Command::ApplyRegistration(Box::new(cancel))),
        ("pty_market", Command::WithdrawRegistration(withdraw)),
    ]
}

/// The registration of the resource: an objection is heard, and dismissed.
fn registration() -> [(&'static str, Command); 6] {
    let registration = || RegistrationId::new("reg_1");
    let apply = registration_application();
    let [accept, review] = registration_steps(&registration());
    let object = ObjectToRegistration {
        registration: registration(),
        text: "更新频率与实际不符".to_owned(),
        evidence: "接口日志".to_owned(),
        objector: None,
    };
    let resolve = ResolveRegistrationObjection {
        registration: registration(),
        objection: 1,
        upheld: false,
        reason: "经核实相符".to_owned(),
    };
    let assign = AssignCode {
        registration: registration(),
        code: "440309-R-000001".to_owned(),
    };
    [
        ("pty_market", Command::ApplyRegistration(Box::new(apply))),
        accept,
        review,
        ("pty_bank", Command::ObjectToRegistration(object)),
        ("pty_agency", Command::ResolveRegistrationObjection(resolve)),
        ("pty_agency", Command::AssignCode(assign)),
    ]
}

/// The bank has a case.
fn evidence() -> Command {
    Command::MakeEvidence(Box::new(MakeEvidence {
        id: EvidenceId::new("evd_1"),
        entries: vec![30, 41],
        purpose: "（2026）粤0309民初1号".to_owned(),
        manifest_sha256: "ab".repeat(32),
    }))
}

/// A court orders that what a call carried is deleted.
fn erasure() -> Command {
    Command::EraseCalls(Box::new(EraseCalls {
        id: ErasureId::new("era_1"),
        entries: vec![41],
        ground: ErasureGround::Ordered,
        basis: "法院通知书".to_owned(),
        calls: vec![ErasedCall {
            entry: 41,
            at: "2026-02-11T02:00:00Z".parse().unwrap(),
            scenario: Some(ScenarioId::new("scn_credit")),
        }],
    }))
}

/// The books of February: closed, paid, shared out, credited and refunded in part; a payout that never was is reversed.
fn books() -> [(&'static str, Command); 7] {
    let (period, subscription) = (PeriodId::new("per_1"), SubscriptionId::new("sub_1"));
    let amount = |text: &str| text.parse().unwrap();
    let evidence = "银行回单第 1 号".to_owned();
    let shares = [
        ("pty_operator", "2.52"),
        ("pty_partner", "0.72"),
        ("pty_agency", "0.36"),
    ];
    let close = ClosePeriod {
        id: period.clone(),
        agreement: AgreementId::new("agr_1"),
        month: "2026-02".parse().unwrap(),
        uses: vec![MeteredUse {
            subscription: subscription.clone(),
            calls: 2,
            volume: Volume::default(),
            fee: amount("3.60"),
            shares: shares.map(|(party, share)| (PartyId::new(party), amount(share))).into(),
        }],
    };
    let payment = RecordPayment {
        period: period.clone(),
        subscription: subscription.clone(),
        amount: amount("3.60"),
        evidence: evidence.clone(),
    };
    let payout = PayOut {
        period: period.clone(),
        party: PartyId::new("pty_partner"),
        amount: amount("0.40"),
        evidence: evidence.clone(),
    };
    let credit = CreditInvoice {
        period: period.clone(),
        subscription: subscription.clone(),
        amount: amount("2.00"),
        reason: "服务中断".to_owned(),
    };
    let refund = RecordRefund {
        period: period.clone(),
        subscription,
        amount: amount("2.00"),
        evidence: evidence.clone(),
    };
    let mistyped = PayOut {
        period: period.clone(),
        party: PartyId::new("pty_agency"),
        amount: amount("0.10"),
        evidence: "银行回单第 9 号".to_owned(),
    };
    let reverse = ReverseEntry {
        period,
        kind: Reversible::Payout,
        which: 2,
        reason: "该笔未支付，凭证号录错".to_owned(),
        evidence: "红字凭证第 1 号".to_owned(),
    };
    [
        Command::ClosePeriod(Box::new(close)),
        Command::RecordPayment(payment),
        Command::PayOut(payout),
        Command::CreditInvoice(credit),
        Command::RecordRefund(refund),
        Command::PayOut(mistyped),
        Command::ReverseEntry(reverse),
    ]
    .map(|command| ("pty_operator", command))
}

/// The product is suspended and resumed by a supervisor, and withdrawn by its operator.
fn offer() -> [(&'static str, Command); 3] {
    let product = || ProductId::new("prd_verify");
    let reason = || "例行抽查".to_owned();
    let suspend = SuspendProduct {
        product: product(),
        reason: reason(),
    };
    let withdraw = WithdrawProduct {
        product: product(),
        reason: reason(),
    };
    let resume = ResumeProduct { product: product() };
    [
        ("pty_supervisor", Command::SuspendProduct(suspend)),
        ("pty_supervisor", Command::ResumeProduct(resume)),
        ("pty_operator", Command::WithdrawProduct(withdraw)),
    ]
}

fn ends(firms: &ResourceId, scenario: &ScenarioId, version: &VersionId) -> [(&'static str, Command); 14] {
    let (scenario, resource, version) = (scenario.clone(), firms.clone(), version.clone());
    let order = OrderDestruction {
        resource: resource.clone(),
        version: version.clone(),
        reason: "保存期满".to_owned(),
    };
    let certificate = RecordDestruction {
        resource: resource.clone(),
        version,
        at: NOW.parse().unwrap(),
        certificate: serde_json::json!({"key_id": "key_1"}),
    };
    let freeze = FreezeScenario {
        scenario: scenario.clone(),
        reason: "例行抽查".to_owned(),
    };
    let decline = DeclineResource {
        scenario: scenario.clone(),
        resource,
        reason: "用途变化".to_owned(),
    };
    let narrow = NarrowScenario {
        scenario: scenario.clone(),
        resources: None,
        tightened: BTreeMap::new(),
        quota_calls_max: Some(900),
        until: Some(date(2027, 3, 30)),
        reason: "按实际用量核减".to_owned(),
    };
    let quota = AgreeQuota {
        subscription: SubscriptionId::new("sub_1"),
        quota_calls_max: 200,
    };
    let disengage = EndEngagement {
        engagement: EngagementId::new("eng_1"),
        reason: "合作期满".to_owned(),
    };
    let (credential, consent) = (CredentialId::new("key_bank"), ConsentId::new("cns_1"));
    let subscription = SubscriptionId::new("sub_1");
    [
        ("pty_bank", Command::RevokeCredential(RevokeCredential { credential })),
        ("pty_agency", Command::NarrowScenario(Box::new(narrow))),
        ("pty_supervisor", Command::FreezeScenario(freeze)),
        ("pty_supervisor", Command::ThawScenario(ThawScenario { scenario })),
        ("pty_firm", Command::WithdrawConsent(WithdrawConsent { consent })),
        ("pty_bank", Command::AgreeQuota(quota.clone())),
        ("pty_operator", Command::AgreeQuota(quota)),
        ("pty_bank", Command::Unsubscribe(Unsubscribe { subscription })),
        ("pty_market", Command::DeclineResource(decline)),
        ("pty_supervisor", suspended_model()),
        ("pty_operator", withdrawn_model()),
        ("pty_market", Command::OrderDestruction(order)),
        ("pty_market", Command::RecordDestruction(certificate)),
        ("pty_operator", Command::EndEngagement(disengage)),
    ]
}

/// The end of the agreement itself.
fn exit(check: (&'static str, Command)) -> Vec<(&'static str, Command)> {
    let id = ExitId::new("ext_1");
    let line = |asset: &str, outcome| AssetReport {
        asset: asset.to_owned(),
        outcome,
        evidence: "移交清单第 1 号".to_owned(),
        successor: None,
        statement: (outcome == Outcome::Licensed).then(|| ModelStatement {
            document_sha256: "e2".repeat(32),
            reveals_raw_data: false,
        }),
    };
    let start = StartExit {
        id: id.clone(),
        agreement: AgreementId::new("agr_1"),
        ground: ExitGround::PublicInterest,
        reason: "机构调整".to_owned(),
        due: date(2026, 6, 30),
        document_sha256: Some("e1".repeat(32)),
    };
    let owners = [
        (ExitStep::RawData, "pty_market"),
        (ExitStep::Models, "pty_operator"),
        (ExitStep::Products, "pty_partner"),
        (ExitStep::HandOver, "pty_operator"),
        (ExitStep::Settlement, "pty_operator"),
    ];
    let planned = |(step, owner): (ExitStep, &str)| PlannedStep {
        step,
        owner: PartyId::new(owner),
        due: date(2026, 6, 30),
    };
    let plan = PlanExit {
        exit: id.clone(),
        steps: owners.map(planned).into(),
        run_outs: Vec::new(),
    };
    let mut path = vec![
        ("pty_agency", Command::StartExit(start)),
        ("pty_agency", Command::PlanExit(Box::new(plan))),
    ];
    let report = |(step, owner): (ExitStep, &'static str)| {
        let report = match step {
            ExitStep::RawData => vec![line("ver_1", Outcome::Destroyed)],
            ExitStep::Models => vec![line("mdl_1", Outcome::Destroyed), line("mdl_2", Outcome::Licensed)],
            ExitStep::Products => vec![line("prd_verify", Outcome::HandedOver)],
            ExitStep::Subscriptions | ExitStep::HandOver | ExitStep::Settlement => Vec::new(),
        };
        let evidence = "移交清单".to_owned();
        let exit = id.clone();
        let report = ReportExitStep {
            exit,
            step,
            report,
            evidence,
            // 1,420,000.00 were earned, and 1,367,400.00 permitted.
            excess_returned: (step == ExitStep::Settlement).then(|| "52600.00".parse().unwrap()),
        };
        (owner, Command::ReportExitStep(Box::new(report)))
    };
    // The models first: what is wrong with a report is tried on the first one.
    path.push(report(owners[1]));
    path.extend(settled());
    path.push(check);
    path.extend([owners[0], owners[2], owners[3], owners[4]].map(report));
    let close = CloseExit {
        exit: id.clone(),
        text: "资产处置完毕，账目结清".to_owned(),
    };
    path.push(("pty_agency", Command::CloseExit(close)));
    path
}

/// The last month is closed, and what the parties are owed or have to give back is paid.
fn settled() -> [(&'static str, Command); 4] {
    let close = ClosePeriod {
        id: PeriodId::new("per_2"),
        agreement: AgreementId::new("agr_1"),
        month: "2026-04".parse().unwrap(),
        uses: Vec::new(),
    };
    let period = || PeriodId::new("per_1");
    let evidence = || "银行回单第 2 号".to_owned();
    let paid = |party: &str, amount: &str| {
        Command::PayOut(PayOut {
            period: period(),
            party: PartyId::new(party),
            amount: amount.parse().unwrap(),
            evidence: evidence(),
        })
    };
    let returned = ReturnShare {
        period: period(),
        party: PartyId::new("pty_partner"),
        amount: "0.08".parse().unwrap(),
        evidence: evidence(),
    };
    [
        Command::ClosePeriod(Box::new(close)),
        Command::ReturnShare(returned),
        paid("pty_operator", "1.12"),
        paid("pty_agency", "0.16"),
    ]
    .map(|command| ("pty_operator", command))
}

fn resource() -> Command {
    Command::RegisterResource(Box::new(RegisterResource {
        id: ResourceId::new("res_firms"),
        provider: PartyId::new("pty_market"),
        name: "企业登记".to_owned(),
        table: "firms".to_owned(),
        summary: "企业登记信息".to_owned(),
        field_of_application: "金融服务".to_owned(),
        fields: vec![
            field("code", 3, ReleaseRule::Consented),
            field("name", 3, ReleaseRule::Consented),
            field("street", 2, ReleaseRule::Group),
            Field {
                field_type: FieldType::Integer,
                ..field("grade", 3, ReleaseRule::Scored)
            },
        ],
        sensitive: [].into(),
        important: false,
        core: false,
        shared_from: Some("省市场监督管理局".to_owned()),
        entry: Entry::default(),
        subject_key: Some("code".to_owned()),
        controls: BTreeSet::new(),
        frequency: "每日".to_owned(),
        boundary: "不得用于画像".to_owned(),
        legal_basis: "市场主体登记管理条例".to_owned(),
        contact: "登记科".to_owned(),
        source: serde_json::json!({}),
    }))
}

fn recorded_version(resource: &ResourceId, id: &VersionId) -> Command {
    Command::RecordVersion(RecordVersion {
        resource: resource.clone(),
        version: Version {
            id: id.clone(),
            rows: 200,
            quarantined: 1,
            source_sha256: "aa".repeat(32),
            stored_sha256: "bb".repeat(32),
            source_bytes: Some(1_500_000_000),
            stored_bytes: Some(2_000_000_000),
            key_id: "dk_1".to_owned(),
            quality: None,
            status: VersionStatus::InOperation,
        },
    })
}

fn agreement() -> Command {
    let share = |party: &str, share| RevenueShare {
        party: PartyId::new(party),
        share: BasisPoints(share),
    };
    let clauses = &rules().parameters().agreement_clauses;
    Command::ProposeAgreement(Box::new(ProposeAgreement {
        id: AgreementId::new("agr_1"),
        title: "整体授权协议".to_owned(),
        operator: PartyId::new("pty_operator"),
        selection: Some(SelectionId::new("sel_1")),
        term: Term {
            from: date(2026, 1, 1),
            until: date(2030, 12, 31),
        },
        resources: [ResourceId::new("res_firms")].into(),
        purposes: [PURPOSE.to_owned()].into(),
        clauses: clauses
            .iter()
            .map(|clause| (clause.clone(), "按方案执行；协商、调解，不成的提起诉讼".to_owned()))
            .collect(),
        shares: vec![
            share("pty_operator", 7_000),
            share("pty_partner", 2_000),
            share("pty_agency", 1_000),
        ],
        capacity: [
            (Measure::CallsPerDay, 100_000),
            (Measure::Storage, 10_240),
            (Measure::Compute, 64),
        ]
        .map(|(measure, quantity)| Amount { measure, quantity })
        .into(),
    }))
}

fn application() -> Command {
    Command::ApplyScenario(Box::new(ApplyScenario {
        id: ScenarioId::new("scn_credit"),
        agreement: AgreementId::new("agr_1"),
        name: "企业信贷核验".to_owned(),
        purpose: PURPOSE.to_owned(),
        price_class: PriceClass::Industry,
        resources: BTreeMap::from([(ResourceId::new("res_firms"), granted())]),
        tightened: BTreeMap::new(),
        consumer_class: "持牌金融机构".to_owned(),
        technique: "安全域内查询".to_owned(),
        output_form: "核验结果".to_owned(),
        quota_calls_max: 1_000,
        term: term(),
        follows: None,
    }))
}

fn engagement() -> Command {
    Command::EngagePartner(EngagePartner {
        engagement: Engagement {
            id: EngagementId::new("eng_1"),
            partner: PartyId::new("pty_partner"),
            scenarios: [ScenarioId::new("scn_credit")].into(),
            joint_liability_sha256: "5e".repeat(32),
            term: None,
        },
    })
}

/// Base64 and SHA-256 of `(module)`.
const MODULE: (&str, &str) = (
    "KG1vZHVsZSk=",
    "1885772b94ca41b360d9bd07535547f4c8ef16cbe7e49d2c8e9780247e26c4de",
);

fn registered_model() -> Command {
    Command::RegisterModel(Box::new(RegisterModel {
        id: ModelId::new("mdl_1"),
        scenario: ScenarioId::new("scn_credit"),
        name: "credit".to_owned(),
        number: 1,
        summary: "企业信用评分".to_owned(),
        input: ModelInput {
            resource: ResourceId::new("res_firms"),
            fields: vec!["grade".to_owned()],
        },
        format: ModelFormat::Wasm,
        module: MODULE.0.to_owned(),
        module_sha256: MODULE.1.to_owned(),
    }))
}

pub(crate) fn trained_model() -> Command {
    Command::TrainModel(Box::new(TrainModel {
        id: ModelId::new("mdl_2"),
        scenario: ScenarioId::new("scn_credit"),
        name: "grade".to_owned(),
        number: 1,
        summary: "评级预测".to_owned(),
        sql: "SELECT grade, grade > 3 FROM firms".to_owned(),
        algorithm: Algorithm::LogisticRegression {
            penalty_milli: 10,
            rounds_max: 50,
        },
        input: ModelInput {
            resource: ResourceId::new("res_firms"),
            fields: vec!["grade".to_owned()],
        },
        label: ["grade".to_owned()].into(),
        module_sha256: "e0".repeat(32),
        fit: Fit {
            subjects: 1_200,
            explained_percent: 31,
            ranked_percent: Some(82),
            influence_percent: 5,
        },
        ran: ran(),
        attempt: None,
    }))
}

fn reviewed_model() -> Command {
    Command::ReviewModel(ReviewModel {
        model: ModelId::new("mdl_1"),
        module_sha256: MODULE.1.to_owned(),
        report: "逐行评分，无跨记录状态".to_owned(),
    })
}

fn suspended_model() -> Command {
    Command::SuspendModel(SuspendModel {
        model: ModelId::new("mdl_1"),
        reason: "评分偏差".to_owned(),
    })
}

fn withdrawn_model() -> Command {
    Command::WithdrawModel(WithdrawModel {
        model: ModelId::new("mdl_1"),
        reason: "不再使用".to_owned(),
    })
}

fn submission() -> Command {
    let firms = ResourceId::new("res_firms");
    let parameter = |name: &str| Parameter {
        name: name.to_owned(),
        parameter_type: FieldType::Text,
        meaning: name.to_owned(),
        example: String::new(),
    };
    Command::SubmitProduct(Box::new(SubmitProduct {
        id: ProductId::new("prd_verify"),
        scenario: ScenarioId::new("scn_credit"),
        name: "企业登记核验".to_owned(),
        summary: "代码与名称是否相符".to_owned(),
        form: ProductForm::Verification,
        service_level: "工作日 8 小时内答复".to_owned(),
        replaces: None,
        sql: "SELECT name = $2 AS matched FROM firms WHERE code = $1".to_owned(),
        parameters: vec![parameter("code"), parameter("name")],
        subject: Some(SubjectParameter {
            resource: firms.clone(),
            parameter: 0,
        }),
        checked: CheckedQuery {
            derivation_sha256: "cc".repeat(32),
            fields: BTreeMap::from([(firms.clone(), fields())]),
            consented: BTreeMap::from([(firms, fields())]),
            models: BTreeMap::from([(ModelId::new("mdl_1"), MODULE.1.to_owned())]),
        },
    }))
}

fn consent() -> Command {
    Command::GiveConsent(Box::new(GiveConsent {
        id: ConsentId::new("cns_1"),
        consumer: PartyId::new("pty_bank"),
        purpose: PURPOSE.to_owned(),
        resource: ResourceId::new("res_firms"),
        fields: fields().into(),
        term: Term {
            from: date(2026, 4, 1),
            until: date(2026, 6, 30),
        },
    }))
}

fn credential() -> Command {
    Command::IssueCredential(IssueCredential {
        credential: Credential {
            id: CredentialId::new("key_bank"),
            party: PartyId::new("pty_bank"),
            key_hash: "dd".repeat(32),
            label: "核心系统".to_owned(),
        },
    })
}
