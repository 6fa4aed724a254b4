//! The bank puts a file there and the agency reads it; at last it is removed, since nothing names it.

use gongshu_governance::Command;
use gongshu_governance::file::*;
use gongshu_governance::identifier::*;

fn id() -> FileId {
    FileId::new("fil_1")
}

/// The steps, each by the party whose it is.
pub(crate) fn files() -> [(&'static str, Command); 2] {
    let file = RecordFile {
        id: id(),
        sha256: "0f".repeat(32),
        bytes: 4_096,
        media_type: "application/pdf".to_owned(),
        name: "资质证明.pdf".to_owned(),
    };
    [
        ("pty_bank", Command::RecordFile(file)),
        ("pty_agency", Command::ReadFile(ReadFile { file: id() })),
    ]
}

/// The removal.
pub(crate) fn removed_file() -> (&'static str, Command) {
    let removal = RemoveFile {
        file: id(),
        reason: "误传".to_owned(),
    };
    ("pty_bank", Command::RemoveFile(removal))
}
