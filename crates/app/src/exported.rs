//! Who was counted abroad in a year that is over is forgotten; how many they were stays.

use gongshu_governance::calendar::day_of;
use gongshu_store::Store;
use jiff::Timestamp;

use crate::error::AppError;
use crate::snapshot::Snapshot;

/// The snapshot without the persons of the years before that of the newest record, which the store forgets as well. A
/// person is looked up to be counted once a year, and time on record never goes back.
pub(crate) async fn without_past_persons(
    store: &Store,
    mut snapshot: Snapshot,
    newest: Option<Timestamp>,
) -> Result<Snapshot, AppError> {
    let Some(newest) = newest else { return Ok(snapshot) };
    let past = snapshot.persons_before(day_of(newest).year());
    store.forget_meters(&past).await?;
    for key in &past {
        snapshot.meters.remove_mut(key.as_str());
    }
    Ok(snapshot)
}
