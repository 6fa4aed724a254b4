//! Every rule refuses something, and says which rule, from where, what is wrong and what would be right; the same act
//! as it should be is accepted.

use gongshu_governance::authorization::Usage;
use gongshu_governance::rules::Rule;
use gongshu_governance::{Command, Refusal};
use serde_json::{Value, json};

use crate::district::{CALENDAR, District, NATIONAL, actor, overlay, path, rules, rules_of};

/// How a rule is made to refuse.
enum Case {
    /// A step of the path with some members of its document changed.
    Altered(&'static str, Vec<(&'static str, Value)>),
    /// A step asked for by someone else.
    By(&'static str, &'static str),
    /// A step asked for once more.
    Twice(&'static str),
    /// A call after a step of the path that ends the service.
    CallAfter(&'static str),
    /// A call before a step of the path.
    CallBefore(&'static str),
    /// A step without an earlier one.
    Without(&'static str, &'static str),
    /// A step after an earlier one was done with some members of its document changed.
    Given(&'static str, Vec<(&'static str, Value)>, &'static str),
    /// A step of the path under a pack laid over the national one.
    Under(&'static str, &'static str, &'static str),
    /// The renewal of a registration, much too early.
    Renewal,
    /// The next version of a product that is not listed yet.
    Version,
    /// A higher price at once, under an open subscription.
    Raised,
    /// A subscription to a product that is withdrawn.
    Withdrawn,
    /// A step by the very person of an earlier one.
    SamePerson(&'static str, &'static str),
    /// An order of important data that is passed on abroad.
    Abroad,
    /// A thaw while a grave incident keeps the scenario frozen.
    Incident,
    /// Refused by the engine, and covered by its tests.
    Engine,
}

fn case(rule: Rule) -> Case {
    let altered = |act, place, value| Case::Altered(act, vec![(place, value)]);
    match rule {
        Rule::Unknown => altered("scenario.grant", "/of/scenario", json!("scn_none")),
        Rule::Duplicate => Case::Twice("subscription.open"),
        // The revision is no member of the document; see the table of stale views.
        Rule::Conflict => Case::Twice(""),
        Rule::State => Case::Twice("agreement.sign"),
        Rule::Input => altered("scenario.freeze", "/of/reason", json!("  ")),
        Rule::Power => Case::By("scenario.grant", "pty_bank"),
        Rule::Post => altered("post.create", "/of/acts", json!(["plan.draft"])),
        Rule::Delegation => altered("delegation.give", "/of/until", json!("2026-06-30")),
        Rule::FourEyes => Case::SamePerson("plan.draft", "plan.decide"),
        Rule::PartyCode => Case::Altered(
            "party.register",
            vec![
                ("/of/party/id", json!("pty_new")),
                ("/of/party/code", json!("91440300708461136A")),
                ("/of/organization", json!(true)),
            ],
        ),
        Rule::GradingRelease => altered("resource.register", "/of/fields/0/release", json!({"rule": "open"})),
        Rule::ResourceFields => altered("resource.register", "/of/fields/1/name", json!("code")),
        Rule::FieldOfApplication => altered("resource.register", "/of/field_of_application", json!("占卜")),
        Rule::PlanSections => altered("plan.draft", "/of/sections", json!({"占卜": "吉"})),
        Rule::PlanPanel => altered("plan.panel", "/of/leader", json!("专家9")),
        Rule::PlanComment => altered("plan.comment", "/of/term/until", json!("2026-03-06")),
        Rule::PlanAnswers => altered("plan.answer", "/of/basis", json!(" ")),
        Rule::PlanDecision => altered("plan.decide", "/of/minutes_sha256", json!("纪要")),
        Rule::SelectionPlan => Case::Without("plan.publish", "selection.announce"),
        Rule::SelectionFair => altered("selection.announce", "/of/criteria/0/asks", json!("国有资本优先")),
        Rule::SelectionConditions => altered("selection.announce", "/of/criteria/0/points", json!(61)),
        Rule::SelectionApplications => Case::Altered(
            "selection.announce",
            vec![
                ("/of/method", json!("open_tender")),
                ("/of/term/until", json!("2026-03-29")),
            ],
        ),
        Rule::SelectionQualification => Case::Given(
            "selection.apply",
            vec![("/of/last_blemish", json!("2023-04-02"))],
            "selection.qualify",
        ),
        Rule::SelectionPanel => altered("selection.panel", "/of/members/2/works_for", json!("pty_operator")),
        Rule::SelectionScores => altered("selection.score", "/of/scores/评委1/技术能力", json!(61)),
        Rule::SelectionPublicity => altered("selection.publicize", "/of/term/until", json!("2026-03-29")),
        Rule::SelectionObjections => Case::Without("selection.resolve", "selection.confirm"),
        Rule::AgreementSelected => altered("agreement.propose", "/of/selection", json!(null)),
        Rule::AgreementTerm => altered("agreement.propose", "/of/term/until", json!("2031-12-31")),
        Rule::AgreementSignatures => altered("agreement.seal", "/of/document/terms_sha256", json!("0".repeat(64))),
        Rule::AgreementClauses => altered("agreement.propose", "/of/clauses/争议解决", json!(" ")),
        Rule::AgreementAmendment => altered("agreement.amend", "/of/purposes", json!(null)),
        Rule::AgreementSuspended => Case::CallAfter("agreement.suspend"),
        Rule::ScenarioRisk => altered("scenario.risk", "/of/risks/异常访问/likelihood", json!(6)),
        Rule::ScenarioObjection => Case::Without("scenario.lift", "scenario.grant"),
        Rule::ConsentBatch => altered("consent.record", "/of/proofs", json!({})),
        Rule::AssessmentYear => altered("assessment.open", "/of/year", json!(2025)),
        Rule::AssessmentIndicators => altered("assessment.indicate", "/of/findings/服务水平/points", json!(11)),
        Rule::AssessmentConsequence => altered("assessment.rectify", "/of/document_sha256", json!("")),
        Rule::AssessmentAppeal => Case::Without("assessment.appeal", "assessment.answer"),
        Rule::DisputeParty => Case::By("dispute.close", "pty_bank2"),
        Rule::DisputeForum => altered("dispute.open", "/of/forum", json!("arbitration")),
        Rule::DisputeMeasure => Case::Without("dispute.lift", "dispute.close"),
        Rule::RevenueShares => altered("agreement.propose", "/of/shares/0/share", json!(7_001)),
        Rule::AgreementInForce => Case::CallBefore("2031"),
        Rule::LinkExceeds => altered("scenario.apply", "/of/term/until", json!("2031-01-01")),
        Rule::ScenarioInForce => Case::CallBefore("2028"),
        Rule::ScenarioFrozen => Case::CallAfter("scenario.freeze"),
        Rule::Approval => Case::CallAfter("approval.decline"),
        Rule::Consent => Case::CallAfter("consent.withdraw"),
        Rule::Subscription => Case::CallAfter("subscription.close"),
        Rule::Loan => altered("loan.report", "/of/granted_on", json!("2026-03-31")),
        Rule::ExportPath => Case::Abroad,
        Rule::ExportDocument => altered("export.record", "/of/path", json!("bay_area_contract")),
        Rule::Quota => altered("subscription.open", "/of/quota_calls_max", json!(0)),
        Rule::Purpose => altered("subscription.open", "/of/purpose", json!("商贸撮合")),
        Rule::Partner => Case::By("product.submit", "pty_partner2"),
        Rule::ModelReview => Case::By("model.review", "pty_operator"),
        Rule::ModelInForce => Case::CallAfter("model.suspend"),
        Rule::ProductListed => Case::CallBefore("product.list"),
        Rule::VersionAvailable => Case::CallAfter("version.destroy"),
        Rule::ExitAccess => Case::CallAfter("exit.start"),
        Rule::ExitAssets => altered("exit.close", "/of/report/0/outcome", json!("handed_over")),
        Rule::ExitInventory => altered("exit.close", "/of/report", json!([])),
        Rule::PriceCeiling => altered("price.set", "/of/price", json!("2.01")),
        Rule::PermittedRevenue => altered("price.ceilings", "/of/sales/0/ceiling", json!("2.74")),
        Rule::ChargeParty => altered("books.payout", "/of/party", json!("pty_market")),
        Rule::BooksPeriod => altered("books.close", "/of/month", json!("2026-03")),
        Rule::BooksBalance => altered("books.payment", "/of/amount", json!("3.61")),
        Rule::IncidentClock => altered("incident.report", "/of/discovered", json!("2026-04-01T02:00:01Z")),
        Rule::IncidentPersons => altered("incident.fulfil", "/of/duty", json!("notify_persons")),
        Rule::IncidentFreeze => Case::Incident,
        Rule::IncidentDuties => altered("incident.fulfil", "/of/duty", json!("report_to_authority")),
        Rule::WorkbenchRun => altered("query.run", "/of/sql_commitment", json!("")),
        Rule::OutputChecks => altered("output.submit", "/of/figures/unique", json!(6)),
        Rule::OutputReview => altered("output.review", "/of/content_sha256", json!("00")),
        Rule::EvidencePackage => altered("evidence.make", "/of/entries", json!([])),
        Rule::ErasureGround => Case::By("calls.erase", "pty_operator"),
        Rule::ErasureRetention => altered("calls.erase", "/of/ground", json!("retention_over")),
        Rule::ProductSuspended => Case::CallAfter("product.suspend"),
        Rule::ProductWithdrawn => Case::Withdrawn,
        Rule::ProductVersion => Case::Version,
        Rule::PriceForm => Case::Under("\"call\", \"once\", \"month\"", "\"month\"", "price.ceiling"),
        Rule::PriceNotice => Case::Raised,
        Rule::DisclosureYearly => altered("disclosure.prepare", "/of/year", json!(2026)),
        Rule::DisclosureReview => Case::Without("disclosure.review", "disclosure.publish"),
        Rule::RegistrationType => altered("registration.apply", "/of/registration_type", json!("renewal")),
        Rule::RegistrationSteps => Case::Under("publicity_days = 10", "publicity_days = 1", "registration.assign"),
        Rule::RegistrationObjection => Case::Without("registration.decide", "registration.assign"),
        Rule::RegistrationValidity => Case::Renewal,
        Rule::RegistrationRequired => Case::Under("kinds = []", "kinds = [\"product\"]", "product.list"),
        Rule::MeteredRevenue => altered("revenue.settle", "/of/earned", json!("1.59")),
        Rule::RevenuePeriod => altered("revenue.permit", "/of/period/until", json!("2027-01-01")),
        Rule::PriceFree => Case::CallBefore("free"),
        Rule::PriceSet => Case::CallBefore("price"),
        Rule::ModelModule
        | Rule::ProductReviewed
        | Rule::Threshold
        | Rule::Controls
        | Rule::Dominance
        | Rule::PPercent
        | Rule::CellKey
        | Rule::Rounding
        | Rule::PrivacyBudget
        | Rule::Flow => Case::Engine,
    }
}

pub(crate) fn altered(command: &Command, changes: &[(&str, Value)]) -> Command {
    let mut document = serde_json::to_value(command).unwrap();
    for (place, value) in changes {
        let slot = document.pointer_mut(place).unwrap_or_else(|| panic!("no {place}"));
        *slot = value.clone();
    }
    serde_json::from_value(document).unwrap()
}

/// The same, where a member may be one that is left out where it is usual.
pub(crate) fn with(command: &Command, changes: &[(&str, Value)]) -> Command {
    let mut document = serde_json::to_value(command).unwrap();
    for (place, value) in changes {
        document["of"][place.trim_start_matches("/of/")] = value.clone();
    }
    serde_json::from_value(document).unwrap()
}

/// The path up to `until`, with the step `left_out` left out and scenarios free of charge where asked.
fn without(left_out: &str, until: &str, free: bool) -> (District, &'static str, Command) {
    let mut district = District::empty();
    for (party, command) in path() {
        let act = command.act().id();
        if act == until {
            return (district, party, command);
        }
        if act == "scenario.apply" && free {
            let class = [("/of/price_class", json!("public_governance"))];
            district.must(party, &altered(&command, &class));
        } else if act != left_out {
            district.must(party, &command);
        }
    }
    panic!("the path has no {until}");
}

fn refusal(rule: Rule) -> Option<Refusal> {
    let outcome = match case(rule) {
        Case::Engine => return None,
        Case::Altered(act, changes) => {
            let (district, party, command) = District::before(act);
            // As it should be, it is accepted: what refuses is the change.
            if act == "party.register" {
                let sound = [
                    changes[0].clone(),
                    (changes[1].0, json!("914403001922038216")),
                    changes[2].clone(),
                ];
                let founded = District::after(1);
                assert!(founded.decide(party, &altered(&command, &sound)).is_ok());
                return founded.decide(party, &altered(&command, &changes)).err();
            }
            assert!(district.decide(party, &command).is_ok(), "{act}");
            district.decide(party, &altered(&command, &changes)).err()
        }
        Case::Without(left_out, act) => {
            let (district, party, command) = District::before(act);
            assert!(district.decide(party, &command).is_ok(), "{act}");
            let (district, party, command) = without(left_out, act, false);
            district.decide(party, &command).err()
        }
        Case::Given(step, changes, act) => {
            let (district, party, command) = District::before(act);
            assert!(district.decide(party, &command).is_ok(), "{act}");
            let mut district = District::empty();
            for (party, command) in path().into_iter().take_while(|(_, command)| command.act().id() != act) {
                let command = if command.act().id() == step {
                    altered(&command, &changes)
                } else {
                    command
                };
                district.must(party, &command);
            }
            district.decide(party, &command).err()
        }
        Case::By(act, other) => {
            let (district, party, command) = District::before(act);
            assert!(district.decide(party, &command).is_ok(), "{act}");
            district.decide(other, &command).err()
        }
        Case::SamePerson(filed, act) => {
            let (_, first, _) = District::before(filed);
            let (district, party, command) = District::before(act);
            assert!(first == party && district.decide(party, &command).is_ok(), "{act}");
            district.decide_as(&actor(first), &command).err()
        }
        Case::Abroad => {
            let mut district = District::empty();
            let order = path().into_iter().find_map(|(party, command)| {
                if command.act().id() == "subscription.open" {
                    return Some((party, command));
                }
                let important = [("/of/important", json!(true))];
                let registers = command.act().id() == "resource.register";
                let command = if registers { with(&command, &important) } else { command };
                district.must(party, &command);
                None
            });
            let (bank, order) = order.unwrap();
            assert!(district.decide(bank, &order).is_ok());
            district
                .decide(bank, &with(&order, &[("/of/onward", json!(true))]))
                .err()
        }
        Case::Incident => {
            let (_, supervisor, thaw) = District::before("scenario.thaw");
            let (mut district, by, report) = District::before("incident.report");
            let grave = altered(&report, &[("/of/level", json!("major"))]);
            district.must(by, &grave);
            let refusal = district.decide(supervisor, &thaw).err();
            let (_, by, grade) = District::before("incident.grade");
            district.must(by, &altered(&grade, &[("/of/level", json!("general"))]));
            assert!(district.decide(supervisor, &thaw).is_ok(), "once it is graded lower");
            refusal
        }
        Case::Twice("") => {
            let (district, party, command) = District::before("agreement.sign");
            let revision = district.state.revision(command.stream());
            assert!(district.decide_seen(party, &command, Some(revision)).is_ok());
            district.decide_seen(party, &command, Some(revision - 1)).err()
        }
        Case::Twice(act) => {
            let (mut district, party, command) = District::before(act);
            district.must(party, &command);
            district.decide(party, &command).err()
        }
        Case::Under(before, after, act) => {
            let under = overlay(before, after);
            let rules = rules_of(&[NATIONAL, CALENDAR, &under]);
            let mut district = District::empty();
            let step = path().into_iter().find_map(|(party, command)| {
                if command.act().id() == act {
                    return Some((party, command));
                }
                for event in district.decide_under(&rules, party, &command).unwrap() {
                    district.happened(event);
                }
                None
            });
            let (party, command) = step.unwrap();
            district.decide_under(&rules, party, &command).err()
        }
        Case::Renewal => {
            let (mut district, agency, assign) = District::before("registration.assign");
            district.must(agency, &assign);
            let (_, provider, apply) = District::before("registration.apply");
            let renewal = [("/of/registration_type", json!("renewal")), ("/of/id", json!("reg_2"))];
            district.decide(provider, &altered(&apply, &renewal)).err()
        }
        Case::Version => {
            let (district, party, command) = without("product.list", "price.ceiling", false);
            let (_, partner, submission) = District::before("product.submit");
            let next = [("/of/id", json!("prd_next")), ("/of/replaces", json!("prd_verify"))];
            assert!(district.decide(party, &command).is_ok());
            district.decide(partner, &with(&submission, &next)).err()
        }
        Case::Raised => {
            let (_, operator, price) = District::before("price.set");
            let (district, ..) = District::before("consent.give");
            let raised = [("/of/price", json!("1.90")), ("/of/from", json!("2026-04-30"))];
            district.decide(operator, &with(&price, &raised)).err()
        }
        Case::Withdrawn => {
            let (_, operator, withdraw) = District::before("product.withdraw");
            let (mut district, bank, subscribe) = District::before("subscription.open");
            district.must(operator, &withdraw);
            district.decide(bank, &subscribe).err()
        }
        Case::CallAfter(act) => {
            let (_, party, command) = District::before(act);
            let mut district = District::serving();
            assert!(district.call(Usage::default()).is_ok());
            district.must(party, &command);
            district.call(Usage::default()).err()
        }
        Case::CallBefore("product.list") => District::before("product.list").0.call(Usage::default()).err(),
        Case::CallBefore("price") => {
            let (district, party, command) = without("price.set", "subscription.open", false);
            district.decide(party, &command).err()
        }
        Case::CallBefore("free") => {
            let (district, party, command) = without("", "price.ceiling", true);
            district.decide(party, &command).err()
        }
        Case::CallBefore(year) => {
            let mut district = District::serving();
            assert!(district.call(Usage::default()).is_ok());
            district.now = format!("{year}-04-01T00:00:00Z").parse().unwrap();
            district.call(Usage::default()).err()
        }
    };
    Some(outcome.unwrap_or_else(|| panic!("{} refuses nothing", rule.id())))
}

#[test]
fn every_rule_refuses_with_its_source_and_a_way_out() {
    for rule in Rule::ALL {
        let Some(refusal) = refusal(*rule) else { continue };
        assert_eq!(refusal.rule, rule.id(), "{refusal:?}");
        let text = rules().text(*rule).unwrap();
        assert_eq!(refusal.source, rules().source(*rule));
        assert_eq!(refusal.article, text.article);
        for part in [&refusal.source, &refusal.article, &text.zh, &text.en] {
            assert!(!part.trim().is_empty(), "{}", rule.id());
        }
        for text in [&refusal.message, &refusal.remedy] {
            assert!(
                !text.en.trim().is_empty() && text.en.is_ascii() || has_foreign(&text.en),
                "{text:?}"
            );
            assert!(!text.zh.is_ascii(), "no Chinese in {text:?}");
        }
    }
}

/// English that quotes a Chinese name or term says it in quotation marks or after a colon.
fn has_foreign(text: &str) -> bool {
    text.contains('`') || text.contains(": ")
}

/// Refusals of a document with one member changed: the act, the change, the rule, a word of the message.
#[test]
fn each_flaw_of_a_document_is_named() {
    let table = [
        (
            "resource.register",
            "/of/table",
            json!("Firms; drop"),
            "resource.fields",
            "Firms; drop",
        ),
        (
            "resource.register",
            "/of/fields/0/meaning",
            json!(""),
            "resource.fields",
            "code",
        ),
        (
            "resource.register",
            "/of/fields/0/level",
            json!(5),
            "grading.release",
            "no level 5",
        ),
        (
            "resource.register",
            "/of/fields/0/level",
            json!(4),
            "grading.release",
            "level 4",
        ),
        (
            "resource.register",
            "/of/fields",
            json!([]),
            "resource.fields",
            "1 to 500",
        ),
        (
            "resource.register",
            "/of/subject_key",
            json!("passport"),
            "resource.fields",
            "passport",
        ),
        (
            "resource.register",
            "/of/subject_key",
            json!(null),
            "resource.fields",
            "subject key",
        ),
        (
            "version.record",
            "/of/version/rows",
            json!(0),
            "record.input",
            "no usable row",
        ),
        (
            "agreement.propose",
            "/of/operator",
            json!("pty_bank"),
            "record.input",
            "pty_bank",
        ),
        (
            "agreement.propose",
            "/of/term/until",
            json!("2025-01-01"),
            "record.input",
            "before it begins",
        ),
        (
            "agreement.propose",
            "/of/resources",
            json!([]),
            "record.input",
            "no resource",
        ),
        (
            "agreement.propose",
            "/of/purposes",
            json!(["占卜"]),
            "chain.purpose",
            "占卜",
        ),
        (
            "agreement.propose",
            "/of/shares/2/party",
            json!("pty_bank"),
            "revenue.shares",
            "pty_bank",
        ),
        (
            "agreement.propose",
            "/of/shares/2/party",
            json!("pty_partner"),
            "revenue.shares",
            "twice",
        ),
        (
            "scenario.apply",
            "/of/purpose",
            json!("商贸撮合"),
            "chain.link-exceeds",
            "商贸撮合",
        ),
        (
            "scenario.apply",
            "/of/term/until",
            json!("2026-03-01"),
            "chain.link-exceeds",
            "2026-03-01",
        ),
        (
            "scenario.apply",
            "/of/resources",
            json!({}),
            "record.input",
            "no resource",
        ),
        (
            "scenario.apply",
            "/of/resources/res_firms",
            json!([]),
            "record.input",
            "without fields",
        ),
        (
            "scenario.apply",
            "/of/resources/res_firms",
            json!(["salary"]),
            "record.unknown",
            "salary",
        ),
        (
            "scenario.apply",
            "/of/resources",
            json!({"res_other": ["a"]}),
            "chain.link-exceeds",
            "res_other",
        ),
        (
            "scenario.apply",
            "/of/quota_calls_max",
            json!(1_000_000_001_u64),
            "chain.quota",
            "1000000000",
        ),
        (
            "partner.engage",
            "/of/engagement/joint_liability_sha256",
            json!("none"),
            "partner.joint-liability",
            "signed",
        ),
        (
            "partner.engage",
            "/of/engagement/partner",
            json!("pty_bank"),
            "partner.joint-liability",
            "pty_bank",
        ),
        (
            "partner.engage",
            "/of/engagement/scenarios",
            json!([]),
            "record.input",
            "no scenario",
        ),
        (
            "product.submit",
            "/of/checked/fields/res_firms",
            json!(["street"]),
            "chain.link-exceeds",
            "street",
        ),
        (
            "product.submit",
            "/of/subject/parameter",
            json!(2),
            "chain.consent",
            "no such subject parameter",
        ),
        (
            "price.ceiling",
            "/of/ceiling",
            json!("0.00"),
            "record.input",
            "above zero",
        ),
        ("price.ceiling", "/of/basis", json!(""), "record.input", "basis"),
        ("price.set", "/of/price", json!("-0.01"), "price.ceiling", "2.00"),
        (
            "revenue.permit",
            "/of/period/until",
            json!("2031-01-01"),
            "chain.link-exceeds",
            "term",
        ),
        (
            "revenue.permit",
            "/of/period/until",
            json!("2025-01-01"),
            "revenue.period",
            "reversed",
        ),
        ("revenue.permit", "/of/rate", json!(601), "revenue.permitted", "6.01 %"),
        ("revenue.permit", "/of/cost", json!("-0.01"), "record.input", "negative"),
        (
            "revenue.permit",
            "/of/cost",
            json!("92233720368547758.07"),
            "record.input",
            "counted",
        ),
        ("revenue.permit", "/of/basis", json!(" "), "record.input", "basis"),
        ("price.ceilings", "/of/sales", json!([]), "record.input", "empty"),
        (
            "price.ceilings",
            "/of/sales/0/expected",
            json!(u64::MAX),
            "record.input",
            "counted",
        ),
        (
            "price.ceilings",
            "/of/sales/0/ceiling",
            json!("1.79"),
            "price.ceiling",
            "1.80",
        ),
        ("price.ceilings", "/of/basis", json!(""), "record.input", "basis"),
        (
            "revenue.settle",
            "/of/earned",
            json!("-1.00"),
            "record.input",
            "negative",
        ),
        ("plan.draft", "/of/title", json!(""), "record.input", "title"),
        ("plan.draft", "/of/sections/安全", json!(" "), "record.input", "安全"),
        (
            "plan.panel",
            "/of/experts/0/works_for",
            json!("pty_agency"),
            "plan.panel",
            "takes part",
        ),
        (
            "plan.panel",
            "/of/experts/1/name",
            json!("专家1"),
            "plan.panel",
            "named once",
        ),
        (
            "plan.panel",
            "/of/experts",
            json!([{"name": "专家1", "works_for": "某大学", "speciality": "法律"}]),
            "plan.panel",
            "5",
        ),
        ("plan.comment", "/of/notice", json!(""), "record.input", "notice"),
        ("plan.opinion", "/of/opinion", json!(2), "record.input", "number 1"),
        (
            "plan.opinion",
            "/of/expert",
            json!("专家9"),
            "plan.panel",
            "not on the panel",
        ),
        ("plan.opinion", "/of/section", json!("占卜"), "record.input", "占卜"),
        (
            "plan.revise",
            "/of/sections",
            json!({"收益": "收益初稿"}),
            "record.input",
            "changes nothing",
        ),
        ("plan.answer", "/of/opinion", json!(9), "record.unknown", "9"),
        ("plan.answer", "/of/reason", json!(""), "plan.answers", "reason"),
        ("plan.conclude", "/of/in_favour", json!(4), "plan.panel", "5 experts"),
        (
            "plan.conclude",
            "/of/conclusion",
            json!(""),
            "record.input",
            "conclusion",
        ),
        ("plan.decide", "/of/meeting", json!(""), "record.input", "meeting"),
        (
            "plan.publish",
            "/of/document_number",
            json!(""),
            "record.input",
            "document number",
        ),
        ("selection.announce", "/of/title", json!(""), "record.input", "title"),
        ("selection.announce", "/of/notice", json!(""), "record.input", "notice"),
        (
            "selection.announce",
            "/of/conditions/法人资格",
            json!(" "),
            "record.input",
            "法人资格",
        ),
        (
            "selection.announce",
            "/of/conditions",
            json!({}),
            "selection.conditions",
            "法人资格",
        ),
        (
            "selection.announce",
            "/of/term/until",
            json!("2026-03-09"),
            "record.input",
            "before they begin",
        ),
        (
            "selection.apply",
            "/of/evidence",
            json!({}),
            "selection.conditions",
            "no file",
        ),
        (
            "selection.apply",
            "/of/evidence",
            json!({"占卜": "吉"}),
            "selection.conditions",
            "占卜",
        ),
        ("selection.qualify", "/of/reason", json!(""), "record.input", "reason"),
        (
            "selection.qualify",
            "/of/applicant",
            json!("pty_operator2"),
            "record.unknown",
            "pty_operator2",
        ),
        ("selection.panel", "/of/leader", json!("评委9"), "selection.panel", "5"),
        (
            "selection.panel",
            "/of/members/0/interests",
            json!(["pty_operator"]),
            "selection.panel",
            "interest",
        ),
        (
            "selection.score",
            "/of/scores",
            json!({"评委1": {}}),
            "selection.scores",
            "members of the panel",
        ),
        (
            "selection.score",
            "/of/scores/评委2",
            json!({}),
            "selection.scores",
            "announced criteria",
        ),
        (
            "selection.publicize",
            "/of/applicant",
            json!("pty_operator2"),
            "record.unknown",
            "pty_operator2",
        ),
        (
            "selection.publicize",
            "/of/notice",
            json!(" "),
            "record.input",
            "notice",
        ),
        (
            "selection.object",
            "/of/objection",
            json!(2),
            "record.input",
            "number 1",
        ),
        ("selection.object", "/of/reason", json!(""), "record.input", "reason"),
        (
            "selection.object",
            "/of/objector",
            json!(""),
            "record.input",
            "objector",
        ),
        ("selection.resolve", "/of/objection", json!(9), "record.unknown", "9"),
        ("selection.resolve", "/of/reason", json!(""), "record.input", "reason"),
        (
            "selection.confirm",
            "/of/document_number",
            json!(""),
            "record.input",
            "document number",
        ),
        (
            "agreement.propose",
            "/of/operator",
            json!("pty_operator2"),
            "agreement.selected",
            "another",
        ),
        ("agreement.amend", "/of/reason", json!(""), "record.input", "reason"),
        (
            "agreement.amend",
            "/of/purposes",
            json!(["占卜"]),
            "chain.purpose",
            "占卜",
        ),
        (
            "agreement.amend",
            "/of/term",
            json!({"from": "2026-02-01", "until": "2030-12-31"}),
            "agreement.amendment",
            "beginning",
        ),
        (
            "agreement.amend",
            "/of/term",
            json!({"from": "2026-01-01", "until": "2031-12-31"}),
            "agreement.term",
            "5 years",
        ),
        (
            "agreement.amend",
            "/of/resources",
            json!([]),
            "record.input",
            "no resource",
        ),
        ("agreement.suspend", "/of/reason", json!(""), "record.input", "reason"),
        ("agreement.resume", "/of/reason", json!(""), "record.input", "reason"),
        ("scenario.risk", "/of/risks", json!({}), "scenario.risk", "not assessed"),
        (
            "scenario.risk",
            "/of/risks/异常访问/measure",
            json!(" "),
            "record.input",
            "measure",
        ),
        (
            "scenario.risk",
            "/of/document_sha256",
            json!("报告"),
            "scenario.risk",
            "report",
        ),
        ("scenario.object", "/of/reason", json!(""), "record.input", "reason"),
        ("scenario.lift", "/of/reason", json!(""), "record.input", "reason"),
        (
            "consent.record",
            "/of/proofs",
            json!({"914403001922038216": "无"}),
            "consent.batch",
            "no proof",
        ),
        (
            "consent.record",
            "/of/term/until",
            json!("2026-03-31"),
            "chain.consent",
            "2026-03-31",
        ),
        (
            "assessment.open",
            "/of/assessor",
            json!("pty_bank"),
            "assessment.year",
            "no assessor",
        ),
        ("assessment.open", "/of/year", json!(2027), "assessment.year", "2027"),
        (
            "assessment.open",
            "/of/due",
            json!("2026-03-31"),
            "record.input",
            "before today",
        ),
        (
            "assessment.indicate",
            "/of/findings",
            json!({}),
            "record.input",
            "no indicator",
        ),
        (
            "assessment.indicate",
            "/of/findings/服务水平/finding",
            json!(""),
            "record.input",
            "finding",
        ),
        (
            "assessment.indicate",
            "/of/findings/服务水平/document_sha256",
            json!(null),
            "assessment.indicators",
            "evidence",
        ),
        (
            "assessment.conclude",
            "/of/experts",
            json!(["甲", "乙"]),
            "assessment.indicators",
            "odd",
        ),
        (
            "assessment.conclude",
            "/of/conclusion",
            json!(""),
            "record.input",
            "conclusion",
        ),
        ("assessment.appeal", "/of/reason", json!(""), "record.input", "reason"),
        (
            "assessment.answer",
            "/of/points",
            json!({"数据使用": 21}),
            "assessment.indicators",
            "less than 21",
        ),
        ("assessment.answer", "/of/reason", json!(""), "record.input", "reason"),
        ("assessment.rectify", "/of/how", json!(""), "record.input", "how"),
        (
            "dispute.open",
            "/of/respondents",
            json!([]),
            "dispute.party",
            "somebody else",
        ),
        ("dispute.open", "/of/claims", json!(""), "record.input", "claims"),
        ("dispute.open", "/of/facts", json!(""), "record.input", "facts"),
        (
            "dispute.step",
            "/of/next_due",
            json!("2026-03-31"),
            "record.input",
            "before today",
        ),
        (
            "dispute.step",
            "/of/document_sha256",
            json!("纸"),
            "record.input",
            "SHA-256",
        ),
        (
            "dispute.step",
            "/of/evidence",
            json!("evd_none"),
            "record.unknown",
            "evd_none",
        ),
        (
            "dispute.measure",
            "/of/document_sha256",
            json!(""),
            "dispute.measure",
            "order",
        ),
        ("dispute.measure", "/of/basis", json!(""), "record.input", "basis"),
        ("dispute.lift", "/of/basis", json!(""), "record.input", "basis"),
        (
            "dispute.move",
            "/of/forum",
            json!("consultation"),
            "record.state",
            "consultation",
        ),
        (
            "dispute.move",
            "/of/forum",
            json!("arbitration"),
            "dispute.forum",
            "arbitration",
        ),
        (
            "dispute.move",
            "/of/document_number",
            json!(""),
            "record.input",
            "number",
        ),
        (
            "dispute.close",
            "/of/document_sha256",
            json!(null),
            "record.input",
            "paper",
        ),
        (
            "dispute.close",
            "/of/conclusion",
            json!(""),
            "record.input",
            "conclusion",
        ),
        ("incident.report", "/of/title", json!(""), "record.input", "title"),
        ("incident.report", "/of/facts", json!(" "), "record.input", "facts"),
        (
            "incident.report",
            "/of/scenarios/0",
            json!("scn_none"),
            "record.unknown",
            "scn_none",
        ),
        (
            "incident.grade",
            "/of/level",
            json!("larger"),
            "record.input",
            "changes",
        ),
        ("incident.grade", "/of/reason", json!(""), "record.input", "reason"),
        ("incident.fulfil", "/of/how", json!(""), "record.input", "what was done"),
        ("incident.close", "/of/cause", json!(""), "record.input", "cause"),
        ("incident.close", "/of/lessons", json!(""), "record.input", "lessons"),
        ("query.save", "/of/name", json!(""), "record.input", "name"),
        ("query.save", "/of/sql", json!(" "), "record.input", "text"),
        ("query.save", "/of/number", json!(2), "record.duplicate", "is 1"),
        (
            "query.run",
            "/of/ran/checked/fields/res_firms",
            json!(["street"]),
            "chain.link-exceeds",
            "street",
        ),
        (
            "query.run",
            "/of/ran/checked/consented",
            json!({"res_firms": ["name"]}),
            "chain.consent",
            "consumers",
        ),
        (
            "query.run",
            "/of/ran/checked",
            json!({"derivation_sha256": "", "fields": {}, "consented": {}, "models": {"mdl_1": "00"}}),
            "chain.model",
            "score_credit_v1",
        ),
        ("output.submit", "/of/title", json!(""), "record.input", "title"),
        (
            "output.submit",
            "/of/justification",
            json!(""),
            "record.input",
            "justification",
        ),
        (
            "output.submit",
            "/of/kind",
            json!("model"),
            "record.input",
            "registered model",
        ),
        ("output.submit", "/of/content/bytes", json!(0), "output.checks", "empty"),
        (
            "output.submit",
            "/of/previous",
            json!("out_none"),
            "record.unknown",
            "out_none",
        ),
        ("output.review", "/of/reason", json!(""), "record.input", "reason"),
        ("output.withdraw", "/of/reason", json!(" "), "record.input", "reason"),
        ("evidence.make", "/of/purpose", json!(""), "evidence.package", "purpose"),
        (
            "evidence.make",
            "/of/entries",
            json!([41, 30]),
            "evidence.package",
            "500",
        ),
        ("calls.erase", "/of/basis", json!(" "), "record.input", "basis"),
        ("calls.erase", "/of/entries", json!([]), "record.input", "1000"),
        ("calls.erase", "/of/entries", json!([41, 41]), "record.input", "once"),
        (
            "calls.erase",
            "/of/calls/0/scenario",
            json!("scn_none"),
            "record.unknown",
            "scn_none",
        ),
        ("books.close", "/of/month", json!("2025-12"), "books.period", "2025-12"),
        ("books.close", "/of/uses/0/fee", json!("3.61"), "record.input", "add up"),
        (
            "books.close",
            "/of/uses/0/shares/pty_agency",
            json!("0.00"),
            "record.input",
            "add up",
        ),
        (
            "books.payment",
            "/of/amount",
            json!("0.00"),
            "record.input",
            "above zero",
        ),
        ("books.payment", "/of/evidence", json!(" "), "record.input", "voucher"),
        ("books.credit", "/of/amount", json!("3.61"), "books.balance", "3.60"),
        ("books.credit", "/of/reason", json!(""), "record.input", "reason"),
        ("books.refund", "/of/amount", json!("2.01"), "books.balance", "2.00"),
        ("books.payout", "/of/amount", json!("0.73"), "books.balance", "0.72"),
        (
            "books.payout",
            "/of/amount",
            json!("-0.40"),
            "record.input",
            "above zero",
        ),
        (
            "subscription.open",
            "/of/quota_calls_max",
            json!(1_000_000_001_u64),
            "chain.quota",
            "1000000000",
        ),
        (
            "consent.give",
            "/of/consumer",
            json!("pty_operator"),
            "record.input",
            "pty_operator",
        ),
        ("consent.give", "/of/purpose", json!("占卜"), "chain.purpose", "占卜"),
        ("consent.give", "/of/fields", json!([]), "record.input", "no field"),
        (
            "consent.give",
            "/of/fields",
            json!(["salary"]),
            "record.unknown",
            "salary",
        ),
        (
            "consent.give",
            "/of/term/until",
            json!("2026-03-31"),
            "chain.consent",
            "2026-03-31",
        ),
        (
            "consent.give",
            "/of/term/until",
            json!("2027-04-02"),
            "chain.consent",
            "2027-04-02",
        ),
        ("approval.decline", "/of/reason", json!(""), "record.input", "no reason"),
        ("version.destroy", "/of/reason", json!(""), "record.input", "no reason"),
        ("exit.start", "/of/reason", json!(" "), "record.input", "no reason"),
        (
            "exit.start",
            "/of/due",
            json!("2026-03-31"),
            "record.input",
            "before today",
        ),
        (
            "exit.start",
            "/of/ground",
            json!("term_ends"),
            "record.input",
            "2030-12-31",
        ),
        (
            "exit.close",
            "/of/report/0/evidence",
            json!(""),
            "record.input",
            "no evidence",
        ),
        (
            "exit.close",
            "/of/report/1/asset",
            json!("ver_1"),
            "record.unknown",
            "ver_1",
        ),
        (
            "exit.close",
            "/of/report/1/outcome",
            json!("refunded"),
            "exit.assets",
            "prd_verify",
        ),
    ];
    for (act, place, value, rule, word) in table {
        let (district, party, command) = District::before(act);
        let outcome = district.decide(party, &altered(&command, &[(place, value.clone())]));
        let refusal = outcome.expect_err(&format!("{act} {place} {value} was accepted"));
        assert_eq!(refusal.rule, rule, "{act} {place} {value}: {refusal:?}");
        assert!(refusal.message.en.contains(word), "{act} {place} {value}: {refusal:?}");
    }
}

/// A new ceiling under the price in force would make the price unlawful.
#[test]
fn a_ceiling_does_not_fall_under_the_price_in_force() {
    let (_, party, command) = District::before("price.ceiling");
    let lower = altered(&command, &[("/of/ceiling", json!("1.79"))]);
    let refusal = District::serving().decide(party, &lower).unwrap_err();
    assert_eq!(refusal.rule, "price.ceiling");
}
