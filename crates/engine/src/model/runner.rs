//! Runs a model by what its file is.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array};
use gongshu_governance::model::ModelFormat;

use super::onnx::Networks;
use super::sandbox::Sandbox;
use super::{Model, ModelError, ModelLimits};

/// Checks and runs models.
pub(crate) struct Runner {
    modules: Sandbox,
    networks: Networks,
}

/// A runner is shared by whoever calls.
pub(crate) type Shared = Arc<Runner>;

impl Runner {
    pub(crate) fn new(limits: ModelLimits) -> Result<Self, ModelError> {
        Ok(Self {
            modules: Sandbox::new(limits.clone())?,
            networks: Networks::new(limits),
        })
    }

    /// Whether this file can be run here as a model of so many columns.
    pub(crate) fn check(&self, format: ModelFormat, code: &[u8], columns: usize) -> Result<(), ModelError> {
        match format {
            ModelFormat::Wasm => self.modules.check(code),
            ModelFormat::Onnx => self.networks.check(code, columns),
        }
    }

    /// The scores of these rows.
    pub(crate) fn score(&self, model: &Model, columns: &[ArrayRef], rows: usize) -> Result<Float64Array, ModelError> {
        match model.format {
            ModelFormat::Wasm => self.modules.score(model, columns, rows),
            ModelFormat::Onnx => self.networks.score(model, columns, rows),
        }
    }
}
