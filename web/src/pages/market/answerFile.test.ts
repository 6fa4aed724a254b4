import { expect, it } from "vitest";
import { problemOf } from "../../api/problem";
import { readAnswer } from "./answerFile";

it("the text of an answer is kept as it came, digits included", () => {
  const text =
    '{ "id":"cal_1","answer":{"columns":[],"rows":[[9007199254740993, 1.0]],"suppressed":0},"fee":"0.00","receipt":{}}';
  expect(readAnswer(text).text).toBe(text);
});

it("what is no problem document becomes one with its status", () => {
  expect(problemOf(502, "<html>")).toMatchObject({ status: 502, code: "http" });
  expect(problemOf(0, undefined)).toMatchObject({ code: "network" });
  expect(problemOf(422, { code: "price.ceiling", detail: "…" })).toMatchObject({ code: "price.ceiling" });
});
