import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { ApiGatewayV2Client, GetApisCommand } from "@aws-sdk/client-apigatewayv2";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, ListEventBusesCommand, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { ClientSettings } from "../../tasks/platform/connection";
import { ROOT, type TestPlatform } from "./running-platform";

type Changes = Readonly<Record<string, number>>;
interface Upped {
  readonly changes: Changes;
}

/** Rooms that a checkout needs to deploy. */
const SOURCES = [
  "infra",
  "runtime",
  "stacks",
  "tasks",
  "local",
  "images",
  "bench",
  "strata",
  "package.json",
  "package-lock.json",
];
const FILES = ["tsconfig.json", "Pulumi.yaml", "Pulumi.local.yaml"];

/** Previews, before anything is there. */
export function previewTests(platform: () => TestPlatform): void {
  describe("preview on an empty state", () => {
    for (const stage of ["local", "default", "dev", "prod"]) {
      it(`shows what ${stage} would create`, async () => {
        const changes = await platform().json<Changes>(["preview", stage, "--provider", "local"]);
        expect(Object.keys(changes)).to.deep.equal(["create"]);
        expect(changes["create"]).to.be.greaterThan(100);
      });
    }

    it("stops at a stage that is not configured, and says so", async () => {
      const { code, stderr } = await platform().strata(["preview", "nowhere", "--provider", "local"]);
      expect(code).to.equal(1);
      expect(stderr).to.match(/Pulumi\.nowhere\.yaml/);
    });
  });
}

/** What the engine does on a platform that stands; ends with nothing left. */
export function engineTests(platform: () => TestPlatform): void {
  describe("up and destroy", () => {
    it("changes nothing when nothing changed", async () => {
      const { changes } = await platform().json<Upped>(["up", "local"]);
      expect(Object.keys(changes)).to.deep.equal(["same"]);
    });

    it("updates only the function whose handler changed", async () => {
      const checkout = join(platform().home, "checkout");
      copyCheckout(checkout);
      appendFileSync(join(checkout, "runtime/layers/gather.lambda.ts"), '\nconsole.log("changed");\n');
      const before = await hashes(platform());
      const { changes } = await platform().json<Upped>(["up", "local"], { root: checkout });
      const after = await hashes(platform());
      const changed = [...after].filter(([name, hash]) => before.get(name) !== hash).map(([name]) => name);
      expect(changed.map((name) => name.replace(/-\w+$/, ""))).to.deep.equal(["layers-gather"]);
      expect(changes["update"]).to.equal(1);
      expect(Object.keys(changes).sort()).to.deep.equal(["same", "update"]);
      rmSync(checkout, { recursive: true, force: true });
    });

    it("leaves nothing after destroy", async () => {
      const connection = platform().connection();
      const { code, stderr } = await platform().strata(["destroy", "local"]);
      expect(code, stderr).to.equal(0);
      expect(await remaining(connection.settings)).to.deep.equal({});
    });
  });
}

/** What code each function runs, by the function's name. */
async function hashes(platform: TestPlatform): Promise<Map<string, string>> {
  const { Functions = [] } = await platform.connection().lambda().send(new ListFunctionsCommand({}));
  return new Map(Functions.map(({ FunctionName = "", CodeSha256 = "" }) => [FunctionName, CodeSha256]));
}

/** Everything of the kinds that the program makes, by kind; kinds of which nothing is left are left out. */
async function remaining(settings: ClientSettings): Promise<Record<string, unknown>> {
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const events = new EventBridgeClient(settings);
  const roles = await new IAMClient(settings).send(new ListRolesCommand({}));
  const buses = await events.send(new ListEventBusesCommand({}));
  const all = {
    functions: (await new LambdaClient(settings).send(new ListFunctionsCommand({}))).Functions,
    machines: (await new SFNClient(settings).send(new ListStateMachinesCommand({}))).stateMachines,
    buckets: (await s3.send(new ListBucketsCommand({}))).Buckets,
    tables: (await new DynamoDBClient(settings).send(new ListTablesCommand({}))).TableNames,
    // Roles that AWS itself owns, and its own bus, are not ours to remove.
    roles: roles.Roles?.filter(({ Path }) => Path?.startsWith("/aws-service-role/") !== true),
    buses: buses.EventBuses?.filter(({ Name }) => Name !== "default"),
    rules: (await events.send(new ListRulesCommand({}))).Rules,
    queues: (await new SQSClient(settings).send(new ListQueuesCommand({}))).QueueUrls,
    apis: (await new ApiGatewayV2Client(settings).send(new GetApisCommand({}))).Items,
    logGroups: (await new CloudWatchLogsClient(settings).send(new DescribeLogGroupsCommand({}))).logGroups,
  };
  return Object.fromEntries(Object.entries(all).filter(([, found]) => (found ?? []).length > 0));
}

/** A second checkout of the same sources, with the modules and tools of this one. */
function copyCheckout(checkout: string): void {
  mkdirSync(join(checkout, ".strata"), { recursive: true });
  for (const name of [...SOURCES, ...FILES])
    cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  symlinkSync(join(ROOT, ".strata/tools"), join(checkout, ".strata/tools"));
}
