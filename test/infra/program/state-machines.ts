import validate from "asl-validator";
import { expect } from "chai";
import { ERROR_NAMES } from "../../../runtime/shared/errors";
import type { RecordedResource } from "../recorded-resources";
import { inEachStage } from "./each-stage";
import { allowedTo, ofType, resourcesFor } from "../recorded-queries";

/** Errors that Step Functions and its Lambda integration raise themselves. */
const PLATFORM_ERRORS = [
  "States.ALL",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
];

/** Every value under a key, at any depth. */
function valuesOf(key: string, within: unknown): unknown[] {
  if (typeof within !== "object" || within === null) return [];
  return Object.entries(within).flatMap(([name, value]: [string, unknown]) => [
    ...(name === key ? [value] : []),
    ...valuesOf(key, value),
  ]);
}

const isSmall = (end: unknown): boolean => end === "$.Payload" || JSON.stringify(end).length < 40;

inEachStage("the state machines", (_, recorded) => {
  let resources: RecordedResource[];
  before(() => {
    resources = recorded();
  });

  const machines = () =>
    ofType(resources, "aws:sfn/stateMachine:StateMachine").map(({ name, inputs }) => ({
      name,
      inputs,
      definition: JSON.parse(String(inputs["definition"])) as unknown,
      can: allowedTo(resources, inputs["roleArn"]),
    }));

  it("are valid Amazon States Language", () => {
    expect(machines()).not.to.be.empty;
    for (const { name, definition } of machines()) {
      const { isValid, errorsText } = validate(definition);
      expect(isValid, `${name}: ${errorsText("\n")}`).to.equal(true);
    }
  });

  it("catch and retry only errors that exist", () => {
    for (const { definition } of machines()) {
      const caught = valuesOf("ErrorEquals", definition).flat();
      expect(caught).to.include("UpstreamError");
      for (const error of caught) expect([...PLATFORM_ERRORS, ...ERROR_NAMES]).to.include(error);
    }
  });

  it("end each item of a distributed Map with something small", () => {
    const maps = machines().flatMap(({ definition }) => valuesOf("ItemProcessor", definition));
    const distributed = maps.filter((map) => JSON.stringify(map).includes('"DISTRIBUTED"'));
    expect(distributed).not.to.be.empty;
    for (const map of distributed) {
      const { States } = map as { States: Record<string, Record<string, unknown>> };
      const ends = Object.entries(States).filter(([, state]) => state["End"] === true);
      expect(ends).not.to.be.empty;
      // A function's own answer, or nothing: never the state that the item went through with.
      for (const [name, state] of ends)
        expect(state["OutputPath"] ?? state["Result"], name).to.satisfy(isSmall);
    }
  });

  it("may invoke exactly the functions they call", () => {
    for (const { name, definition, can } of machines()) {
      const called = [...new Set(valuesOf("FunctionName", definition))].sort();
      expect(called, name).not.to.be.empty;
      expect(resourcesFor(can, "lambda:InvokeFunction"), name).to.deep.equal(called);
    }
  });

  it("may read what their Maps read and run their own children, and nothing else", () => {
    for (const { name, can } of machines()) {
      const account = "us-east-1:123456789012";
      const executions = `arn:aws:states:${account}:execution:${name}`;
      expect(resourcesFor(can, "states:StartExecution")).to.deep.equal([
        `arn:aws:states:${account}:stateMachine:${name}`,
      ]);
      for (const action of ["states:DescribeExecution", "states:StopExecution"]) {
        expect(resourcesFor(can, action)).to.deep.equal([`${executions}/*:*`, `${executions}:*`]);
      }
      const [lists, ...others] = resourcesFor(can, "s3:GetObject");
      expect(lists, name).to.match(/^arn:aws:s3:::strata-artifacts\/runs\/.*\*$/);
      expect(others, name).to.be.empty;
      const services = can.flatMap(({ actions }) => actions.map((action) => action.split(":")[0] ?? ""));
      expect([...new Set(services)].sort()).to.deep.equal(["lambda", "logs", "s3", "states", "xray"]);
    }
  });

  it("log errors, trace, and each has a role of its own", () => {
    for (const { inputs } of machines()) {
      expect(inputs["tracingConfiguration"]).to.deep.equal({ enabled: true });
      expect(inputs["loggingConfiguration"]).to.deep.include({ level: "ERROR" });
    }
    const roles = machines().map(({ inputs }) => inputs["roleArn"]);
    expect(new Set(roles).size).to.equal(roles.length);
  });
});
