//! The unified social credit code 统一社会信用代码, GB 32100-2015.

/// The 31 characters of the code; the position of a character is its value.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The weight of place i is 3^(i-1) mod 31 (GB 32100-2015, 5.4).
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Whether the code has 18 characters of the alphabet and its last one checks the others.
pub fn uscc_is_valid(code: &str) -> bool {
    let Some((body, last)) = code.as_bytes().split_last_chunk::<1>() else {
        return false;
    };
    check_byte(body) == Some(last[0])
}

/// The check character for the first 17 characters of a code.
pub fn uscc_check_character(body: &str) -> Option<char> {
    check_byte(body.as_bytes()).map(char::from)
}

fn check_byte(body: &[u8]) -> Option<u8> {
    if body.len() != WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in body.iter().zip(WEIGHTS) {
        sum += value(*byte)? * weight;
    }
    let check = (31 - sum % 31) % 31;
    ALPHABET.get(check as usize).copied()
}

fn value(byte: u8) -> Option<u32> {
    ALPHABET
        .iter()
        .position(|known| *known == byte)
        .and_then(|place| u32::try_from(place).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_codes_are_valid() {
        // Registered codes of public companies: Tencent, Huawei, Alibaba (China), ZTE.
        for code in [
            "9144030071526726XG",
            "914403001922038216",
            "91330100799655058B",
            "9144030027939873X7",
        ] {
            assert!(uscc_is_valid(code), "{code}");
        }
    }

    #[test]
    fn altered_codes_are_invalid() {
        for code in [
            "9144030071526726XH",
            "914403007152672GXG",
            "9144030071526726X",
            "",
            "9144030071526726XG ",
            "九一四四",
        ] {
            assert!(!uscc_is_valid(code), "{code}");
        }
    }

    #[test]
    fn every_single_substitution_is_found() {
        let code = b"9144030071526726XG";
        for place in 0..code.len() {
            for other in ALPHABET.iter().filter(|other| **other != code[place]) {
                let mut altered = *code;
                altered[place] = *other;
                assert!(!uscc_is_valid(std::str::from_utf8(&altered).unwrap()));
            }
        }
    }

    #[test]
    fn check_character_completes_a_code() {
        assert_eq!(uscc_check_character("9144030071526726X"), Some('G'));
        assert_eq!(uscc_check_character("short"), None);
    }
}
