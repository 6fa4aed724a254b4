//! Who may read a file, and which stay: to know a hash is to hold nothing.

use gongshu_governance::file::{ReadFile, RecordFile, RemoveFile, documents_in, may_read};
use gongshu_governance::identifier::{FileId, PartyId};
use gongshu_governance::{Command, Event};
use jiff::SignedDuration;
use serde_json::json;

use crate::altered::altered;
use crate::district::{District, PARTIES};

/// The hash that a step of the path names.
fn hash(pair: &str) -> String {
    pair.repeat(32)
}

fn file(id: &str, sha256: String) -> Command {
    Command::RecordFile(RecordFile {
        id: FileId::new(id),
        sha256,
        bytes: 1_024,
        media_type: "application/pdf".to_owned(),
        name: "证明.pdf".to_owned(),
    })
}

fn read(id: &str) -> Command {
    Command::ReadFile(ReadFile { file: FileId::new(id) })
}

fn remove(id: &str) -> Command {
    Command::RemoveFile(RemoveFile {
        file: FileId::new(id),
        reason: "不再需要".to_owned(),
    })
}

/// Who may read the file of a hash, of all parties; what `may_read` says is what an act meets.
fn readers(district: &District, id: &str, sha256: &str) -> Vec<&'static str> {
    let reads = |party: &&str| {
        let may = may_read(&district.state, &PartyId::new(party), sha256);
        assert_eq!(district.decide(party, &read(id)).is_ok(), may, "{party}");
        may
    };
    PARTIES.iter().map(|(party, ..)| *party).filter(reads).collect()
}

fn refused(district: &District, party: &str, command: &Command) -> String {
    district.decide(party, command).unwrap_err().rule
}

const OVERSEE: [&str; 2] = ["pty_agency", "pty_supervisor"];

#[test]
fn what_a_bidder_shows_is_read_by_the_agency_and_not_by_other_bidders() {
    let (mut district, party, apply) = District::before("selection.apply");
    district.must(party, &file("fil_bid", hash("ef")));
    assert_eq!(
        readers(&district, "fil_bid", &hash("ef")),
        ["pty_agency", party, "pty_supervisor"]
    );
    district.must(party, &apply);
    let other = altered(&apply, &[]);
    district.must("pty_operator2", &other);
    assert_eq!(
        readers(&district, "fil_bid", &hash("ef")),
        ["pty_agency", party, "pty_supervisor"]
    );
    assert_eq!(refused(&district, party, &remove("fil_bid")), "file.removal");
}

#[test]
fn naming_a_hash_opens_nothing_and_tells_nothing() {
    let (mut district, _, apply) = District::before("selection.apply");
    district.must("pty_market", &file("fil_secret", hash("ef")));
    let events = district.decide("pty_operator2", &apply).unwrap();
    assert!(
        !events.iter().any(|event| matches!(event, Event::File(_))),
        "{events:?}"
    );
    let bare = District::before("selection.apply")
        .0
        .decide("pty_operator2", &apply)
        .unwrap();
    assert_eq!(events, bare, "the file leaves no trace in what the act's receipt opens");
    district.must("pty_operator2", &apply);
    assert_eq!(
        readers(&district, "fil_secret", &hash("ef")),
        ["pty_agency", "pty_market", "pty_supervisor"]
    );
    // Nor does the refusal of its removal tell who named it.
    district.now += SignedDuration::from_hours(24 * 8);
    let refusal = district.decide("pty_market", &remove("fil_secret")).unwrap_err();
    assert_eq!(refusal.rule, "file.removal");
    assert!(!refusal.message.en.contains("sel_"), "{refusal:?}");
}

#[test]
fn both_sides_of_a_dispute_read_what_one_of_them_names() {
    let (mut district, party, step) = District::before("dispute.step");
    assert_eq!(party, "pty_operator");
    district.must(party, &file("fil_answer", hash("a7")));
    let named = altered(&step, &[("/of/document_sha256", json!(hash("a7")))]);
    district.must(party, &named);
    assert_eq!(
        readers(&district, "fil_answer", &hash("a7")),
        ["pty_agency", "pty_operator", "pty_bank", "pty_supervisor"]
    );
    // The same act again names nothing anew.
    let again = district.decide(party, &named).unwrap();
    assert!(!again.iter().any(|event| matches!(event, Event::File(_))), "{again:?}");
}

#[test]
fn a_file_that_comes_after_its_hash_is_named_by_what_concerns_its_owner() {
    let (mut district, _, _) = District::before("calls.erase");
    // The dispute was closed with this hash.
    district.must("pty_bank", &file("fil_late", hash("f6")));
    assert_eq!(
        readers(&district, "fil_late", &hash("f6")),
        ["pty_agency", "pty_operator", "pty_bank", "pty_supervisor"]
    );
    // To whom the dispute is nothing, the same content opens nothing more.
    let (mut other, _, _) = District::before("calls.erase");
    other.must("pty_market", &file("fil_late", hash("f6")));
    assert_eq!(
        readers(&other, "fil_late", &hash("f6")),
        ["pty_agency", "pty_market", "pty_supervisor"]
    );
    other.now += SignedDuration::from_hours(24 * 8);
    assert_eq!(refused(&other, "pty_market", &remove("fil_late")), "file.removal");
}

