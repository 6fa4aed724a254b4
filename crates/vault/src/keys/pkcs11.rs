//! The key service of a hardware module: the master key lies in a PKCS #11 token and never leaves it.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::{Engine, engine::general_purpose::STANDARD};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use rand::CryptoRng;
use zeroize::Zeroizing;

use super::{Cipher, DataKey, KEY_BYTES, KeyError, KeyService, WrappedKey};

/// What wraps the data keys, as wrapped keys name it.
const MECHANISM: &str = "PKCS11-AES-256-GCM";
const CONTEXT: &[u8] = b"gongshu.vault/1/data-key";
const NONCE_BYTES: usize = 12;
const TAG_BITS: u64 = 128;
/// How many random bytes tell one master key from another.
const ID_BYTES: u32 = 8;

/// Where the master key is.
#[derive(Clone)]
pub struct Pkcs11Settings {
    /// The module's library, such as `/usr/lib/softhsm/libsofthsm2.so`.
    pub module: PathBuf,
    /// Label of the token.
    pub token: String,
    /// Label of the master key; one is made in the token where there is none.
    pub key: String,
    /// The user's PIN.
    pub pin: Zeroizing<String>,
    /// What small pieces are sealed with under the data keys.
    pub cipher: Cipher,
}

/// Wraps data keys with AES-256-GCM inside a PKCS #11 token.
///
/// One session is held as long as the service lives; calls take turns at it.
pub struct Pkcs11KeyService {
    key_id: String,
    cipher: Cipher,
    session: Mutex<(Session, ObjectHandle)>,
}

impl Pkcs11KeyService {
    /// Finds the master key in the token, or makes one there that can't be taken out.
    ///
    /// # Errors
    /// When module, token, PIN or key do not do; the message says which.
    pub fn open_or_create(settings: &Pkcs11Settings) -> Result<Self, KeyError> {
        let module = Pkcs11::new(&settings.module).map_err(failed("the module cannot be loaded"))?;
        initialize(&module)?;
        let slot = slot_of(&module, &settings.token)?;
        let session = module
            .open_rw_session(slot)
            .map_err(failed("no session with the token"))?;
        log_in(&session, &settings.pin)?;
        let key = match find(&session, &settings.key)?[..] {
            [] => create(&session, &settings.key)?,
            [key] => key,
            [_, _, ..] => {
                return Err(KeyError::Service(format!(
                    "the token has several keys with the label `{}`; keep one",
                    settings.key
                )));
            }
        };
        Ok(Self {
            key_id: id_of(&session, key)?,
            cipher: settings.cipher,
            session: Mutex::new((session, key)),
        })
    }

    fn session(&self) -> MutexGuard<'_, (Session, ObjectHandle)> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyService for Pkcs11KeyService {
    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn cipher(&self) -> Cipher {
        self.cipher
    }

    fn wrap(&self, key: &DataKey, _: &mut dyn CryptoRng) -> Result<WrappedKey, KeyError> {
        let (session, master) = &*self.session();
        let mut nonce = [0_u8; NONCE_BYTES];
        session
            .generate_random_slice(&mut nonce)
            .map_err(failed("no random bytes"))?;
        let mut used = nonce;
        let mechanism = gcm(&mut used)?;
        let sealed = session.encrypt(&mechanism, *master, key.expose());
        let sealed = sealed.map_err(failed("the data key was not wrapped"))?;
        Ok(WrappedKey {
            master_key_id: self.key_id.clone(),
            mechanism: MECHANISM.into(),
            ciphertext: STANDARD.encode([nonce.as_slice(), &sealed].concat()),
        })
    }

    fn unwrap(&self, wrapped: &WrappedKey) -> Result<DataKey, KeyError> {
        if wrapped.mechanism != MECHANISM {
            return Err(KeyError::UnknownMechanism(wrapped.mechanism.clone()));
        }
        if wrapped.master_key_id != self.key_id {
            return Err(KeyError::WrongMasterKey {
                wanted: wrapped.master_key_id.clone(),
                held: self.key_id.clone(),
            });
        }
        let bytes = STANDARD.decode(&wrapped.ciphertext).map_err(|_| KeyError::Altered)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(KeyError::Altered)?;
        let (session, master) = &*self.session();
        let mut nonce = *nonce;
        let opened = session.decrypt(&gcm(&mut nonce)?, *master, sealed).map(Zeroizing::new);
        let opened = opened.map_err(|error| match error {
            // Modules differ in what they say of a tag that does not fit.
            Error::Pkcs11(
                RvError::EncryptedDataInvalid
                | RvError::EncryptedDataLenRange
                | RvError::SignatureInvalid
                | RvError::GeneralError,
                _,
            ) => KeyError::Altered,
            other => failed("the data key was not unwrapped")(other),
        })?;
        DataKey::from_bytes(self.cipher, &opened)
    }
}

/// Another service in this process may have begun with the module already.
fn initialize(module: &Pkcs11) -> Result<(), KeyError> {
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
        Err(error) => Err(failed("the module cannot be begun with")(error)),
    }
}

fn slot_of(module: &Pkcs11, token: &str) -> Result<Slot, KeyError> {
    let slots = module
        .get_slots_with_token()
        .map_err(failed("its tokens cannot be listed"))?;
    let labelled = |slot: &Slot| module.get_token_info(*slot).is_ok_and(|info| info.label() == token);
    slots
        .into_iter()
        .find(labelled)
        .ok_or_else(|| KeyError::Service(format!("the module has no token with the label `{token}`")))
}

fn log_in(session: &Session, pin: &str) -> Result<(), KeyError> {
    match session.login(UserType::User, Some(&AuthPin::new(pin.into()))) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
        Err(error) => Err(failed("the PIN was not taken")(error)),
    }
}

fn find(session: &Session, label: &str) -> Result<Vec<ObjectHandle>, KeyError> {
    let template = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::Label(label.into()),
    ];
    session
        .find_objects(&template)
        .map_err(failed("its keys cannot be listed"))
}

/// A key that encrypts and decrypts in the token and can't be read by anybody.
fn create(session: &Session, label: &str) -> Result<ObjectHandle, KeyError> {
    let id = session
        .generate_random_vec(ID_BYTES)
        .map_err(failed("no random bytes"))?;
    let length = KEY_BYTES
        .try_into()
        .map_err(|_| KeyError::Service("the key is too long".to_owned()))?;
    let template = [
        Attribute::Label(label.into()),
        Attribute::Id(id),
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
        Attribute::ValueLen(length),
    ];
    session
        .generate_key(&Mechanism::AesKeyGen, &template)
        .map_err(failed("no master key could be made"))
}

fn id_of(session: &Session, key: ObjectHandle) -> Result<String, KeyError> {
    let attributes = session.get_attributes(key, &[AttributeType::Id]);
    let attributes = attributes.map_err(failed("the master key cannot be looked at"))?;
    match attributes.first() {
        Some(Attribute::Id(id)) if !id.is_empty() => Ok(format!("hsm-{}", hex::encode(id))),
        _ => Err(KeyError::Service(
            "the master key has no id in the token (CKA_ID)".to_owned(),
        )),
    }
}

fn gcm(nonce: &mut [u8; NONCE_BYTES]) -> Result<Mechanism<'_>, KeyError> {
    let tag_bits = TAG_BITS.into();
    let parameters = GcmParams::new(nonce, CONTEXT, tag_bits).map_err(failed("AES-GCM"))?;
    Ok(Mechanism::AesGcm(parameters))
}

fn failed(what: &'static str) -> impl Fn(Error) -> KeyError {
    move |error| KeyError::Service(format!("PKCS #11: {what}: {error}"))
}
