//! State: what follows from the events. Persistent maps, so that a snapshot costs nothing and the
//! next state shares all that did not change.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::Arc;

use rpds::{HashTrieMapSync, RedBlackTreeSetSync};

use crate::Context;
use crate::agreement::Agreement;
use crate::alert::Alert;
use crate::assessment::Assessment;
use crate::books::{Books, Period};
use crate::border::Export;
use crate::complaint::Complaint;
use crate::consent::{Consent, ConsentedUse};
use crate::disclosure::Disclosure;
use crate::dispute::Dispute;
use crate::erasure::Erasure;
use crate::evidence::Evidence;
use crate::exit::Exit;
use crate::file::{Document, File};
use crate::identifier::{
    AgreementId, AlertId, AssessmentId, ComplaintId, ConsentId, CredentialId, DelegationId, DisclosureId, DisputeId,
    EngagementId, ErasureId, EvidenceId, ExitId, ExportId, FileId, IncidentId, LoanId, ModelId, OutputId, PartyId,
    PeriodId, PlanId, PostId, ProductId, QueryId, RegistrationId, ReportId, ResourceId, RevenueId, ScenarioId,
    SelectionId, SubscriptionId, WorkOrderId,
};
use crate::incident::Incident;
use crate::layered::Layered;
use crate::loan::Loan;
use crate::model::Model;
use crate::output::Output;
use crate::party::{Credential, Party, Role, Standing};
use crate::plan::Plan;
use crate::post::{Delegation, Filed, Post};
use crate::product::{EngagedPartner, Product};
use crate::quality::WorkOrder;
use crate::refusal::Refusal;
use crate::registration::{Registrable, Registration};
use crate::report::OperatingReport;
use crate::resource::Resource;
use crate::revenue::Revenue;
use crate::scenario::Scenario;
use crate::selection::Selection;
use crate::subscription::Subscription;
use crate::text::Text;
use crate::workbench::{Runs, SavedQuery};

/// A map of one kind of thing.
pub type Records<K, V> = HashTrieMapSync<K, Arc<V>>;

/// The governance state of a district.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// How many events led here.
    pub sequence: u64,
    /// Parties.
    pub parties: Records<PartyId, Party>,
    /// Parties by role and code.
    pub party_by_code: HashTrieMapSync<(Role, String), PartyId>,
    /// Changes of parties, and who has left.
    pub standings: Records<PartyId, Standing>,
    /// Live credentials.
    pub credentials: Records<CredentialId, Credential>,
    /// Live credentials by the hash of their key.
    pub credential_by_hash: HashTrieMapSync<String, CredentialId>,
    /// Posts.
    pub posts: Records<PostId, Post>,
    /// Posts by party, oldest first, closed ones included.
    pub posts_by_party: HashTrieMapSync<PartyId, Arc<Vec<PostId>>>,
    /// Delegations.
    pub delegations: Records<DelegationId, Delegation>,
    /// Who filed what, by the stream of the thing.
    pub filed: HashTrieMapSync<String, Arc<Filed>>,
    /// Resources.
    pub resources: Records<ResourceId, Resource>,
    /// Work orders about the quality of data.
    pub work_orders: Records<WorkOrderId, WorkOrder>,
    /// Plans.
    pub plans: Records<PlanId, Plan>,
    /// Selections of the operator.
    pub selections: Records<SelectionId, Selection>,
    /// Agreements.
    pub agreements: Records<AgreementId, Agreement>,
    /// Scenarios.
    pub scenarios: Records<ScenarioId, Scenario>,
    /// Engagements of partners.
    pub engagements: Records<EngagementId, EngagedPartner>,
    /// Models.
    pub models: Records<ModelId, Model>,
    /// Products.
    pub products: Records<ProductId, Product>,
    /// Attempts at the workbench by party and scenario.
    pub runs: Records<(PartyId, ScenarioId), Runs>,
    /// Saved queries, each version by itself.
    pub queries: Records<QueryId, SavedQuery>,
    /// Outputs.
    pub outputs: Records<OutputId, Output>,
    /// Registrations.
    pub registrations: Records<RegistrationId, Registration>,
    /// The newest registration of each thing, without those that are cancelled.
    pub registered: HashTrieMapSync<Registrable, RegistrationId>,
    /// The newest registration of each query code.
    pub registration_by_query: HashTrieMapSync<String, RegistrationId>,
    /// Permitted revenues.
    pub revenues: Records<RevenueId, Revenue>,
    /// Closed months.
    pub periods: Records<PeriodId, Period>,
    /// Books by agreement.
    pub books: Records<AgreementId, Books>,
    /// Exits.
    pub exits: Records<ExitId, Exit>,
    /// Subscriptions.
    pub subscriptions: Records<SubscriptionId, Subscription>,
    /// The open subscription of a consumer to a product.
    pub subscription_by_use: HashTrieMapSync<(PartyId, ProductId), SubscriptionId>,
    /// Loans that products supported.
    pub loans: Records<LoanId, Loan>,
    /// Documents by which information may go abroad.
    pub exports: Records<ExportId, Export>,
    /// The same by agreement and consumer, oldest first.
    pub exports_by_use: HashTrieMapSync<(AgreementId, PartyId), Arc<Vec<ExportId>>>,
    /// Consents.
    pub consents: Layered<ConsentId, Arc<Consent>>,
    /// Consents by the subject's code, oldest first.
    pub consents_by_code: Layered<Arc<str>, Arc<Vec<ConsentId>>>,
    /// Consents that are not withdrawn, by consumer, purpose and resource.
    pub consents_by_use: HashTrieMapSync<(PartyId, String, ResourceId), RedBlackTreeSetSync<ConsentId>>,
    /// Consents, withdrawn ones included, by the SHA-256 of what proves them.
    pub consents_by_proof: HashTrieMapSync<String, RedBlackTreeSetSync<ConsentId>>,
    /// Erasures.
    pub erasures: Records<ErasureId, Erasure>,
    /// Erased calls by the index of their entry.
    pub erased: HashTrieMapSync<u64, ErasureId>,
    /// Yearly disclosures.
    pub disclosures: Records<DisclosureId, Disclosure>,
    /// Complaints about operators.
    pub complaints: Records<ComplaintId, Complaint>,
    /// Yearly operating reports.
    pub reports: Records<ReportId, OperatingReport>,
    /// Alerts.
    pub alerts: Records<AlertId, Alert>,
    /// Incidents.
    pub incidents: Records<IncidentId, Incident>,
    /// Disputes.
    pub disputes: Records<DisputeId, Dispute>,
    /// Assessments.
    pub assessments: Records<AssessmentId, Assessment>,
    /// Evidence packages.
    pub evidence: Records<EvidenceId, Evidence>,
    /// Files.
    pub files: Records<FileId, File>,
    /// Contents of files by their SHA-256.
    pub documents: Records<String, Document>,
    /// Things that ever named a SHA-256, by it, but for consents.
    pub mentions: HashTrieMapSync<String, Arc<BTreeSet<String>>>,
    /// How many events each stream has.
    pub revisions: Layered<Arc<str>, u64>,
}