#[test]
fn two_parties_hold_the_same_content_each_by_itself() {
    let (mut district, ..) = District::before("file.record");
    district.must("pty_bank", &file("fil_one", hash("0a")));
    assert_eq!(
        refused(&district, "pty_bank", &file("fil_more", hash("0a"))),
        "record.duplicate"
    );
    district.must("pty_bank2", &file("fil_two", hash("0a")));
    let both = ["pty_agency", "pty_bank", "pty_bank2", "pty_supervisor"];
    assert_eq!(readers(&district, "fil_one", &hash("0a")), both);
    assert_eq!(refused(&district, "pty_bank2", &remove("fil_one")), "power.act");
    district.must("pty_bank", &remove("fil_one"));
    assert_eq!(
        readers(&district, "fil_two", &hash("0a")),
        ["pty_agency", "pty_bank2", "pty_supervisor"]
    );
    district.must("pty_agency", &remove("fil_two"));
    assert!(district.state.documents.get(&hash("0a")).is_none() && district.state.files.is_empty());
    // An id is used once: what lies under it was destroyed.
    assert_eq!(
        refused(&district, "pty_bank", &file("fil_one", hash("0b"))),
        "record.duplicate"
    );
}

#[test]
fn what_is_too_much_or_of_another_kind_is_refused() {
    let (mut district, party, record) = District::before("file.record");
    let refusal = |place: &str, value| {
        let refusal = district
            .decide(party, &altered(&record, &[(place, value)]))
            .unwrap_err();
        (refusal.rule, refusal.message.en)
    };
    for (place, value, rule, word) in [
        ("/of/media_type", json!("text/html"), "file.store", "text/html"),
        ("/of/bytes", json!(0), "file.store", "67108864"),
        ("/of/name", json!("../x"), "record.input", "name"),
        ("/of/name", json!(" "), "record.input", "name"),
        ("/of/sha256", json!("00"), "record.input", "name"),
    ] {
        let (met, said) = refusal(place, value);
        assert!(met == rule && said.contains(word), "{place}: {met}, {said}");
    }
    for number in 0x40_u8..0xe0 {
        let full = altered(
            &record,
            &[
                ("/of/id", json!(format!("fil_full{number}"))),
                ("/of/sha256", json!(hash(&format!("{number:02x}")))),
                ("/of/bytes", json!(67_108_864)),
            ],
        );
        district.must(party, &full);
    }
    let refusal = district.decide(party, &record).unwrap_err();
    assert_eq!(refusal.rule, "file.store");
    assert!(refusal.message.en.contains("10737418240"), "{refusal:?}");
    assert!(
        district.decide("pty_market", &record).is_ok(),
        "another party has room of its own"
    );
}

#[test]
fn whoever_may_not_read_is_told_what_it_would_be_told_of_nothing() {
    let (mut district, ..) = District::before("file.record");
    district.must("pty_bank", &file("fil_x", hash("0c")));
    let there = district.decide("pty_market", &read("fil_x")).unwrap_err();
    let nowhere = district.decide("pty_market", &read("fil_y")).unwrap_err();
    assert_eq!(there.message.en.replace("fil_x", "fil_y"), nowhere.message.en);
    assert_eq!((there.rule, there.remedy), (nowhere.rule, nowhere.remedy));
    assert!(
        OVERSEE
            .iter()
            .all(|party| district.decide(party, &read("fil_x")).is_ok())
    );
}

/// Hashes that a form asks for and that are no file of a party: what the platform made, read again before it is decided on.
const OF_THE_PLATFORM: [&str; 12] = [
    "certificate_sha256",
    "content_sha256",
    "derivation_sha256",
    "manifest_sha256",
    "module_sha256",
    "notice_sha256",
    "signature_sha256",
    "source_sha256",
    "sql_sha256",
    "stored_sha256",
    "terms_sha256",
    "sha256",
];

/// What the path's events name, by the member that names it.
#[test]
fn every_hash_of_a_document_is_known_as_one() {
    fn hashes(value: &serde_json::Value, under: &str, found: &mut Vec<(String, String)>) {
        match value {
            serde_json::Value::Object(members) => {
                for (name, member) in members {
                    let under = if member.is_string() && !name.ends_with("_sha256") {
                        under
                    } else {
                        name
                    };
                    hashes(member, under, found);
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| hashes(item, under, found)),
            serde_json::Value::String(text)
                if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
            {
                found.push((under.to_owned(), text.clone()));
            }
            _ => {}
        }
    }
    let mut district = District::empty();
    let mut named = std::collections::BTreeSet::new();
    for (party, command) in crate::district::path() {
        for event in district.decide(party, &command).unwrap() {
            let (mut found, documents) = (Vec::new(), documents_in(&event));
            hashes(&serde_json::to_value(&event).unwrap(), "", &mut found);
            for (member, hash) in found {
                let of_platform = !member.ends_with("_sha256") && member != "evidence" && member != "proofs"
                    || OF_THE_PLATFORM.contains(&member.as_str());
                let is_document = documents.contains(&hash);
                assert!(
                    of_platform || is_document || hash_of_set(&event),
                    "{member} of {event:?}"
                );
                if is_document {
                    named.insert(member);
                }
            }
        }
        district.must(party, &command);
    }
    for member in [
        "document_sha256",
        "evidence_sha256",
        "minutes_sha256",
        "evidence",
        "joint_liability_sha256",
    ] {
        assert!(named.contains(member), "{member}: {named:?}");
    }
}

/// Whether an event carries a document that the platform set and a party signed.
fn hash_of_set(event: &Event) -> bool {
    serde_json::to_string(event).unwrap().contains("signature_sha256")
}
