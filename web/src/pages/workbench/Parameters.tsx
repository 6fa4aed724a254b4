/** The parameters of a query with values to run it with: `$1` is the first. */
import { Button, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useFieldType } from "../../shell/release";

export type Bound = Schemas["Parameter"] & { value: string };

const TYPES = ["text", "integer", "float", "decimal", "date"];

export function Parameters({ of, onChange }: { of: Bound[]; onChange: (parameters: Bound[]) => void }) {
  const { t } = useTranslation();
  const typed = useFieldType();
  const set = (place: number, change: Partial<Bound>) =>
    onChange(of.map((bound, index) => (index === place ? { ...bound, ...change } : bound)));
  const label = (what: "name" | "type" | "value", place: number) => `$${place + 1} ${t(`workbench.parameter.${what}`)}`;
  return (
    <div className="stack">
      {of.map((bound, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a parameter is its place, which is what the query names
        <div className="bar" key={place}>
          <code className="mono">${place + 1}</code>
          <Input
            aria-label={label("name", place)}
            placeholder={t("workbench.parameter.name")}
            value={bound.name}
            onChange={({ target }) => set(place, { name: target.value })}
          />
          <Select
            aria-label={label("type", place)}
            options={TYPES.map((type) => ({ value: type, label: typed(type) }))}
            value={bound.type}
            onChange={(type) => set(place, { type })}
          />
          <Input
            aria-label={label("value", place)}
            placeholder={t("workbench.parameter.value")}
            type={bound.type === "date" ? "date" : "text"}
            value={bound.value}
            onChange={({ target }) => set(place, { value: target.value })}
          />
          <Button onClick={() => onChange(of.filter((_, index) => index !== place))}>{t("common.remove")}</Button>
        </div>
      ))}
      <div className="bar">
        <Button onClick={() => onChange([...of, { name: "", type: "text", meaning: "", example: "", value: "" }])}>
          {t("workbench.parameter.add")}
        </Button>
      </div>
    </div>
  );
}

/** As a saved query states them, with their examples as values. */
export function boundTo(parameters: Schemas["Parameter"][]): Bound[] {
  return parameters.map((parameter) => ({ ...parameter, value: parameter.example ?? "" }));
}

/** What a request states of them; the value is kept as the example that the next run begins with. */
export function stated(of: Bound[]): Schemas["Parameter"][] {
  return of.map(({ value, ...parameter }) => ({
    ...parameter,
    meaning: parameter.meaning || parameter.name,
    example: value,
  }));
}

export function valuesOf(of: Bound[]): Record<string, never> {
  return Object.fromEntries(of.map(({ name, value }) => [name, value])) as Record<string, never>;
}
