//! The bytes of an Ed25519 `cosignature/v1` (C2SP `tlog-cosignature`).

/// The time and the signature inside a cosignature's bytes; nothing where the time is out of range.
pub(crate) fn split(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (time, signature) = bytes.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    i64::try_from(time).is_ok().then_some((time, signature))
}

/// What a witness signs about the text of a checkpoint.
pub(crate) fn message(time_seconds: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time_seconds}\n{text}")
}
