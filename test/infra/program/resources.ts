import { expect } from "chai";
import { tableDefinition } from "../../../runtime/contracts/table";
import { ofType } from "../recorded-queries";
import type { RecordedResource } from "../recorded-resources";
import { inEachStage } from "./each-stage";

const FUNCTION = "aws:lambda/function:Function";

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

inEachStage("the resources", (stage, recorded) => {
  let resources: RecordedResource[];
  before(() => {
    resources = recorded();
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
    for (const { type, name, inputs } of resources) {
      const tags = UNTAGGABLE.test(type) ? undefined : { project: "strata", stage };
      expect(inputs["tags"], `${type} ${name}`).to.deep.equal(tags);
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
