import { expect } from "chai";
import { trustOf } from "../../../infra/parts/grant";
import { StateMachine, type StateMachineArgs } from "../../../infra/parts/state-machine";
import { TEST_DEFAULTS, allowedBy, recordComponent, testFunction } from "../recorded-component";
import { allowedTo, named, placesOf, resourcesFor } from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";

const LOGS = "aws:cloudwatch/logGroup:LogGroup";
const MACHINE = "aws:sfn/stateMachine:StateMachine";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const ROLE = "aws:iam/role:Role";

const role = arnOf(ROLE, "build-role");
const machineArn = arnOf(MACHINE, "build");
const functionArn = arnOf("aws:lambda/function:Function", "handler");

describe("a state machine", () => {
  let machine: StateMachine;
  const recordMachine = (more: Partial<StateMachineArgs> = {}): Promise<RecordedResource[]> =>
    recordComponent(() => {
      const handler = testFunction();
      machine = new StateMachine("build", {
        ...TEST_DEFAULTS,
        definition: { StartAt: "Plan", States: { Plan: { Resource: handler.arn } } },
        can: [handler.invoke()],
        ...more,
      });
    });

  it("has a role, an error log without data, and tracing of its own", async () => {
    const resources = await recordMachine();
    expect(placesOf(resources)).to.deep.equal([
      `${LOGS} build in build`,
      `${ROLE} build-role in build-role`,
      `${POLICY} build-role in build-role`,
      `${MACHINE} build in build`,
      "strata:part:ServiceRole build-role in build",
      "strata:part:StateMachine build in the stack",
    ]);
    expect(named(resources, LOGS, "build").inputs).to.deep.equal({
      namePrefix: "/aws/vendedlogs/states/build-",
      retentionInDays: 14,
    });
    expect(named(resources, ROLE, "build-role").inputs["assumeRolePolicy"]).to.equal(
      trustOf("states.amazonaws.com"),
    );
    const { inputs, dependsOn } = named(resources, MACHINE, "build");
    expect(inputs).to.deep.equal({
      roleArn: role,
      definition: JSON.stringify({ StartAt: "Plan", States: { Plan: { Resource: functionArn } } }),
      loggingConfiguration: {
        level: "ERROR",
        includeExecutionData: false,
        logDestination: `${arnOf(LOGS, "build") ?? ""}:*`,
      },
      tracingConfiguration: { enabled: true },
    });
    expect(dependsOn).to.deep.equal([`${ROLE} build-role`, `${POLICY} build-role`]);
  });

  it("may log, trace, and do what it is granted", async () => {
    expect(allowedTo(await recordMachine(), role)).to.deep.equal([
      {
        actions: [
          "logs:CreateLogDelivery",
          "logs:GetLogDelivery",
          "logs:UpdateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:DescribeResourcePolicies",
          "logs:DescribeLogGroups",
        ],
        resources: ["*"],
      },
      {
        actions: [
          "xray:PutTraceSegments",
          "xray:PutTelemetryRecords",
          "xray:GetSamplingRules",
          "xray:GetSamplingTargets",
        ],
        resources: ["*"],
      },
      { actions: ["lambda:InvokeFunction"], resources: [functionArn] },
    ]);
  });

  it("may start, watch and stop executions of itself where it has a distributed Map", async () => {
    const resources = await recordMachine({ distributed: true });
    expect(named(resources, POLICY, "build-children").parent).to.equal("build-role");
    const can = allowedTo(resources, role);
    expect(resourcesFor(can, "states:StartExecution")).to.deep.equal([machineArn]);
    const executions = "arn:aws:states:us-east-1:123456789012:execution:build";
    for (const action of ["states:DescribeExecution", "states:StopExecution"]) {
      expect(resourcesFor(can, action), action).to.deep.equal([`${executions}/*:*`, `${executions}:*`]);
    }
  });

  it("grants starting executions", async () => {
    await recordMachine();
    expect(await allowedBy(machine.start())).to.deep.equal([
      { actions: ["states:StartExecution"], resources: [machineArn] },
    ]);
    expect(machine.notify).to.equal(TEST_DEFAULTS.notify);
  });
});
