//! Policies as files (C2SP `tlog-policy`).

use super::{Policy, PolicyWitness, Quorum};
use crate::note::{Role, VerifierKey};
use crate::text::from_decimal;
use std::collections::BTreeMap;
use thiserror::Error;

/// How many bytes a policy may have.
pub const POLICY_BYTES_MAX: usize = 1 << 20;
/// How many logs, how many witnesses and how many groups a policy may have. The specification asks for 32.
const ITEMS_MAX: usize = 256;
/// The quorum that asks for nobody.
const NONE: &str = "none";

/// A file that is no policy: the line and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {reason}")]
pub struct PolicyError {
    line: usize,
    reason: &'static str,
}

impl PolicyError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "policy.malformed"
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }
}

impl Policy {
    /// Reads a policy file. It may name no log where the log is known otherwise; see
    /// [`with_only_log`](Self::with_only_log).
    pub fn parse(file: &[u8]) -> Result<Self, PolicyError> {
        let at = |line: usize| move |reason| PolicyError { line, reason };
        if file.len() > POLICY_BYTES_MAX {
            return Err(at(1)("the policy is too long"));
        }
        let text = text_of(file);
        let lines = text.matches('\n').count();
        if !text.is_empty() && !text.ends_with('\n') {
            return Err(at(lines + 1)("the last line does not end in a newline"));
        }
        let mut reader = Reader::default();
        for (index, line) in text.split_terminator('\n').enumerate() {
            reader.line(line).map_err(at(index + 1))?;
        }
        let quorum = reader
            .quorum
            .ok_or_else(|| at(lines + 1)("there is no line `quorum`"))?;
        Ok(Self {
            log_keys: reader.logs,
            witnesses: reader.witnesses,
            quorum,
        })
    }
}

/// Names are opaque octets. What is not UTF-8 is read an octet a character, so that different names stay different.
fn text_of(file: &[u8]) -> String {
    match std::str::from_utf8(file) {
        Ok(text) => text.to_owned(),
        Err(_) => file.iter().copied().map(char::from).collect(),
    }
}

#[derive(Default)]
struct Reader {
    logs: Vec<VerifierKey>,
    witnesses: Vec<PolicyWitness>,
    /// What each name stands for; nothing once it is a member of a group, for it may be one only once.
    names: BTreeMap<String, Named>,
    groups: usize,
    quorum: Option<Quorum>,
}

struct Named {
    quorum: Quorum,
    grouped: bool,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        if line.bytes().any(|byte| (byte < 0x20 && byte != b'\t') || byte == 0x7f) {
            return Err("control characters are not allowed");
        }
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        match words[..] {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", key] | ["log", key, _] => self.log(key),
            ["witness", name, key] => self.witness(name, key, None),
            ["witness", name, key, url] => self.witness(name, key, Some(url)),
            ["group", name, least, ref members @ ..] => self.group(name, least, members),
            ["quorum", name] => self.quorum(name),
            _ => Err("this is no line of a policy: `log`, `witness`, `group` or `quorum` with what belongs to it"),
        }
    }

    fn log(&mut self, key: &str) -> Result<(), &'static str> {
        let key = key_of(key, Role::Log)?;
        if self.logs.iter().any(|other| other.same_material(&key)) {
            return Err("this log's key is listed already");
        }
        let others = self.logs.iter().filter(|other| other.name() == key.name());
        if others.map(VerifierKey::suite).any(|suite| suite != key.suite()) {
            return Err("this log has a key of another crypto suite already; a log has one");
        }
        self.logs.push(key);
        within(self.logs.len())
    }

    fn witness(&mut self, name: &str, key: &str, url: Option<&str>) -> Result<(), &'static str> {
        let key = key_of(key, Role::Witness)?;
        if self.witnesses.iter().any(|other| other.key.same_material(&key)) {
            return Err("this witness's key is listed already");
        }
        self.define(name, Quorum::Witness(self.witnesses.len()))?;
        self.witnesses.push(PolicyWitness {
            name: name.to_owned(),
            key,
            url: url.map(str::to_owned),
        });
        within(self.witnesses.len())
    }

    fn group(&mut self, name: &str, least: &str, members: &[&str]) -> Result<(), &'static str> {
        let least = match least {
            "any" => 1,
            "all" => members.len(),
            number => from_decimal(number)
                .and_then(|number| usize::try_from(number).ok())
                .ok_or("after the group's name comes `any`, `all` or a number")?,
        };
        if !(1..=members.len()).contains(&least) {
            return Err("a group asks for at least one of its members and at most for all");
        }
        let of = members
            .iter()
            .map(|member| self.member(member))
            .collect::<Result<_, _>>()?;
        self.define(name, Quorum::AtLeast { least, of })?;
        self.groups += 1;
        within(self.groups)
    }

    fn member(&mut self, name: &str) -> Result<Quorum, &'static str> {
        let named = self.names.get_mut(name).ok_or("a member is not defined above")?;
        if std::mem::replace(&mut named.grouped, true) {
            return Err("a member is in a group already");
        }
        Ok(named.quorum.clone())
    }

    fn define(&mut self, name: &str, quorum: Quorum) -> Result<(), &'static str> {
        if name == NONE || self.names.contains_key(name) {
            return Err("the name is taken");
        }
        let named = Named { quorum, grouped: false };
        self.names.insert(name.to_owned(), named);
        Ok(())
    }

    fn quorum(&mut self, name: &str) -> Result<(), &'static str> {
        let quorum = match self.names.get(name) {
            Some(named) => named.quorum.clone(),
            None if name == NONE => Quorum::none(),
            None => return Err("the quorum's name is not defined above"),
        };
        if self.quorum.replace(quorum).is_some() {
            return Err("there is a line `quorum` already");
        }
        Ok(())
    }
}

fn key_of(text: &str, role: Role) -> Result<VerifierKey, &'static str> {
    let key: VerifierKey = text
        .parse()
        .map_err(|_| "the key can't be read, or is of a kind not supported here")?;
    if key.algorithm().role() == role {
        Ok(key)
    } else {
        Err("logs and witnesses have keys of their own kinds")
    }
}

const fn within(count: usize) -> Result<(), &'static str> {
    if count > ITEMS_MAX {
        return Err("there are too many of these");
    }
    Ok(())
}
