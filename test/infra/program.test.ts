import { expect } from "chai";
import { tableDefinition } from "../../runtime/contracts/table";
import { takesTags } from "../../stacks/tags";
import { eventSources } from "./recorded-event-sources";
import { STAGES, recordProgram } from "./recorded-program";
import { type RecordedResource, arnOf } from "./recorded-resources";
import { allowedTo, ofType, resourcesFor, statementsOf } from "./recorded-queries";

const FUNCTION = "aws:lambda/function:Function";

/** Actions that AWS takes no resource name for. */
const NAMELESS =
  /^(lambda:List(LayerVersions|Layers)|xray:(Put|Get)\w+|logs:(Create|Get|Update|Delete|List)LogDeliver(y|ies)|logs:PutResourcePolicy|logs:Describe(ResourcePolicies|LogGroups))$/;

/** Types that have no tags; any other must be tagged. */
const UNTAGGABLE = new RegExp(
  [
    "^(strata|pulumi|awsx):",
    "^aws:s3/bucket(Versioning|ServerSideEncryptionConfiguration|PublicAccessBlock|OwnershipControls|Policy|LifecycleConfiguration|Notification):",
    "^aws:(iam/rolePolicy|lambda/permission|lambda/functionEventInvokeConfig|lambda/alias|cloudwatch/eventTarget|sqs/queuePolicy):",
    "^aws:(sns/topicPolicy|sns/topicSubscription|secretsmanager/secretVersion):",
    "^aws:(apigatewayv2/(integration|route)|ecr/(lifecycle|repository)Policy):",
  ].join("|"),
);

