//! Parties: organizations and data subjects, their roles and machine credentials.

mod change;
mod credential;
mod leave;
mod register;
mod role;

pub use change::{ChangeParty, Changed, Left, PartyEvent, Standing, decide_change};
pub(crate) use change::{check_there, evolve};
pub use credential::{Credential, IssueCredential, RevokeCredential, decide_issue, decide_revoke};
pub use leave::{DeregisterParty, Deregistered, decide_deregister};
pub use register::{Party, RegisterParty, decide_register};
pub use role::Role;
