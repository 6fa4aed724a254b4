//! What a file is, by its own bytes: what its sender says of it counts for nothing.
//!
//! The kinds are the few in which evidence comes. A crate that knows hundreds by their first bytes knows neither OFD
//! (GB/T 33190, a zip file whose first part tells) nor whether what has no magic is text.

/// The start that is looked at.
const HEAD_BYTES: usize = 4_096;
const UNKNOWN: &str = "application/octet-stream";
/// First bytes and what they tell.
const MAGIC: [(&[u8], &str); 9] = [
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (ZIP, "application/zip"),
    (b"<?xml", "application/xml"),
    (b"\xef\xbb\xbf<?xml", "application/xml"),
];
const ZIP: &[u8] = b"PK\x03\x04";
/// Parts of zip files that tell more.
const PARTS: [(&[u8], &str); 2] = [
    (b"OFD.xml", "application/ofd"),
    (b"[Content_Types].xml", "application/vnd.openxmlformats-officedocument"),
];
/// Control characters that texts have: tab, line feed, form feed, carriage return.
const OF_TEXTS: [u8; 4] = [b'\t', b'\n', 0x0c, b'\r'];

/// What has been seen of a file.
#[derive(Debug)]
pub(super) struct Kind {
    head: Vec<u8>,
    is_text: bool,
}

impl Default for Kind {
    fn default() -> Self {
        Self {
            head: Vec::new(),
            is_text: true,
        }
    }
}

impl Kind {
    /// Looks at what comes next.
    pub(super) fn look(&mut self, bytes: &[u8]) {
        let room = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        // In UTF-8 as in GB 18030 a byte of a control character stands for nothing else.
        self.is_text &= bytes.iter().all(|byte| *byte >= 0x20 || OF_TEXTS.contains(byte));
    }

    /// The media type.
    pub(super) fn media_type(&self) -> &'static str {
        let known = MAGIC.iter().find(|(magic, _)| self.head.starts_with(magic));
        match known {
            Some((ZIP, zip)) => {
                let part = PARTS.iter().find(|(name, _)| contains(&self.head, name));
                part.map_or(*zip, |(_, kind)| *kind)
            }
            Some((_, kind)) => kind,
            None if self.is_text && !is_page(&self.head) => "text/plain",
            None => UNKNOWN,
        }
    }
}

/// Whether a text is one that a browser would run: no evidence, whatever it is called.
fn is_page(head: &[u8]) -> bool {
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let start = head.get(start..).unwrap_or_default().to_ascii_lowercase();
    [&b"<!doctype html"[..], b"<html", b"<script", b"<svg"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

fn contains(bytes: &[u8], sought: &[u8]) -> bool {
    bytes.windows(sought.len()).any(|window| window == sought)
}

#[cfg(test)]
mod tests {
    use super::Kind;

    fn kind(bytes: &[u8]) -> &'static str {
        let mut kind = Kind::default();
        // However the bytes come.
        for piece in bytes.chunks(3) {
            kind.look(piece);
        }
        kind.media_type()
    }

    #[test]
    fn a_file_is_known_by_its_bytes() {
        let zip = |part: &str| [b"PK\x03\x04\x14\0\0\0\x08\0", part.as_bytes(), b"..."].concat();
        let long = ["证明材料\n".repeat(4_000).as_bytes(), b"\0"].concat();
        for (bytes, expected) in [
            (&b"%PDF-1.7\n%\xe2\xe3"[..], "application/pdf"),
            (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"II*\0\x08", "image/tiff"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "application/x-ole-storage"),
            (&zip("OFD.xml"), "application/ofd"),
            (
                &zip("[Content_Types].xml"),
                "application/vnd.openxmlformats-officedocument",
            ),
            (&zip("a.txt"), "application/zip"),
            (b"<?xml version=\"1.0\"?><a/>", "application/xml"),
            ("会议纪要\n一、".as_bytes(), "text/plain"),
            (b"\xbb\xe1\xd2\xe9\xbc\xcd\xd2\xaa\r\n", "text/plain"),
            (b"  <!DOCTYPE HTML><script>", "application/octet-stream"),
            (b"<svg onload=x>", "application/octet-stream"),
            (b"MZ\x90\0\x03", "application/octet-stream"),
            (b"\x7fELF\x02\x01", "application/octet-stream"),
            (&long, "application/octet-stream"),
        ] {
            assert_eq!(kind(bytes), expected, "{:?}", bytes.get(..8));
        }
    }
}
