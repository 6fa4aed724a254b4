/** Asks for any number of items, each with a key where they make a map. */
import { Button, Form } from "antd";
import { useTranslation } from "react-i18next";
import { Parts } from "./Fields";
import { Plain } from "./Plain";
import { below, item, type Place } from "./place";
import type { Shape } from "./shape";

export function Repeated({ shape, place, keyed }: { shape: Shape; place: Place; keyed: boolean }) {
  const { t } = useTranslation();
  return (
    <Form.List name={place.near}>
      {(items, { add, remove }) => (
        <>
          {items.map(({ key, name }, at) => (
            <fieldset className="group" key={key}>
              <legend>{t("acts.item", { number: at + 1 })}</legend>
              {keyed ? (
                <Pair shape={shape} place={item(place, name)} />
              ) : (
                <Part shape={shape} place={item(place, name)} />
              )}
              <Button onClick={() => remove(name)}>{t("common.remove")}</Button>
            </fieldset>
          ))}
          <Button onClick={() => add()}>{t("common.add")}</Button>
        </>
      )}
    </Form.List>
  );
}

/** The keys of maps are ids or names on record. */
function Pair({ shape, place }: { shape: Shape; place: Place }) {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name={below(place, "key").near}
        label={t("acts.key")}
        rules={[{ required: true, message: t("common.required") }]}
      >
        <Plain shape={{ kind: "text", format: "id:" }} />
      </Form.Item>
      <Part shape={shape} place={below(place, "value")} />
    </>
  );
}

function Part({ shape, place }: { shape: Shape; place: Place }) {
  const { t } = useTranslation();
  if (shape.kind === "object" || shape.kind === "variants" || shape.kind === "map") {
    return <Parts shape={shape} place={place} optional={false} />;
  }
  return (
    <Form.Item name={place.near} label={t("acts.value")}>
      <Plain shape={shape} />
    </Form.Item>
  );
}
