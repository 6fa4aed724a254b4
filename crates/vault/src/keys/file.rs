//! The key service of the embedded mode: a master key in a file that only its owner can read.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::{Cipher, DataKey, KeyError, KeyService, WrappedKey, seal};

const FORMAT: u32 = 1;
const CONTEXT: &[u8] = b"gongshu.vault/1/data-key";

/// Wraps data keys with AES-256-GCM or SM4-GCM under a master key from a file of mode 600.
pub struct FileKeyService {
    key_id: String,
    master: DataKey,
}

/// What the file holds: versioned JSON.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    format: u32,
    mechanism: String,
    key_id: String,
    key: String,
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl FileKeyService {
    /// Reads the master key at `path`, or draws one for this cipher and writes it there if there is no file yet.
    pub fn open_or_create(path: &Path, cipher: Cipher, rng: &mut dyn CryptoRng) -> Result<Self, KeyError> {
        match Self::open(path) {
            Err(KeyError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                Self::create(path, cipher, rng)
            }
            opened => opened,
        }
    }

    /// Reads the master key at `path`.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        refuse_exposed(path)?;
        let text = Zeroizing::new(fs::read(path).map_err(|source| io_error(path, source))?);
        let file: KeyFile = serde_json::from_slice(&text).map_err(|_| unusable(path, "it is not a key file"))?;
        let unknown = || unusable(path, "its format is not understood by this version");
        if file.format != FORMAT {
            return Err(unknown());
        }
        let cipher = Cipher::of_mechanism(&file.mechanism).ok_or_else(unknown)?;
        let bytes = STANDARD.decode(&file.key).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| unusable(path, "its key is not Base64"))?;
        let master = DataKey::from_bytes(cipher, &bytes).map_err(|_| unusable(path, "its key is not 256 bits"))?;
        if id_of(&master) != file.key_id {
            return Err(unusable(path, "its key does not match its id"));
        }
        Ok(Self {
            key_id: file.key_id.clone(),
            master,
        })
    }

    fn create(path: &Path, cipher: Cipher, rng: &mut dyn CryptoRng) -> Result<Self, KeyError> {
        let master = DataKey::generate(cipher, rng);
        let key_id = id_of(&master);
        let key = STANDARD.encode(master.expose());
        let file = KeyFile {
            format: FORMAT,
            mechanism: cipher.mechanism().into(),
            key_id: key_id.clone(),
            key,
        };
        write_new(path, &file).map_err(|source| io_error(path, source))?;
        Ok(Self { key_id, master })
    }
}

impl KeyService for FileKeyService {
    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn cipher(&self) -> Cipher {
        self.master.cipher()
    }

    fn wrap(&self, key: &DataKey, rng: &mut dyn CryptoRng) -> Result<WrappedKey, KeyError> {
        let sealed = seal::seal(&self.master, CONTEXT, key.expose(), rng).map_err(|_| KeyError::Altered)?;
        Ok(WrappedKey {
            master_key_id: self.key_id.clone(),
            mechanism: self.cipher().mechanism().into(),
            ciphertext: STANDARD.encode(sealed),
        })
    }

    fn unwrap(&self, wrapped: &WrappedKey) -> Result<DataKey, KeyError> {
        if wrapped.master_key_id != self.key_id {
            return Err(KeyError::WrongMasterKey {
                wanted: wrapped.master_key_id.clone(),
                held: self.key_id.clone(),
            });
        }
        if wrapped.mechanism != self.cipher().mechanism() {
            return Err(KeyError::UnknownMechanism(wrapped.mechanism.clone()));
        }
        let sealed = STANDARD.decode(&wrapped.ciphertext).map_err(|_| KeyError::Altered)?;
        let bytes = seal::unseal(&self.master, CONTEXT, &sealed).map_err(|_| KeyError::Altered)?;
        DataKey::from_bytes(self.cipher(), &Zeroizing::new(bytes))
    }
}

/// The id is a fingerprint, so that another key under the same id is noticed.
fn id_of(master: &DataKey) -> String {
    let digest = Sha256::digest(master.derive("gongshu.vault/1/key-id").expose());
    format!("mk-{}", hex::encode(digest.get(..8).unwrap_or_default()))
}

/// Writes the file whole or not at all; it never replaces one that is there.
fn write_new(path: &Path, file: &KeyFile) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Temporary files are created with mode 600.
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    let text = Zeroizing::new(serde_json::to_vec_pretty(file)?);
    draft.write_all(&text)?;
    draft.as_file().sync_all()?;
    draft.persist_noclobber(path).map_err(|refused| refused.error)?;
    fs::File::open(folder)?.sync_all()
}

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).map_err(|source| io_error(path, source))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        Ok(())
    } else {
        Err(KeyError::Exposed {
            path: path.display().to_string(),
            mode,
        })
    }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path) -> Result<(), KeyError> {
    Ok(())
}

fn io_error(path: &Path, source: io::Error) -> KeyError {
    KeyError::Io {
        path: path.display().to_string(),
        source,
    }
}

fn unusable(path: &Path, reason: &'static str) -> KeyError {
    KeyError::Unusable {
        path: path.display().to_string(),
        reason,
    }
}
