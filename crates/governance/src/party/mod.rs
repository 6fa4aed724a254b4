//! Parties: organizations and data subjects, their roles and machine credentials.

mod credential;
mod register;
mod role;

pub use credential::{Credential, IssueCredential, RevokeCredential, decide_issue, decide_revoke};
pub use register::{Party, RegisterParty, decide_register};
pub use role::Role;
