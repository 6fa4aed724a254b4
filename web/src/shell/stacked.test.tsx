import { Table } from "antd";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { stacked } from "./stacked";

it("each cell of a stacked table names its column, for where there is no head", () => {
  const columns = stacked<{ id: string; name: string }>([
    { title: "名称", dataIndex: "name" },
    { title: "状态", render: () => "生效" },
  ]);
  const page = renderToStaticMarkup(<Table {...columns} rowKey="id" dataSource={[{ id: "1", name: "核验" }]} />);
  expect(page).toContain("stacks");
  expect(page).toMatch(/<td[^>]*data-label="名称"[^>]*>核验<\/td>/);
  expect(page).toMatch(/<td[^>]*data-label="状态"[^>]*>生效<\/td>/);
});
