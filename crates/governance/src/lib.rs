//! Parties, resources, authorization chains, products and prices of authorized operation
//! (公共数据资源授权运营), decided by cited rules.
//!
//! Pure: [`decide`] and [`authorize`] turn state and request into events, a permit or a
//! [`Refusal`]; [`evolve`] turns events into state. Clock, randomness and storage are elsewhere.

pub mod agreement;
pub mod alert;
pub mod assessment;
pub mod authorization;
pub mod books;
pub mod border;
pub mod calendar;
mod command;
pub mod complaint;
pub mod consent;
pub mod deadline;
mod decide;
pub mod disclosure;
pub mod dispute;
pub mod erasure;
mod event;
pub mod evidence;
mod evolve;
pub mod exit;
pub mod file;
pub mod identifier;
pub mod incident;
mod layered;
pub mod loan;
pub mod model;
pub mod money;
pub mod notice;
pub mod output;
pub mod party;
pub mod plan;
pub mod post;
pub mod power;
pub mod product;
pub mod quality;
mod refusal;
pub mod registration;
pub mod report;
pub mod resource;
pub mod revenue;
pub mod rules;
mod saved;
pub mod scenario;
mod schema;
pub mod selection;
pub mod service;
mod state;
pub mod subscription;
mod text;
pub mod workbench;
pub mod working_days;

pub use authorization::authorize;
pub use command::{Command, Form, forms};
pub use decide::{Context, decide};
pub use event::{Actor, Event, Moment};
pub use evolve::evolve;
pub use layered::Layered;
pub use refusal::Refusal;
pub use saved::{SCHEMA, SavedError};
pub use state::{Records, State};
pub use text::Text;
