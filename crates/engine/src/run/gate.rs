//! The consent gate: a scan that sees only the rows of the subject that a call names. Whatever the
//! query says, the rows of others are not there.

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

#[derive(Debug)]
struct Gate {
    table: Table,
    column: String,
    parameter: usize,
    cell: CellRef,
}

pub(super) fn gated_provider(table: &Table, gate: &SubjectGate, cell: CellRef) -> Result<Arc<dyn TableProvider>> {
    let gate = Gate {
        table: table.clone(),
        column: gate.column.clone(),
        parameter: gate.parameter,
        cell,
    };
    Ok(Arc::new(StreamingTable::try_new(
        table.schema().clone(),
        vec![Arc::new(gate)],
    )?))
}

impl PartitionStream for Gate {
    fn schema(&self) -> &SchemaRef {
        self.table.schema()
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let batch = match self.cell.0.value(self.parameter) {
            Some(ScalarValue::Utf8(Some(subject))) => self.table.lookup(&self.column, &subject),
            _ => Err(DataFusionError::Execution(
                "the subject of the call is not bound".to_owned(),
            )),
        };
        let stream = futures::stream::once(std::future::ready(batch));
        Box::pin(RecordBatchStreamAdapter::new(self.table.schema().clone(), stream))
    }
}
