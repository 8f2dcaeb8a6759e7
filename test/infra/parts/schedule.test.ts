import { expect } from "chai";
import { Schedule, type ScheduleArgs } from "../../../infra/parts/schedule";
import { recordComponent, testFunction, testMachine } from "../recorded-component";
import { allowedTo, named, ofType } from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";

const INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
const PERMISSION = "aws:lambda/permission:Permission";
const QUEUE = "aws:sqs/queue:Queue";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";

describe("a schedule", () => {
  const recordSchedule = (
    runs: () => ScheduleArgs["runs"],
    more: Pick<ScheduleArgs, "failed" | "input"> = {},
  ): Promise<RecordedResource[]> =>
    recordComponent(() => new Schedule("daily", { when: "rate(1 day)", runs: runs(), ...more }));

  it("calls a function at its times, once it may, and keeps the events that fail", async () => {
    const resources = await recordSchedule(testFunction);
    const rule = named(resources, RULE, "daily");
    expect(rule.inputs).to.deep.equal({ scheduleExpression: "rate(1 day)" });
    expect(rule.parent).to.equal("daily");
    expect(named(resources, PERMISSION, "daily").inputs).to.deep.equal({
      action: "lambda:InvokeFunction",
      function: "handler",
      principal: "events.amazonaws.com",
      sourceArn: arnOf(RULE, "daily"),
    });
    const { inputs, parent, dependsOn } = named(resources, TARGET, "daily");
    expect(inputs).to.deep.equal({
      rule: "daily",
      arn: arnOf("aws:lambda/function:Function", "handler"),
      input: "{}",
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 8 },
    });
    expect(parent).to.equal("daily");
    expect(dependsOn).to.deep.equal([`${PERMISSION} daily`]);
    expect(named(resources, INVOKE_CONFIG, "handler").inputs["maximumRetryAttempts"]).to.equal(2);
    named(resources, QUEUE, "handler-failed");
  });

  it("drops the events that fail where it is told to", async () => {
    const resources = await recordSchedule(testFunction, { failed: "dropped" });
    expect(named(resources, INVOKE_CONFIG, "handler").inputs["maximumRetryAttempts"]).to.equal(0);
    expect(ofType(resources, QUEUE)).to.be.empty;
  });

  it("starts a state machine with its input, and keeps what could not be delivered", async () => {
    const resources = await recordSchedule(testMachine, { input: { reason: "schedule" } });
    const machine = arnOf("aws:sfn/stateMachine:StateMachine", "machine");
    const role = arnOf("aws:iam/role:Role", "daily-role");
    const { inputs, parent } = named(resources, TARGET, "daily");
    expect(inputs).to.deep.include({
      rule: "daily",
      arn: machine,
      roleArn: role,
      input: '{"reason":"schedule"}',
      deadLetterConfig: { arn: arnOf(QUEUE, "daily-undelivered") },
    });
    expect(parent).to.equal("daily");
    expect(allowedTo(resources, role)).to.deep.equal([
      { actions: ["states:StartExecution"], resources: [machine] },
    ]);
  });
});
