import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { ListStateMachinesCommand } from "@aws-sdk/client-sfn";
import { expect } from "chai";
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
      appendFileSync(join(checkout, "runtime/layer-factory/gather.lambda.ts"), '\nconsole.log("changed");\n');
      const { changes } = await platform().json<Upped>(["up", "local"], { root: checkout });
      expect(changes["update"]).to.equal(1);
      expect(Object.keys(changes).sort()).to.deep.equal(["same", "update"]);
      rmSync(checkout, { recursive: true, force: true });
    });

    it("leaves nothing after destroy", async () => {
      const connection = platform().connection();
      const { code, stderr } = await platform().strata(["destroy", "local"]);
      expect(code, stderr).to.equal(0);
      const [functions, machines, buckets, tables, roles] = await Promise.all([
        connection.lambda().send(new ListFunctionsCommand({})),
        connection.stepFunctions().send(new ListStateMachinesCommand({})),
        connection.s3().send(new ListBucketsCommand({})),
        new DynamoDBClient(connection.settings).send(new ListTablesCommand({})),
        new IAMClient(connection.settings).send(new ListRolesCommand({})),
      ]);
      expect(functions.Functions).to.deep.equal([]);
      expect(machines.stateMachines).to.deep.equal([]);
      expect(buckets.Buckets ?? []).to.deep.equal([]);
      expect(tables.TableNames).to.deep.equal([]);
      // Roles that AWS itself owns are not ours to remove.
      expect(
        roles.Roles?.filter(({ Path }) => Path?.startsWith("/aws-service-role/") !== true),
      ).to.deep.equal([]);
    });
  });
}

/** A second checkout of the same sources, with the modules and tools of this one. */
function copyCheckout(checkout: string): void {
  mkdirSync(join(checkout, ".strata"), { recursive: true });
  for (const name of [...SOURCES, ...FILES])
    cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  symlinkSync(join(ROOT, ".strata/tools"), join(checkout, ".strata/tools"));
}
