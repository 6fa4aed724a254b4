/** A list of the chain's things as a table: one frame for all of them, which stacks on a telephone. */
import { Table, type TableProps } from "antd";
import { type Asked, Loaded } from "../../shell/Page";
import { stacked } from "../../shell/stacked";

interface Props<T> {
  of: Asked<T[]>;
  empty?: string;
  columns: NonNullable<TableProps<T>["columns"]>;
}

const PAGE = { pageSize: 20, hideOnSinglePage: true };

export function Listed<T extends { id: string }>({ of, empty, columns }: Props<T>) {
  return (
    <Loaded of={of} {...(empty ? { empty } : {})}>
      {(items) => <Table<T> size="small" rowKey="id" pagination={PAGE} dataSource={items} {...stacked<T>(columns)} />}
    </Loaded>
  );
}
