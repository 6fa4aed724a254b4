//! Tasks: what waits for a party.

mod alert;
mod capacity;
mod complaint;
mod exit;
pub(crate) mod oversight;
mod preparation;
mod quality;
mod quota;
mod regrading;
mod report;
mod revenue;

pub use preparation::preparation;

use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::incident::Incident;
use gongshu_governance::model::ModelStatus;
use gongshu_governance::party::Role;
use gongshu_governance::power::Act;
use gongshu_governance::product::ProductStatus;
use gongshu_governance::revenue::ended_trial;
use gongshu_governance::rules::Rules;
use gongshu_governance::scenario::{Approval, ScenarioStatus};
use gongshu_governance::{State, Text};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::district::District;

/// Something that waits for a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The act it waits for.
    pub act: Act,
    /// Kind of the thing: `agreement`, `scenario`, `product`, `model`, `exit`, `period`, `incident`, `output`,
    /// `assessment`, `dispute`, `registration`, `disclosure`, `work_order`, `subscription`,
    /// `revenue`, `alert`, `resource`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// A second id where the act needs one: the resource of an approval, the subscription of an invoice.
    pub resource: Option<String>,
    /// Revision of the thing, for `If-Match`.
    pub revision: u64,
    /// What is to be done.
    pub text: Text,
}

impl Task {
    /// A task that needs no second id.
    fn of(act: Act, kind: &'static str, id: &str, name: &str, revision: u64, text: Text) -> Self {
        Self {
            act,
            kind,
            id: id.to_owned(),
            name: name.to_owned(),
            resource: None,
            revision,
            text,
        }
    }
}

impl District {
    /// What waits for a party now.
    #[must_use]
    pub fn tasks(&self, party: &PartyId) -> Vec<Task> {
        let snapshot = self.snapshot();
        let state = &snapshot.state;
        let role = state.parties.get(party).map(|party| party.role);
        let mut tasks = match role {
            Some(Role::Agency) => agency(state)
                .into_iter()
                .chain(trials(state, day_of(self.now())))
                .chain(regrading::agency(state))
                .collect(),
            Some(Role::Provider) => provider(state, party, self.rules(), day_of(self.now())),
            Some(Role::Operator) => {
                let wait_days = self.rules().parameters().close_days_min;
                let books = crate::books::tasks(state, party, day_of(self.now()), wait_days);
                operator(state, party).into_iter().chain(books).collect()
            }
            Some(Role::Partner | Role::Consumer | Role::Subject | Role::Supervisor | Role::Assessor) | None => {
                Vec::new()
            }
        };
        tasks.extend(alert::tasks(state, party, role, self.rules(), day_of(self.now())));
        tasks.extend(incidents(state, party, self.now()));
        tasks.extend(exit::ended(state, party, day_of(self.now())));
        tasks.extend(exit::steps(state, party, day_of(self.now())));
        tasks.extend(self.reviews_of(party));
        tasks.extend(oversight::tasks(state, party, day_of(self.now())));
        tasks.extend(quality::tasks(state, party, role, day_of(self.now())));
        tasks.extend(quota::tasks(state, party));
        tasks.extend(capacity::tasks(self, &snapshot, party));
        tasks.extend(revenue::tasks(state, party, self.rules(), day_of(self.now())));
        tasks.extend(preparation(state, party, day_of(self.now())));
        tasks.extend(complaint::tasks(state, party, role, self.rules(), day_of(self.now())));
        tasks.extend(report::tasks(state, party, self.rules(), day_of(self.now())));
        let registrations = crate::registration::tasks(state, party, role, self.rules(), self.now());
        tasks.extend(registrations);
        let today = day_of(self.now());
        tasks.extend(crate::disclosure::tasks(state, party, role, self.rules(), today));
        tasks.sort_by(|a, b| a.id.cmp(&b.id));
        tasks
    }
}

/// Duties of the incidents that the party has reported, the most urgent first; then their closing.
fn incidents(state: &State, party: &PartyId, now: Timestamp) -> Vec<Task> {
    let own = state.incidents.values();
    let open = own.filter(|incident| incident.by == *party && incident.is_open());
    let task = |incident: &Incident| {
        let waiting = incident.duties.iter().filter(|(_, duty)| duty.done.is_none());
        let title = &incident.report.title;
        let (act, text) = match waiting.min_by_key(|(_, duty)| duty.due) {
            Some((kind, duty)) => {
                let local = Offset::constant(8)
                    .to_datetime(duty.due)
                    .strftime("%Y-%m-%d %H:%M")
                    .to_string();
                let (zh, en) = kind.words();
                let late = if duty.is_late(now) {
                    ("，已逾期", ", overdue")
                } else {
                    ("", "")
                };
                let zh = format!("“{title}”：{zh}，{local} 前{}", late.0);
                let en = format!("`{title}`: {en} by {local} (UTC+8){}", late.1);
                (Act::FulfilDuty, Text::new(zh, en))
            }
            None => {
                let (zh, en) = (format!("办结“{title}”"), format!("close `{title}`"));
                (Act::CloseIncident, Text::new(zh, en))
            }
        };
        Task {
            act,
            kind: "incident",
            id: incident.report.id.to_string(),
            name: title.clone(),
            resource: None,
            revision: incident.revision,
            text,
        }
    };
    open.map(|incident| task(incident)).collect()
}

