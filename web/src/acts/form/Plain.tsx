/** One input for one value. antd's form hands value and change handler to it. */
import { AutoComplete, Input, InputNumber, Select, Switch } from "antd";
import { FileField } from "../../files/FileField";
import { usePick } from "../../i18n";
import { instantOf, localOf } from "../../shell/time";
import type { Choice, Shape } from "./shape";
import { type Thing, useThings } from "./things";

interface Given {
  id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the form keeps values of every shape
  value?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  onChange?: (value: any) => void;
  checked?: boolean;
}

export function Plain({ shape, ...given }: Given & { shape: Shape }) {
  const things = useThings();
  const pick = usePick();
  switch (shape.kind) {
    case "number":
      return (
        <InputNumber
          {...given}
          {...(shape.min === undefined ? {} : { min: shape.min })}
          {...(shape.whole ? { precision: 0 } : {})}
          className="wide"
        />
      );
    case "boolean":
      return <Switch {...given} />;
    case "choice":
      return (
        <Select
          {...given}
          options={options(shape.choices, pick)}
          showSearch={{ optionFilterProp: "label" }}
          allowClear
        />
      );
    case "list":
      return <Several {...given} item={shape.item} things={things} />;
    case "text":
      return <Text {...given} format={shape.format} things={things(shape.format)} />;
    case "json":
    case "object":
    case "map":
    case "variants":
      return <Input.TextArea {...given} className="mono" autoSize={{ minRows: 4, maxRows: 16 }} />;
  }
}

/** Choices and things on record are picked; texts are typed. */
function Several({ item, things, ...given }: Given & { item: Shape; things: (format: string) => Thing[] }) {
  const pick = usePick();
  if (item.kind === "choice") {
    return <Select {...given} mode="multiple" options={options(item.choices, pick)} optionFilterProp="label" />;
  }
  const known = item.kind === "text" ? things(item.format) : [];
  if (known.length > 0) {
    return <Select {...given} mode="multiple" options={known} optionFilterProp="label" />;
  }
  return <Select {...given} mode="tags" open={false} tokenSeparators={[",", "，", "、"]} />;
}

function Text({ format, things, ...given }: Given & { format: string; things: Thing[] }) {
  if (format === "date") return <Input {...given} type="date" />;
  if (format === "date-time") return <Instant {...given} />;
  if (format === "file") return <FileField {...given} />;
  if (format.startsWith("id:")) {
    return <AutoComplete {...given} options={things} showSearch={{ filterOption: matches }} />;
  }
  return <Input.TextArea {...given} autoSize={{ minRows: 1, maxRows: 8 }} />;
}

/** A day and a time in Shanghai. */
function Instant({ value, onChange, ...given }: Given) {
  const change = (local: string) => onChange?.(instantOf(local));
  return (
    <Input
      {...given}
      type="datetime-local"
      value={localOf(value)}
      onChange={(event) => change(event.target.value.slice(0, 16))}
    />
  );
}

const options = (choices: Choice[], pick: ReturnType<typeof usePick>) =>
  choices.map((choice) => ({ value: choice.value, label: pick(choice.title) }));

const matches = (typed: string, thing?: Partial<Thing>) => thing?.label?.includes(typed) ?? false;
