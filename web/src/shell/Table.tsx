/** A table of things on record: its rows stand by themselves on a telephone. What a query gives scrolls instead. */
import { Table as Frame, type TableProps } from "antd";
import { stacked } from "./stacked";

export function Table<T extends object>({ columns = [], ...props }: TableProps<T>) {
  return <Frame<T> {...props} {...stacked<T>(columns)} />;
}

/** The sums below a table. */
export const { Summary } = Frame;