macro_rules! lookups {
    ($($(#[$doc:meta])* $name:ident: $map:ident[$id:ty] -> $record:ty, $zh:literal, $en:literal;)*) => {
        impl State {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// Refuses an id that is not on record.
            pub fn $name(&self, id: &$id, context: &Context<'_>) -> Result<&$record, Refusal> {
                let record = self.$map.get(id).map(|record| &**record);
                record.ok_or_else(|| context.rules.unknown(&Text::new($zh, $en), id.as_str()))
            }
        )*}
    };
}

impl State {
    /// Whether a scenario stands under this agreement.
    #[must_use]
    pub fn is_under(&self, scenario: &ScenarioId, agreement: &AgreementId) -> bool {
        let scenario = self.scenarios.get(scenario);
        scenario.is_some_and(|scenario| scenario.application.agreement == *agreement)
    }
}

lookups! {
    /// The party of this id.
    party: parties[PartyId] -> Party, "主体", "party";
    /// The live credential of this id.
    credential: credentials[CredentialId] -> Credential, "有效密钥", "live credential";
    /// The post of this id.
    post: posts[PostId] -> Post, "岗位", "post";
    /// The delegation of this id.
    delegation: delegations[DelegationId] -> Delegation, "委托", "delegation";
    /// The resource of this id.
    resource: resources[ResourceId] -> Resource, "数据资源", "resource";
    /// The work order of this id.
    work_order: work_orders[WorkOrderId] -> WorkOrder, "工单", "work order";
    /// The plan of this id.
    plan: plans[PlanId] -> Plan, "实施方案", "plan";
    /// The selection of this id.
    selection: selections[SelectionId] -> Selection, "遴选", "selection";
    /// The agreement of this id.
    agreement: agreements[AgreementId] -> Agreement, "授权协议", "agreement";
    /// The scenario of this id.
    scenario: scenarios[ScenarioId] -> Scenario, "场景", "scenario";
    /// The model of this id.
    model: models[ModelId] -> Model, "模型", "model";
    /// The saved query of this id.
    query: queries[QueryId] -> SavedQuery, "保存的查询", "saved query";
    /// The output of this id.
    output: outputs[OutputId] -> Output, "出域成果", "output";
    /// The product of this id.
    product: products[ProductId] -> Product, "数据产品", "product";
    /// The engagement of this id.
    engagement: engagements[EngagementId] -> EngagedPartner, "合作约定", "engagement";
    /// The registration of this id.
    registration: registrations[RegistrationId] -> Registration, "登记", "registration";
    /// The permitted revenue of this id.
    revenue: revenues[RevenueId] -> Revenue, "准许收入", "permitted revenue";
    /// The closed month of this id.
    period: periods[PeriodId] -> Period, "账期", "period";
    /// The books of this agreement.
    book: books[AgreementId] -> Books, "账簿", "books";
    /// The disclosure of this id.
    disclosure: disclosures[DisclosureId] -> Disclosure, "年度披露", "disclosure";
    /// The complaint of this id.
    complaint: complaints[ComplaintId] -> Complaint, "投诉", "complaint";
    /// The operating report of this id.
    report: reports[ReportId] -> OperatingReport, "运营报告", "operating report";
    /// The alert of this id.
    alert: alerts[AlertId] -> Alert, "告警", "alert";
    /// The incident of this id.
    incident: incidents[IncidentId] -> Incident, "安全事件", "incident";
    /// The dispute of this id.
    dispute: disputes[DisputeId] -> Dispute, "争议", "dispute";
    /// The assessment of this id.
    assessment: assessments[AssessmentId] -> Assessment, "评估", "assessment";
    /// The exit of this id.
    exit: exits[ExitId] -> Exit, "退出", "exit";
    /// The subscription of this id.
    subscription: subscriptions[SubscriptionId] -> Subscription, "订购", "subscription";
    /// The document of this id by which information may go abroad.
    export: exports[ExportId] -> Export, "出境文件", "document of an export path";
    /// The file of this id.
    file: files[FileId] -> File, "文件", "file";
    /// The consent of this id.
    consent: consents[ConsentId] -> Consent, "授权同意", "consent";
}

impl State {
    /// The posts of a party that are not closed.
    pub fn open_posts(&self, party: &PartyId) -> impl Iterator<Item = &Post> {
        let ids = self.posts_by_party.get(party).map_or(&[][..], |ids| ids);
        let posts = ids.iter().filter_map(|id| self.posts.get(id)).map(|post| &**post);
        posts.filter(|post| post.closed.is_none())
    }

    /// The consents that a subject has given, oldest first, withdrawn ones included.
    pub fn consents_of(&self, code: &str) -> impl Iterator<Item = &Consent> {
        let ids = self.consents_by_code.get(code).map_or(&[][..], |ids| ids);
        ids.iter()
            .filter_map(|id| self.consents.get(id))
            .map(|consent| &**consent)
    }

    /// The consents of all subjects that cover this use, in the order of their ids.
    pub fn consents_to<'s>(&'s self, use_of: &ConsentedUse<'s>) -> impl Iterator<Item = &'s Consent> {
        let use_of = *use_of;
        let key = (
            use_of.consumer.clone(),
            use_of.purpose.to_owned(),
            use_of.resource.clone(),
        );
        let ids = self.consents_by_use.get(&key).into_iter().flatten();
        ids.filter_map(|id| self.consents.get(id))
            .map(|consent| &**consent)
            .filter(move |consent| consent.covers(&use_of))
    }

    /// The open subscription of a consumer to a product.
    #[must_use]
    pub fn open_subscription(&self, consumer: &PartyId, product: &ProductId) -> Option<&Subscription> {
        let id = self.subscription_by_use.get(&(consumer.clone(), product.clone()))?;
        self.subscriptions.get(id).map(|subscription| &**subscription)
    }

    /// The party to which a key of this hash belongs.
    #[must_use]
    pub fn party_by_key(&self, key_hash: &str) -> Option<(&Credential, &Party)> {
        let credential = self.credentials.get(self.credential_by_hash.get(key_hash)?)?;
        self.parties
            .get(&credential.party)
            .map(|party| (&**credential, &**party))
    }

    /// How many events a stream has.
    #[must_use]
    pub fn revision(&self, stream: &str) -> u64 {
        self.revisions.get(stream).copied().unwrap_or(0)
    }
}

/// Changes one record of a map, where it is there.
pub(crate) fn change<K: Hash + Eq + Clone, V: Clone>(records: &mut Records<K, V>, id: &K, edit: impl FnOnce(&mut V)) {
    if let Some(record) = records.get_mut(id) {
        edit(Arc::make_mut(record));
    }
}
