//! Acts: what a party can ask the platform to do.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::command::TITLE_EN;
use crate::text::Text;

/// Declares acts: the id of each, and what it is called in Chinese and English.
macro_rules! acts {
    ($($act:ident = $id:literal, $zh:literal, $en:literal;)*) => {
        /// Something a party can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Act {
            $(#[doc = $en] #[serde(rename = $id)] $act,)*
        }

        impl Act {
            /// Every act.
            pub const ALL: &'static [Self] = &[$(Self::$act),*];

            /// The stable id, as policies, leaves and the API write it.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$act => $id,)* }
            }

            /// The act's name in Chinese.
            #[must_use]
            pub fn zh(self) -> &'static str {
                match self { $(Self::$act => $zh,)* }
            }

            /// The act's name in English.
            #[must_use]
            pub fn en(self) -> &'static str {
                match self { $(Self::$act => $en,)* }
            }

            /// The act's name.
            #[must_use]
            pub fn name(self) -> Text {
                Text::new(self.zh(), self.en())
            }
        }
    };
}

acts! {
    RegisterParty = "party.register", "登记主体", "Register a party";
    ChangeParty = "party.change", "变更主体", "Change a party's registration";
    DeregisterParty = "party.deregister", "注销主体", "Deregister a party";
    CreatePost = "post.create", "设立岗位", "Create a post";
    ClosePost = "post.close", "撤销岗位", "Close a post";
    AppointPerson = "post.appoint", "任命人员", "Appoint a person to a post";
    DismissPerson = "post.dismiss", "免去任命", "Dismiss a person from a post";
    Delegate = "delegation.give", "委托办理", "Delegate acts of a post";
    RevokeDelegation = "delegation.revoke", "撤销委托", "Revoke a delegation";
    IssueCredential = "credential.issue", "签发接口密钥", "Issue an API key";
    RevokeCredential = "credential.revoke", "吊销接口密钥", "Revoke an API key";
    RegisterResource = "resource.register", "登记数据资源", "Register a resource";
    AmendResource = "resource.amend", "变更数据资源", "Amend a resource's catalogue entry";
    WithdrawResource = "resource.withdraw", "撤回数据资源", "Withdraw a resource";
    RegradeResource = "resource.regrade", "变更分级和放行规则", "Change levels and release rules";
    DecideRegrading = "regrading.decide", "审批放宽分级和放行规则", "Decide on looser levels and release rules";
    RecordClearance = "resource.clear", "登记专项批准", "Record a special approval of a resource";
    WithdrawClearance = "clearance.withdraw", "撤销专项批准", "Withdraw a special approval";
    RecordVersion = "version.record", "入库数据版本", "Put a data version into operation";
    OrderDestruction = "version.destroy", "销毁数据版本", "Order the destruction of a data version";
    RecordDestruction = "version.destroyed", "登记销毁证明", "Record the certificate of a destruction";
    RecordQualityCheck = "quality.check", "登记质量核查", "Record a quality check";
    OpenWorkOrder = "quality.open", "开立质量工单", "Open a quality work order";
    AnswerWorkOrder = "quality.answer", "答复质量工单", "Answer a quality work order";
    CloseWorkOrder = "quality.close", "核验质量工单", "Verify an answered work order";
    DraftPlan = "plan.draft", "起草实施方案", "Draft the implementation plan";
    RevisePlan = "plan.revise", "修订实施方案", "Revise the implementation plan";
    FormPanel = "plan.panel", "组成专家组", "Form the expert panel";
    ReformPanel = "plan.reseat", "更换专家组", "Replace the expert panel";
    OpenComment = "plan.comment", "公开征求意见", "Open the public comment";
    RecordOpinion = "plan.opinion", "登记意见", "Record an opinion";
    AnswerOpinion = "plan.answer", "答复意见", "Answer an opinion";
    ConcludeReview = "plan.conclude", "登记论证结论", "Record the conclusion of the expert review";
    DecidePlan = "plan.decide", "登记集体决策", "Record the collective decision";
    PublishPlan = "plan.publish", "公布实施方案", "Publish the implementation plan";
    AnnounceSelection = "selection.announce", "公告遴选", "Announce the selection of an operator";
    ApplySelection = "selection.apply", "报名遴选", "Apply to be selected";
    QualifyApplicant = "selection.qualify", "资格审查", "Review an applicant's qualification";
    SeatPanel = "selection.panel", "组成评审组", "Seat the scoring panel";
    ReseatPanel = "selection.reseat", "更换评审组", "Replace the scoring panel";
    WithdrawApplication = "selection.withdraw", "撤回报名", "Withdraw one's application";
    CancelSelection = "selection.cancel", "取消遴选", "Cancel a selection";
    ScoreApplicant = "selection.score", "登记评分", "Record the score sheets of an applicant";
    PublicizeCandidate = "selection.publicize", "公示候选人", "Publicize the candidate";
    ObjectSelection = "selection.object", "提出异议", "Object to the candidate";
    ResolveObjection = "selection.resolve", "答复异议", "Answer an objection to the candidate";
    ConfirmSelection = "selection.confirm", "确定运营机构", "Confirm the selected operator";
    FailSelection = "selection.fail", "登记流标", "Record that a selection has failed";
    ProposeAgreement = "agreement.propose", "拟定授权协议", "Propose an authorization agreement";
    SignAgreement = "agreement.sign", "签署授权协议", "Sign an authorization agreement";
    SealAgreement = "agreement.seal", "签章授权协议", "Sign an agreement for the agency";
    ProposeAmendment = "agreement.amend", "提出协议变更", "Propose an amendment of an agreement";
    AcceptAmendment = "agreement.accept", "签署协议变更", "Accept an amendment";
    DeclineAmendment = "agreement.decline", "不同意协议或其变更", "Decline an agreement or its amendment";
    WithdrawAmendment = "agreement.withdraw", "撤回协议或其变更", "Withdraw a proposed agreement or amendment";
    SuspendAgreement = "agreement.suspend", "暂停授权协议", "Suspend an agreement";
    ResumeAgreement = "agreement.resume", "恢复授权协议", "Resume an agreement";
    ApplyScenario = "scenario.apply", "申请场景授权", "Apply for a scenario";
    AssessRisk = "scenario.risk", "评估场景风险", "Assess the risks of a scenario";
    ObjectScenario = "scenario.object", "反对场景申请", "Object to a scenario";
    LiftObjection = "scenario.lift", "撤回反对意见", "Withdraw an objection to a scenario";
    GrantScenario = "scenario.grant", "批准场景授权", "Grant a scenario";
    ApproveResource = "approval.give", "同意资源用于场景", "Approve the use of a resource in a scenario";
    DeclineResource = "approval.decline", "不同意资源用于场景", "Decline the use of a resource in a scenario";
    FreezeScenario = "scenario.freeze", "冻结场景", "Freeze a scenario";
    ThawScenario = "scenario.thaw", "解冻场景", "Thaw a scenario";
    RefuseScenario = "scenario.refuse", "不予批准场景", "Refuse a scenario";
    WithdrawScenario = "scenario.withdraw", "撤回场景申请", "Withdraw the application for a scenario";
    NarrowScenario = "scenario.narrow", "缩小场景授权", "Narrow a scenario";
    EndScenario = "scenario.end", "终止场景授权", "End a scenario";
    EngagePartner = "partner.engage", "引入合作方", "Engage a partner";
    EndEngagement = "partner.end", "终止合作", "End the engagement of a partner";
    RegisterModel = "model.register", "登记模型", "Register a model";
    TrainModel = "model.train", "训练模型", "Train a model";
    ReviewModel = "model.review", "审查模型", "Review a model";
    SuspendModel = "model.suspend", "暂停模型", "Suspend a model";
    WithdrawModel = "model.withdraw", "撤回模型", "Withdraw a model";
    SubmitProduct = "product.submit", "提交数据产品", "Submit a product";
    ListProduct = "product.list", "上架数据产品", "List a product";
    RefuseProduct = "product.refuse", "不予上架", "Refuse to list a product";
    RetractProduct = "product.retract", "撤回产品提交", "Retract the submission of a product";
    SaveQuery = "query.save", "保存查询", "Save a query";
    RecordAttempt = "query.attempt", "记录运行尝试", "Record an attempt at the workbench";
    RunQuery = "query.run", "运行查询", "Run a query";
    SubmitOutput = "output.submit", "提交出域成果", "Submit an output for review";
    ReviewOutput = "output.review", "审查出域成果", "Review an output";
    CollectOutput = "output.collect", "领取出域成果", "Collect a released output";
    WithdrawOutput = "output.withdraw", "撤回出域成果", "Withdraw an output";
    SuspendProduct = "product.suspend", "暂停产品", "Suspend a product";
    ResumeProduct = "product.resume", "恢复产品", "Resume a product";
    WithdrawProduct = "product.withdraw", "撤回产品", "Withdraw a product";
    SetCeiling = "price.ceiling", "核定价格上限", "Set the price ceiling of a product";
    SetPrice = "price.set", "制定价格", "Set the price of a product";
    ApplyRegistration = "registration.apply", "申请登记", "Apply for a registration";
    WithdrawRegistration = "registration.withdraw", "撤回登记申请", "Withdraw the application for a registration";
    AcceptRegistration = "registration.accept", "受理登记", "Accept or return an application for a registration";
    ReviewRegistration = "registration.review", "形式审核", "Review the form of a registration";
    ObjectToRegistration = "registration.object", "提出登记异议", "Object to a registration";
    ResolveRegistrationObjection = "registration.decide", "处理登记异议", "Decide on an objection to a registration";
    AssignCode = "registration.assign", "登记赋码", "Assign the registration code";
    PrepareDisclosure = "disclosure.prepare", "编制年度披露", "Prepare the yearly disclosure";
    ReviewDisclosure = "disclosure.review", "审核年度披露", "Review the yearly disclosure";
    PublishDisclosure = "disclosure.publish", "公布年度披露", "Publish the yearly disclosure";
    FileComplaint = "complaint.file", "投诉运营机构", "File a complaint about an operator";
    AnswerComplaint = "complaint.answer", "答辩投诉", "Answer a complaint";
    DecideComplaint = "complaint.decide", "处理投诉", "Decide a complaint";
    RectifyComplaint = "complaint.rectify", "报告投诉整改", "Report what was put right";
    CloseComplaint = "complaint.close", "核验投诉整改", "Close a complaint";
    SubmitReport = "report.submit", "提交运营报告", "Submit an operating report";
    ReviewReport = "report.review", "审核运营报告", "Review an operating report";
    PermitRevenue = "revenue.permit", "核定准许收入", "Record the permitted revenue";
    SetCeilings = "price.ceilings", "统一核定价格上限", "Set the price ceilings of a period together";
    SettleRevenue = "revenue.settle", "结算期间收入", "Settle the revenue of a period";
    ClosePeriod = "books.close", "结账", "Close a month of the books";
    RecordPayment = "books.payment", "登记收款", "Record a payment";
    CreditInvoice = "books.credit", "开具红字账单", "Issue a credit note";
    RecordRefund = "books.refund", "登记退款", "Record a refund";
    PayOut = "books.payout", "支付分成", "Pay out a share";
    ReturnShare = "books.return", "登记分成退回", "Record the return of a share";
    ReverseEntry = "books.reverse", "冲正", "Reverse an entry of the books";
    HandleAlert = "alert.handle", "处置告警", "Handle an alert";
    ReportIncident = "incident.report", "报告安全事件", "Report a security incident";
    GradeIncident = "incident.grade", "重新定级", "Regrade an incident";
    FulfilDuty = "incident.fulfil", "登记义务办理", "Record a duty as done";
    RetractIncident = "incident.retract", "撤销安全事件报告", "Retract the report of an incident";
    CloseIncident = "incident.close", "办结安全事件", "Close an incident";
    OpenAssessment = "assessment.open", "启动年度评估", "Open the yearly assessment";
    ReassignAssessment = "assessment.reassign", "更换评估机构", "Reassign an assessment";
    AssessIndicators = "assessment.indicate", "评估指标", "Assess indicators";
    ConcludeAssessment = "assessment.conclude", "作出评估结论", "Conclude an assessment";
    AppealAssessment = "assessment.appeal", "申诉评估结论", "Appeal against an assessment";
    AnswerAppeal = "assessment.answer", "答复申诉", "Answer an appeal";
    RectifyAssessment = "assessment.rectify", "登记整改完成", "Record a rectification";
    OpenDispute = "dispute.open", "提出争议", "Open a dispute";
    RecordStep = "dispute.step", "登记争议进展", "Record a step of a dispute";
    MoveDispute = "dispute.move", "转入其他解决方式", "Move a dispute to another forum";
    OrderMeasure = "dispute.measure", "执行临时措施", "Order an interim measure";
    LiftMeasure = "dispute.lift", "解除临时措施", "Lift an interim measure";
    CloseDispute = "dispute.close", "办结争议", "Close a dispute";
    MakeEvidence = "evidence.make", "制作证据包", "Make an evidence package";
    RecordFile = "file.record", "上传文件", "Upload a file";
    ReadFile = "file.read", "查阅文件", "Read a file";
    RemoveFile = "file.remove", "删除文件", "Remove a file";
    EraseCalls = "calls.erase", "删除调用内容", "Erase what calls carried";
    StartExit = "exit.start", "启动退出", "Start an exit";
    PlanExit = "exit.plan", "制定退出计划", "Plan the steps of an exit";
    ReportExitStep = "exit.step", "报告退出步骤", "Report a step of an exit";
    CloseExit = "exit.close", "办结退出", "Close an exit";
    Subscribe = "subscription.open", "订购产品", "Subscribe to a product";
    Unsubscribe = "subscription.close", "退订产品", "End a subscription";
    AgreeQuota = "subscription.quota", "议定订购额度", "Agree on the quota of a subscription";
    ReportLoan = "loan.report", "登记支持贷款", "Report a supported loan";
    RecordExport = "export.record", "登记出境文件", "Record an export document";
    EndExport = "export.end", "终止出境文件", "End an export document";
    GiveConsent = "consent.give", "给予授权同意", "Give consent";
    RecordConsents = "consent.record", "批量登记授权同意", "Record consents in bulk";
    WithdrawConsent = "consent.withdraw", "撤回授权同意", "Withdraw consent";
    RecordWithdrawal = "consent.recall", "登记撤回同意", "Record a withdrawal of consent";
    CallProduct = "product.call", "调用产品", "Call a product";
    CheckQuery = "query.check", "检查查询", "Check a query";
    Watch = "feed.watch", "实时监督", "Watch live";
    TryRules = "rules.try", "试算拟议规则", "Try proposed rules";
}

impl Act {
    /// The act of this id.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.id() == id)
    }

    /// Whether the act charges somebody or moves charged money: who may is said of every party by a rule of its own
    /// (论证, opinion 4).
    #[must_use]
    pub fn charges(self) -> bool {
        matches!(
            self,
            Self::SetPrice
                | Self::ClosePeriod
                | Self::RecordPayment
                | Self::CreditInvoice
                | Self::RecordRefund
                | Self::PayOut
                | Self::ReverseEntry
        )
    }
}

/// A choice among all acts, each with its names.
impl JsonSchema for Act {
    fn schema_name() -> Cow<'static, str> {
        "Act".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let choice = |act: &Self| serde_json::json!({"const": act.id(), "title": act.zh(), TITLE_EN: act.en(), "type": "string"});
        json_schema!({"oneOf": Self::ALL.iter().map(choice).collect::<Vec<_>>()})
    }

    fn inline_schema() -> bool {
        true
    }
}
