//! Who was counted abroad: unknown without the secret of the security domain, and forgotten when the year is over. How
//! many they were stays.

use std::collections::BTreeMap;

use gongshu_governance::border::Crossing;
use gongshu_governance::calendar::day_of;
use gongshu_store::{MeterRecord, Store};
use gongshu_vault::{Cipher, DataKey};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use sm3::Sm3;
use zeroize::Zeroizing;

use crate::error::AppError;
use crate::snapshot::{EXPORTED, Snapshot};

/// What the secret is used for here.
const PURPOSE: &[u8] = b"gongshu.person-abroad/1\n";
/// What a hidden person begins with. One without it stands there since a restore, which works without the secret.
const HIDDEN: &str = "h-";

/// Hides persons counted abroad behind a keyed hash (HMAC, RFC 2104). Codes of persons are few enough to try them all:
/// whoever reads the database, or a backup of it, must not find out by trying whether one was counted.
pub(crate) struct Veil {
    secret: Zeroizing<Vec<u8>>,
    cipher: Cipher,
}

impl Veil {
    /// With the secret of a security domain, which outlives versions: the same person is hidden alike.
    pub(crate) fn new(secret: &DataKey) -> Self {
        Self {
            secret: Zeroizing::new(secret.expose().to_vec()),
            cipher: secret.cipher(),
        }
    }

    /// Hides the persons of a call.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the secret is no key.
    pub(crate) fn hide(&self, crossing: &mut Crossing) -> Result<(), AppError> {
        let persons = std::mem::take(&mut crossing.persons);
        crossing.persons = persons
            .iter()
            .map(|person| self.hidden(person))
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    fn hidden(&self, person: &str) -> Result<String, AppError> {
        match self.cipher {
            Cipher::Aes256Gcm => self.hidden_by::<Hmac<Sha256>>(person),
            Cipher::Sm4Gcm => self.hidden_by::<Hmac<Sm3>>(person),
        }
    }

    fn hidden_by<M: Mac + KeyInit>(&self, person: &str) -> Result<String, AppError> {
        let mut mac = <M as KeyInit>::new_from_slice(&self.secret).map_err(AppError::internal)?;
        mac.update(PURPOSE);
        mac.update(person.as_bytes());
        Ok(format!("{HIDDEN}{}", hex::encode(mac.finalize().into_bytes())))
    }
}

/// Persons counted abroad by operator or agreement, year and kind: how often each, in ascending order.
type Counted = BTreeMap<String, Vec<u64>>;

/// Where recorded persons are others in number, or were counted otherwise, than derived: the group, what is recorded and
/// what is derived. A replay has no secret, so that it cannot say which is which; groups without a person on record have
/// been forgotten.
pub(crate) fn persons_differ(recorded: &[MeterRecord], derived: &Snapshot) -> Option<(String, String, String)> {
    let recorded = counted(recorded.iter().map(|meter| (meter.key.as_str(), meter.calls)));
    let derived = counted(derived.meters.iter().map(|(key, meter)| (&**key, meter.calls)));
    let nobody = Vec::new();
    recorded.into_iter().find_map(|(group, times)| {
        let expected = derived.get(&group).unwrap_or(&nobody);
        (times != *expected).then(|| (group, format!("{times:?}"), format!("{expected:?}")))
    })
}

fn counted<'a>(meters: impl Iterator<Item = (&'a str, u64)>) -> Counted {
    let mut counted = Counted::new();
    for (key, calls) in meters {
        if let Some((group, _)) = person_of(key) {
            counted.entry(group.to_owned()).or_default().push(calls);
        }
    }
    for times in counted.values_mut() {
        times.sort_unstable();
    }
    counted
}

/// The group and the person of a key; none of any other key.
pub(crate) fn person_of(key: &str) -> Option<(&str, &str)> {
    let (group, person) = key.rsplit_once(':').filter(|_| key.starts_with(EXPORTED))?;
    (!person.is_empty()).then_some((group, person))
}

