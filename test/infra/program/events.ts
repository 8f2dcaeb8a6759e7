import { expect } from "chai";
import { allowedTo, ofType, resourcesFor } from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";
import { inEachStage } from "./each-stage";
import { eventSources } from "./event-sources";

const FUNCTION = "aws:lambda/function:Function";
const RULE = "aws:cloudwatch/eventRule:EventRule";

inEachStage("the events", (_, recorded) => {
  let resources: RecordedResource[];
  before(() => {
    resources = recorded();
  });

  it("lets every event source invoke what it targets, named by its ARN", () => {
    for (const { called, qualifier, principal, source } of eventSources(resources)) {
      const permission = ofType(resources, "aws:lambda/permission:Permission").find(
        ({ inputs }) =>
          inputs["function"] === called &&
          inputs["qualifier"] === qualifier &&
          inputs["principal"] === principal &&
          String(inputs["sourceArn"]).startsWith(source),
      );
      expect(permission, `${principal} ${source} -> ${called}`).not.to.equal(undefined);
    }
    for (const { name, inputs } of ofType(resources, "aws:lambda/permission:Permission")) {
      expect(inputs["sourceArn"], name).to.be.a("string");
      if (inputs["principal"] === "s3.amazonaws.com") expect(inputs["sourceAccount"]).to.be.a("string");
    }
  });

  it("lets every rule that starts a state machine do so, and keeps what could not be delivered", () => {
    const targets = ofType(resources, "aws:cloudwatch/eventTarget:EventTarget").filter(({ inputs }) =>
      String(inputs["arn"]).includes(":stateMachine:"),
    );
    expect(targets).not.to.be.empty;
    for (const { name, inputs } of targets) {
      const can = allowedTo(resources, inputs["roleArn"]);
      expect(can, name).to.deep.equal([{ actions: ["states:StartExecution"], resources: [inputs["arn"]] }]);
      const { arn } = inputs["deadLetterConfig"] as { arn: string };
      const accepts = ofType(resources, "aws:sqs/queuePolicy:QueuePolicy").find(({ inputs: policy }) =>
        String(policy["policy"]).includes(arn),
      );
      expect(String(accepts?.inputs["policy"]), name)
        .to.include('"Service":"events.amazonaws.com"')
        .and.include(`"aws:SourceArn":"${arnOf(RULE, String(inputs["rule"]))}"`);
    }
  });

  it("keeps the events that an asynchronously called function fails to handle", () => {
    const schedules = new Set(
      ofType(resources, RULE)
        .filter(({ inputs }) => inputs["scheduleExpression"] !== undefined)
        .map(({ name }) => arnOf(RULE, name) ?? ""),
    );
    const configs = ofType(resources, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
    const sources = eventSources(resources).filter(
      ({ principal }) => principal !== "apigateway.amazonaws.com",
    );
    expect(sources).not.to.be.empty;
    for (const { called: name, qualifier, source } of sources) {
      const config = configs.find(
        ({ inputs }) => inputs["functionName"] === name && inputs["qualifier"] === qualifier,
      );
      // Only what runs again by itself may drop a run that failed.
      if (config?.inputs["maximumRetryAttempts"] === 0 && schedules.has(source)) continue;
      const destination = config?.inputs["destinationConfig"] as
        { onFailure: { destination: string } } | undefined;
      const queue = destination?.onFailure.destination;
      const role = ofType(resources, FUNCTION).find((candidate) => candidate.name === name)?.inputs["role"];
      expect(resourcesFor(allowedTo(resources, role), "sqs:SendMessage"), name).to.include(queue);
    }
  });
});
