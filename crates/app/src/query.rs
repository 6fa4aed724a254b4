//! Checking queries, and submitting products whose queries have passed.

use gongshu_engine::Derivation;
use gongshu_governance::identifier::{ProductId, ScenarioId};
use gongshu_governance::power::Act;
use gongshu_governance::product::{CheckedQuery, Parameter, ProductForm, SubjectParameter, SubmitProduct};
use gongshu_governance::rules::Rule;
use gongshu_governance::{Actor, Command, Text};

use crate::act::ActReceipt;
use crate::district::District;
use crate::domain::{Query, by_resource};
use crate::error::AppError;

/// A query under a scenario.
#[derive(Debug, Clone)]
pub struct CheckQuery {
    /// The scenario.
    pub scenario: ScenarioId,
    /// The query.
    pub sql: String,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Which parameter names a data subject.
    pub subject: Option<SubjectParameter>,
}

/// A product as its developer describes it; the platform adds what the check found.
#[derive(Debug, Clone)]
pub struct NewProduct {
    /// The query.
    pub query: CheckQuery,
    /// Its name.
    pub name: String,
    /// What it answers.
    pub summary: String,
    /// Its form.
    pub form: ProductForm,
    /// What service is promised with it.
    pub service_level: String,
    /// The product of which it is the next version.
    pub replaces: Option<ProductId>,
}

impl District {
    /// Checks whether a query may run under a scenario.
    ///
    /// # Errors
    /// Refuses an actor without the power, and a query whose flows break a release rule; the
    /// refusal names rule, place and remedy.
    pub async fn check_query(&self, actor: &Actor, query: &CheckQuery) -> Result<Derivation, AppError> {
        let snapshot = self.snapshot();
        let context = self.context(actor);
        let party = snapshot.state.present_party(&actor.party, &context)?;
        if !self.powers().allows(&party.id, party.role, Act::CheckQuery, None) {
            return Err(self
                .rules()
                .refuse(
                    Rule::Power,
                    Text::new(
                        "只有数源单位、运营机构和合作方可以检查查询",
                        "only providers, operators and partners check queries",
                    ),
                    Text::new("请由产品开发方办理", "let the developer of the product do it"),
                )
                .into());
        }
        let scenario = snapshot.state.scenario(&query.scenario, &context)?;
        let query = Query {
            sql: &query.sql,
            parameters: &query.parameters,
            subject: query.subject.as_ref(),
        };
        let checked = self
            .0
            .domain
            .check(&snapshot.state, scenario, &query, self.rules())
            .await?;
        Ok(checked.derivation().clone())
    }

    /// Submits a product: its query is checked first, and the derivation goes on record.
    ///
    /// # Errors
    /// As [`District::check_query`] and [`District::act`].
    pub async fn submit_product(&self, actor: Actor, product: NewProduct) -> Result<ActReceipt, AppError> {
        let derivation = self.check_query(&actor, &product.query).await?;
        let snapshot = self.snapshot();
        let checked = CheckedQuery {
            derivation_sha256: derivation.hash(),
            fields: by_resource(&snapshot.state, &derivation.fields()),
            consented: by_resource(&snapshot.state, &derivation.consented_fields()),
            models: crate::model::called(&snapshot.state, &product.query.scenario, &derivation.models()),
        };
        let command = SubmitProduct {
            id: ProductId::new(self.new_id(ProductId::PREFIX)),
            scenario: product.query.scenario,
            name: product.name,
            summary: product.summary,
            form: product.form,
            service_level: product.service_level,
            replaces: product.replaces,
            sql: product.query.sql,
            parameters: product.query.parameters,
            subject: product.query.subject,
            checked,
        };
        self.act(actor, Command::SubmitProduct(Box::new(command)), None).await
    }
}
