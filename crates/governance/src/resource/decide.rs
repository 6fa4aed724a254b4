//! Decisions about resources and their versions.

use std::collections::BTreeSet;

use super::change::check_not_withdrawn;
use super::entry::check_entry;
use super::{Field, OrderDestruction, RecordDestruction, RecordVersion, RegisterResource, Resource, VersionStatus};
use crate::Context;
use crate::event::Event;
use crate::identifier::VersionId;
use crate::model::suspended_with;
use crate::quality::short;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

pub(crate) fn decide_register(
    state: &State,
    command: &RegisterResource,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    check_names(command, context)?;
    check_fields(command, context)?;
    for field in &command.fields {
        check_level(field, context)?;
    }
    check_stated(command, context)?;
    check_entry(&command.entry, &command.fields, context)?;
    let taken = |other: &Resource| other.registration.table == command.table;
    if state.resources.contains_key(&command.id) || state.resources.values().any(|other| taken(other)) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new(
                format!("表名 `{}` 已被登记", command.table),
                format!("the table `{}` is already registered", command.table),
            ),
            Text::new("请换一个表名", "choose another table name"),
        ));
    }
    Ok(vec![Event::ResourceRegistered(Box::new(command.clone()))])
}

/// What a registration says is among what the packs list.
pub(super) fn check_stated(command: &RegisterResource, context: &Context<'_>) -> Result<(), Refusal> {
    let list = &context.rules.parameters().fields_of_application;
    if !list.contains(&command.field_of_application) {
        let names = list.iter().cloned().collect::<Vec<_>>().join("、");
        return Err(context.rules.refuse(
            Rule::FieldOfApplication,
            Text::new(
                format!("应用领域 `{}` 不在统一目录中", command.field_of_application),
                format!(
                    "`{}` is not in the list of fields of application",
                    command.field_of_application
                ),
            ),
            Text::new(format!("请从以下选择：{names}"), format!("choose one of: {names}")),
        ));
    }
    context.rules.said(&command.name, ("资源名称", "name"))
}

fn check_names(command: &RegisterResource, context: &Context<'_>) -> Result<(), Refusal> {
    let identifiers = std::iter::once(&command.table).chain(command.fields.iter().map(|field| &field.name));
    for name in identifiers {
        let letters = name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let first = name.chars().next().is_some_and(|c| c.is_ascii_lowercase());
        if !letters || !first || name.len() > 63 {
            return Err(context.rules.refuse(
                Rule::ResourceFields,
                Text::new(
                    format!("名称 `{name}` 不能用作表名或列名"),
                    format!("`{name}` cannot name a table or column"),
                ),
                Text::new(
                    "请用小写字母开头，只含小写字母、数字和下划线，至多 63 个字符",
                    "start with a lower-case letter; use lower-case letters, digits and `_`, at most 63",
                ),
            ));
        }
    }
    Ok(())
}

pub(super) fn check_fields(command: &RegisterResource, context: &Context<'_>) -> Result<(), Refusal> {
    let refuse = |zh: String, en: String, remedy: Text| {
        Err(context.rules.refuse(Rule::ResourceFields, Text::new(zh, en), remedy))
    };
    let names: BTreeSet<&str> = command.fields.iter().map(|field| field.name.as_str()).collect();
    let most = context.rules.parameters().resource_fields_max;
    if command.fields.is_empty() || command.fields.len() > most || names.len() != command.fields.len() {
        return refuse(
            format!("字段数应在 1 到 {most} 之间，且不得重名"),
            format!("a resource has 1 to {most} fields with different names"),
            Text::new("请检查字段清单", "check the list of fields"),
        );
    }
    if let Some(field) = command.fields.iter().find(|field| field.meaning.trim().is_empty()) {
        return refuse(
            format!("字段 `{}` 没有说明含义", field.name),
            format!("the field `{}` has no meaning stated", field.name),
            Text::new("请填写字段含义", "state what the field means"),
        );
    }
    if let Some(key) = command.subject_key.as_deref().filter(|key| !names.contains(key)) {
        return refuse(
            format!("数据主体字段 `{key}` 不在字段清单中"),
            format!("the subject key `{key}` is not one of the fields"),
            Text::new("请从字段清单中选择", "choose one of the fields"),
        );
    }
    if let Some(name) = command.sensitive.iter().find(|name| !names.contains(name.as_str())) {
        return refuse(
            format!("敏感个人信息字段 `{name}` 不在字段清单中"),
            format!("the sensitive field `{name}` is not one of the fields"),
            Text::new("请从字段清单中选择", "choose one of the fields"),
        );
    }
    let needs_subject = |field: &&Field| !matches!(field.release.word(), "open" | "closed" | "masked");
    match command.fields.iter().find(needs_subject) {
        Some(field) if command.subject_key.is_none() => refuse(
            format!("字段 `{}` 的放行规则 `{}` 需要数据主体字段", field.name, field.release),
            format!(
                "the release rule `{}` of `{}` needs a subject key",
                field.release, field.name
            ),
            Text::new(
                "请指定标识数据主体的字段",
                "name the field that identifies the data subject",
            ),
        ),
        _ => Ok(()),
    }
}

