/** The form of one command, and what came of it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { about, commandOf } from "../../acts/form/command";
import { Fields } from "../../acts/form/Fields";
import { ROOT } from "../../acts/form/place";
import { fieldsOf, type Schema } from "../../acts/form/shape";
import { act, type Schemas } from "../../api/client";
import { Paper } from "../../shell/Paper";
import { Problem } from "../../shell/Problem";

type Values = Record<string, unknown>;

/** Of a task, `of` are the ids of what it is about: they stand in the form already. */
export function CommandForm({ form, of }: { form: Schemas["ActForm"]; of: string[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const fields = useMemo(() => fieldsOf(form.schema as Schema), [form.schema]);
  const doing = useMutation({
    mutationFn: (values: Values) => act(form.command, commandOf(fields, values)),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Form
      layout="vertical"
      className="command"
      initialValues={about(fields, of)}
      onFinish={(values: Values) => doing.mutate(values)}
    >
      <Fields fields={fields} place={ROOT} />
      <Button type="primary" htmlType="submit" loading={doing.isPending}>
        {t("common.submit")}
      </Button>
      <div aria-live="polite" className="outcome">
        <Problem error={doing.error} />
        {doing.data && <Alert type="success" showIcon title={<Done done={doing.data} />} />}
      </div>
    </Form>
  );
}

/** The receipt's number, and the id of what is new. */
function Done({ done }: { done: Schemas["ActResponse"] }) {
  const { t } = useTranslation();
  return (
    <>
      {t("common.recorded", { index: done.receipt.index })}
      {done.id && <span className="mono"> {done.id}</span>}
      {done.notice && <Paper of="acts" id={String(done.receipt.index)} />}
    </>
  );
}
