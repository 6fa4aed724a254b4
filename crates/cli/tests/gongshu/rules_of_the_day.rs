//! The rules change at midnight in Asia/Shanghai, and an audit takes each decision by the rules of its day.

use std::path::Path;
use std::sync::{Arc, Mutex};

use gongshu_app::governance::border::Region;
use gongshu_app::governance::identifier::{PartyId, PlanId};
use gongshu_app::governance::party::{Party, RegisterParty, Role};
use gongshu_app::governance::plan::DraftPlan;
use gongshu_app::governance::{Actor, Command};
use gongshu_app::ledger::note::KeyName;
use gongshu_app::ledger::{NoteSigner, Suite};
use gongshu_app::vault::{Cipher, FileKeyService, VERSION_BYTES_MAX, VaultPlace};
use gongshu_app::{AppError, Clock, District, Entropy, Opening, replay};
use jiff::Timestamp;

const NATIONAL: &str = include_str!("../../../../rules/national.toml");
/// From the year 2027 on a plan of this district has one more section.
const DISTRICT: &str = r#"
[pack]
id = "district"
title = "区规则"

[[rules."plan.sections"]]
from = "2027-01-01"
source = "论证"
article = "十章"
confidence = "L"
zh = "实施方案另有附则一章。"
en = "A plan also has a supplementary section."
[rules."plan.sections".parameters]
list = ["必要性", "可行性", "运营机构条件", "授权模式", "数据资源", "运行机制", "产品和服务", "收益", "安全", "职责", "附则"]
"#;
const BEFORE: &str = "2026-12-31T15:59:59Z";
const AFTER: &str = "2026-12-31T16:00:00Z";

/// A clock that a test sets.
#[derive(Clone)]
struct Set(Arc<Mutex<Timestamp>>);

impl Set {
    fn to(&self, instant: &str) {
        *self.0.lock().unwrap() = instant.parse().unwrap();
    }
}

impl Clock for Set {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_change_at_midnight_and_an_audit_takes_those_of_the_day() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Set(Arc::new(Mutex::new(BEFORE.parse().unwrap())));
    let packs = [NATIONAL, DISTRICT];
    let district = open(folder.path(), clock.clone(), &packs).await;
    let agency = Actor {
        party: PartyId::new("pty_agency"),
        person: None,
    };
    let act = |command| district.act(agency.clone(), command, None);
    act(register(&agency.party)).await.unwrap();
    let ten = district.rules().parameters().plan_sections.clone();
    let eleven = [ten.clone(), vec!["附则".to_owned()]].concat();
    assert!(matches!(
        act(draft("pln_1", &eleven)).await,
        Err(AppError::Refused { .. })
    ));
    act(draft("pln_1", &ten)).await.unwrap();

    clock.to(AFTER);
    let refused = act(draft("pln_2", &ten)).await.unwrap_err();
    let AppError::Refused { refusal, .. } = &refused else {
        panic!("{refused}");
    };
    assert_eq!(
        (refusal.rule.as_str(), refusal.article.as_str()),
        ("plan.sections", "十章")
    );
    act(draft("pln_2", &eleven)).await.unwrap();
    let hash = district.rules().hash().to_owned();
    drop(district);

    // Another release's packs, which say otherwise of both days.
    let other = NATIONAL.replace("\"职责\"]", "\"职责\", \"结语\"]");
    let reopened = open(folder.path(), clock, &[&other]).await;
    assert_ne!(reopened.rules().hash(), hash);
    let found = replay(reopened.store(), &[&other], &mut |_| {}).await.unwrap();
    assert_eq!((found.acts, &found.difference), (3, &None));
}

fn register(agency: &PartyId) -> Command {
    let party = Party {
        id: agency.clone(),
        role: Role::Agency,
        name: "区数据局".to_owned(),
        code: None,
        region: Region::Mainland,
    };
    Command::RegisterParty(RegisterParty {
        party,
        organization: false,
    })
}

fn draft(id: &str, sections: &[String]) -> Command {
    let text = |section: &String| (section.clone(), "见附件。".to_owned());
    Command::DraftPlan(Box::new(DraftPlan {
        id: PlanId::new(id),
        title: "授权运营实施方案".to_owned(),
        sections: sections.iter().map(text).collect(),
    }))
}

async fn open(folder: &Path, clock: Set, packs: &[&str]) -> District {
    let opening = Opening {
        name: "示范区".to_owned(),
        store_url: format!("sqlite://{}", folder.join("district.db").display()),
        vault: VaultPlace::Folder(folder.join("vault")),
        version_bytes_max: VERSION_BYTES_MAX,
        site_lock: folder.join("vault.lock"),
        saved_state: None,
        keys: Arc::new(
            FileKeyService::open_or_create(&folder.join("master.key"), Cipher::Aes256Gcm, &mut rand::rng()).unwrap(),
        ),
        packs: packs.iter().map(|&pack| pack.to_owned()).collect(),
        signer: NoteSigner::from_seed(
            Suite::International,
            KeyName::new("gongshu.example/day").unwrap(),
            &[7; 32],
        )
        .unwrap(),
        clock: Arc::new(clock),
        entropy: Entropy::from_seed(1),
        cluster: None,
        address: None,
        engine: gongshu_app::engine::Config::default(),
    };
    District::open(opening).await.unwrap()
}
