//! Unified social credit codes (GB 32100-2015) with their organisation code (GB 11714-1997).

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS: [u64; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// The code of firm number `number` of 龙华区 (440309), registered with the market regulator.
/// Different numbers under 10^8 have different codes.
#[must_use]
pub fn credit_code(number: u64) -> String {
    let organisation = format!("{:08}", number % 100_000_000);
    let weighted = organisation
        .bytes()
        .zip(ORGANISATION_WEIGHTS)
        .map(|(digit, weight)| u64::from(digit - b'0') * weight);
    let check = match 11 - weighted.sum::<u64>() % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + u8::try_from(digit).unwrap_or(0)),
    };
    let body = format!("91440309{organisation}{check}");
    let mut sum = 0;
    let mut weight = 1;
    for letter in body.bytes() {
        let value = ALPHABET.iter().position(|candidate| *candidate == letter).unwrap_or(0);
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    let last = char::from(ALPHABET[(31 - sum % 31) % 31]);
    format!("{body}{last}")
}
