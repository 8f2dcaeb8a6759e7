import type * as pulumi from "@pulumi/pulumi";
import { Api } from "../../infra/api";
import { Foundation, type FoundationArgs } from "../../infra/foundation";
import { type Grant, policyOf } from "../../infra/parts/grant";
import type { ServiceDefaults, FunctionSettings } from "../../infra/parts/lambda-function";
import { NodeFunction } from "../../infra/parts/node-function";
import { StateMachine } from "../../infra/parts/state-machine";
import type { Shared } from "../../infra/shared";
import { type Statement, statementsOf } from "./recorded-queries";
import { type RecordedResource, arnOf, record, standIn } from "./recorded-resources";

/** What functions of a component under test have in common. */
export const TEST_DEFAULTS: ServiceDefaults = {
  logRetentionDays: 14,
  notify: arnOf("aws:sns/topic:Topic", "alarms") ?? "",
};

/**
 * Builds one part or one component alone under mocks, in milliseconds.
 *
 * @returns the resources that were made. Those of stand-ins such as `testShared()` are not among them.
 */
export async function recordComponent(build: () => unknown): Promise<RecordedResource[]> {
  const { resources } = await record("test", {}, () => void build());
  return resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");
}

/**
 * What a stage gives to all of its services: one region, two Pythons on one architecture, tools on the host, and nothing on a
 * schedule. The table is `strata-table`, the bus `strata-bus`, the bucket of artifacts `strata-artifacts`, and the API is at
 * `https://api.mock`. To be called while a component is built.
 *
 * @param stage what the stage sets for the foundation.
 */
export function testShared(
  changes: Partial<Omit<Shared, "foundation">> = {},
  stage: Partial<FoundationArgs> = {},
): Shared {
  const { regions = ["us-east-1"] } = changes;
  const args: FoundationArgs = { regions, retainData: false, tlsOnly: true, ...stage };
  return {
    stage: "test",
    regions,
    pythons: ["3.12", "3.13"],
    architectures: ["x86_64"],
    schedules: false,
    foundation: standIn(() => new Foundation("strata", args)),
    functions: TEST_DEFAULTS,
    api: standIn(() => new Api("api", { functions: TEST_DEFAULTS })),
    toolSource: () => ({ kind: "host" }),
    ...changes,
  };
}

/** A function for parts that call one: `<name>`, which the caller adds permissions to. To be called while a part is built. */
export function testFunction(name = "handler", settings: Partial<FunctionSettings> = {}): NodeFunction {
  return standIn(() => new NodeFunction(name, { ...TEST_DEFAULTS, entry: "catalog/load", ...settings }));
}

/** A state machine for parts that start one: `machine`. To be called while a part is built. */
export function testMachine(): StateMachine {
  return standIn(() => new StateMachine("machine", { ...TEST_DEFAULTS, definition: {}, can: [] }));
}

/** What an output of a recorded component has come to. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

/** What a role allows that is given these grants. */
export async function allowedBy(...grants: readonly Grant[]): Promise<Statement[]> {
  return statementsOf(await valueOf(policyOf(grants)));
}
