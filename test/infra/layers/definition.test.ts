import { expect } from "chai";
import type { z } from "zod";
import { factoryDefinition } from "../../../infra/layers/definition";
import {
  type FieldsOf,
  type Paths,
  fields,
  inputTransformer,
  pathsOf,
  textOf,
} from "../../../infra/parts/json-path";
import type { EnvironmentOf } from "../../../infra/parts/service-functions";
import { call } from "../../../infra/parts/state-machine-steps";
import type { catalogChanged } from "../../../runtime/contracts/catalog";
import { eventOf } from "../../../runtime/contracts/events";
import {
  type Batch,
  type PublishPayload,
  type RecordAnswer,
  type RecordPayload,
  type RunInput,
  type Work,
  layerPublished,
  type recordEnvironment,
} from "../../../runtime/contracts/layers";

interface Definition {
  readonly StartAt: string;
  readonly States: Record<string, Record<string, unknown>>;
}

const arn = (name: string) => ({ arn: `arn:${name}` });
const definition = factoryDefinition({
  functions: {
    plan: arn("plan"),
    sign: arn("sign"),
    compare: arn("compare"),
    gather: arn("gather"),
    record: arn("record"),
    publish: arn("publish"),
    announce: arn("announce"),
  },
  builders: new Map([
    ["3.12-x86_64", arn("x86_64")],
    ["3.12-arm64", arn("arm64")],
  ]),
  buildConcurrency: 7,
  publishConcurrency: 10,
}) as unknown as Definition;

const state = (name: string, within = definition) => within.States[name] ?? {};
const childrenOf = (map: string, within = definition) => state(map, within)["ItemProcessor"] as Definition;

describe("the state machine that builds layers", () => {
  it("plans, resolves batches, gathers what changed, builds and publishes it, and announces it", () => {
    const order: string[] = [];
    for (let name: string | undefined = definition.StartAt; name !== undefined;) {
      order.push(name);
      const { Next, Default } = state(name) as { readonly Next?: string; readonly Default?: string };
      name = Next ?? Default;
    }
    expect(order).to.deep.equal([
      ...["Plan", "Resolve batches", "Gather", "Anything to do", "Build layers", "Announce"],
    ]);
    expect(state("Anything to do")["Choices"]).to.deep.equal([
      { Variable: "$.count", NumericEquals: 0, Next: "Announce" },
    ]);
  });

  it("sends each batch and each item to the builder of its Python and architecture", () => {
    for (const [map, verb] of [
      ["Resolve batches", "Resolve"],
      ["Build layers", "Build"],
    ] as const) {
      const children = childrenOf(map);
      expect(state(`${verb} with`, children)["Choices"]).to.deep.equal([
        { Variable: "$.builder", StringEquals: "3.12-x86_64", Next: `${verb} 3.12-x86_64` },
        { Variable: "$.builder", StringEquals: "3.12-arm64", Next: `${verb} 3.12-arm64` },
      ]);
      expect(state(`${verb} 3.12-arm64`, children)["Parameters"]).to.deep.equal({
        FunctionName: "arn:arm64",
        "Payload.$": "$.request.value",
      });
    }
  });

  it("publishes what was recorded in each of its regions, and notes the ones that refuse", () => {
    const children = childrenOf("Build layers");
    expect(state("Accept artifact", children)["Parameters"]).to.deep.equal({
      FunctionName: "arn:record",
      Payload: { operation: "accept-artifact", "item.$": "$", "answer.$": "$.answer.value" },
    });
    const publish = state("Publish regions", children);
    expect(publish).to.deep.include({ ItemsPath: "$.recorded.value.publish", MaxConcurrency: 10 });
    const { States } = childrenOf("Publish regions", children);
    expect(States["Note refusal"]?.["Parameters"]).to.deep.equal({
      FunctionName: "arn:record",
      Payload: { operation: "note-refusal", "publication.$": "$", "error.$": "$.error" },
    });
  });

  it("closes the record of a run that fails as a whole, and then fails", () => {
    for (const name of ["Resolve batches", "Gather", "Build layers"]) {
      const [handled] = state(name)["Catch"] as { readonly Next: string }[];
      expect(handled?.Next, name).to.equal("Close failed run");
    }
    expect(state("Close failed run")["Next"]).to.equal("Failed");
    expect(state("Failed")).to.deep.include({ Type: "Fail", ErrorPath: "$.error.Error" });
  });
});

/** Each line after `@ts-expect-error` must not compile: the static checks fail when it does. */
describe("the contract between the state machine and its functions", () => {
  const item = pathsOf<Work & { readonly recorded: { readonly value: RecordAnswer } }>();
  const batch = pathsOf<Batch>();

  it("has the paths of answers", () => {
    expect(textOf(item.recorded.value.publish)).to.equal("$.recorded.value.publish");
    // @ts-expect-error: the answer of the record function has no such field
    const answer: unknown = item.recorded.value.publications;
    // @ts-expect-error: the plan's answer has a `batchesKey`, a batch has none
    const key: unknown = batch.batchesKey;
    expect([answer, key]).to.have.length(2);
  });

  it("has the fields of payloads, with what they hold", () => {
    const good: FieldsOf<RecordPayload<"list-publications">> = { operation: "list-publications", item };
    expect(fields(good)).to.deep.equal({ operation: "list-publications", "item.$": "$" });
    // @ts-expect-error: the record function knows no such operation
    const operation: FieldsOf<RecordPayload<"publish-list">> = { operation: "publish-list", item };
    const field: FieldsOf<RecordPayload<"list-publications">> = {
      operation: "list-publications",
      // @ts-expect-error: the field is called `item`
      work: item,
    };
    const wrong: FieldsOf<RecordPayload<"list-publications">> = {
      operation: "list-publications",
      // @ts-expect-error: a batch is no item of work
      item: batch,
    };
    // @ts-expect-error: what is published in one region has a region
    const region = call<PublishPayload>("arn", { payload: item });
    expect([operation, field, wrong, region]).to.have.length(4);
  });

  it("has what events tell", () => {
    type Detail = Paths<z.output<typeof catalogChanged.detail>>;
    const started = ({ version }: Detail): FieldsOf<RunInput> => ({
      reason: "catalog",
      catalogVersion: version,
    });
    expect(inputTransformer(started(pathsOf("$.detail"))).inputPaths).to.deep.equal({
      catalogVersion: "$.detail.version",
    });
    // @ts-expect-error: the event tells the version as `version`
    const detail = ({ catalogVersion }: Detail) => catalogVersion as unknown;
    // @ts-expect-error: a run is started with `catalogVersion`
    const input = ({ version }: Detail): FieldsOf<RunInput> => ({ version });
    // @ts-expect-error: the event of a layer version has more than its ARN
    const published = () => eventOf(layerPublished, { arn: "arn" });
    expect([detail, input, published]).to.have.length(3);
  });

  it("has the variables that functions read", () => {
    type Variables = EnvironmentOf<typeof recordEnvironment>;
    const good: Variables = { TABLE_NAME: "t", ARTIFACTS_BUCKET: "b", REGIONS: "[]" };
    // @ts-expect-error: REGIONS is missing
    const missing: Variables = { TABLE_NAME: "t", ARTIFACTS_BUCKET: "b" };
    // @ts-expect-error: the function reads no BUS_NAME
    const unread: Variables = { ...good, BUS_NAME: "bus" };
    expect([missing, unread]).to.have.length(2);
  });
});