pub(super) fn check_level(field: &Field, context: &Context<'_>) -> Result<(), Refusal> {
    let level = usize::from(field.level);
    let allowed = (1..=4)
        .contains(&level)
        .then(|| &context.rules.parameters().release_by_level[level - 1]);
    match allowed {
        Some(allowed) if allowed.contains(field.release.word()) => Ok(()),
        Some(allowed) => {
            let names = allowed.iter().cloned().collect::<Vec<_>>().join(", ");
            Err(context.rules.refuse_by(
                Rule::GradingRelease,
                &format!("level_{level}"),
                Text::new(
                    format!(
                        "字段 `{}` 为 {level} 级数据，放行规则不能是 `{}`",
                        field.name, field.release
                    ),
                    format!(
                        "the field `{}` is of level {level} and cannot be `{}`",
                        field.name, field.release
                    ),
                ),
                Text::new(format!("该级别可用：{names}"), format!("this level allows: {names}")),
            ))
        }
        None => Err(context.rules.refuse(
            Rule::GradingRelease,
            Text::new(
                format!("字段 `{}` 的级别 {level} 不存在", field.name),
                format!("the field `{}` has no level {level}", field.name),
            ),
            Text::new("一般数据分为 1 至 4 级", "levels of general data are 1 to 4"),
        )),
    }
}

pub(crate) fn decide_record(
    state: &State,
    command: &RecordVersion,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let resource = state.resource(&command.resource, context)?;
    check_not_withdrawn(resource, context)?;
    if resource.versions.iter().any(|version| version.id == command.version.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new(
                format!("版本 `{}` 已入库", command.version.id),
                format!("the version `{}` is on record", command.version.id),
            ),
            Text::new("无需重复入库", "there is nothing to do"),
        ));
    }
    let in_operation = command.version.status == VersionStatus::InOperation;
    if !in_operation || command.version.rows == 0 {
        return Err(context.rules.input(
            Text::new("入库的版本没有可用的行", "the ingested version has no usable row"),
            Text::new(
                "请检查源文件及隔离的行",
                "check the source file and its quarantined rows",
            ),
        ));
    }
    let mut events = vec![Event::VersionRecorded {
        resource: command.resource.clone(),
        version: command.version.clone(),
    }];
    events.extend(short(state, resource, &command.version, context));
    Ok(events)
}

pub(crate) fn decide_order(
    state: &State,
    command: &OrderDestruction,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if command.reason.trim().is_empty() {
        return Err(context.rules.input(
            Text::new("未说明销毁理由", "no reason for the destruction is given"),
            Text::new("请填写理由", "give a reason"),
        ));
    }
    match status(state, &command.resource, &command.version, context)? {
        VersionStatus::InOperation | VersionStatus::HeldBack { .. } => {
            let ordered = Event::DestructionOrdered {
                resource: command.resource.clone(),
                version: command.version.clone(),
                reason: command.reason.clone(),
            };
            let mut events = vec![ordered];
            events.extend(suspended_with(state, &command.resource, &command.version));
            Ok(events)
        }
        VersionStatus::DestructionOrdered { .. } | VersionStatus::Destroyed { .. } => Err(context.rules.wrong_state(
            Text::new("该版本已销毁或正在销毁", "the version is destroyed or being destroyed"),
            Text::new("无需重复销毁", "there is nothing to do"),
        )),
    }
}

pub(crate) fn decide_destroyed(
    state: &State,
    command: &RecordDestruction,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    match status(state, &command.resource, &command.version, context)? {
        VersionStatus::DestructionOrdered { .. } => Ok(vec![Event::VersionDestroyed {
            resource: command.resource.clone(),
            version: command.version.clone(),
            at: command.at,
            certificate: command.certificate.clone(),
        }]),
        VersionStatus::InOperation | VersionStatus::HeldBack { .. } | VersionStatus::Destroyed { .. } => {
            Err(context.rules.wrong_state(
                Text::new(
                    "没有待登记证明的销毁",
                    "no ordered destruction waits for its certificate",
                ),
                Text::new("请先发起销毁", "order the destruction first"),
            ))
        }
    }
}

fn status<'s>(
    state: &'s State,
    resource: &crate::identifier::ResourceId,
    version: &VersionId,
    context: &Context<'_>,
) -> Result<&'s VersionStatus, Refusal> {
    let resource = state.resource(resource, context)?;
    let found = resource.versions.iter().find(|candidate| candidate.id == *version);
    found.map(|version| &version.status).ok_or_else(|| {
        context
            .rules
            .unknown(&Text::new("数据版本", "version"), version.as_str())
    })
}
