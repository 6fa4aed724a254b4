//! What passes through on its way into the vault: it is hashed, counted, and looked at for what it is.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::kind::Kind;

/// A content that is read to its end.
pub(super) struct Taken {
    /// SHA-256, lower-case hex.
    pub(super) sha256: String,
    /// Its length; where it is not whole, one more than there may be.
    pub(super) bytes: u64,
    /// What it is.
    pub(super) media_type: &'static str,
    /// Whether all of it was read.
    pub(super) whole: bool,
}

/// Reads on behalf of the vault. More than the limit is not read.
pub(super) struct Intake<R> {
    content: R,
    hash: Sha256,
    kind: Kind,
    bytes: u64,
    bytes_max: u64,
    fault: Option<io::Error>,
}

impl<R: Read> Intake<R> {
    pub(super) fn new(content: R, bytes_max: u64) -> Self {
        Self {
            content,
            hash: Sha256::new(),
            kind: Kind::default(),
            bytes: 0,
            bytes_max,
            fault: None,
        }
    }

    /// Why the sender's content could not be read to its end.
    pub(super) fn fault(&mut self) -> Option<io::Error> {
        self.fault.take()
    }

    pub(super) fn taken(self) -> Taken {
        Taken {
            sha256: hex::encode(self.hash.finalize()),
            bytes: self.bytes,
            media_type: self.kind.media_type(),
            whole: self.bytes <= self.bytes_max,
        }
    }
}

impl<R: Read> Read for Intake<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes > self.bytes_max {
            return Ok(0);
        }
        // One byte more than there may be tells that there are too many.
        let room = self.bytes_max.saturating_add(1).saturating_sub(self.bytes);
        let room = usize::try_from(room).unwrap_or(usize::MAX).min(buffer.len());
        let buffer = buffer.get_mut(..room).unwrap_or_default();
        match self.content.read(buffer) {
            Ok(length) => {
                let read = buffer.get(..length).unwrap_or_default();
                self.hash.update(read);
                self.kind.look(read);
                self.bytes = self.bytes.saturating_add(length as u64);
                Ok(length)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let kind = error.kind();
                self.fault = Some(error);
                Err(kind.into())
            }
        }
    }
}