for (const stage of STAGES) {
  describe(`the whole program of stage ${stage}`, () => {
    let resources: RecordedResource[];
    before(async function () {
      this.timeout(60_000);
      resources = await recordProgram(stage);
    });

    it("gives no role a `*` action, and a `*` resource only where AWS takes no name", () => {
      const policies = ofType(resources, "aws:iam/rolePolicy:RolePolicy");
      expect(policies).not.to.be.empty;
      for (const { name, inputs } of policies) {
        for (const { actions, resources: on } of statementsOf(inputs["policy"])) {
          for (const action of actions) {
            expect(action, name).to.match(/^[a-z0-9]+:[A-Za-z0-9]+$/);
            if (on.includes("*")) expect(action, name).to.match(NAMELESS);
          }
        }
      }
      // Nothing comes to a role by another way.
      expect(resources.filter(({ type }) => /^aws:iam\/(?!role:|rolePolicy:)/.test(type))).to.be.empty;
      for (const { name, inputs } of ofType(resources, "aws:iam/role:Role")) {
        expect(inputs, name).to.have.all.keys("assumeRolePolicy", "tags");
      }
    });

    it("keeps every role's policies within what IAM takes", () => {
      const lengths = new Map<unknown, number>();
      for (const { inputs } of ofType(resources, "aws:iam/rolePolicy:RolePolicy")) {
        const length = String(inputs["policy"]).length;
        lengths.set(inputs["role"], (lengths.get(inputs["role"]) ?? 0) + length);
      }
      // 10,240 characters a role; physical names are up to eight longer than here.
      for (const [role, length] of lengths) expect(length, String(role)).to.be.below(8500);
    });

    it("gives every child a parent", () => {
      const names = new Set(resources.map(({ name }) => name));
      for (const { type, name, parent } of resources) {
        const atTop = type === "pulumi:pulumi:Stack" || type.startsWith("strata:service:");
        if (!atTop) expect(names.has(parent ?? ""), `${type} ${name}`).to.equal(true);
      }
    });

    it("gives every function a role, a log group with retention, and tracing of its own", () => {
      const functions = ofType(resources, FUNCTION);
      const logs = new Map(
        ofType(resources, "aws:cloudwatch/logGroup:LogGroup").map((log) => [log.name, log.inputs]),
      );
      const roles = functions.map(({ inputs }) => inputs["role"]);
      expect(new Set(roles).size).to.equal(functions.length);
      for (const { name, inputs } of functions) {
        const { logGroup } = inputs["loggingConfig"] as { logGroup: string };
        expect(logs.get(logGroup)?.["retentionInDays"], name).to.be.a("number");
        expect(inputs["tracingConfig"], name).to.deep.equal({ mode: "Active" });
      }
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
      expect(targets.length).to.equal(stage === "dev" || stage === "prod" ? 3 : 1);
      for (const { name, inputs } of targets) {
        const can = allowedTo(resources, inputs["roleArn"]);
        expect(can, name).to.deep.equal([{ actions: ["states:StartExecution"], resources: [inputs["arn"]] }]);
        const { arn } = inputs["deadLetterConfig"] as { arn: string };
        const accepts = ofType(resources, "aws:sqs/queuePolicy:QueuePolicy").find(({ inputs: policy }) =>
          String(policy["policy"]).includes(arn),
        );
        expect(String(accepts?.inputs["policy"]), name)
          .to.include('"Service":"events.amazonaws.com"')
          .and.include(
            `"aws:SourceArn":"${arnOf("aws:cloudwatch/eventRule:EventRule", String(inputs["rule"]))}"`,
          );
      }
    });

    it("keeps the events that an asynchronously called function fails to handle", () => {
      const kept = ofType(resources, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
      const called = eventSources(resources).filter(
        ({ principal }) => principal !== "apigateway.amazonaws.com",
      );
      expect(called).not.to.be.empty;
      // The next canary makes up for one that failed.
      for (const { called: name, qualifier } of called.filter((each) => each.called !== "specs-canary")) {
        const config = kept.find(
          ({ inputs }) => inputs["functionName"] === name && inputs["qualifier"] === qualifier,
        );
        const destination = config?.inputs["destinationConfig"] as
          { onFailure: { destination: string } } | undefined;
        const queue = destination?.onFailure.destination;
        const role = ofType(resources, FUNCTION).find((candidate) => candidate.name === name)?.inputs["role"];
        expect(resourcesFor(allowedTo(resources, role), "sqs:SendMessage"), name).to.include(queue);
      }
    });

    it("tells each function only of what its grants cover", () => {
      const data = resources.filter(({ type }) => /^aws:.*:(Bucket|Table|EventBus|Secret)$/.test(type));
      let told = 0;
      for (const { name, inputs } of ofType(resources, FUNCTION)) {
        const environment = inputs["environment"] as { variables?: Record<string, string> } | undefined;
        const words = Object.values(environment?.variables ?? {}).flatMap((value) => value.split(/[^\w-]+/));
        const granted = allowedTo(resources, inputs["role"]).flatMap((statement) => statement.resources);
        for (const { type, name: known } of data.filter((candidate) => words.includes(candidate.name))) {
          const arn = arnOf(type, known) ?? "";
          expect(
            granted.some((resource) => resource === arn || resource.startsWith(`${arn}/`)),
            `${name} on ${known}`,
          ).to.equal(true);
          told += 1;
        }
      }
      expect(told).to.be.greaterThan(10);
    });

    it("gives the functions that run strangers' code no access to anything but logs and traces", () => {
      const tools = ofType(resources, FUNCTION).filter(({ name }) => /-builder-|^specs-build$/.test(name));
      expect(tools.length).to.equal(5);
      for (const { name, inputs } of tools) {
        const services = allowedTo(resources, inputs["role"]).flatMap(({ actions }) =>
          actions.map((action) => action.split(":")[0]),
        );
        expect([...new Set(services)].sort(), name).to.deep.equal(["logs", "xray"]);
        expect(inputs["environment"], name).to.equal(undefined);
      }
    });

    it("makes the table with the keys, indexes and expiry that the model has", () => {
      const [table, ...others] = ofType(resources, "aws:dynamodb/table:Table");
      expect(others).to.be.empty;
      expect(table?.inputs).to.deep.include({
        hashKey: tableDefinition.partitionKey,
        rangeKey: tableDefinition.sortKey,
        attributes: tableDefinition.attributes,
        ttl: { enabled: true, attributeName: tableDefinition.timeToLive },
        pointInTimeRecovery: { enabled: true },
      });
      const indexes = table?.inputs["globalSecondaryIndexes"] as {
        name: string;
        hashKey: string;
        rangeKey: string;
      }[];
      expect(
        indexes.map(({ name, hashKey, rangeKey }) => ({ name, partitionKey: hashKey, sortKey: rangeKey })),
      ).to.deep.equal(tableDefinition.indexes);
    });

    it("tags what takes tags with project and stage", () => {
      const taggable = resources.filter(({ type }) => !UNTAGGABLE.test(type));
      for (const { type } of taggable) expect(takesTags(type), type).to.equal(true);
      for (const { name, inputs } of taggable) {
        expect(inputs["tags"], name).to.deep.equal({ project: "strata", stage });
      }
    });

    it("keeps every bucket private, encrypted and on TLS", () => {
      for (const { name } of ofType(resources, "aws:s3/bucket:Bucket")) {
        const about = (type: string) =>
          ofType(resources, type).find(({ inputs }) => inputs["bucket"] === name)?.inputs;
        expect(about("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).to.include({
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        });
        const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
        expect(about(type)).not.to.equal(undefined);
        const policy = about("aws:s3/bucketPolicy:BucketPolicy")?.["policy"];
        // The emulator speaks plain HTTP on loopback.
        if (stage === "local") expect(policy).to.equal(undefined);
        else expect(policy).to.match(/"Effect":"Deny".*"aws:SecureTransport":"false"/);
      }
    });
  });
}
