//! Alerts as the API shows them.

use gongshu_api as api;
use gongshu_app::governance::alert::{Alert, Handled};
use gongshu_app::governance::rules::Rules;
use gongshu_app::governance::{State, Text};
use jiff::civil::Date;

use super::dispute::scenario_named;
use super::{party_named, word};

pub(crate) fn alert(state: &State, alert: &Alert, rules: &Rules, today: Date) -> api::alert::Alert {
    let raised = &alert.raised;
    api::alert::Alert {
        id: raised.id.to_string(),
        kind: word(&raised.kind),
        name: text(raised.kind.text()),
        rule: raised.kind.rule().id().to_owned(),
        party: party_named(state, &raised.party),
        product: raised.product.as_ref().map(|id| api::Named {
            id: id.to_string(),
            name: state
                .products
                .get(id)
                .map_or_else(|| id.to_string(), |product| product.submission.name.clone()),
        }),
        scenario: scenario_named(state, &raised.scenario),
        day: raised.day.to_string(),
        figure: raised.figure,
        bound: raised.bound,
        raised: alert.at.to_string(),
        due: alert.due(rules.working_days()).to_string(),
        late: alert.is_late(today, rules.working_days()),
        handled: alert.handled.as_ref().map(|handled| came_of(state, handled)),
        revision: alert.revision,
    }
}

fn text(of: Text) -> api::Text {
    api::Text { zh: of.zh, en: of.en }
}

fn came_of(state: &State, handled: &Handled) -> api::alert::AlertHandled {
    let finding = &handled.finding;
    api::alert::AlertHandled {
        outcome: word(&finding.outcome),
        name: text(finding.outcome.text()),
        how: finding.how.clone(),
        measures: finding.measures.iter().map(|measure| text(measure.text())).collect(),
        incident: finding.incident.as_ref().map(|id| api::Named {
            id: id.to_string(),
            name: state
                .incidents
                .get(id)
                .map_or_else(|| id.to_string(), |incident| incident.report.title.clone()),
        }),
        by: party_named(state, &handled.by),
        at: handled.at.to_string(),
    }
}
