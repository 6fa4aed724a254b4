//! The raw bytes: hashed as they come, decompressed if need be, and bounded.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::spec::Compression;

const BUFFER_BYTES: usize = 128 << 10;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A reader that hashes what passes through it.
pub(crate) struct Hashed<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Hashed<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
        }
    }

    /// Reads what is left and gives the hash of all, in hexadecimal.
    pub(crate) fn finish(mut self) -> io::Result<String> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(hex::encode(self.hash.finalize()))
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// What stops the reading of a source, carried through `io::Error`.
#[derive(Debug)]
pub(crate) enum InputError {
    /// More bytes than allowed.
    TooLarge,
    /// The file should be gzip and is not.
    NotGzip,
}

impl fmt::Display for InputError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

impl std::error::Error for InputError {}

/// Tells our own reasons from those of the system.
pub(crate) fn classify(error: &io::Error) -> Option<&InputError> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

/// Opens a source for reading as text: gzip is told by its first two bytes.
pub(crate) fn open<'a>(
    source: impl Read + 'a,
    compression: Compression,
    bytes_max: u64,
) -> io::Result<Box<dyn BufRead + 'a>> {
    let mut raw = BufReader::with_capacity(BUFFER_BYTES, source);
    let mut magic = [0_u8; 2];
    let count = read_up_to(&mut raw, &mut magic)?;
    let gzip = count == magic.len() && magic == GZIP_MAGIC;
    let whole = io::Cursor::new(magic).take(count as u64).chain(raw);
    match (compression, gzip) {
        (Compression::Gzip, false) => Err(io::Error::other(InputError::NotGzip)),
        (_, true) => Ok(bounded(MultiGzDecoder::new(whole), bytes_max)),
        (Compression::None, false) => Ok(bounded(whole, bytes_max)),
    }
}

fn read_up_to(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn bounded<'a>(inner: impl Read + 'a, bytes_max: u64) -> Box<dyn BufRead + 'a> {
    Box::new(BufReader::with_capacity(
        BUFFER_BYTES,
        Bounded { inner, left: bytes_max },
    ))
}

/// A reader that fails, rather than stops, when there is more than allowed.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other(InputError::TooLarge))?;
        Ok(count)
    }
}