fn agency(state: &State) -> Vec<Task> {
    let applied = state
        .scenarios
        .values()
        .filter(|scenario| scenario.status == ScenarioStatus::Applied && scenario.risk.is_some());
    let grants = applied.map(|scenario| Task {
        act: Act::GrantScenario,
        kind: "scenario",
        id: scenario.application.id.to_string(),
        name: scenario.application.name.clone(),
        resource: None,
        revision: scenario.revision,
        text: Text::new(
            format!("审批场景“{}”", scenario.application.name),
            format!("decide on the scenario `{}`", scenario.application.name),
        ),
    });
    let charged = |scenario| {
        state
            .scenarios
            .get(scenario)
            .is_some_and(|scenario| !scenario.application.price_class.is_free())
    };
    let unpriced = state.products.values().filter(|product| {
        product.ceiling.is_none() && product.status.is_sold() && charged(&product.submission.scenario)
    });
    let ceilings =
        unpriced.map(|product| product_task(Act::SetCeiling, product, ("核定价格上限", "set the price ceiling of")));
    grants
        .chain(ceilings)
        .chain(reviews(state))
        .chain(exit::agency(state))
        .collect()
}

/// Products on the list whose trial price has ended: nobody subscribes before the next period's ceiling.
fn trials(state: &State, today: Date) -> Vec<Task> {
    let listed = state.products.values().filter(|it| it.status == ProductStatus::Listed);
    let ended = listed.filter(|it| ended_trial(state, &it.submission.id, today).is_some());
    let what = (
        "试行价格已到期，重新核定价格上限",
        "the trial price has ended; set another ceiling of",
    );
    ended
        .map(|product| product_task(Act::SetCeiling, product, what))
        .collect()
}

/// Models that wait for a review; those suspended do not wait, they are stopped.
fn reviews(state: &State) -> impl Iterator<Item = Task> {
    let registered = state
        .models
        .values()
        .filter(|model| model.status == ModelStatus::Registered);
    registered.map(|model| {
        let function = model.registration.function();
        Task {
            act: Act::ReviewModel,
            kind: "model",
            id: model.registration.id.to_string(),
            name: function.clone(),
            resource: None,
            revision: model.revision,
            text: Text::new(
                format!("审查模型 `{function}`"),
                format!("review the model `{function}`"),
            ),
        }
    })
}

fn provider(state: &State, party: &PartyId, rules: &Rules, today: Date) -> Vec<Task> {
    let mut tasks = Vec::new();
    for scenario in state.scenarios.values().filter(|scenario| scenario.status.is_open()) {
        for id in scenario.unapproved(rules, today) {
            let declined = matches!(scenario.approvals.get(id), Some(Approval::Declined { .. }));
            let Some(resource) = state
                .resources
                .get(id)
                .filter(|resource| resource.registration.provider == *party)
            else {
                continue;
            };
            if declined {
                continue;
            }
            let (scenario_name, resource_name) = (&scenario.application.name, &resource.registration.name);
            let due = scenario.approvals_due(rules);
            let late = oversight::late(due, today);
            tasks.push(Task {
                act: Act::ApproveResource,
                kind: "scenario",
                id: scenario.application.id.to_string(),
                name: scenario_name.clone(),
                resource: Some(id.to_string()),
                revision: scenario.revision,
                text: Text::new(
                    format!(
                        "决定资源“{resource_name}”可否用于场景“{scenario_name}”，期限 {due}{}",
                        late.0
                    ),
                    format!(
                        "decide whether `{resource_name}` may be used in `{scenario_name}` by {due}{}",
                        late.1
                    ),
                ),
            });
        }
    }
    tasks
}

fn operator(state: &State, party: &PartyId) -> Vec<Task> {
    use gongshu_governance::agreement::AgreementStatus;
    let proposed = state
        .agreements
        .values()
        .filter(|agreement| agreement.terms.operator == *party && agreement.status == AgreementStatus::Proposed);
    let signatures = proposed.map(|agreement| Task {
        act: Act::SignAgreement,
        kind: "agreement",
        id: agreement.terms.id.to_string(),
        name: agreement.terms.title.clone(),
        resource: None,
        revision: agreement.revision,
        text: Text::new(
            format!("签署“{}”", agreement.terms.title),
            format!("sign `{}`", agreement.terms.title),
        ),
    });
    let mine = |product: &&std::sync::Arc<gongshu_governance::product::Product>| {
        let scenario = state.scenarios.get(&product.submission.scenario);
        let agreement = scenario.and_then(|scenario| state.agreements.get(&scenario.application.agreement));
        agreement.is_some_and(|agreement| agreement.terms.operator == *party)
    };
    let products = state.products.values().filter(mine).filter_map(|product| {
        if product.status == ProductStatus::Submitted {
            return Some(product_task(
                Act::ListProduct,
                product,
                ("审核并上架产品", "review and list"),
            ));
        }
        let waits = product.ceiling.is_some() && product.price.is_none() && product.status.is_sold();
        waits.then(|| product_task(Act::SetPrice, product, ("制定价格", "set the price of")))
    });
    signatures.chain(products).collect()
}

fn product_task(act: Act, product: &gongshu_governance::product::Product, what: (&str, &str)) -> Task {
    let name = &product.submission.name;
    Task {
        act,
        kind: "product",
        id: product.submission.id.to_string(),
        name: name.clone(),
        resource: None,
        revision: product.revision,
        text: Text::new(format!("{}“{name}”", what.0), format!("{} `{name}`", what.1)),
    }
}