/// The snapshot in which persons of the years before that of the newest record are forgotten, and those of this year are
/// hidden that a restore left in the open; the store likewise. A person is looked up to be counted once a year, and time
/// on record never goes back.
///
/// # Errors
/// When the store fails.
pub(crate) async fn with_persons_hidden(
    store: &Store,
    mut snapshot: Snapshot,
    newest: Option<Timestamp>,
    veil: &Veil,
) -> Result<Snapshot, AppError> {
    let Some(newest) = newest else { return Ok(snapshot) };
    let past = snapshot.persons_before(day_of(newest).year());
    store.forget_meters(&past).await?;
    for key in &past {
        snapshot.meters.remove_mut(key.as_str());
    }
    let open = snapshot.meters.keys().filter_map(|key| {
        let (group, person) = person_of(key).filter(|(_, person)| !person.starts_with(HIDDEN))?;
        let hidden = veil.hidden(person);
        Some(hidden.map(|hidden| (key.to_string(), format!("{group}:{hidden}"))))
    });
    let open = open.collect::<Result<Vec<_>, _>>()?;
    store.rename_meters(&open).await?;
    for (before, after) in open {
        let meter = snapshot.meter(&before);
        snapshot.meters.remove_mut(before.as_str());
        snapshot.meters.insert_mut(after.into(), meter);
    }
    Ok(snapshot)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use gongshu_governance::border::Crossing;
    use gongshu_governance::identifier::AgreementId;
    use gongshu_store::{MeterRecord, Store};
    use gongshu_vault::{Cipher, DataKey};

    use super::{Veil, persons_differ, with_persons_hidden};
    use crate::snapshot::Snapshot;

    fn hidden(cipher: Cipher, secret: u8, persons: &[&str]) -> BTreeSet<String> {
        let secret = DataKey::from_bytes(cipher, &[secret; 32]).unwrap();
        let mut crossing = Crossing {
            agreement: AgreementId::new("agr_1"),
            operator: None,
            year: 2026,
            sensitive: false,
            persons: persons.iter().map(|person| (*person).to_owned()).collect(),
        };
        Veil::new(&secret).hide(&mut crossing).unwrap();
        crossing.persons
    }

    #[test]
    fn a_person_is_hidden_alike_under_one_secret_and_otherwise_under_another() {
        for cipher in [Cipher::Aes256Gcm, Cipher::Sm4Gcm] {
            let two = hidden(cipher, 1, &["a", "b"]);
            assert_eq!(two.len(), 2);
            assert!(two.is_superset(&hidden(cipher, 1, &["a"])));
            assert!(two.is_disjoint(&hidden(cipher, 2, &["a", "b"])));
        }
        let both = [Cipher::Aes256Gcm, Cipher::Sm4Gcm].map(|cipher| hidden(cipher, 1, &["a"]));
        assert_ne!(both[0], both[1]);
    }

    fn meters(of: &[(&str, u64)]) -> Vec<MeterRecord> {
        let record = |(key, calls): &(&str, u64)| MeterRecord {
            key: (*key).to_owned(),
            calls: *calls,
            fen: 0,
        };
        of.iter().map(record).collect()
    }

    #[test]
    fn a_replay_sees_a_person_too_many_too_few_or_counted_otherwise() {
        let group = "export:agr_1:2026:persons:";
        let of = |persons: &[(&str, u64)]| {
            let keys: Vec<(String, u64)> = persons
                .iter()
                .map(|(name, calls)| (format!("{group}{name}"), *calls))
                .collect();
            meters(
                &keys
                    .iter()
                    .map(|(key, calls)| (key.as_str(), *calls))
                    .collect::<Vec<_>>(),
            )
        };
        let derived: Snapshot = of(&[("", 2), ("a", 1), ("b", 3)]).into_iter().collect();
        let same = [&[("", 9), ("x", 3), ("y", 1)][..], &[("", 2)], &[]];
        assert!(
            same.iter()
                .all(|persons| persons_differ(&of(persons), &derived).is_none())
        );
        let others = [&[("x", 3)][..], &[("x", 3), ("y", 2)], &[("x", 3), ("y", 1), ("z", 1)]];
        assert!(
            others
                .iter()
                .all(|persons| persons_differ(&of(persons), &derived).is_some())
        );
    }

    #[tokio::test]
    async fn persons_that_a_restore_left_open_are_hidden_at_the_start_and_those_of_last_year_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}", folder.path().join("store.db").display()))
            .await
            .unwrap();
        let veil = Veil::new(&DataKey::from_bytes(Cipher::Aes256Gcm, &[1; 32]).unwrap());
        let of = |year: u16, person: &str| format!("export:agr_1:{year}:persons:{person}");
        let restored = meters(&[
            (&of(2025, ""), 1),
            (&of(2025, "a"), 7),
            (&of(2026, ""), 1),
            (&of(2026, "a"), 2),
        ]);
        store.put_head(0, "", &restored).await.unwrap();
        let hidden = of(2026, &hidden(Cipher::Aes256Gcm, 1, &["a"]).pop_first().unwrap());
        let expected = [(of(2025, ""), 1), (of(2026, ""), 1), (hidden, 2)];
        // A second start finds nothing to do.
        for _ in 0..2 {
            let stored: Snapshot = store.load().await.unwrap().meters.into_iter().collect();
            let newest = Some("2026-06-01T00:00:00Z".parse().unwrap());
            let snapshot = with_persons_hidden(&store, stored, newest, &veil).await.unwrap();
            let mut kept: Vec<_> = snapshot
                .meters
                .iter()
                .map(|(key, meter)| (key.to_string(), meter.calls))
                .collect();
            let mut written: Vec<_> = store
                .load()
                .await
                .unwrap()
                .meters
                .into_iter()
                .map(|it| (it.key, it.calls))
                .collect();
            kept.sort();
            written.sort();
            assert_eq!((&kept[..], &written[..]), (&expected[..], &expected[..]));
        }
    }
}
