/** A table of values. */
import { Table } from "antd";

export function Rows({ names, rows }: { names: string[]; rows: unknown[][] }) {
  const shown = (value: unknown) => (value === null || value === undefined ? "—" : String(value));
  return (
    <Table
      size="small"
      rowKey={(row) => String(rows.indexOf(row))}
      dataSource={rows}
      pagination={{ pageSize: 10, hideOnSinglePage: true }}
      scroll={{ x: "max-content" }}
      columns={names.map((name, at) => ({
        title: name,
        key: name,
        render: (_: unknown, row: unknown[]) => shown(row[at]),
      }))}
    />
  );
}
