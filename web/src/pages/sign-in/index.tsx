import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Card, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { api, body, type Schemas } from "../../api/client";
import { beginSession } from "../../api/queries";
import { Page } from "../../shell/Page";
import { Problem } from "../../shell/Problem";

export default function SignIn() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const signIn = useMutation({
    mutationFn: (given: Schemas["SignIn"]) => body(api.POST("/api/v1/session", { body: given })),
    onSuccess: async (session) => {
      beginSession(client, session);
      await navigate({ to: "/market" });
    },
  });
  return (
    <Page title={t("session.title")}>
      <Card style={{ maxWidth: 420 }}>
        <Form layout="vertical" onFinish={(given: Schemas["SignIn"]) => signIn.mutate(given)}>
          <Form.Item
            name="login"
            label={t("session.login")}
            rules={[{ required: true, message: t("common.required") }]}
          >
            <Input autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item
            name="password"
            label={t("session.password")}
            rules={[{ required: true, message: t("common.required") }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <div className="stack">
            <Button type="primary" htmlType="submit" loading={signIn.isPending}>
              {t("common.signIn")}
            </Button>
            <div aria-live="polite">
              <Problem error={signIn.error} />
            </div>
            <p>{t("session.hint")}</p>
          </div>
        </Form>
      </Card>
    </Page>
  );
}
