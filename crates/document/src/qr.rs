//! QR codes (GB/T 18284, ISO/IEC 18004) for the templates, which draw them as vectors.

use fast_qr::{ECL, QRBuilder};
use serde::ser::Error;
use serde::{Serialize, Serializer};

/// A code as a template draws it.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Drawn<'t> {
    /// What it says.
    text: &'t str,
    /// Modules a side, without the quiet zone.
    size: usize,
    /// Dark modules in a row: column, row, how many.
    runs: Vec<[usize; 3]>,
}

/// Serializes a text as the code that carries it; nothing as nothing.
pub(crate) fn serialize<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    let drawn = text.as_deref().map(draw).transpose();
    drawn.map_err(S::Error::custom)?.serialize(serializer)
}

/// A quarter of the code may be soiled (level Q): certificates are printed, folded and hung up.
fn draw(text: &str) -> Result<Drawn<'_>, String> {
    let code = QRBuilder::new(text).ecl(ECL::Q).build();
    let code = code.map_err(|error| format!("no QR code can carry `{text}`: {error:?}"))?;
    let mut runs: Vec<[usize; 3]> = Vec::new();
    for row in 0..code.size {
        for column in (0..code.size).filter(|column| code[row][*column].value()) {
            match runs.last_mut() {
                Some([from, of, count]) if *of == row && *from + *count == column => *count += 1,
                _ => runs.push([column, row, 1]),
            }
        }
    }
    Ok(Drawn {
        text,
        size: code.size,
        runs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_finder_patterns_and_no_dark_module_outside() {
        let drawn = draw("http://data.example/register?code=A1B2C3D4E5F60718").unwrap();
        assert_eq!(drawn.runs.first(), Some(&[0, 0, 7]), "{drawn:?}");
        assert!(drawn.runs.contains(&[drawn.size - 7, 0, 7]) && drawn.runs.contains(&[0, drawn.size - 1, 7]));
        let inside = |[column, row, count]: &[usize; 3]| column + count <= drawn.size && *row < drawn.size;
        assert!(drawn.runs.iter().all(inside), "{drawn:?}");
    }

    #[test]
    fn a_text_that_no_code_can_carry_is_told() {
        assert!(draw(&"长".repeat(3_000)).unwrap_err().contains("no QR code"));
    }
}
