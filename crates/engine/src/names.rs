//! What a query may name while it is planned: the granted tables, the domain's functions and the scenario's models.
//!
//! A session that holds the tables of one query would be a copy of several hundred functions and settings; this only
//! looks things up in the engine's own.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::TableReference;
use datafusion::common::config::ConfigOptions;
use datafusion::common::file_options::file_type::FileType;
use datafusion::datasource::cte_worktable::CteWorkTable;
use datafusion::datasource::empty::EmptyTable;
use datafusion::datasource::file_format::format_as_file_type;
use datafusion::datasource::provider_as_source;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SessionState;
use datafusion::logical_expr::planner::{ContextProvider, ExprPlanner};
use datafusion::logical_expr::{AggregateUDF, Expr, HigherOrderUDF, LogicalPlan, ScalarUDF, TableSource, WindowUDF};
use datafusion::sql::planner::{NullOrdering, ParserOptions, SqlToRel};

use crate::access::Access;
use crate::shape::Query;
use crate::table::Table;

/// Names of one query.
pub(crate) struct Names<'a> {
    base: &'a SessionState,
    access: &'a Access,
    tables: &'a [Table],
    models: HashMap<String, Arc<ScalarUDF>>,
    /// Partitions of a scan of a large table.
    threads: usize,
}

impl<'a> Names<'a> {
    pub(crate) fn new(base: &'a SessionState, access: &'a Access, tables: &'a [Table], threads: usize) -> Self {
        Self {
            base,
            access,
            tables,
            models: HashMap::new(),
            threads,
        }
    }

    pub(crate) fn add_model(&mut self, function: ScalarUDF) {
        self.models.insert(function.name().to_owned(), Arc::new(function));
    }

    /// The plan of one statement, neither analyzed nor optimized.
    pub(crate) fn plan(&self, query: Query<'_>) -> Result<LogicalPlan> {
        let options = &self.base.config_options().sql_parser;
        let statement = query.parse(options.recursion_limit.get())?;
        let parsing = ParserOptions {
            parse_float_as_decimal: options.parse_float_as_decimal,
            enable_ident_normalization: options.enable_ident_normalization,
            enable_options_value_normalization: options.enable_options_value_normalization,
            support_varchar_with_length: options.support_varchar_with_length,
            map_string_types_to_utf8view: options.map_string_types_to_utf8view,
            collect_spans: options.collect_spans,
            default_null_ordering: NullOrdering::from(options.default_null_ordering.as_str()),
        };
        SqlToRel::new_with_options(self, parsing).statement_to_plan(statement)
    }
}

impl ContextProvider for Names<'_> {
    fn get_table_source(&self, name: TableReference) -> Result<Arc<dyn TableSource>> {
        let catalog = &self.base.config_options().catalog;
        let name = name.resolve(&catalog.default_catalog, &catalog.default_schema);
        let ours = *name.catalog == *catalog.default_catalog && *name.schema == *catalog.default_schema;
        let granted = |table: &&Table| *name.table == *table.name() && self.access.resources.contains_key(table.name());
        let table = self.tables.iter().filter(|_| ours).find(granted);
        let table = table.ok_or_else(|| DataFusionError::Plan(format!("table '{name}' not found")))?;
        let partitions = if table.is_large() { self.threads } else { 1 };
        Ok(provider_as_source(table.provider(partitions)))
    }

    /// Planned only to be refused by its name, so it has no rows.
    fn get_table_function_source(&self, name: &str, _: Vec<Expr>) -> Result<Arc<dyn TableSource>> {
        if !self.base.table_functions().contains_key(name) {
            return Err(DataFusionError::Plan(format!("table function '{name}' not found")));
        }
        let columns = Schema::new(vec![Field::new("value", DataType::Int64, true)]);
        Ok(provider_as_source(Arc::new(EmptyTable::new(Arc::new(columns)))))
    }

    /// Planned only to be refused by its name.
    fn get_file_type(&self, name: &str) -> Result<Arc<dyn FileType>> {
        let format = self.base.get_file_format_factory(name);
        let format = format.ok_or_else(|| DataFusionError::Plan(format!("there is no file format '{name}'")))?;
        Ok(format_as_file_type(format))
    }

    /// Planned only to be refused by its name.
    fn create_cte_work_table(&self, name: &str, schema: SchemaRef) -> Result<Arc<dyn TableSource>> {
        Ok(provider_as_source(Arc::new(CteWorkTable::new(name, schema))))
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        self.base.expr_planners()
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        let model = self.models.get(name);
        model.or_else(|| self.base.scalar_functions().get(name)).cloned()
    }

    fn get_higher_order_meta(&self, name: &str) -> Option<Arc<HigherOrderUDF>> {
        self.base.higher_order_functions().get(name).cloned()
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        self.base.aggregate_functions().get(name).cloned()
    }

    fn get_window_meta(&self, name: &str) -> Option<Arc<WindowUDF>> {
        self.base.window_functions().get(name).cloned()
    }

    fn get_variable_type(&self, _: &[String]) -> Option<DataType> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        self.base.config_options()
    }

    fn udf_names(&self) -> Vec<String> {
        self.base.scalar_functions().keys().cloned().collect()
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        self.base.higher_order_functions().keys().cloned().collect()
    }

    fn udaf_names(&self) -> Vec<String> {
        self.base.aggregate_functions().keys().cloned().collect()
    }

    fn udwf_names(&self) -> Vec<String> {
        self.base.window_functions().keys().cloned().collect()
    }
}
