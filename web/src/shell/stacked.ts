/** A table whose rows stand by themselves on a telephone, a line a cell, each with its column's name before it. */
import type { TableProps } from "antd";

type Columns<T> = NonNullable<TableProps<T>["columns"]>;

export function stacked<T>(columns: Columns<T>): { className: string; columns: Columns<T> } {
  const named = columns.map(({ align, ...column }) => ({
    ...column,
    // An alignment of its own would hold where a row stands by itself as well.
    ...(align === "right" ? { className: `at-end ${column.className ?? ""}` } : {}),
    onCell: () => ({ "data-label": typeof column.title === "string" ? column.title : "" }) as object,
  }));
  return { className: "stacks", columns: named };
}
