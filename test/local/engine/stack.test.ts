import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  DeleteRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import { GetFunctionCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { type PulumiCommand } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { type Emulator, startEmulator, stopEmulator } from "../../../local/emulator/emulator";
import { ensureEngine } from "../../../local/engine/engine";
import { runStack, type StackRun } from "../../../local/engine/run-stack";
import { openStack, type PulumiFn } from "../../../local/engine/stack";
import { type Tools } from "../../../local/tools/tools";
import { homePaths } from "../../../local/paths";
import { freePort, rejection, removeHome, temporaryHome, testTools } from "../home";
import { exampleProgram } from "../program";

/** Answers the names in its environment, so that a test sees what reached it. */
const CODE = "exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(process.env) });";

describe("stack", () => {
  let engine: PulumiCommand;
  let tools: Tools;
  let home: string;
  let emulator: Emulator;

  before(async function () {
    this.timeout(30 * 60_000);
    tools = await testTools();
    engine = await ensureEngine();
    home = await temporaryHome();
    await writeFile(
      join(home, "Pulumi.yaml"),
      JSON.stringify({
        name: "strata",
        runtime: "nodejs",
        config: {
          "strata:days": { type: "integer", default: 365 },
          "strata:list": { type: "array", items: { type: "string" }, default: ["a"] },
        },
      }),
    );
    await writeFile(join(home, "Pulumi.local.yaml"), JSON.stringify({ config: { "strata:stage": "here" } }));
    const environment = { ...process.env, AWS_SECRET_ACCESS_KEY: "of-the-user", AWS_PROFILE: "production" };
    emulator = await startEmulator({ home, tools, port: await freePort(), environment });
  });
  after(async () => {
    await stopEmulator(home);
    await removeHome(home);
  });

  async function run(
    operation: "preview" | "up" | "refresh" | "destroy",
    program: PulumiFn,
    progress: (message: string) => void = () => undefined,
    stage = "local",
  ): Promise<StackRun> {
    const options = {
      home,
      stage,
      program,
      provider: "local",
      engine,
      region: "us-east-1",
      root: home,
    } as const;
    const stack = await openStack({ ...options, ...(stage === "local" ? { emulator } : {}) });
    return runStack(stack, operation, { progress });
  }

  function client<C>(clientClass: new (settings: object) => C, keyId = "test"): C {
    const credentials = { accessKeyId: keyId, secretAccessKey: "test" };
    const { endpoint } = emulator;
    return new clientClass({ endpoint, region: "us-east-1", credentials, forcePathStyle: true });
  }

  it("reads the stage's config, and the project's defaults", async () => {
    const seen: unknown[] = [];
    await run("preview", () => {
      const config = new pulumi.Config("strata");
      seen.push(config.requireNumber("days"), config.requireObject("list"), config.require("stage"));
      return Promise.resolve({});
    });
    expect(seen).to.deep.equal([365, ["a"], "here"]);
  });

  it("previews container images without Docker or AWS, and refuses to deploy them", async () => {
    const program: PulumiFn = () => {
      const repository = new aws.ecr.Repository("images");
      const image = new awsx.ecr.Image("builder", { repositoryUrl: repository.repositoryUrl, context: "." });
      const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
      new aws.lambda.Function("tool", { role: role.arn, packageType: "Image", imageUri: image.imageUri });
      return Promise.resolve({});
    };
    const lines: string[] = [];
    const { changes } = await run("preview", program, (line) => lines.push(line), "dev");
    expect(changes).to.deep.equal({ create: 5 });
    expect(lines).to.include("would be created: aws:lambda/function:Function tool");
    const error = await rejection(run("up", program));
    expect(error.message).to.contain("needs Docker").and.to.contain("--provider official");
    await run("destroy", program);
  });

  it("names a resource type that the provider doesn't know, and where to add it", async () => {
    const program: PulumiFn = () => {
      new aws.ssm.Parameter("parameter", { type: "String", value: "x" });
      return Promise.resolve({});
    };
    const error = await rejection(run("preview", program));
    expect(error.name).to.equal("LocalError");
    expect(error.message)
      .to.contain("aws:ssm/parameter:Parameter")
      .and.to.contain("local/provider/services/ssm.ts");
  });

  it("says that only a preview is possible without an emulator", async () => {
    const program: PulumiFn = () => {
      new aws.s3.Bucket("bucket");
      return Promise.resolve({});
    };
    expect((await rejection(run("up", program, undefined, "dev"))).message).to.contain("./strata start");
  });

  describe("with a program", () => {
    let last: StackRun;

    it("creates everything, usable at once", async () => {
      const lines: string[] = [];
      last = await run("up", exampleProgram({ code: CODE, fifo: false }), (line) => lines.push(line));
      expect(Object.keys(last.changes)).to.deep.equal(["create"]);
      expect(lines).to.include("created: aws:lambda/function:Function handler");
      const value = (name: string): unknown => last.outputs[name]?.value;
      expect(value("bucket")).to.match(/^data-[0-9a-f]{7}$/);
      expect(value("domain")).to.equal(`${String(value("bucket"))}.s3.us-east-1.amazonaws.com`);
      expect([value("account"), value("partition"), value("region")]).to.deep.equal([
        "000000000000",
        "aws",
        "us-east-1",
      ]);
      const page = { Bucket: String(value("bucket")), Key: "page/index.html" };
      expect((await client(S3Client).send(new HeadObjectCommand(page))).ContentType).to.equal("text/html");
    });

    it("keeps the user's credentials from functions, and gives them uv and the interpreters", async () => {
      const answer = await fetch(`${String(last.outputs["url"]?.value)}/any`);
      const environment = (await answer.json()) as Record<string, string>;
      expect(environment).to.include({ lowerCase: "kept", STRATA_UV: tools.uv });
      expect(JSON.stringify(environment)).not.to.contain("of-the-user");
      expect(environment).not.to.have.property("AWS_PROFILE");
      expect(environment["TMPDIR"]).to.equal(homePaths(home).temporary);
    });

    it("changes nothing the second time, and finds everything as it was", async () => {
      const program = exampleProgram({ code: CODE, fifo: false });
      expect(Object.keys((await run("up", program)).changes)).to.deep.equal(["same"]);
      expect(Object.keys((await run("refresh", program)).changes)).to.deep.equal(["same"]);
    });

    it("keeps secrets out of the state in clear text", async () => {
      const directory = join(homePaths(home).state, ".pulumi/stacks/strata");
      const files = (await readdir(directory)).filter((name) => name === "local.json");
      expect(files).to.have.length(1);
      expect(await readFile(join(directory, "local.json"), "utf8")).not.to.contain("hidden");
      expect(last.outputs["secret"]).to.deep.equal({ value: "hidden", secret: true });
    });

    it("updates only the function whose code changed, and where its alias leads", async () => {
      const lines: string[] = [];
      const program = exampleProgram({ code: `${CODE} // changed`, fifo: false });
      const { changes } = await run("up", program, (line) => lines.push(line));
      expect(changes).to.include({ update: 2 }).and.not.to.have.any.keys("create", "delete", "replace");
      expect(lines).to.deep.equal([
        "updated: aws:lambda/function:Function handler",
        "updated: aws:lambda/alias:Alias live",
      ]);
      const FunctionName = String(last.outputs["function"]?.value);
      const { Configuration } = await client(LambdaClient).send(new GetFunctionCommand({ FunctionName }));
      expect(Configuration?.Environment?.Variables).to.deep.equal({ lowerCase: "kept" });
    });

    it("replaces what can't be changed in place", async () => {
      const lines: string[] = [];
      const program = exampleProgram({ code: `${CODE} // changed`, fifo: true });
      await run("up", program, (line) => lines.push(line));
      expect(lines).to.include("created again: aws:sqs/queue:Queue work");
      expect(lines).to.include("deleted the old: aws:sqs/queue:Queue work");
      const { QueueUrls } = await client(SQSClient).send(new ListQueuesCommand({ QueueNamePrefix: "work-" }));
      expect(QueueUrls?.map((url) => url.replace(/.*-/, ""))).to.have.length(1);
      expect(QueueUrls?.[0]).to.match(/\.fifo$/);
    });

    it("restores what was deleted behind its back", async () => {
      const Bucket = String(last.outputs["bucket"]?.value);
      const RoleName = String(last.outputs["role"]?.value);
      const policies = async (): Promise<readonly string[]> =>
        (await client(IAMClient).send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames ?? [];
      const [PolicyName] = await policies();
      await client(IAMClient).send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      await client(S3Client).send(new DeleteBucketPolicyCommand({ Bucket }));
      const program = exampleProgram({ code: `${CODE} // changed`, fifo: true });
      expect((await run("refresh", program)).changes).to.include({ delete: 2 });
      const lines: string[] = [];
      const { changes } = await run("up", program, (line) => lines.push(line));
      expect(changes).to.include({ create: 2 }).and.not.to.have.any.keys("update", "delete", "replace");
      expect([...lines].sort()).to.deep.equal([
        "created: aws:iam/rolePolicy:RolePolicy role",
        "created: aws:s3/bucketPolicy:BucketPolicy data",
      ]);
      expect(await policies()).to.have.length(1);
      const { Policy } = await client(S3Client).send(new GetBucketPolicyCommand({ Bucket }));
      expect(Policy).to.contain("s3:DeleteBucket");
    });

    it("refuses a property that it doesn't do instead of leaving it out", async () => {
      const program: PulumiFn = () => {
        new aws.s3.Bucket("bucket", { accelerationStatus: "Enabled" });
        return Promise.resolve({});
      };
      const error = await rejection(run("preview", program));
      expect(error.message).to.contain("accelerationStatus").and.to.contain("aws:s3/bucket:Bucket");
    });

    it("leaves nothing after destroy", async () => {
      const { changes } = await run("destroy", exampleProgram({ code: CODE, fifo: true }));
      expect(Object.keys(changes)).to.deep.equal(["delete"]);
      const left = await Promise.all([
        client(S3Client)
          .send(new ListBucketsCommand())
          .then(({ Buckets }) => Buckets),
        client(IAMClient)
          .send(new ListRolesCommand())
          .then(({ Roles }) => Roles),
        client(LambdaClient)
          .send(new ListFunctionsCommand())
          .then(({ Functions }) => Functions),
        client(DynamoDBClient)
          .send(new ListTablesCommand())
          .then(({ TableNames }) => TableNames),
        client(SQSClient)
          .send(new ListQueuesCommand())
          .then(({ QueueUrls }) => QueueUrls),
        client(CloudWatchLogsClient)
          .send(new DescribeLogGroupsCommand())
          .then(({ logGroups }) => logGroups),
        client(SecretsManagerClient)
          .send(new ListSecretsCommand())
          .then(({ SecretList }) => SecretList),
      ]);
      expect(left.map((list) => (list ?? []).length)).to.deep.equal([0, 0, 0, 0, 0, 0, 0]);
    });

    it("starts again when the emulator was restarted", async () => {
      const program: PulumiFn = () => {
        new aws.s3.Bucket("bucket");
        return Promise.resolve({});
      };
      await run("up", program);
      const { port } = emulator;
      // Killed, not stopped: then its function workers are orphans.
      process.kill(emulator.pid, "SIGKILL");
      emulator = await startEmulator({ home, tools, port });
      expect((await run("up", program)).changes).to.deep.equal({ create: 2 });
    });
  });
});
