//! A signature inside the PDF (PAdES baseline, ETSI EN 319 142-1; ISO 32000-1, sections 7.5.6 and 12.8): appended, so that what
//! was there stays byte for byte, an earlier signature included.
//!
//! What is read are files that this typesetter made, and what was appended to them here: plain objects under plain
//! cross-reference tables. Others are refused.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use crate::DocumentError;

/// Bytes that a signature may have; they stand twice as long, in hex.
const SIGNATURE_BYTES_MAX: usize = 16 << 10;
/// Digits of an offset in a byte range, so that it can be written once all offsets are known.
const OFFSET_DIGITS: usize = 10;
/// Most updates that are followed.
const UPDATES_MAX: usize = 64;

/// A PDF with room for a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    bytes: Vec<u8>,
    /// The room with its angle brackets: the one part that is not signed.
    room: Range<usize>,
}

impl Prepared {
    /// Makes room for a signature by `name`, at an instant such as `20261128030000` in UTC.
    ///
    /// # Errors
    /// When the file is not one of this typesetter.
    pub fn new(pdf: &[u8], name: &str, at: &str) -> Result<Self, DocumentError> {
        if at.len() != 14 || !at.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DocumentError::Template(format!("`{at}` is no instant for a signature")));
        }
        let file = File::read(pdf).ok_or_else(|| unknown("it has no plain cross-reference table"))?;
        Update::of(&file)
            .and_then(|update| update.with_room(name, at))
            .ok_or_else(|| unknown("its structure is another"))
    }

    /// What is signed: all but the room.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        let (before, after) = (self.bytes.get(..self.room.start), self.bytes.get(self.room.end..));
        [before.unwrap_or_default(), after.unwrap_or_default()].concat()
    }

    /// The PDF with the signature over [`Self::signed_bytes`], a detached CMS in DER.
    ///
    /// # Errors
    /// When the signature is too long.
    pub fn finish(mut self, signature: &[u8]) -> Result<Vec<u8>, DocumentError> {
        if signature.len() > SIGNATURE_BYTES_MAX {
            return Err(DocumentError::Template(
                "the signature is too long for its room".to_owned(),
            ));
        }
        let mut hex = String::with_capacity(signature.len() * 2);
        for byte in signature {
            // Writing into a text does not fail.
            let _ = write!(hex, "{byte:02x}");
        }
        let start = self.room.start + 1;
        let room = self.bytes.get_mut(start..start + hex.len());
        room.ok_or_else(|| unknown("it has no room"))?
            .copy_from_slice(hex.as_bytes());
        Ok(self.bytes)
    }
}

fn unknown(why: &str) -> DocumentError {
    DocumentError::Template(format!("this PDF was not made by the platform: {why}"))
}

/// A file with its objects' places.
struct File<'f> {
    bytes: &'f [u8],
    offsets: BTreeMap<u32, usize>,
    /// The newest trailer, between its brackets.
    trailer: String,
    /// Where the newest table is.
    table: usize,
}

impl<'f> File<'f> {
    fn read(bytes: &'f [u8]) -> Option<Self> {
        let last = text(bytes.get(bytes.len().saturating_sub(64)..)?)?;
        let table = last
            .rsplit_once("startxref")?
            .1
            .split_whitespace()
            .next()?
            .parse()
            .ok()?;
        let mut file = Self {
            bytes,
            offsets: BTreeMap::new(),
            trailer: String::new(),
            table,
        };
        let mut next = Some(table);
        for _ in 0..UPDATES_MAX {
            let Some(at) = next else { return Some(file) };
            next = file.section(at)?;
        }
        None
    }

    /// Reads a table and its trailer; gives the place of the one before.
    fn section(&mut self, at: usize) -> Option<Option<usize>> {
        let rest = self.bytes.get(at..)?;
        let end = find(rest, b"startxref")?;
        let (rows, trailer) = text(rest.get(..end)?)?.split_once("trailer")?;
        let mut rows = rows.strip_prefix("xref")?.split_whitespace();
        while let (Some(first), Some(count)) = (rows.next(), rows.next()) {
            let (first, count): (u32, u32) = (first.parse().ok()?, count.parse().ok()?);
            for number in first..first.checked_add(count)? {
                let (offset, _, kind) = (rows.next()?, rows.next()?, rows.next()?);
                if kind == "n" {
                    self.offsets.entry(number).or_insert(offset.parse().ok()?);
                }
            }
        }
        let trailer = trailer.trim().strip_prefix("<<")?.strip_suffix(">>")?;
        if self.trailer.is_empty() {
            trailer.clone_into(&mut self.trailer);
        }
        Some(value(trailer, "/Prev").and_then(|before| before.parse().ok()))
    }

    /// The inside of a dictionary.
    fn dictionary(&self, number: u32) -> Option<String> {
        let rest = self.bytes.get(*self.offsets.get(&number)?..)?;
        let object = text(rest.get(..find(rest, b"endobj")?)?)?;
        let body = object.strip_prefix(&format!("{number} 0 obj"))?.trim();
        Some(body.strip_prefix("<<")?.strip_suffix(">>")?.to_owned())
    }

    /// The first page.
    fn page(&self, catalog: &str) -> Option<u32> {
        let mut number = reference(catalog, "/Pages")?;
        for _ in 0..UPDATES_MAX {
            let node = self.dictionary(number)?;
            let Some(kids) = node.split_once("/Kids[") else {
                return Some(number);
            };
            number = kids.1.split_whitespace().next()?.parse().ok()?;
        }
        None
    }
}

