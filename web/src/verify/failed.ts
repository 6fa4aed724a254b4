/** Why something does not verify: the codes of `docs/spec/ledger.md`, with words for whoever holds the file. */

export interface Text {
  zh: string;
  en: string;
}
export type StepId = "parse" | "checkpoint" | "witnesses" | "inclusion" | "openings" | "answer";

const AGAIN: Text = {
  zh: "请重新保存原始文件，编辑器可能改动过它",
  en: "save the file again as it was received; an editor may have changed it",
};
const KEY: Text = {
  zh: "请核对公钥是否为该区公布的账本公钥",
  en: "check that the key is the one the district publishes for this log",
};
const WAIT: Text = {
  zh: "请稍后重新获取收据：见证方可能尚未联署；长期不足的，请向监管部门反映",
  en: "get the receipt again later: witnesses may not have cosigned yet; if they stay away, tell the supervisor",
};
const REPORT: Text = {
  zh: "请勿采信该文件，向运营机构重新索取收据",
  en: "do not rely on this file; ask the operator for the receipt again",
};
const RECEIVED: Text = {
  zh: "请勿采信该答复，以随收据收到的答复为准",
  en: "do not rely on this answer; use the one received with the receipt",
};

const WORDS: Record<string, [Text, Text]> = {
  "answer.too-large": [{ zh: "文件过大", en: "the file is too large" }, AGAIN],
  "answer.malformed": [{ zh: "这不是答复文件", en: "the file is no answer file" }, AGAIN],
  "receipt.malformed": [{ zh: "收据格式不正确", en: "the receipt cannot be read" }, AGAIN],
  "receipt.no-entry": [{ zh: "收据中没有账本条目", en: "the receipt does not hold the entry that it proves" }, AGAIN],
  "receipt.wrong-log": [{ zh: "收据属于另一个账本", en: "the receipt is of another log" }, KEY],
  "receipt.wrong-key": [{ zh: "检查点不是由该公钥签名", en: "the checkpoint is not signed by this key" }, KEY],
  "receipt.bad-signature": [{ zh: "检查点的签名不正确", en: "the signature of the checkpoint does not match" }, REPORT],
  "receipt.too-few-witnesses": [
    { zh: "联署的见证方不足信任策略所要求的数目", en: "fewer witnesses have cosigned than the policy asks for" },
    WAIT,
  ],
  "receipt.index-outside-log": [{ zh: "收据号超出账本范围", en: "the index is outside the log" }, REPORT],
  "receipt.proof-mismatch": [
    { zh: "条目或证明被改动，不在账本所述位置", en: "the entry is not in the log where the receipt says" },
    REPORT,
  ],
  "answer.entry-malformed": [{ zh: "账本条目不是规范的 JSON", en: "the entry is no canonical JSON" }, REPORT],
  "answer.unknown-commitment": [
    { zh: "文件开启了条目中没有的承诺", en: "the file opens a commitment that the entry does not have" },
    REPORT,
  ],
  "answer.commitment-mismatch": [{ zh: "开启值与承诺不符", en: "an opening does not fit its commitment" }, REPORT],
  "answer.not-opened": [{ zh: "答复没有与收据相连的开启值", en: "nothing ties the answer to the receipt" }, RECEIVED],
  "answer.missing": [{ zh: "开启了答复的承诺，但文件中没有答复", en: "the answer is missing" }, RECEIVED],
  "answer.altered": [
    { zh: "答复与记录不同：已被改动", en: "the answer is not the one that was recorded: it was altered" },
    RECEIVED,
  ],
  "policy.malformed": [
    { zh: "信任策略格式不正确", en: "the trust policy cannot be read" },
    { zh: "请使用监管部门公布的策略文件原文", en: "use the policy file as its publisher gives it" },
  ],
  "policy.unsuitable-key": [{ zh: "公钥格式不正确", en: "the key is no log's key" }, KEY],
};

/** A failed check. */
export class Failed extends Error {
  readonly code: string;
  readonly step: StepId;

  constructor(code: string, step: StepId) {
    super(code);
    this.code = code;
    this.step = step;
  }

  /** What is wrong, and what to do. */
  get text(): Text {
    const [what, remedy] = WORDS[this.code] ?? [{ zh: this.code, en: this.code }, REPORT];
    return { zh: `${what.zh}。${remedy.zh}`, en: `${what.en}; ${remedy.en}` };
  }
}
