//! Files of parties, of any length: each sealed piece by piece under a data key of its own, in `.files`.
//!
//! | file | content |
//! | --- | --- |
//! | `ID.key` | the data key, wrapped under the master key |
//! | `ID.sealed` | the pieces in order, each sealed and bound to its id, its number, and whether it is the last |
//!
//! So pieces can't be exchanged, left out or cut off, and neither writing nor reading holds more than one in memory. The
//! key is written last and removed first: what lies there without a key is a leftover.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

use bytes::Bytes;
use futures::executor::block_on;
use rand::CryptoRng;

use super::folder::names_version;
use super::place::Place;
use super::self_check::CheckDepth;
use crate::error::VaultError;
use crate::keys::{DataKey, KeyService, WrappedKey, seal};

const FOLDER: &str = ".files";
const KEY: &str = "key";
const SEALED: &str = "sealed";
const CONTEXT: &str = "gongshu.vault/1/file/";
/// Length of a piece before it is sealed.
const PIECE_BYTES: usize = 1 << 20;
/// What sealing adds: nonce and tag.
const SEAL_BYTES: u64 = 12 + 16;
const SEALED_PIECE_BYTES: u64 = PIECE_BYTES as u64 + SEAL_BYTES;

/// Keeps what `content` gives under a name of its own, and gives its length. What fails leaves nothing that is read.
pub(crate) fn put(
    place: &Arc<dyn Place>,
    name: &str,
    content: &mut dyn Read,
    keys: &dyn KeyService,
    rng: &mut dyn CryptoRng,
) -> Result<u64, VaultError> {
    let (sealed_file, key_file) = files(name)?;
    let written = |error| VaultError::io("write", &place.path_of(&sealed_file))(error);
    let mut sink = place.sink(&sealed_file).map_err(written)?;
    let key = DataKey::generate(keys.cipher(), rng);
    let (mut number, mut length) = (0_u64, 0_u64);
    let mut piece = next_piece(content).map_err(written)?;
    loop {
        let next = next_piece(content).map_err(written)?;
        let context = context(name, number, next.is_empty());
        let sealed = seal::seal(&key, context.as_bytes(), &piece, rng);
        let sealed = sealed.map_err(|_| VaultError::Internal("a file cannot be sealed".to_owned()))?;
        sink.write_all(&sealed).map_err(written)?;
        length = length.saturating_add(piece.len() as u64);
        if next.is_empty() {
            break;
        }
        piece = next;
        number = number.saturating_add(1);
    }
    sink.complete().map_err(written)?;
    let wrapped = keys.wrap(&key, rng)?;
    let wrapped = serde_json::to_vec(&wrapped).map_err(|error| VaultError::Internal(error.to_string()))?;
    let created = place.create(&key_file, &wrapped);
    created.map_err(VaultError::io("write", &place.path_of(&key_file)))?;
    Ok(length)
}

/// Fills a piece, or what is left; empty at the end.
fn next_piece(content: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut piece = Vec::new();
    content.take(PIECE_BYTES as u64).read_to_end(&mut piece)?;
    Ok(piece)
}

/// A file that is read piece by piece, each authenticated before it is given.
pub struct FileReader {
    place: Arc<dyn Place>,
    name: String,
    key: DataKey,
    stored_bytes: u64,
    number: u64,
}

/// Opens a file: its key is unwrapped, nothing is read yet.
pub(crate) fn open(place: &Arc<dyn Place>, name: &str, keys: &dyn KeyService) -> Result<FileReader, VaultError> {
    let (sealed_file, key_file) = files(name)?;
    let found = |error: io::Error, file: &str| match error.kind() {
        io::ErrorKind::NotFound => VaultError::UnknownVersion(name.to_owned()),
        _ => VaultError::io("read", &place.path_of(file))(error),
    };
    let wrapped = place.read(&key_file).map_err(|error| found(error, &key_file))?;
    let wrapped: WrappedKey = serde_json::from_slice(&wrapped).map_err(|_| altered(name, KEY))?;
    Ok(FileReader {
        key: keys.unwrap(&wrapped)?,
        stored_bytes: place.length(&sealed_file).map_err(|error| found(error, &sealed_file))?,
        place: place.clone(),
        name: name.to_owned(),
        number: 0,
    })
}

impl FileReader {
    fn piece(&self, start: u64) -> Result<Vec<u8>, VaultError> {
        let (sealed_file, _) = files(&self.name)?;
        let end = self.stored_bytes.min(start.saturating_add(SEALED_PIECE_BYTES));
        let range = std::iter::once(start..end).collect();
        let read = block_on(self.place.ranges(&sealed_file, range));
        let read = read.map_err(VaultError::io("read", &self.place.path_of(&sealed_file)))?;
        let sealed = read.into_iter().next().unwrap_or_default();
        let context = context(&self.name, self.number, end == self.stored_bytes);
        seal::unseal(&self.key, context.as_bytes(), &sealed).map_err(|_| altered(&self.name, SEALED))
    }
}

