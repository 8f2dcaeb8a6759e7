import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { z } from "zod";
import { trustOf } from "../../../infra/parts/grant";
import { EventBus, ruleSends } from "../../../infra/parts/event-bus";
import { EventQueue } from "../../../infra/parts/event-queue";
import { defineEvent } from "../../../runtime/contracts/events";
import { TEST_DEFAULTS, allowedBy, recordComponent, testFunction, testMachine } from "../recorded-component";
import { allowedTo, named, placesOf } from "../recorded-queries";
import { arnOf, standIn } from "../recorded-resources";

const BUS = "aws:cloudwatch/eventBus:EventBus";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const PERMISSION = "aws:lambda/permission:Permission";
const QUEUE = "aws:sqs/queue:Queue";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

const RETRY = { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 8 };

const changed = defineEvent("strata.test", "Changed", z.object({ version: z.number() }));

/** Who may send to a queue, and for which resource. */
function senderOf(policy: unknown): unknown {
  const { Statement } = JSON.parse(String(policy)) as {
    readonly Statement: readonly Record<string, unknown>[];
  };
  return Statement.map(({ Effect, Principal, Action, Resource, Condition }) => [
    Effect,
    Principal,
    Action,
    Resource,
    Condition,
  ]);
}

const sends = (rule: string, queue: string) => [
  [
    "Allow",
    { Service: "events.amazonaws.com" },
    "sqs:SendMessage",
    arnOf(QUEUE, queue),
    { ArnEquals: { "aws:SourceArn": arnOf(RULE, rule) } },
  ],
];

describe("an event bus", () => {
  it("grants putting events on it", async () => {
    let bus!: EventBus;
    const resources = await recordComponent(() => {
      bus = new EventBus("bus");
    });
    expect(placesOf(resources)).to.deep.equal([`${BUS} bus in bus`, "strata:part:EventBus bus in the stack"]);
    expect(named(resources, BUS, "bus").inputs).to.deep.equal({});
    expect(await allowedBy(bus.put())).to.deep.equal([
      { actions: ["events:PutEvents"], resources: [arnOf(BUS, "bus")] },
    ]);
  });

  it("calls a function for each event of a type, once it may, and keeps the events that fail", async () => {
    const resources = await recordComponent(() => {
      const handler = testFunction();
      expect(new EventBus("bus").on("seen", changed, handler)).to.equal(handler);
    });
    const rule = named(resources, RULE, "seen");
    expect(rule.inputs).to.deep.equal({
      eventBusName: "bus",
      eventPattern: '{"source":["strata.test"],"detail-type":["Changed"]}',
    });
    expect(rule.parent).to.equal("bus");
    expect(named(resources, PERMISSION, "seen").inputs).to.include({
      function: "handler",
      principal: "events.amazonaws.com",
      sourceArn: arnOf(RULE, "seen"),
    });
    const { inputs, parent, dependsOn } = named(resources, TARGET, "seen");
    expect(inputs).to.deep.equal({
      rule: "seen",
      eventBusName: "bus",
      arn: arnOf("aws:lambda/function:Function", "handler"),
      retryPolicy: RETRY,
    });
    expect(parent).to.equal("bus");
    expect(dependsOn).to.deep.equal([`${PERMISSION} seen`]);
    named(resources, QUEUE, "handler-failed");
  });

  it("makes a function of an inline handler", async () => {
    const resources = await recordComponent(() => {
      new EventBus("bus").on("seen", changed, {
        inline: ({ detail }) => Promise.resolve(detail.version),
        defaults: TEST_DEFAULTS,
      });
    });
    expect(named(resources, "strata:part:NodeFunction", "seen").parent).to.equal("bus");
    expect(named(resources, PERMISSION, "seen").inputs["function"]).to.equal("seen");
  });

  it("starts a state machine with an input made of the event, and keeps what could not be delivered", async () => {
    const resources = await recordComponent(() => {
      new EventBus("bus").onStart<
        { readonly reason: string; readonly version: number },
        typeof changed.detail
      >("started", changed, testMachine(), (detail) => ({ reason: "changed", version: detail.version }));
    });
    const machine = arnOf("aws:sfn/stateMachine:StateMachine", "machine");
    const role = arnOf(ROLE, "started-role");
    const { inputs, dependsOn } = named(resources, TARGET, "started");
    expect(inputs).to.deep.equal({
      rule: "started",
      eventBusName: "bus",
      arn: machine,
      roleArn: role,
      inputTransformer: {
        inputPaths: { version: "$.detail.version" },
        inputTemplate: '{"reason": "changed", "version": <version>}',
      },
      deadLetterConfig: { arn: arnOf(QUEUE, "started-undelivered") },
      retryPolicy: RETRY,
    });
    expect(dependsOn).to.deep.equal([
      `${ROLE} started-role`,
      `${POLICY} started-role`,
      `${QUEUE_POLICY} started-undelivered`,
    ]);
    expect(named(resources, ROLE, "started-role").inputs["assumeRolePolicy"]).to.equal(
      trustOf("events.amazonaws.com"),
    );
    expect(allowedTo(resources, role)).to.deep.equal([
      { actions: ["states:StartExecution"], resources: [machine] },
    ]);
    const { policy } = named(resources, QUEUE_POLICY, "started-undelivered").inputs;
    expect(senderOf(policy)).to.deep.equal(sends("started", "started-undelivered"));
    for (const type of ["strata:part:DeadLetterQueue", "strata:part:ServiceRole"]) {
      const { parent } = resources.find((each) => each.type === type) ?? {};
      expect(parent, type).to.equal("bus");
    }
  });
});

describe("a rule that sends to an event queue", () => {
  it("may send to the queue and to its failures, and to nobody else's", async () => {
    const resources = await recordComponent(() => {
      const parent = standIn(() => new pulumi.ComponentResource("test:Service", "service"));
      const rule = standIn(() => new aws.cloudwatch.EventRule("objects", {}));
      const queue = new EventQueue(
        "events",
        { notify: TEST_DEFAULTS.notify, handlerSeconds: 60, batchSize: 10, windowSeconds: 5, concurrency: 2 },
        { parent },
      );
      ruleSends("objects", rule, queue, parent);
    });
    const { inputs, parent, dependsOn } = named(resources, TARGET, "objects");
    expect(inputs).to.deep.equal({
      rule: "objects",
      arn: arnOf(QUEUE, "events"),
      deadLetterConfig: { arn: arnOf(QUEUE, "events-failed") },
      retryPolicy: RETRY,
    });
    expect(parent).to.equal("service");
    expect(dependsOn).to.deep.equal([`${QUEUE_POLICY} events`, `${QUEUE_POLICY} events-failed`]);
    for (const queue of ["events", "events-failed"]) {
      const { policy } = named(resources, QUEUE_POLICY, queue).inputs;
      expect(senderOf(policy), queue).to.deep.equal(sends("objects", queue));
    }
  });
});
