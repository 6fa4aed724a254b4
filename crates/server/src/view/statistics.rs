//! Statistics of use as the API shows them.

use gongshu_api::Named;
use gongshu_api::statistics::{Statistics as Shown, StatisticsCell};
use gongshu_app::governance::State;
use gongshu_app::governance::rules::Rules;
use gongshu_app::{Cell, Statistics};

pub(crate) fn statistics(state: &State, statistics: &Statistics, year: i16, rules: &Rules) -> Shown {
    let parameters = rules.parameters();
    Shown {
        year,
        until_before: statistics.until_before.map(|month| month.to_string()),
        threshold: parameters.threshold_subjects_min,
        base: parameters.output.rounding_base,
        calls: statistics.calls(),
        firms: statistics.firms,
        benefited: statistics.benefited,
        loans: statistics.loans,
        cells: statistics.cells.iter().map(|it| cell(state, it)).collect(),
    }
}

fn cell(state: &State, cell: &Cell) -> StatisticsCell {
    let scenario = state.scenarios.get(&cell.scenario);
    StatisticsCell {
        scenario: Named {
            id: cell.scenario.to_string(),
            name: scenario.map_or_else(String::new, |scenario| scenario.application.name.clone()),
        },
        month: cell.month.to_string(),
        calls: cell.calls,
        firms: cell.firms,
    }
}
