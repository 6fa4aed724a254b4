//! Information-flow-controlled SQL over the vault; the only home of DataFusion.
#![doc = include_str!("../README.md")]

mod access;
mod answer;
mod cluster;
mod control;
mod engine;
mod flow;
mod functions;
mod index;
mod mask;
mod model;
mod names;
mod param;
mod propose;
mod rows;
mod run;
mod scan;
mod shape;
mod table;
mod train;

pub use access::{Access, Consenting, SubjectGate};
pub use answer::Answer;
pub use cluster::{ClusterError, ClusterSettings, ClusterTls, Executor, execute, schedule};
pub use control::{ControlParameters, Guarding};
pub use engine::{CheckedPlan, Config, Engine, Limits, SQL_CHARACTERS_MAX};
pub use flow::{Control, Derivation, FlowRefusal, FlowRule, Output, Read};
pub use gongshu_governance::model::{Algorithm, Fit, ModelFormat, TrainingTerms};
pub use gongshu_governance::resource::FieldType;
pub use model::{FUNCTION_PREFIX, GraphFault, Model, ModelError, ModelLimits, Standing};
pub use param::Param;
pub use run::{ExecuteError, Prepared};
pub use shape::PLANNING_THREAD;
pub use table::{HELD_VERSION_BYTES_MAX, Table};
pub use train::{CheckedTraining, TrainError, Trained};
