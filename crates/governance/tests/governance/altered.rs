//! A command with some members of its document changed.

use gongshu_governance::Command;
use serde_json::Value;

pub(crate) fn altered(command: &Command, changes: &[(&str, Value)]) -> Command {
    let mut document = serde_json::to_value(command).unwrap();
    for (place, value) in changes {
        let slot = document.pointer_mut(place).unwrap_or_else(|| panic!("no {place}"));
        *slot = value.clone();
    }
    serde_json::from_value(document).unwrap()
}

/// The same, where a member may be one that is left out where it is usual.
pub(crate) fn with(command: &Command, changes: &[(&str, Value)]) -> Command {
    let mut document = serde_json::to_value(command).unwrap();
    for (place, value) in changes {
        document["of"][place.trim_start_matches("/of/")] = value.clone();
    }
    serde_json::from_value(document).unwrap()
}