impl Iterator for FileReader {
    type Item = Result<Bytes, VaultError>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.number.saturating_mul(SEALED_PIECE_BYTES);
        // Nothing at all is not a file, which has one piece at least.
        if start >= self.stored_bytes && self.number > 0 {
            return None;
        }
        let piece = self.piece(start);
        self.number = match piece {
            Ok(_) => self.number.saturating_add(1),
            Err(_) => u64::MAX,
        };
        Some(piece.map(Bytes::from))
    }
}

impl fmt::Debug for FileReader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("FileReader").field(&self.name).finish()
    }
}

/// Destroys a file: first its key, overwritten. Nothing there is no error.
pub(crate) fn remove(place: &Arc<dyn Place>, name: &str) -> Result<(), VaultError> {
    let (sealed_file, key_file) = files(name)?;
    let wiped = place.wipe(&key_file);
    wiped.map_err(VaultError::io("overwrite", &place.path_of(&key_file)))?;
    let removed = place.remove(&sealed_file);
    removed.map_err(VaultError::io("remove", &place.path_of(&sealed_file)))
}

/// Names of files, and what lies there that is none: the pieces of one without its key, and what has no such name.
pub(crate) fn found(place: &Arc<dyn Place>) -> Result<(BTreeSet<String>, Vec<String>), VaultError> {
    let all = names(place)?;
    let keyed: HashSet<&str> = all
        .iter()
        .filter_map(|file| file.rsplit_once('.'))
        .filter_map(|(name, kind)| (kind == KEY).then_some(name))
        .collect();
    let (mut files, mut leftovers) = (BTreeSet::new(), Vec::new());
    for file in &all {
        match file.rsplit_once('.').filter(|(name, _)| names_version(name)) {
            Some((name, KEY | SEALED)) if keyed.contains(name) => drop(files.insert(name.to_owned())),
            _ => leftovers.push(format!("{FOLDER}/{file}")),
        }
    }
    Ok((files, leftovers))
}

/// Whether a file can be read: its key, and that it has a piece; where it is looked at closely, each piece.
pub(crate) fn check(
    place: &Arc<dyn Place>,
    name: &str,
    keys: &dyn KeyService,
    depth: CheckDepth,
) -> Result<(), VaultError> {
    let mut reader = open(place, name, keys)?;
    match depth {
        CheckDepth::Full => reader.try_for_each(|piece| piece.map(drop)),
        CheckDepth::Quick if reader.stored_bytes < SEAL_BYTES => Err(altered(name, SEALED)),
        CheckDepth::Quick => Ok(()),
    }
}

/// Everything that lies in the folder of files.
fn names(place: &Arc<dyn Place>) -> Result<Vec<String>, VaultError> {
    match place.names(FOLDER) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        names => names.map_err(VaultError::io("list", &place.path_of(FOLDER))),
    }
}

/// Destroys what is not to be kept, and what a crash has left of files in the making. Gives how many there were.
pub(crate) fn sweep(place: &Arc<dyn Place>, keep: &dyn Fn(&str) -> bool) -> Result<usize, VaultError> {
    let mut swept = BTreeSet::new();
    for file in &names(place)? {
        match file.rsplit_once('.').filter(|(name, _)| names_version(name)) {
            Some((name, _)) if keep(name) => {}
            Some((name, _)) => {
                if swept.insert(name.to_owned()) {
                    remove(place, name)?;
                }
            }
            None => {
                let path = format!("{FOLDER}/{file}");
                let removed = place.remove(&path);
                removed.map_err(VaultError::io("remove", &place.path_of(&path)))?;
                swept.insert(file.clone());
            }
        }
    }
    Ok(swept.len())
}

fn context(name: &str, number: u64, last: bool) -> String {
    let end = if last { "/last" } else { "" };
    format!("{CONTEXT}{name}/{number}{end}")
}

fn altered(name: &str, file: &'static str) -> VaultError {
    VaultError::Altered {
        version: name.to_owned(),
        file,
    }
}

/// Names of files follow the rule of versions, so that none leads elsewhere.
fn files(name: &str) -> Result<(String, String), VaultError> {
    if !names_version(name) {
        return Err(VaultError::InvalidVersion(name.to_owned()));
    }
    let with = |ending: &str| format!("{FOLDER}/{name}.{ending}");
    Ok((with(SEALED), with(KEY)))
}
