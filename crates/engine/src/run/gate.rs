//! Consent gates: scans that see only rows of subjects whose consent was checked. Whatever the query says, the rows of
//! others are not there: no filter, join, order, limit or failure above can meet them.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use datafusion::scalar::ScalarValue;

use super::cell::CellRef;
use crate::access::SubjectGate;
use crate::table::Table;

/// Which rows of a table a plan sees.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    table: Table,
    column: String,
    sees: Sees,
}

/// Whose rows pass a gate.
#[derive(Debug, Clone, Copy)]
enum Sees {
    /// The subject that a parameter names.
    Parameter(usize),
    /// All who consent to the call.
    Consenting,
}

/// A gate whose subjects a cell names.
#[derive(Debug)]
struct Bound {
    gate: Gate,
    cell: CellRef,
}

impl Gate {
    /// The gate of a table, where it has one: the parameter's before that of all who consent.
    pub(crate) fn of(table: &Table, named: Option<&SubjectGate>, consenting: &BTreeSet<String>) -> Option<Self> {
        let (column, sees) = match named.filter(|gate| gate.resource == table.name()) {
            Some(gate) => (gate.column.clone(), Sees::Parameter(gate.parameter)),
            None => {
                consenting.get(table.name())?;
                (table.subject()?.to_owned(), Sees::Consenting)
            }
        };
        Some(Self {
            table: table.clone(),
            column,
            sees,
        })
    }

    pub(super) fn table(&self) -> &str {
        self.table.name()
    }

    pub(super) fn provider(&self, cell: CellRef) -> Result<Arc<dyn TableProvider>> {
        let bound = Bound {
            gate: self.clone(),
            cell,
        };
        let schema = self.table.schema().clone();
        Ok(Arc::new(StreamingTable::try_new(schema, vec![Arc::new(bound)])?))
    }
}

impl Bound {
    /// Positions of the rows that pass, in the order of the table.
    fn rows(&self) -> Result<Vec<u32>> {
        let Gate { table, column, sees } = &self.gate;
        match sees {
            Sees::Parameter(index) => match self.cell.0.value(*index) {
                Some(ScalarValue::Utf8(Some(subject))) => table.rows_of(column, [subject.as_str()]),
                _ => Err(DataFusionError::Execution(
                    "the subject of the call is not bound".to_owned(),
                )),
            },
            Sees::Consenting => {
                let consenting = self.cell.0.consenting();
                let subjects = consenting.get(table.name()).into_iter().flatten();
                table.rows_of(column, subjects.map(String::as_str))
            }
        }
    }
}

impl PartitionStream for Bound {
    fn schema(&self) -> &SchemaRef {
        self.gate.table.schema()
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let batches = match self.rows() {
            Ok(rows) => self.gate.table.batches_of(rows),
            Err(error) => Box::new(std::iter::once(Err(error))),
        };
        let stream = futures::stream::iter(batches);
        Box::pin(RecordBatchStreamAdapter::new(self.gate.table.schema().clone(), stream))
    }
}
