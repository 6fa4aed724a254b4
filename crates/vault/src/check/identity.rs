//! The resident identity number 公民身份号码, GB 11643-1999.

use jiff::civil::Date;

/// The weight of place i is 2^(18-i) mod 11.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check characters for the remainders 0 to 10 (ISO 7064, MOD 11-2).
const CHECKS: &[u8; 11] = b"10X98765432";

/// Whether the number has 18 characters, a date of birth that exists, and a correct check character.
pub fn identity_number_is_valid(number: &str) -> bool {
    let Ok(bytes) = <&[u8; 18]>::try_from(number.as_bytes()) else {
        return false;
    };
    let (body, last) = bytes.split_at(17);
    if !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = body
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECKS.get((sum % 11) as usize) == last.first() && birth_date_exists(number)
}

fn birth_date_exists(number: &str) -> bool {
    let part = |range| {
        number
            .get(range)
            .and_then(|digits: &str| digits.parse().ok())
            .unwrap_or(0)
    };
    let (year, month, day): (i16, i16, i16) = (part(6..10), part(10..12), part(12..14));
    i8::try_from(month).is_ok_and(|month| i8::try_from(day).is_ok_and(|day| Date::new(year, month, day).is_ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard_are_valid() {
        // GB 11643-1999, annex A.
        assert!(identity_number_is_valid("11010519491231002X"));
        assert!(identity_number_is_valid("440524188001010014"));
    }

    #[test]
    fn others_are_not() {
        for number in [
            "110105194912310021",
            "11010519491331002X",
            "11010519491231002x",
            "",
            "1101051949123100",
            "一一",
        ] {
            assert!(!identity_number_is_valid(number), "{number}");
        }
    }
}
