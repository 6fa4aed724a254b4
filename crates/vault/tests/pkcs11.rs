//! The master key in a PKCS #11 token, with SoftHSM as the module.
//!
//! The module reads where its tokens lie from its environment, so each story runs in a process of its own.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::print_stderr)]

use std::path::Path;
use std::process::Command;

use gongshu_vault::{Cipher, DataKey, KeyError, KeyService, Pkcs11KeyService, Pkcs11Settings};
use rand::{SeedableRng, rngs::StdRng};
use tempfile::TempDir;
use zeroize::Zeroizing;

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "gongshu-1234";

#[test]
fn the_master_key_stays_in_the_token() {
    if !Path::new(MODULE).exists() {
        eprintln!("{MODULE} is not there: the PKCS #11 key service was NOT tested; install softhsm2");
        return;
    }
    let folder = TempDir::new().unwrap();
    let tokens = folder.path().join("tokens");
    std::fs::create_dir(&tokens).unwrap();
    let settings = folder.path().join("softhsm2.conf");
    std::fs::write(&settings, format!("directories.tokendir = {}\n", tokens.display())).unwrap();
    for label in ["gongshu", "other"] {
        let init = [
            "--init-token",
            "--free",
            "--label",
            label,
            "--pin",
            PIN,
            "--so-pin",
            "gongshu-so",
        ];
        let made = Command::new("softhsm2-util")
            .args(init)
            .env("SOFTHSM2_CONF", &settings)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    for story in ["keys_go_in_and_out", "what_is_wrong_is_told", "a_token_is_found_again"] {
        let lived = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "--nocapture", story])
            .env("SOFTHSM2_CONF", &settings)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&lived.stderr).into_owned();
        assert!(lived.status.success(), "{story}: {told}");
        assert!(
            String::from_utf8_lossy(&lived.stdout).contains("1 passed"),
            "{story} was run"
        );
    }
}

fn settings(token: &str, key: &str) -> Pkcs11Settings {
    Pkcs11Settings {
        module: MODULE.into(),
        token: token.to_owned(),
        key: key.to_owned(),
        pin: Zeroizing::new(PIN.to_owned()),
        cipher: Cipher::Sm4Gcm,
    }
}

fn open(token: &str, key: &str) -> Pkcs11KeyService {
    Pkcs11KeyService::open_or_create(&settings(token, key)).unwrap()
}

#[test]
#[ignore = "run by the_master_key_stays_in_the_token"]
fn keys_go_in_and_out() {
    let (service, mut rng) = (open("gongshu", "one"), StdRng::seed_from_u64(1));
    let key = DataKey::generate(service.cipher(), &mut rng);
    let wrapped = service.wrap(&key, &mut rng).unwrap();
    let unwrapped = service.unwrap(&wrapped).unwrap();
    assert_eq!((unwrapped.expose(), unwrapped.cipher()), (key.expose(), Cipher::Sm4Gcm));
    assert_ne!(service.wrap(&key, &mut rng).unwrap().ciphertext, wrapped.ciphertext);
    for at in [0, 13, 20, 40, 59] {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let mut bytes = STANDARD.decode(&wrapped.ciphertext).unwrap();
        bytes[at] ^= 1;
        let mut altered = wrapped.clone();
        altered.ciphertext = STANDARD.encode(bytes);
        assert_eq!(
            service.unwrap(&altered).unwrap_err().code(),
            "vault.wrapped-key-altered",
            "byte {at}"
        );
    }
    let threads: Vec<_> = (0..4).map(|seed| (seed, &service)).collect();
    std::thread::scope(|scope| {
        for (seed, service) in threads {
            scope.spawn(move || {
                let mut rng = StdRng::seed_from_u64(seed);
                for _ in 0..20 {
                    let key = DataKey::generate(service.cipher(), &mut rng);
                    let wrapped = service.wrap(&key, &mut rng).unwrap();
                    assert_eq!(service.unwrap(&wrapped).unwrap().expose(), key.expose());
                }
            });
        }
    });
}

#[test]
#[ignore = "run by the_master_key_stays_in_the_token"]
fn what_is_wrong_is_told() {
    let refused = |settings: Pkcs11Settings| Pkcs11KeyService::open_or_create(&settings).err().unwrap().to_string();
    assert!(refused(settings("nowhere", "one")).contains("no token with the label `nowhere`"));
    let mut wrong = settings("gongshu", "one");
    wrong.pin = Zeroizing::new("wrong-pin".to_owned());
    assert!(refused(wrong).contains("the PIN was not taken"));
    let mut missing = settings("gongshu", "one");
    missing.module = "/nowhere.so".into();
    assert!(refused(missing).contains("the module cannot be loaded"));
    let (one, other, mut rng) = (open("gongshu", "one"), open("other", "one"), StdRng::seed_from_u64(2));
    let wrapped = one.wrap(&DataKey::generate(one.cipher(), &mut rng), &mut rng).unwrap();
    assert!(matches!(other.unwrap(&wrapped), Err(KeyError::WrongMasterKey { .. })));
    let mut mechanism = wrapped.clone();
    mechanism.mechanism = "AES-256-GCM".to_owned();
    assert!(matches!(one.unwrap(&mechanism), Err(KeyError::UnknownMechanism(_))));
}

#[test]
#[ignore = "run by the_master_key_stays_in_the_token"]
fn a_token_is_found_again() {
    let mut rng = StdRng::seed_from_u64(3);
    let (first, key) = (open("gongshu", "two"), DataKey::generate(Cipher::Sm4Gcm, &mut rng));
    let wrapped = first.wrap(&key, &mut rng).unwrap();
    let again = open("gongshu", "two");
    assert_eq!(again.key_id(), first.key_id());
    assert_eq!(again.unwrap(&wrapped).unwrap().expose(), key.expose());
    assert_ne!(open("gongshu", "one").key_id(), first.key_id());
}
