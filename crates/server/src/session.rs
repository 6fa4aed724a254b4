//! Sessions, kept in the platform's own store.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use gongshu_app::District;
use jiff::Timestamp;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result, SessionStore as Contract};

/// Keeps sessions in the district's store, each as long as it is used.
#[derive(Clone)]
pub(crate) struct SessionStore {
    district: District,
    idle: Duration,
}

impl SessionStore {
    pub(crate) fn new(district: District, idle: Duration) -> Self {
        Self { district, idle }
    }
}

impl std::fmt::Debug for SessionStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionStore")
    }
}

fn backend(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl Contract for SessionStore {
    async fn save(&self, record: &Record) -> Result<()> {
        let data = serde_json::to_vec(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let expires = Timestamp::from_second(record.expiry_date.unix_timestamp()).map_err(backend)?;
        self.district
            .store()
            .put_session(&record.id.to_string(), &data, expires)
            .await
            .map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let data = self
            .district
            .store()
            .session(&id.to_string(), self.district.now())
            .await
            .map_err(backend)?;
        let Some(data) = data else { return Ok(None) };
        let data: HashMap<String, serde_json::Value> =
            serde_json::from_slice(&data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::now_utc() + self.idle;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.district
            .store()
            .delete_session(&id.to_string())
            .await
            .map_err(backend)
    }
}
