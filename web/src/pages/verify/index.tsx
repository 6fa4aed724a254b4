import { Button, Card, Form, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDistrict } from "../../api/queries";
import { Page } from "../../shell/Page";
import { type Verdict, verify } from "../../verify";
import { VerdictView } from "./VerdictView";

type Given = { text: string; key?: string; policy?: string };

export default function Verify() {
  const { t } = useTranslation();
  const district = useDistrict();
  const file = useId();
  const [form] = Form.useForm<Given>();
  const [verdict, setVerdict] = useState<Verdict>();
  const read = async (chosen: File | undefined) => {
    if (chosen) form.setFieldValue("text", await chosen.text());
  };
  const required = [{ required: true, message: t("common.required") }];
  return (
    <Page title={t("verify.title")}>
      <Card>
        <p>{t("verify.intro")}</p>
        <Form form={form} layout="vertical" onFinish={({ text, ...trust }) => setVerdict(verify(text, trust))}>
          <div className="bar">
            <label htmlFor={file}>{t("verify.file")}</label>
            <input id={file} type="file" onChange={(event) => read(event.target.files?.[0])} />
          </div>
          <Form.Item name="text" label={t("verify.text")} rules={required}>
            <Input.TextArea className="mono" rows={10} spellCheck={false} />
          </Form.Item>
          <Form.Item
            name="key"
            label={t("verify.key")}
            dependencies={["policy"]}
            rules={[({ getFieldValue }) => ({ required: !getFieldValue("policy"), message: t("common.required") })]}
          >
            <Input className="mono" spellCheck={false} />
          </Form.Item>
          <Form.Item name="policy" label={t("verify.policy")} extra={t("verify.policyHint")}>
            <Input.TextArea className="mono" rows={4} spellCheck={false} />
          </Form.Item>
          <div className="bar">
            <Button type="primary" htmlType="submit">
              {t("verify.run")}
            </Button>
            <Button onClick={() => form.setFieldValue("key", district.data?.log_key ?? "")}>
              {t("verify.fillKey")}
            </Button>
          </div>
        </Form>
        <div aria-live="polite">{verdict && <VerdictView verdict={verdict} />}</div>
      </Card>
    </Page>
  );
}
