//! Certificates, the authorities that issue them, and codes for enrolment.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::StoreError;
use crate::open::Store;
use crate::rows::instant;

/// An authority as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityRecord {
    /// `root` or `issuing`.
    pub level: String,
    /// What it signs with.
    pub algorithm: String,
    /// Its certificate, DER.
    pub certificate: Vec<u8>,
    /// Its secret, wrapped under the master key, as JSON.
    pub wrapped_key: String,
}

/// A certificate that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRecord {
    /// Serial number, lower-case hex.
    pub serial: String,
    /// The party it is issued to.
    pub party: String,
    /// `organization`, `service` or `person`.
    pub kind: String,
    /// The name in it.
    pub name: String,
    /// The person who enrolled it.
    pub person: String,
    /// The credential that stands for it on record.
    pub credential: String,
    /// Its bytes.
    pub der: Vec<u8>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was revoked, and why.
    pub revoked: Option<(Timestamp, String)>,
}

/// Who may enrol with a code, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentRecord {
    /// Hash of the code.
    pub code_hash: String,
    /// The party that the certificate will be issued to.
    pub party: String,
    /// `organization`, `service` or `person`.
    pub kind: String,
    /// The name in it.
    pub name: String,
    /// The person who asked for the code.
    pub person: String,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

impl Store {
    /// Keeps new authorities, all or none. Where there are some already, nothing changes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_authorities(&self, authorities: &[AuthorityRecord]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        for authority in authorities {
            let text = "INSERT INTO certificate_authorities (level, algorithm, certificate, wrapped_key) \
                        VALUES ($1, $2, $3, $4)";
            let query = sqlx::query(text)
                .bind(authority.level.as_str())
                .bind(authority.algorithm.as_str());
            let query = query
                .bind(authority.certificate.as_slice())
                .bind(authority.wrapped_key.as_str());
            match query.execute(&mut *transaction).await.map_err(StoreError::of_write) {
                Ok(_) => {}
                Err(StoreError::Conflict) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        transaction.commit().await.map_err(StoreError::of_write)
    }

    /// The authority of a level.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn authority(&self, level: &str) -> Result<Option<AuthorityRecord>, StoreError> {
        let text = "SELECT level, algorithm, certificate, wrapped_key FROM certificate_authorities WHERE level = $1";
        let row = sqlx::query(text).bind(level).fetch_optional(&self.pool).await?;
        let read = |row: AnyRow| -> Result<_, StoreError> {
            Ok(AuthorityRecord {
                level: row.try_get("level")?,
                algorithm: row.try_get("algorithm")?,
                certificate: row.try_get("certificate")?,
                wrapped_key: row.try_get("wrapped_key")?,
            })
        };
        row.map(read).transpose()
    }

    /// Keeps who may enrol with a code; codes that nobody has used in time are forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_enrolment(&self, enrolment: &EnrolmentRecord, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("DELETE FROM enrolment_codes WHERE expires_at < $1")
            .bind(now.to_string())
            .execute(&mut *transaction)
            .await?;
        let text = "INSERT INTO enrolment_codes (code_hash, party, kind, name, person, expires_at) \
                    VALUES ($1, $2, $3, $4, $5, $6)";
        let query = sqlx::query(text)
            .bind(enrolment.code_hash.as_str())
            .bind(enrolment.party.as_str());
        let query = query.bind(enrolment.kind.as_str()).bind(enrolment.name.as_str());
        let query = query
            .bind(enrolment.person.as_str())
            .bind(enrolment.expires_at.to_string());
        query.execute(&mut *transaction).await.map_err(StoreError::of_write)?;
        transaction.commit().await.map_err(StoreError::of_write)
    }

    /// Takes a code out, so that it is used once: of two who use it at a time, one gets it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_enrolment(&self, code_hash: &str) -> Result<Option<EnrolmentRecord>, StoreError> {
        let text = "DELETE FROM enrolment_codes WHERE code_hash = $1 \
                    RETURNING code_hash, party, kind, name, person, expires_at";
        let row = sqlx::query(text).bind(code_hash).fetch_optional(&self.pool).await?;
        let read = |row: AnyRow| -> Result<_, StoreError> {
            Ok(EnrolmentRecord {
                code_hash: row.try_get("code_hash")?,
                party: row.try_get("party")?,
                kind: row.try_get("kind")?,
                name: row.try_get("name")?,
                person: row.try_get("person")?,
                expires_at: instant(&row, "expires_at")?,
            })
        };
        row.map(read).transpose()
    }

    /// Keeps a certificate that was issued.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where its serial number is in use.
    pub async fn put_certificate(&self, certificate: &CertificateRecord) -> Result<(), StoreError> {
        let text = "INSERT INTO certificates (serial, party, kind, name, person, credential, der, issued_at, expires_at, \
                    revoked_at, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '')";
        let query = sqlx::query(text)
            .bind(certificate.serial.as_str())
            .bind(certificate.party.as_str());
        let query = query.bind(certificate.kind.as_str()).bind(certificate.name.as_str());
        let query = query
            .bind(certificate.person.as_str())
            .bind(certificate.credential.as_str());
        let query = query
            .bind(certificate.der.as_slice())
            .bind(certificate.issued_at.to_string());
        let query = query.bind(certificate.expires_at.to_string());
        query.execute(&self.pool).await.map_err(StoreError::of_write)?;
        Ok(())
    }

    /// Notes that a certificate is revoked. One that was revoked before stays as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_certificate(&self, serial: &str, at: Timestamp, reason: &str) -> Result<(), StoreError> {
        let text = "UPDATE certificates SET revoked_at = $1, reason = $2 WHERE serial = $3 AND revoked_at = ''";
        let query = sqlx::query(text).bind(at.to_string()).bind(reason).bind(serial);
        query.execute(&self.pool).await?;
        Ok(())
    }

    /// All certificates, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn certificates(&self) -> Result<Vec<CertificateRecord>, StoreError> {
        let text = format!("{COLUMNS} ORDER BY issued_at DESC, serial");
        let rows = sqlx::query(sqlx::AssertSqlSafe(text)).fetch_all(&self.pool).await?;
        rows.iter().map(certificate).collect()
    }

    /// The certificate of a serial number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn certificate(&self, serial: &str) -> Result<Option<CertificateRecord>, StoreError> {
        let text = format!("{COLUMNS} WHERE serial = $1");
        let query = sqlx::query(sqlx::AssertSqlSafe(text)).bind(serial);
        let row = query.fetch_optional(&self.pool).await?;
        row.as_ref().map(certificate).transpose()
    }
}

const COLUMNS: &str = "SELECT serial, party, kind, name, person, credential, der, issued_at, expires_at, revoked_at, \
                       reason FROM certificates";

fn certificate(row: &AnyRow) -> Result<CertificateRecord, StoreError> {
    let revoked_at: String = row.try_get("revoked_at")?;
    let revoked = if revoked_at.is_empty() {
        None
    } else {
        Some((instant(row, "revoked_at")?, row.try_get("reason")?))
    };
    Ok(CertificateRecord {
        serial: row.try_get("serial")?,
        party: row.try_get("party")?,
        kind: row.try_get("kind")?,
        name: row.try_get("name")?,
        person: row.try_get("person")?,
        credential: row.try_get("credential")?,
        der: row.try_get("der")?,
        issued_at: instant(row, "issued_at")?,
        expires_at: instant(row, "expires_at")?,
        revoked,
    })
}
