/** Chinese, the first language; English has the same keys (`en.ts`, checked by the compiler). */
export const zh = {
  name: "公枢",
  tagline: "公共数据资源授权运营平台",
  skip: "跳到正文",
  language: "English",
  nav: {
    label: "主导航", catalogue: "资源目录", market: "产品市场", tasks: "我的待办", chain: "授权链条", develop: "开发与检查",
    live: "实时监管", verify: "收据验证", rules: "规则依据", parties: "主体与密钥",
  },
  common: {
    signIn: "登录", signOut: "退出", submit: "提交", cancel: "取消", close: "关闭", retry: "重试", empty: "暂无内容", loading: "正在加载",
    recorded: "已记入账本，收据号 {{index}}", actions: "操作", status: "状态", from: "起始日", until: "截止日", reason: "理由", details: "详情",
    provider: "数源单位", yuan: "{{amount}} 元", free: "免费", name: "名称", search: "搜索", required: "请填写", add: "添加一项", remove: "移除",
    invalidJson: "不是有效的 JSON：{{reason}}", signInFirst: "请先登录", none: "无",
  },
  problem: { rule: "规则", source: "依据", remedy: "如何处理", location: "位置：第 {{line}} 行第 {{column}} 列", rows: "问题行", row: "第 {{line}} 行第 {{column}} 列", receipt: "拒绝收据号 {{index}}" },
  session: { title: "登录", login: "账号", password: "密码", hint: "示范账号由 make demo 列出。", as: "{{name}}（{{role}}）" },
  role: { agency: "实施机构", provider: "数源单位", operator: "运营机构", partner: "合作方", consumer: "数据使用方", subject: "数据主体", supervisor: "监管部门" },
  state: { applied: "待批准", granted: "已批准", frozen: "已冻结", proposed: "待签署", signed: "已签署", given: "已同意", declined: "不同意", waiting: "待数源单位同意", in_operation: "在用", destruction_ordered: "销毁中", destroyed: "已销毁", open: "有效", closed: "已终止", live: "有效", withdrawn: "已撤回", listed: "已上架", unlisted: "待上架" },
  priceClass: { public_governance: "公共治理（免费）", public_welfare: "公益事业（免费）", industry: "产业发展（收费）" },
  catalogue: {
    title: "资源目录", search: "按名称或单位搜索", table: "数据表", fields: "字段", versions: "版本", rows: "行数", quarantined: "隔离行", release: "释放规则", level: "安全级别", type: "类型", meaning: "含义",
    register: "登记数据资源", upload: "上传新版本", file: "数据文件", uploaded: "入库 {{rows}} 行，隔离 {{quarantined}} 行，收据号 {{index}}", destroy: "销毁版本", destroyed: "密钥已毁，数据不可恢复", source: "来源摘要 SHA-256", boundary: "使用边界", basis: "法定依据", frequency: "更新频率", contact: "联系人", area: "应用领域", summary: "说明", subjectKey: "主体标识字段", sourceSpec: "文件格式（JSON）", fieldsJson: "字段定义（JSON）",
  },
  market: {
    title: "产品市场", console: "调用台", parameters: "参数", purpose: "用途", call: "调用产品", answer: "答复", receipt: "收据", index: "收据号", fee: "费用", suppressed: "因主体数不足被抑制的单元格：{{count}}", rows: "{{count}} 行", save: "保存答复文件", verify: "在本机验证", query: "查询", price: "价格", ceiling: "价格上限", developer: "开发者", scenario: "场景", subscribe: "订购", quota: "调用额度", setCeiling: "核定价格上限", setPrice: "制定价格", list: "上架产品", basis: "测算依据", proof: "证明", openings: "承诺的开启值", available: "可调用", unavailable: "暂不可用", notYet: "调用后，答复与收据并排显示在这里。", derivation: "推导摘要", resources: "所用资源",
  },
  tasks: { title: "我的待办", empty: "没有等待您处理的事项", approve: "同意使用", decline: "不同意", grant: "批准场景", sign: "签署协议", open: "前往处理" },
  chain: {
    title: "授权链条", agreements: "授权协议", scenarios: "场景", subscriptions: "订购", consents: "授权同意", revenue: "收益", propose: "拟定协议", apply: "申请场景", give: "给予同意", withdraw: "撤回同意", freeze: "冻结场景", thaw: "解冻场景", engage: "引入合作方",
    operator: "运营机构", resources: "资源", purposes: "用途", clauses: "条款", shares: "收益分成", sharePercent: "分成（万分比）", party: "主体", agreement: "协议", priceClass: "价格类别", fields: "字段", consumerClass: "使用方范围", technique: "技术方式", outputForm: "输出形式", quota: "调用额度", consumer: "数据使用方", subject: "数据主体", calls: "已调用", charged: "已计费", received: "已收", product: "产品", approvals: "数源单位意见", partner: "合作方", liability: "连带责任协议 SHA-256", term: "期限", consentResource: "资源",
  },
  develop: { title: "开发与检查", hint: "查询在此只做信息流检查，不读取数据。", scenario: "场景", sql: "SQL 查询", check: "检查查询", passed: "检查通过", parametersJson: "参数（JSON）", subject: "数据主体参数序号（可空）", subjectResource: "主体所在资源", submit: "提交产品", name: "产品名称", summary: "产品说明" },
  live: { title: "实时监管", connected: "实时连接正常", lost: "连接中断，正在重连", refusedOnly: "只看拒绝", at: "时间", actor: "主体", event: "事项", outcome: "结果", recorded: "已记录", answered: "已答复", refused: "已拒绝", scenarios: "场景控制", feed: "动态" },
  verify: { title: "收据验证", intro: "验证在您的浏览器内完成，不联系平台。公钥应从平台以外的可信渠道取得。", text: "答复文件或收据文本", key: "账本公钥", run: "验证", ok: "验证通过", bad: "验证未通过", file: "选择文件", entry: "账本条目", position: "第 {{index}} 条，账本共 {{size}} 条（{{origin}}）", steps: "步骤", fillKey: "使用本平台公布的公钥", step: { parse: "解析", openings: "承诺", inclusion: "包含证明", checkpoint: "检查点签名", answer: "答复" } },
  rules: { title: "规则依据", id: "规则", text: "内容", source: "来源", article: "条款", confidence: "把握", parameters: "参数" },
  parties: { title: "主体与密钥", register: "登记主体", code: "统一社会信用代码", role: "角色", organization: "组织", keys: "接口密钥", issue: "签发密钥", label: "用途说明", once: "密钥只显示这一次，请立即保存：" },
};

export type Words = typeof zh;
