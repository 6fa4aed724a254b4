//! Parties: organizations and data subjects, their roles and machine credentials.

mod change;
mod credential;
mod leave;
mod register;
mod role;
mod same;

pub(crate) use change::evolve;
pub use change::{ChangeParty, Changed, Left, PartyEvent, Standing, decide_change};
pub use credential::{Credential, IssueCredential, RevokeCredential, decide_issue, decide_revoke};
pub use leave::{DeregisterParty, Deregistered, decide_deregister};
pub use register::{Party, RegisterParty, decide_register};
pub use role::Role;
pub(crate) use same::check_not_operator;
