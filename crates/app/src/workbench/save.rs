//! Saving a query that passes the check, as the next version of its name.

use gongshu_governance::identifier::{QueryId, ScenarioId};
use gongshu_governance::product::Parameter;
use gongshu_governance::workbench::{SaveQuery, workplace};
use gongshu_governance::{Actor, Command};

use super::found;
use crate::act::ActReceipt;
use crate::district::District;
use crate::domain::Query;
use crate::error::AppError;

/// A query as its developer names it.
#[derive(Debug, Clone)]
pub struct NewQuery {
    /// The scenario.
    pub scenario: ScenarioId,
    /// Its name; one that is in use makes its next version.
    pub name: String,
    /// Its text.
    pub sql: String,
    /// Its parameters; `$1` is the first.
    pub parameters: Vec<Parameter>,
}

impl District {
    /// Saves a query. It is checked and not run.
    ///
    /// # Errors
    /// As [`District::run_query`].
    pub async fn save_query(&self, actor: Actor, query: NewQuery) -> Result<ActReceipt, AppError> {
        let snapshot = self.snapshot();
        let scenario = workplace(&snapshot.state, &query.scenario, &self.context(&actor))?;
        let asked = Query {
            sql: &query.sql,
            parameters: &query.parameters,
            subject: None,
        };
        let checked = self
            .0
            .domain
            .check(&snapshot.state, scenario, &asked, self.rules())
            .await?;
        let versions = snapshot.state.versions_of(&actor.party, &query.scenario, &query.name);
        let command = SaveQuery {
            id: QueryId::new(self.new_id(QueryId::PREFIX)),
            number: versions.last().map_or(1, |last| last.saved.number.saturating_add(1)),
            checked: found(&snapshot.state, &query.scenario, checked.derivation()),
            scenario: query.scenario,
            name: query.name,
            sql: query.sql,
            parameters: query.parameters,
        };
        self.act(actor, Command::SaveQuery(Box::new(command)), None).await
    }
}
