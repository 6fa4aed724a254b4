//! Posts of the demo: a provider's head decides on uses of its data, and has the clerk do it for a month.

use std::collections::BTreeSet;

use anyhow::Result;
use gongshu_app::governance::Command;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::identifier::{DelegationId, PostId};
use gongshu_app::governance::post::{AppointPerson, CreatePost, Delegate};
use gongshu_app::governance::power::Act;
use jiff::ToSpan;

use super::steps::Story;

const PARTY: &str = "market";
const HEAD: &str = "market-head";
/// What the head decides; the clerk does the rest.
const DECIDED: [Act; 2] = [Act::ApproveResource, Act::DeclineResource];

impl Story {
    /// Creates two posts, fills them, and delegates from one to the holder of the other.
    pub(super) async fn posts(&mut self) -> Result<()> {
        let party = self.actor(PARTY)?.party;
        let role = self
            .district
            .snapshot()
            .state
            .parties
            .get(&party)
            .map(|party| party.role);
        let all = role.map_or_else(Vec::new, |role| self.district.powers().acts_of(&party, role));
        let clerk = all.into_iter().filter(|act| !DECIDED.contains(act)).collect();
        let clerk = self.post("数据管理岗", clerk).await?;
        self.appoint(clerk, PARTY, "数据管理员").await?;
        let head = self.post("分管领导", DECIDED.into()).await?;
        self.appoint(head.clone(), HEAD, "分管负责人").await?;
        let from = day_of(self.district.now());
        let given = Delegate {
            id: DelegationId::new(self.district.new_id(DelegationId::PREFIX)),
            post: head,
            to: self.person_of(PARTY)?,
            name: "数据管理员".to_owned(),
            acts: DECIDED.into(),
            things: BTreeSet::new(),
            from,
            until: from.saturating_add(29.days()),
            reason: "分管负责人外出学习".to_owned(),
        };
        let what = "委托数据管理员办理资源使用审批，为期 30 天";
        self.act(HEAD, what, Command::Delegate(Box::new(given))).await?;
        Ok(())
    }

    async fn post(&mut self, name: &str, acts: BTreeSet<Act>) -> Result<PostId> {
        let id = PostId::new(self.district.new_id(PostId::PREFIX));
        let created = Command::CreatePost(CreatePost {
            id: id.clone(),
            party: self.actor(PARTY)?.party,
            name: name.to_owned(),
            acts,
        });
        self.act(PARTY, &format!("设立岗位“{name}”"), created).await?;
        Ok(id)
    }

    async fn appoint(&mut self, post: PostId, login: &str, name: &str) -> Result<()> {
        let appointed = Command::AppointPerson(AppointPerson {
            post,
            person: self.person_of(login)?,
            name: name.to_owned(),
            from: day_of(self.district.now()),
            until: None,
        });
        self.act(PARTY, &format!("任命{name}"), appointed).await?;
        Ok(())
    }
}
