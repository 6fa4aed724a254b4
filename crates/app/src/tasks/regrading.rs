//! Levels and release rules that are to become looser: the agency decides.

use gongshu_governance::State;
use gongshu_governance::Text;
use gongshu_governance::power::Act;

use super::Task;

/// What waits for the agency.
pub(super) fn agency(state: &State) -> impl Iterator<Item = Task> {
    let waiting = state
        .resources
        .values()
        .filter(|resource| !resource.regrading.is_empty());
    waiting.map(|resource| {
        let (id, name) = (resource.registration.id.as_str(), &resource.registration.name);
        let text = Text::new(
            format!("“{name}”有字段申请放宽级别或放行规则，请审批"),
            format!("levels or release rules of `{name}` are to become looser: decide on it"),
        );
        Task::of(Act::DecideRegrading, "resource", id, name, resource.revision, text)
    })
}
