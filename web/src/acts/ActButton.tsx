/** A button that does a governance act, after a form where the act needs one. Shown to those who may do it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, type ButtonProps, Form, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { act } from "../api/client";
import { useMay } from "../api/queries";
import { Problem } from "../shell/Problem";
import { type Field, FieldInput } from "./fields";

type Values = Record<string, unknown>;

interface Props {
  /** Id of the act, as the session lists it. */
  act: string;
  /** Name of the command. */
  command: string;
  title: string;
  /** Members that the form does not ask for. */
  of?: Values;
  fields?: Field[];
  initial?: Values;
  /** What the form's values become in the command. */
  build?: (values: Values) => Values;
  /** The revision that the actor sees: two people acting at once are told. */
  revision?: number;
  danger?: boolean;
  kind?: ButtonProps["type"];
}

/** An act that says why. */
export function ReasonedAct(props: Omit<Props, "fields">) {
  const { t } = useTranslation();
  return <ActButton {...props} fields={[{ kind: "text", name: "reason", label: t("common.reason") }]} />;
}

export function ActButton(props: Props) {
  const may = useMay(props.act);
  const [open, setOpen] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button type={props.kind ?? "default"} danger={props.danger ?? false} onClick={() => setOpen(true)}>
        {props.title}
      </Button>
      {open && <ActForm {...props} close={() => setOpen(false)} />}
    </>
  );
}

function ActForm({
  command,
  title,
  of = {},
  fields = [],
  initial = {},
  build,
  revision,
  close,
}: Props & { close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const values = (Form.useWatch([], form) as Values | undefined) ?? initial;
  const doing = useMutation({
    mutationFn: (given: Values) => act(command, { ...of, ...(build ? build(given) : given) }, revision),
    onSuccess: async (done) => {
      message.success(t("common.recorded", { index: done.receipt.index }));
      await client.invalidateQueries();
      close();
    },
  });
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("common.submit")}
      cancelText={t("common.cancel")}
      confirmLoading={doing.isPending}
      width={fields.length > 4 ? 760 : 520}
    >
      <Form form={form} layout="vertical" initialValues={initial} onFinish={(given) => doing.mutate({ ...given })}>
        {fields.map((field) => (
          <FieldInput key={field.name} field={field} values={values} />
        ))}
      </Form>
      <div aria-live="polite">
        <Problem error={doing.error} />
      </div>
    </Modal>
  );
}
