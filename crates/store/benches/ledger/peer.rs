//! The peer: Trillian Tessera on POSIX files, driven by the program in `tessera/`.

use std::path::Path;
use std::process::Command;

use crate::{ENTRY_BYTES, Outcome};

pub(crate) fn measure(folder: &Path, writers: &[usize], seconds: u64) -> Outcome<()> {
    let Some(program) = std::env::var_os("GONGSHU_BENCH_TESSERA") else {
        println!("\nGONGSHU_BENCH_TESSERA is not set: the peer was NOT measured");
        return Ok(());
    };
    println!(
        "\nTrillian Tessera on POSIX files: entries of {ENTRY_BYTES} bytes, each with a proof under a published checkpoint"
    );
    for writers in writers {
        let log = folder.join(format!("tessera-{writers}"));
        let ran = Command::new(&program)
            .arg(&log)
            .args([writers.to_string(), seconds.to_string(), ENTRY_BYTES.to_string()])
            .output()?;
        if !ran.status.success() {
            return Err(String::from_utf8_lossy(&ran.stderr).into());
        }
        println!(
            "{:<12} {}",
            format!("{writers} writers"),
            String::from_utf8_lossy(&ran.stdout).trim_end()
        );
        std::fs::remove_dir_all(log)?;
    }
    Ok(())
}