/// Objects that are written anew, after what is there.
struct Update<'f> {
    file: &'f File<'f>,
    root: u32,
    catalog: String,
    page: u32,
    /// The first number that no object has.
    free: u32,
}

impl<'f> Update<'f> {
    fn of(file: &'f File<'f>) -> Option<Self> {
        let root = reference(&file.trailer, "/Root")?;
        let catalog = file.dictionary(root)?;
        Some(Self {
            file,
            root,
            page: file.page(&catalog)?,
            catalog,
            free: value(&file.trailer, "/Size")?.parse().ok()?,
        })
    }

    fn with_room(&self, name: &str, at: &str) -> Option<Prepared> {
        let (signature, field) = (self.free, self.free.checked_add(1)?);
        let form = reference(&self.catalog, "/AcroForm");
        let mut objects = BTreeMap::new();
        objects.insert(
            self.page,
            with_item(&self.file.dictionary(self.page)?, "/Annots", field),
        );
        match form {
            Some(form) => {
                objects.insert(form, with_item(&self.file.dictionary(form)?, "/Fields", field));
            }
            None => {
                let form = self.free.checked_add(2)?;
                objects.insert(form, format!("/Fields[{field} 0 R]/SigFlags 3"));
                objects.insert(self.root, format!("{}/AcroForm {form} 0 R", self.catalog));
            }
        }
        let page = self.page;
        let widget = format!(
            "/Type/Annot/Subtype/Widget/FT/Sig/T(Signature{field})/F 132/Rect[0 0 0 0]/P {page} 0 R/V {signature} 0 R"
        );
        objects.insert(field, widget);
        objects.insert(signature, signature_dictionary(name, at));
        Some(self.written(&objects, signature)).and_then(|(bytes, offsets)| finished(bytes, *offsets.get(&signature)?))
    }

    /// The file with the objects, their table and their trailer.
    fn written(&self, objects: &BTreeMap<u32, String>, signature: u32) -> (Vec<u8>, BTreeMap<u32, usize>) {
        let mut bytes = self.file.bytes.to_vec();
        if !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        let mut offsets = BTreeMap::new();
        for (number, body) in objects {
            offsets.insert(*number, bytes.len());
            bytes.extend(format!("{number} 0 obj\n<<{body}>>\nendobj\n").bytes());
        }
        let table = bytes.len();
        let mut tail = String::from("xref\n");
        for (number, offset) in &offsets {
            // Writing into a text does not fail.
            let _ = write!(tail, "{number} 1\n{offset:010} 00000 n\r\n");
        }
        let newest = objects.keys().max().copied().unwrap_or(signature);
        let kept = without(&without(&self.file.trailer, "/Size"), "/Prev");
        let (size, before) = (newest.saturating_add(1).max(self.free), self.file.table);
        let _ = write!(
            tail,
            "trailer\n<</Size {size}/Prev {before}{kept}>>\nstartxref\n{table}\n%%EOF\n"
        );
        bytes.extend(tail.bytes());
        (bytes, offsets)
    }
}

fn signature_dictionary(name: &str, at: &str) -> String {
    let hex: String = std::iter::once(0xfeff)
        .chain(name.encode_utf16())
        .fold(String::new(), |mut hex, unit| {
            let _ = write!(hex, "{unit:04X}");
            hex
        });
    let room = "0".repeat(SIGNATURE_BYTES_MAX * 2);
    let offset = " ".repeat(OFFSET_DIGITS);
    format!(
        "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:{at}Z)/Name<{hex}>/ByteRange[0 {offset} {offset} \
         {offset}]/Contents<{room}>"
    )
}

/// Writes the byte range of the signature whose object begins at `at`.
fn finished(mut bytes: Vec<u8>, at: usize) -> Option<Prepared> {
    let object = bytes.get(at..)?;
    let range = at + find(object, b"/ByteRange[0 ")? + b"/ByteRange[0 ".len();
    let start = at + find(object, b"/Contents<")? + b"/Contents".len();
    let end = start + SIGNATURE_BYTES_MAX * 2 + 2;
    let after = bytes.len().checked_sub(end)?;
    let numbers = format!("{start:<OFFSET_DIGITS$} {end:<OFFSET_DIGITS$} {after:<OFFSET_DIGITS$}");
    bytes
        .get_mut(range..range + numbers.len())?
        .copy_from_slice(numbers.as_bytes());
    Some(Prepared {
        bytes,
        room: start..end,
    })
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The number after a key.
fn value<'d>(dictionary: &'d str, key: &str) -> Option<&'d str> {
    let rest = dictionary.split_once(key)?.1.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end).filter(|digits| !digits.is_empty())
}

/// The object that a key refers to.
fn reference(dictionary: &str, key: &str) -> Option<u32> {
    value(dictionary, key)?.parse().ok()
}

/// A dictionary without a key and its number.
fn without(dictionary: &str, key: &str) -> String {
    let Some(number) = value(dictionary, key) else {
        return dictionary.to_owned();
    };
    dictionary.replacen(&format!("{key} {number}"), "", 1)
}

/// A dictionary whose array of this key has one more object.
fn with_item(dictionary: &str, key: &str, item: u32) -> String {
    match dictionary.split_once(&format!("{key}[")) {
        Some((before, after)) => format!("{before}{key}[{item} 0 R {after}"),
        None => format!("{dictionary}{key}[{item} 0 R]"),
    }
}
