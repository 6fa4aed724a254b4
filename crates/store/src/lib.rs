//! Event store, ledger tables and metering on SQLite and PostgreSQL: the only home of SQL for the
//! platform's own state.
#![doc = include_str!("../README.md")]

mod accounts;
mod certificates;
mod commit;
mod copy;
mod documents;
mod error;
mod finals;
mod load;
mod metered;
mod open;
mod outage;
mod read;
mod records;
mod rows;
mod seal;
mod suite;
mod turn;
mod usage;

pub use certificates::{AuthorityRecord, CertificateRecord, EnrolmentRecord};
pub use copy::Copied;
pub use error::StoreError;
pub use finals::StampedRecord;
pub use load::{Loaded, News};
pub use metered::MeteredRecord;
pub use open::{CONNECTIONS_MAX, Store};
pub use outage::Outage;
pub use records::{AccountRecord, ActRecord, Batch, CallRecord, EventRecord, MeterRecord};
pub use turn::Turn;
pub use usage::{CARRIED_ROWS_MAX, CarriedRecord, UsageRecord};
