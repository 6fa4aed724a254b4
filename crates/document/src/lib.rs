//! Documents typeset in Chinese as PDF: agreements and certificates of registration.
//!
//! The same paper gives the same bytes: nothing here reads a clock or draws a random number, and the templates and the
//! typesetter are part of the program. What differs between machines is the font, so a document that somebody signs is
//! kept, not made again.
#![doc = include_str!("../README.md")]

mod embed;
mod error;
mod fonts;
mod paper;
mod qr;
mod sheet;
mod typesetter;
mod world;

pub use embed::Prepared;
pub use error::DocumentError;
pub use paper::{
    AgreementPaper, AmendmentLine, AmountLine, CertificatePaper, Clause, Digest, Paper, Party, ResourceLine, ShareLine,
    Term,
};
pub use sheet::{SheetColumn, SheetPaper, SheetSection};
pub use typesetter::Typesetter;
