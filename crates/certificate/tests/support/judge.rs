//! Bouncy Castle as a judge, asked in lines: `Judge.java`. It shares no code with what it judges, and verifies whole
//! structures under SM2, which the openssl command of version 3.0 can't.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What Debian installs: `default-jdk-headless`, `libbcpkix-java`.
const JARS: [&str; 3] = [
    "/usr/share/java/bcprov.jar",
    "/usr/share/java/bcutil.jar",
    "/usr/share/java/bcpkix.jar",
];

/// The judge, until it is dropped. Files in questions are those of its folder.
pub(crate) struct Judge {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Judge {
    /// Calls it into a folder; where Java or Bouncy Castle are missing that is said, and there is none.
    pub(crate) fn summon(folder: &Path) -> Option<Self> {
        let compiler = Command::new("java").arg("--list-modules").output();
        let modules = compiler.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        let java = modules.is_ok_and(|modules| modules.contains("jdk.compiler"));
        if !java || JARS.iter().any(|jar| !Path::new(jar).exists()) {
            println!("default-jdk-headless or libbcpkix-java is not installed: Bouncy Castle has NOT judged");
            return None;
        }
        let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../certificate/tests/support/Judge.java");
        let mut command = Command::new("java");
        command
            .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", &JARS.join(":")])
            .arg(source)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        Some(Self {
            questions: process.stdin.take().unwrap(),
            answers: BufReader::new(process.stdout.take().unwrap()),
            process,
        })
    }

    /// What it says.
    pub(crate) fn asked(&mut self, question: &str) -> String {
        writeln!(self.questions, "{question}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        answer.trim_end().to_owned()
    }

    /// Asserts that it says this.
    pub(crate) fn says(&mut self, answer: &str, question: &str) {
        assert_eq!(self.asked(question), answer, "{question}");
    }

    /// Asserts that it refuses.
    pub(crate) fn refuses(&mut self, question: &str) {
        let answer = self.asked(question);
        assert!(answer.starts_with("refused: "), "{question}: {answer}");
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
