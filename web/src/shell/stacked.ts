/** A table whose rows stand by themselves on a telephone, a line a cell, each with its column's name before it. */
import type { TableProps } from "antd";

type Columns<T> = NonNullable<TableProps<T>["columns"]>;

export function stacked<T>(columns: Columns<T>): { className: string; columns: Columns<T> } {
  const named = columns.map((column) => ({
    ...column,
    onCell: () => ({ "data-label": typeof column.title === "string" ? column.title : "" }) as object,
  }));
  return { className: "stacks", columns: named };
}
