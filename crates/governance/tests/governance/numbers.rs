//! Properties of money, terms and codes.

use gongshu_governance::calendar::Term;
use gongshu_governance::identifier::CreditCode;
use gongshu_governance::money::{BasisPoints, Money};
use proptest::prelude::*;

/// Parts that add up to the whole.
fn parts() -> impl Strategy<Value = Vec<BasisPoints>> {
    prop::collection::vec(0..=BasisPoints::WHOLE, 0..6).prop_map(|mut cuts| {
        cuts.extend([0, BasisPoints::WHOLE]);
        cuts.sort_unstable();
        cuts.windows(2).map(|pair| BasisPoints(pair[1] - pair[0])).collect()
    })
}

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The check character, by the formula of GB 32100-2015 in its own words: 31 minus the weighted sum modulo 31.
fn complete(first: &str) -> String {
    let value = |letter: char| ALPHABET.find(letter).unwrap();
    let sum: usize = first
        .chars()
        .enumerate()
        .map(|(index, letter)| value(letter) * 3_usize.pow(u32::try_from(index).unwrap()) % 31)
        .sum();
    let check = (31 - sum % 31) % 31;
    format!("{first}{}", ALPHABET.chars().nth(check).unwrap())
}

proptest! {
    #[test]
    fn a_split_adds_up_and_no_part_is_off_by_a_fen(fen in 0_i64..i64::MAX / 2, parts in parts()) {
        let split = Money::from_fen(fen).split(&parts);
        prop_assert_eq!(split.iter().map(|share| i128::from(share.fen())).sum::<i128>(), i128::from(fen));
        for (share, part) in split.iter().zip(&parts) {
            let exact = i128::from(fen) * i128::from(part.0);
            let off = i128::from(share.fen()) * i128::from(BasisPoints::WHOLE) - exact;
            prop_assert!(off.abs() < i128::from(BasisPoints::WHOLE), "{share} of {fen} at {part:?}");
        }
    }

    #[test]
    fn money_reads_what_it_writes(fen in any::<i64>()) {
        let money = Money::from_fen(fen);
        prop_assert_eq!(money.to_string().parse::<Money>().unwrap(), money);
    }

    #[test]
    fn a_term_of_whole_years_is_the_longest(day in 0_i32..20_000, years in 1_i16..10) {
        let from = jiff::civil::date(2000, 1, 1).saturating_add(jiff::Span::new().days(day));
        let anniversary = from.saturating_add(jiff::Span::new().years(years));
        let until = anniversary.yesterday().unwrap();
        let exceeds = |until| Term { from, until }.exceeds_years(years);
        prop_assert!(!exceeds(until));
        prop_assert!(exceeds(anniversary));
    }

    #[test]
    fn one_wrong_character_of_a_code_is_always_noticed(
        first in "[0-9A-HJ-NPQRTUWXY]{17}",
        place in 0_usize..18,
        other in 0_usize..31,
    ) {
        let code = complete(&first);
        prop_assert!(CreditCode::parse(&code).is_ok(), "{}", code);
        let mut letters: Vec<char> = code.chars().collect();
        letters[place] = ALPHABET.chars().nth(other).unwrap();
        let altered: String = letters.into_iter().collect();
        prop_assert_eq!(CreditCode::parse(&altered).is_ok(), altered == code, "{}", altered);
    }

    #[test]
    fn no_text_upsets_the_readers(text in any::<String>()) {
        let _ = CreditCode::parse(&text);
        let _ = text.parse::<Money>();
    }
}
