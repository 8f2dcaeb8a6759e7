import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { acceptUploads, keysUnder, refuseUploads } from "./spec-bucket";
import { builderOf } from "./spec-failures";
import type { TestPlatform } from "./running-platform";

interface Report {
  readonly passed: boolean;
  readonly steps: readonly { readonly name: string; readonly ok: boolean }[];
}

/** The canary, and the limits of the function that runs code made from specs. */
export function specCanaryTests(platform: () => TestPlatform): void {
  describe("specs canary", () => {
    it("uploads, installs, imports, removes, and leaves nothing", async () => {
      const report = await platform().json<Report>(["specs", "canary"]);
      expect(report.passed).to.equal(true);
      expect(report.steps.length).to.be.greaterThan(3);
      expect(report.steps.filter(({ ok }) => !ok)).to.deep.equal([]);
      expect(await keysUnder(platform(), "canary/")).to.deep.equal([]);
    });
  });

  describe("specs canary, when the bucket refuses uploads", () => {
    it("fails at that step, shows it, and exits with 1", async () => {
      await refuseUploads(platform(), "*");
      const report = await platform()
        .json<Report>(["specs", "canary"], { code: 1 })
        .finally(() => acceptUploads(platform()));
      expect(report.passed).to.equal(false);
      expect(report.steps.find(({ ok }) => !ok)?.name).to.equal("upload a spec");
    });
  });

  describe("the function that runs code made from specs", () => {
    /** What AWS answers when the role of a function lists the buckets and reads the table. */
    const Prefix = "any/";
    const answers = async (functionName: string): Promise<string[]> => {
      const { settings, outputs, ...connection } = platform().connection();
      const { Role } = await connection
        .lambda()
        .send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
      const { Credentials } = await new STSClient(settings).send(
        new AssumeRoleCommand({ RoleArn: Role, RoleSessionName: "probe" }),
      );
      const credentials = {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      };
      const s3 = new S3Client({ ...settings, credentials, forcePathStyle: true });
      const table = new DynamoDBClient({ ...settings, credentials });
      const outcome = (call: Promise<unknown>) =>
        call.then(
          () => "allowed",
          (error: Error) => error.name,
        );
      return Promise.all([
        outcome(s3.send(new ListObjectsV2Command({ Bucket: outputs.specs.bucket, Prefix }))),
        outcome(s3.send(new ListObjectsV2Command({ Bucket: outputs.layers.artifactsBucket, Prefix }))),
        outcome(table.send(new ScanCommand({ TableName: outputs.stage.tableName, Limit: 1 }))),
      ]);
    };

    it("has a role that reaches no data, and the role of its caller reaches only specs and packages", async () => {
      const none = await answers(await builderOf(platform()));
      for (const answer of none) expect(answer).to.match(/AccessDenied/);
      const [packages, artifacts] = await answers(platform().connection().outputs.specs.handler);
      expect(packages).to.equal("allowed");
      expect(artifacts).to.match(/AccessDenied/);
    });
  });
}
