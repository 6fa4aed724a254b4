//! The people of a party: whoever has an account.

use gongshu_governance::identifier::{PartyId, PersonId};
use gongshu_governance::{Command, Text};
use gongshu_store::AccountRecord;

use crate::district::District;
use crate::error::AppError;

impl District {
    /// The people who have an account with this party, by login.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people_of(&self, party: &PartyId) -> Result<Vec<AccountRecord>, AppError> {
        let mut accounts = self.0.store.accounts().await?;
        accounts.retain(|account| account.party == party.as_str());
        Ok(accounts)
    }

    /// Refuses a post or a delegation for somebody who is not one of the party's people: who signs in is known here, and
    /// not on record.
    pub(crate) async fn check_person(&self, party: &PartyId, command: &Command) -> Result<(), AppError> {
        let person: &PersonId = match command {
            Command::AppointPerson(appointed) => &appointed.person,
            Command::Delegate(given) => &given.to,
            _ => return Ok(()),
        };
        let people = self.people_of(party).await?;
        if people.iter().any(|account| account.person == person.as_str()) {
            return Ok(());
        }
        let unknown = self
            .rules()
            .unknown(&Text::new("本单位人员", "person of the party"), person.as_str());
        Err(unknown.into())
    }
}
