import { expect } from "chai";
import { context, fields, inputTransformer, isPath, pathsOf, textOf } from "../../../infra/parts/json-path";

interface State {
  readonly recorded: { readonly value: { readonly publish?: { readonly region: string } } };
  readonly tables: number;
}

const at = pathsOf<State>();

describe("JSON paths", () => {
  it("name what lies in a document", () => {
    expect(textOf(at)).to.equal("$");
    expect(textOf(at.recorded.value.publish.region)).to.equal("$.recorded.value.publish.region");
    expect(textOf(pathsOf<State>("$.detail").tables)).to.equal("$.detail.tables");
    expect(textOf(context.Execution.Name)).to.equal("$$.Execution.Name");
  });

  it("are told from other values", () => {
    expect(isPath(at.tables)).to.equal(true);
    for (const value of ["$.tables", 1, null, undefined, {}]) expect(isPath(value)).to.equal(false);
  });

  it("are marked in what a state machine puts together", () => {
    expect(fields<{ count: number; kind: string }>({ count: at.tables, kind: "build" })).to.deep.equal({
      "count.$": "$.tables",
      kind: "build",
    });
  });

  it("are the inputs of what EventBridge puts together", () => {
    const given = inputTransformer<{ count: number; kind: string; on: boolean }>({
      count: at.tables,
      kind: 'a "build"',
      on: true,
    });
    expect(given).to.deep.equal({
      inputPaths: { count: "$.tables" },
      inputTemplate: '{"count": <count>, "kind": "a \\"build\\"", "on": true}',
    });
  });
});
