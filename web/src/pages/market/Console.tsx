/** Calls a product and shows the answer beside its receipt. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { call, type Schemas } from "../../api/client";
import { Problem } from "../../shell/Problem";
import { AnswerView, ReceiptView } from "./Answer";
import { type AnswerFile, readAnswer } from "./answerFile";

type Given = { purpose: string; parameters: Record<string, string> };

export function Console({ product }: { product: Schemas["Product"] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const calling = useMutation({
    mutationFn: async ({ purpose, parameters = {} }: Given): Promise<AnswerFile> =>
      readAnswer(await call(product.id, { purpose, parameters }, newKey())),
    // Totals have moved; the form stays as it is.
    onSettled: () => client.invalidateQueries({ queryKey: ["subscriptions"] }),
  });
  const initial = {
    purpose: product.scenario.purpose,
    parameters: Object.fromEntries(product.parameters.map((parameter) => [parameter.name, parameter.example])),
  };
  return (
    <Card title={<h2>{t("market.console")}</h2>}>
      <Form layout="vertical" initialValues={initial} onFinish={(given: Given) => calling.mutate(given)}>
        <div className="bar" style={{ alignItems: "flex-end" }}>
          {product.parameters.map((parameter) => (
            <Form.Item
              key={parameter.name}
              name={["parameters", parameter.name]}
              label={`${parameter.meaning}${t("marks.open")}${parameter.name}${t("marks.close")}`}
              rules={[{ required: true, message: t("common.required") }]}
            >
              <Input type={parameter.type === "date" ? "date" : "text"} />
            </Form.Item>
          ))}
          <Form.Item name="purpose" label={t("market.purpose")}>
            <Input />
          </Form.Item>
          <Form.Item>
            <Button type="primary" htmlType="submit" loading={calling.isPending}>
              {t("market.call")}
            </Button>
          </Form.Item>
        </div>
      </Form>
      <div aria-live="polite">
        <Problem error={calling.error} />
        {calling.data ? (
          <div className="halves">
            <section aria-labelledby="answer">
              <h3 id="answer">{t("market.answer")}</h3>
              <AnswerView file={calling.data} />
            </section>
            <section aria-labelledby="receipt">
              <h3 id="receipt">{t("market.receipt")}</h3>
              <ReceiptView file={calling.data} />
            </section>
          </div>
        ) : (
          !calling.error && <p>{t("market.notYet")}</p>
        )}
      </div>
    </Card>
  );
}

/** A key of this call: pressing twice is a new call, a lost answer fetched again is not. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
