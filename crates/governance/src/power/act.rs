//! Acts: what a party can ask the platform to do.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Declares acts with their ids.
macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident = $id:literal, $zh:literal;)*) => {
        /// Something a party can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Act {
            $($(#[$doc])* #[serde(rename = $id)] $act,)*
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
        }
    };
}

acts! {
    /// Put a party on record.
    RegisterParty = "party.register", "登记主体";
    /// Change what is on record of a party.
    ChangeParty = "party.change", "变更主体";
    /// Take a party off the register.
    DeregisterParty = "party.deregister", "注销主体";
    /// Create a post.
    CreatePost = "post.create", "设立岗位";
    /// Close a post.
    ClosePost = "post.close", "撤销岗位";
    /// Appoint a person to a post.
    AppointPerson = "post.appoint", "任命人员";
    /// Dismiss a person from a post.
    DismissPerson = "post.dismiss", "免去任命";
    /// Delegate acts of one's post.
    Delegate = "delegation.give", "委托办理";
    /// Revoke a delegation.
    RevokeDelegation = "delegation.revoke", "撤销委托";
    /// Issue a machine credential to one's own party.
    IssueCredential = "credential.issue", "签发接口密钥";
    /// Revoke a machine credential.
    RevokeCredential = "credential.revoke", "吊销接口密钥";
    /// Register a resource.
    RegisterResource = "resource.register", "登记数据资源";
    /// Change what a resource's entry says.
    AmendResource = "resource.amend", "变更数据资源";
    /// Withdraw a resource.
    WithdrawResource = "resource.withdraw", "撤回数据资源";
    /// Change levels and release rules of a resource's columns.
    RegradeResource = "resource.regrade", "变更分级和放行规则";
    /// Decide on what is to become looser.
    DecideRegrading = "regrading.decide", "审批放宽分级和放行规则";
    /// Put an approval on record that a resource needs.
    RecordClearance = "resource.clear", "登记专项批准";
    /// Put on record that an approval was taken back.
    WithdrawClearance = "clearance.withdraw", "撤销专项批准";
    /// Put an ingested version into operation.
    RecordVersion = "version.record", "入库数据版本";
    /// Order the destruction of a version.
    OrderDestruction = "version.destroy", "销毁数据版本";
    /// Record that a version's key is gone.
    RecordDestruction = "version.destroyed", "登记销毁证明";
    /// Put a check of the quality of data on record.
    RecordQualityCheck = "quality.check", "登记质量核查";
    /// Open a work order about the quality of data.
    OpenWorkOrder = "quality.open", "开立质量工单";
    /// Answer a work order.
    AnswerWorkOrder = "quality.answer", "答复质量工单";
    /// Close a work order.
    CloseWorkOrder = "quality.close", "核验质量工单";
    /// Draft a plan.
    DraftPlan = "plan.draft", "起草实施方案";
    /// Revise a plan.
    RevisePlan = "plan.revise", "修订实施方案";
    /// Form the panel that reviews a plan.
    FormPanel = "plan.panel", "组成专家组";
    /// Form another panel in its place.
    ReformPanel = "plan.reseat", "更换专家组";
    /// Ask the public.
    OpenComment = "plan.comment", "公开征求意见";
    /// Put an opinion on record.
    RecordOpinion = "plan.opinion", "登记意见";
    /// Answer an opinion.
    AnswerOpinion = "plan.answer", "答复意见";
    /// Conclude the expert review.
    ConcludeReview = "plan.conclude", "登记论证结论";
    /// Put the collective decision on record.
    DecidePlan = "plan.decide", "登记集体决策";
    /// Publish a plan.
    PublishPlan = "plan.publish", "公布实施方案";
    /// Announce the selection of an operator.
    AnnounceSelection = "selection.announce", "公告遴选";
    /// Apply to be selected.
    ApplySelection = "selection.apply", "报名遴选";
    /// Decide whether an applicant qualifies.
    QualifyApplicant = "selection.qualify", "资格审查";
    /// Seat the panel that scores.
    SeatPanel = "selection.panel", "组成评审组";
    /// Seat another panel before it scores.
    ReseatPanel = "selection.reseat", "更换评审组";
    /// Take one's application to be the operator back.
    WithdrawApplication = "selection.withdraw", "撤回报名";
    /// Cancel a selection, or set aside a winner who does not sign.
    CancelSelection = "selection.cancel", "取消遴选";
    /// Record the score sheets of an applicant.
    ScoreApplicant = "selection.score", "登记评分";
    /// Show the public who is to be the operator.
    PublicizeCandidate = "selection.publicize", "公示候选人";
    /// Object to the candidate.
    ObjectSelection = "selection.object", "提出异议";
    /// Answer an objection.
    ResolveObjection = "selection.resolve", "答复异议";
    /// Confirm the selected operator.
    ConfirmSelection = "selection.confirm", "确定运营机构";
    /// Close a selection that has come to nothing.
    FailSelection = "selection.fail", "登记流标";
    /// Propose an agreement to an operator.
    ProposeAgreement = "agreement.propose", "拟定授权协议";
    /// Sign a proposed agreement.
    SignAgreement = "agreement.sign", "签署授权协议";
    /// Sign the text of an agreement for the agency.
    SealAgreement = "agreement.seal", "签章授权协议";
    /// Propose other terms of an agreement.
    ProposeAmendment = "agreement.amend", "提出协议变更";
    /// Accept an amendment.
    AcceptAmendment = "agreement.accept", "签署协议变更";
    /// Decline an amendment, or a proposed agreement.
    DeclineAmendment = "agreement.decline", "不同意协议或其变更";
    /// Withdraw one's own amendment, or one's proposed agreement.
    WithdrawAmendment = "agreement.withdraw", "撤回协议或其变更";
    /// Suspend an agreement.
    SuspendAgreement = "agreement.suspend", "暂停授权协议";
    /// Resume a suspended agreement.
    ResumeAgreement = "agreement.resume", "恢复授权协议";
    /// Apply for a scenario under an agreement.
    ApplyScenario = "scenario.apply", "申请场景授权";
    /// Assess the risks of a scenario.
    AssessRisk = "scenario.risk", "评估场景风险";
    /// Object to a scenario.
    ObjectScenario = "scenario.object", "反对场景申请";
    /// Take an objection back.
    LiftObjection = "scenario.lift", "撤回反对意见";
    /// Grant a scenario.
    GrantScenario = "scenario.grant", "批准场景授权";
    /// Approve the use of one's resource in a scenario.
    ApproveResource = "approval.give", "同意资源用于场景";
    /// Decline the use of one's resource in a scenario.
    DeclineResource = "approval.decline", "不同意资源用于场景";
    /// Freeze a scenario.
    FreezeScenario = "scenario.freeze", "冻结场景";
    /// Thaw a frozen scenario.
    ThawScenario = "scenario.thaw", "解冻场景";
    /// Refuse to grant a scenario.
    RefuseScenario = "scenario.refuse", "不予批准场景";
    /// Take an application for a scenario back.
    WithdrawScenario = "scenario.withdraw", "撤回场景申请";
    /// Narrow a granted scenario.
    NarrowScenario = "scenario.narrow", "缩小场景授权";
    /// End a granted scenario.
    EndScenario = "scenario.end", "终止场景授权";
    /// Engage a partner for a scenario.
    EngagePartner = "partner.engage", "引入合作方";
    /// End the engagement of a partner.
    EndEngagement = "partner.end", "终止合作";
    /// Register a version of a model.
    RegisterModel = "model.register", "登记模型";
    /// Train a version of a model inside the domain.
    TrainModel = "model.train", "训练模型";
    /// Review a model.
    ReviewModel = "model.review", "审查模型";
    /// Suspend a model.
    SuspendModel = "model.suspend", "暂停模型";
    /// Withdraw a model.
    WithdrawModel = "model.withdraw", "撤回模型";
    /// Submit a product for listing.
    SubmitProduct = "product.submit", "提交数据产品";
    /// List a submitted product.
    ListProduct = "product.list", "上架数据产品";
    /// Refuse to list a submitted product.
    RefuseProduct = "product.refuse", "不予上架";
    /// Take a submission back.
    RetractProduct = "product.retract", "撤回产品提交";
    /// Save a version of a query.
    SaveQuery = "query.save", "保存查询";
    /// Put the beginning or the refusal of an attempt at the workbench on record.
    RecordAttempt = "query.attempt", "记录运行尝试";
    /// Run a query at the workbench.
    RunQuery = "query.run", "运行查询";
    /// Submit an output for review.
    SubmitOutput = "output.submit", "提交出域成果";
    /// Review an output.
    ReviewOutput = "output.review", "审查出域成果";
    /// Collect a released output.
    CollectOutput = "output.collect", "领取出域成果";
    /// Take an output back.
    WithdrawOutput = "output.withdraw", "撤回出域成果";
    /// Suspend a listed product.
    SuspendProduct = "product.suspend", "暂停产品";
    /// Resume a suspended product.
    ResumeProduct = "product.resume", "恢复产品";
    /// Withdraw a listed product.
    WithdrawProduct = "product.withdraw", "撤回产品";
    /// Set the ceiling of a product's price.
    SetCeiling = "price.ceiling", "核定价格上限";
    /// Set a product's price.
    SetPrice = "price.set", "制定价格";
    /// Apply for a registration.
    ApplyRegistration = "registration.apply", "申请登记";
    /// Take the application for a registration back.
    WithdrawRegistration = "registration.withdraw", "撤回登记申请";
    /// Accept an application for a registration.
    AcceptRegistration = "registration.accept", "受理登记";
    /// Review the form of a registration.
    ReviewRegistration = "registration.review", "形式审核";
    /// Object to a registration.
    ObjectToRegistration = "registration.object", "提出登记异议";
    /// Decide on an objection.
    ResolveRegistrationObjection = "registration.decide", "处理登记异议";
    /// Give a registration its code.
    AssignCode = "registration.assign", "登记赋码";
    /// Make the yearly disclosure.
    PrepareDisclosure = "disclosure.prepare", "编制年度披露";
    /// Review a disclosure.
    ReviewDisclosure = "disclosure.review", "审核年度披露";
    /// Publish a reviewed disclosure.
    PublishDisclosure = "disclosure.publish", "公布年度披露";
    /// Record the permitted revenue of a period.
    PermitRevenue = "revenue.permit", "核定准许收入";
    /// Set the ceilings of a period's products together.
    SetCeilings = "price.ceilings", "统一核定价格上限";
    /// Settle a period's revenue.
    SettleRevenue = "revenue.settle", "结算期间收入";
    /// Close a month of the books.
    ClosePeriod = "books.close", "结账";
    /// Record a consumer's payment.
    RecordPayment = "books.payment", "登记收款";
    /// Take back an invoice, or part of it.
    CreditInvoice = "books.credit", "开具红字账单";
    /// Record a refund to a consumer.
    RecordRefund = "books.refund", "登记退款";
    /// Pay a party its share.
    PayOut = "books.payout", "支付分成";
    /// Record what a party has given back of its share.
    ReturnShare = "books.return", "登记分成退回";
    /// Reverse an entry of the books that was recorded by mistake.
    ReverseEntry = "books.reverse", "冲正";
    /// Say what came of an alert.
    HandleAlert = "alert.handle", "处置告警";
    /// Report an incident or a drill.
    ReportIncident = "incident.report", "报告安全事件";
    /// Grade an incident again.
    GradeIncident = "incident.grade", "重新定级";
    /// Record that a duty was done.
    FulfilDuty = "incident.fulfil", "登记义务办理";
    /// Say that what was reported is no incident.
    RetractIncident = "incident.retract", "撤销安全事件报告";
    /// Close an incident.
    CloseIncident = "incident.close", "办结安全事件";
    /// Open the assessment of a year.
    OpenAssessment = "assessment.open", "启动年度评估";
    /// Give an assessment to another assessor.
    ReassignAssessment = "assessment.reassign", "更换评估机构";
    /// Record what was found of indicators.
    AssessIndicators = "assessment.indicate", "评估指标";
    /// Conclude an assessment.
    ConcludeAssessment = "assessment.conclude", "作出评估结论";
    /// Appeal against an assessment.
    AppealAssessment = "assessment.appeal", "申诉评估结论";
    /// Answer an appeal.
    AnswerAppeal = "assessment.answer", "答复申诉";
    /// Record that what failed is put right.
    RectifyAssessment = "assessment.rectify", "登记整改完成";
    /// Open a dispute.
    OpenDispute = "dispute.open", "提出争议";
    /// Record a step of a dispute.
    RecordStep = "dispute.step", "登记争议进展";
    /// Bring a dispute before another forum.
    MoveDispute = "dispute.move", "转入其他解决方式";
    /// Freeze a scenario by an interim measure.
    OrderMeasure = "dispute.measure", "执行临时措施";
    /// Lift an interim measure.
    LiftMeasure = "dispute.lift", "解除临时措施";
    /// Close a dispute.
    CloseDispute = "dispute.close", "办结争议";
    /// Make an evidence package.
    MakeEvidence = "evidence.make", "制作证据包";
    /// Put a file on record.
    RecordFile = "file.record", "上传文件";
    /// Read a file.
    ReadFile = "file.read", "查阅文件";
    /// Remove a file that nothing names.
    RemoveFile = "file.remove", "删除文件";
    /// Delete what calls carried.
    EraseCalls = "calls.erase", "删除调用内容";
    /// Start the exit from an agreement.
    StartExit = "exit.start", "启动退出";
    /// Give each step of an exit an owner and a day.
    PlanExit = "exit.plan", "制定退出计划";
    /// Report a step of an exit as done.
    ReportExitStep = "exit.step", "报告退出步骤";
    /// Close an exit with its report.
    CloseExit = "exit.close", "办结退出";
    /// Subscribe to a product.
    Subscribe = "subscription.open", "订购产品";
    /// End a subscription.
    Unsubscribe = "subscription.close", "退订产品";
    /// Propose another quota of a subscription, or agree to it.
    AgreeQuota = "subscription.quota", "议定订购额度";
    /// Report a loan that a product supported.
    ReportLoan = "loan.report", "登记支持贷款";
    /// Put the document on record by which information may go abroad.
    RecordExport = "export.record", "登记出境文件";
    /// End the validity of such a document.
    EndExport = "export.end", "终止出境文件";
    /// Consent to a use of one's information.
    GiveConsent = "consent.give", "给予授权同意";
    /// Put consents on record that a consumer has gathered.
    RecordConsents = "consent.record", "批量登记授权同意";
    /// Withdraw a consent.
    WithdrawConsent = "consent.withdraw", "撤回授权同意";
    /// Record that a subject has withdrawn its consent by other means.
    RecordWithdrawal = "consent.recall", "登记撤回同意";
    /// Call a product.
    CallProduct = "product.call", "调用产品";
    /// Ask whether a query may run.
    CheckQuery = "query.check", "检查查询";
    /// Watch the live feed of acts and calls.
    Watch = "feed.watch", "实时监督";
    /// Ask which decisions on record a proposed rule pack would change.
    TryRules = "rules.try", "试算拟议规则";
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

/// A choice among all acts, each with its Chinese name.
impl JsonSchema for Act {
    fn schema_name() -> Cow<'static, str> {
        "Act".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let choice = |act: &Self| serde_json::json!({"const": act.id(), "title": act.zh(), "type": "string"});
        json_schema!({"oneOf": Self::ALL.iter().map(choice).collect::<Vec<_>>()})
    }

    fn inline_schema() -> bool {
        true
    }
}
