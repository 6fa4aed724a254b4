//! A saved state gives the same state, or an error.

use std::sync::OnceLock;

use gongshu_governance::State;
use proptest::prelude::*;

use crate::district::District;
use crate::model::picture;

fn served() -> District {
    District::after(crate::district::path().len())
}

#[test]
fn a_saved_state_is_the_same_state() {
    let district = served();
    let restored = State::restore(&district.state.save().unwrap()).unwrap();
    assert_eq!(picture(&restored), picture(&district.state));
    let empty = State::restore(&State::default().save().unwrap()).unwrap();
    assert_eq!(picture(&empty), picture(&State::default()));
}

#[test]
fn bytes_that_end_early_are_no_state() {
    let saved = served().state.save().unwrap();
    for length in (0..saved.len()).step_by(97) {
        assert!(
            State::restore(&saved[..length]).is_err(),
            "{length} of {} bytes",
            saved.len()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whoever reads them compares their hash; they must be refused or read without harm by themselves as well.
    #[test]
    fn damaged_bytes_are_refused_or_read(place: prop::sample::Index, byte: u8) {
        static SAVED: OnceLock<Vec<u8>> = OnceLock::new();
        let mut saved = SAVED.get_or_init(|| served().state.save().unwrap()).clone();
        let place = place.index(saved.len());
        saved[place] = byte;
        drop(State::restore(&saved));
    }
}
