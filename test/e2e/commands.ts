import {
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import type { Connection } from "../../tasks/platform/connection";
import { type TestPlatform, eventually } from "./running-platform";

/** Ctrl-C while the platform comes up: nothing may stop the next start. */
export function interruptedStartTests(platform: () => TestPlatform): void {
  describe("start, interrupted while it deploys", () => {
    it("ends, and leaves nothing that stops the next one", async () => {
      const { code, stdout, stderr } = await platform().interrupted(
        ["start", "--port", String(platform().port)],
        /Deploying: 25 resources/,
      );
      expect(code).not.to.equal(0);
      expect(stderr).to.match(/Stopping as soon as the current resources are done/);
      expect(stdout).to.equal("");
    });
  });
}

/** What a user types on a platform that runs. */
export function commandTests(platform: () => TestPlatform): void {
  describe("the tasks on a running platform", () => {
    const said = async (...args: string[]) => {
      const { code, stdout, stderr } = await platform().strata(args);
      expect(code, stderr).to.equal(0);
      return stdout;
    };

    it("status tells where it runs", async () => {
      const status = await platform().json<Record<string, unknown>>(["status"]);
      expect(status).to.include({ running: true, endpoint: `http://127.0.0.1:${platform().port}` });
      expect(await said("status")).to.match(/running at .*\nAPI +'http:/);
    });

    it("layers list shows every target as a table", async () => {
      const text = await said("layers", "list");
      expect(text).to.match(
        /package .*version .*Python .*arch .*size .*import test .*regions .*ARN in us-east-1/,
      );
      expect(text).to.match(
        /numpy .*3\.13 .*x86_64 .*MB .*2\/2 .*arn:aws:lambda:us-east-1:\d+:layer:strata-p313-numpy:1/,
      );
    });

    it("logs shows what a function said, and invoke calls one", async () => {
      expect(await said("logs", "catalog-load")).to.match(/catalog-load-\w+ .*"service":"catalog-load"/);
      const event = {
        version: "2.0",
        rawPath: "/health",
        requestContext: { stage: "$default", http: { method: "GET" } },
      };
      const answer = JSON.parse(await said("invoke", "layer-index-api", JSON.stringify(event))) as unknown;
      expect(answer).to.have.property("statusCode", 200);
      const { code, stderr } = await platform().strata(["invoke", "layers-builder", "{}"]);
      expect(code).to.equal(1);
      expect(stderr).to.match(/layers-builder fits layers-builder-.*; give more of the name/);
    });

    it("a URL that a function signed opens only what its role may read, as the emulator checks", async () => {
      const connection = platform().connection();
      const listed = await connection.s3().send(
        new ListObjectsV2Command({
          Bucket: connection.outputs.layers.artifactsBucket,
          Prefix: "runs/",
        }),
      );
      const keys = listed.Contents?.map(({ Key }) => Key ?? "") ?? [];
      const [runId, item] = keys.flatMap(
        (key) => /^runs\/(.+)\/items\/(.+)\.json$/.exec(key)?.slice(1) ?? [],
      );
      const payload = { operation: "sign-build", item: { runId, item, next: "build", builder: "any" } };
      const signed = JSON.parse(await said("invoke", "layers-sign", JSON.stringify(payload))) as {
        readonly itemUrl: string;
      };
      const read = async (): Promise<number> => (await fetch(signed.itemUrl)).status;
      expect(await read()).to.equal(200);
      await withoutRunsInPolicies(connection, "layers-sign", async () => {
        expect(await read()).to.equal(403);
      });
      expect(await read()).to.equal(200);
    });

    it("Ctrl-C stops the run that layers build started", async () => {
      const { code, stderr } = await platform().interrupted(
        ["layers", "build", "scipy", "--force"],
        /Run: arn:/,
      );
      expect(code).to.equal(130);
      expect(stderr).to.match(/stopping the run/);
      const connection = platform().connection();
      await eventually("the end of the run", 20, async () => {
        const { executions = [] } = await connection.stepFunctions().send(
          new ListExecutionsCommand({
            stateMachineArn: connection.outputs.layers.machine,
            statusFilter: "RUNNING",
          }),
        );
        return executions.length === 0 ? true : undefined;
      });
    });
  });
}

/** Lets a function's role reach other objects instead of those below `runs/`, while `work` goes on. */
async function withoutRunsInPolicies(
  connection: Connection,
  functionName: string,
  work: () => Promise<void>,
): Promise<void> {
  const { Functions = [] } = await connection.lambda().send(new ListFunctionsCommand({}));
  const arn = Functions.find(({ FunctionName }) => FunctionName?.startsWith(functionName))?.Role;
  const RoleName = arn?.split("/").at(-1);
  const iam = new IAMClient(connection.settings);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  expect(PolicyNames).not.to.be.empty;
  const policies = await Promise.all(
    PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return { RoleName, PolicyName, PolicyDocument: decodeURIComponent(PolicyDocument) };
    }),
  );
  const put = (policy: (typeof policies)[number]) => iam.send(new PutRolePolicyCommand(policy));
  try {
    for (const policy of policies) {
      await put({ ...policy, PolicyDocument: policy.PolicyDocument.replaceAll("/runs/*", "/artifacts/*") });
    }
    await work();
  } finally {
    for (const policy of policies) await put(policy);
  }
}
