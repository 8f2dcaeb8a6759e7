import { GetTableCommand } from "@aws-sdk/client-glue";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { EXAMPLE_BUCKET } from "../../tasks/partitions/example-tables";
import type { TableAdvice } from "../../tasks/partitions/advice";
import type { TableStatus } from "../../tasks/partitions/results-table";
import { exampleLake, resultOf } from "./example-lake";
import { type TestPlatform, eventually } from "./running-platform";

/** The partition manager with the example lake, which `start` has created and synced. */
export function partitionTests(platform: () => TestPlatform): void {
  const { glue, tables, named, registered, expected, sync, everything } = exampleLake(platform);

  describe("the partitions that start created", () => {
    for (const table of tables) {
      it(`are those of the last days of ${table.database}.${table.table}, at the location of its objects`, async () => {
        expect(await registered(table)).to.deep.equal(expected(table, "recent"));
      });
    }
  });

  describe("partitions sync", () => {
    it("changes nothing the second time", async () => {
      const before = await everything();
      const results = await sync([]);
      for (const { database, table, recent } of tables) {
        const result = results.find((one) => one.database === database && one.table === table);
        expect(result, table).to.include({ status: "synced", created: 0, existed: recent.size, failed: 0 });
      }
      expect(await everything()).to.deep.equal(before);
    });

    it("--dry-run shows what would be created, and creates nothing", async () => {
      const before = await everything();
      const results = await sync(["--full", "--dry-run"]);
      for (const { table, old } of tables) {
        expect(resultOf(results, table), table).to.include({ created: old.size, dryRun: true });
      }
      expect(await everything()).to.deep.equal(before);
    });

    it("--table, --from and --to limit a run to one table and some days", async () => {
      const [, month = "", day = ""] = [...named("orders").old.values()][0] ?? [];
      const [year = ""] = [...named("orders").old.values()][0] ?? [];
      const date = `${year}-${month}-${day}`;
      const args = ["--database", "sales_raw", "--table", "orders", "--from", date, "--to", date];
      const results = await sync(args);
      expect(results).to.have.lengthOf(1);
      expect(results[0]).to.include({ table: "orders", created: 1 });
      expect(await registered(named("orders"))).to.deep.equal(expected(named("orders"), "all"));
      expect(await registered(named("stock"))).to.deep.equal(expected(named("stock"), "recent"));
    });

    it("--full looks at every day", async () => {
      const results = await sync(["--full", "--table", "stock"]);
      expect(results[0]).to.include({
        created: named("stock").old.size,
        existed: named("stock").recent.size,
      });
      expect(await registered(named("stock"))).to.deep.equal(expected(named("stock"), "all"));
    });

    it("prints a line for each table", async () => {
      const { code, stdout } = await platform().strata(["partitions", "sync", "--database", "delivery_raw"]);
      expect(code).to.equal(0);
      expect(stdout).to.match(
        /delivery_raw\.clicks .*\{year\}\/\{month\}\/\{day\}\/\{hour\} .*0 .*6 .*0 .*synced/,
      );
      expect(stdout).to.match(/2 tables, 0 partitions created, 12 existed/);
    });

    for (const [what, args, message] of [
      ["a date that does not exist", ["--from", "2026-02-30"], /from: "2026-02-30" is not a day/],
      ["an end before its start", ["--from", "2026-11-02", "--to", "2026-11-01"], /is after to/],
      ["a table that does not exist", ["--table", "nope"], /nope/],
      ["a database that does not exist", ["--database", "nope_raw"], /nope_raw/],
    ] as const) {
      it(`refuses ${what}, in one clear line`, async () => {
        const { code, stderr, stdout } = await platform().strata(["partitions", "sync", ...args]);
        expect(code).to.equal(1);
        expect(stderr).to.match(message);
        expect(stderr).not.to.match(/ {4}at /);
        expect(stdout).to.equal("");
      });
    }
  });

  describe("a new object in the lake", () => {
    it("gets its partition without a sync", async () => {
      const clicks = named("clicks");
      const [today = ""] = clicks.recent.keys();
      const folder = today.replace(/\d\d\/$/, "23/");
      await platform()
        .connection()
        .s3()
        .send(
          new PutObjectCommand({
            Bucket: EXAMPLE_BUCKET,
            Key: `${clicks.prefix}${folder}part-0.json`,
            Body: "{}",
          }),
        );
      const location = await eventually("the partition", 60, async () =>
        (await registered(clicks)).get(folder.replace(/\/$/, "")),
      );
      expect(location).to.equal(`s3://${EXAMPLE_BUCKET}/${clicks.prefix}${folder}`);
    });
  });

  describe("partitions status", () => {
    it("shows how fresh each table is", async () => {
      const rows = await platform().json<readonly TableStatus[]>(["partitions", "status"]);
      for (const { database, table } of tables) {
        const row = rows.find((one) => one.database === database && one.table === table);
        expect(row, table).to.include({ status: "synced", stale: false });
        expect(row?.layout, table).to.be.a("string");
        expect(row?.newest, table).to.be.an("array").with.length.greaterThan(0);
      }
      const { stdout } = await platform().strata(["partitions", "status"]);
      expect(stdout).to.match(/table .*layout .*newest partition .*age .*last run .*status/);
      expect(stdout).to.match(/sales_raw\.orders .*hive .*\d+ h .*synced/);
    });
  });

  describe("partitions advice", () => {
    const parameters = async () =>
      (await glue().send(new GetTableCommand({ DatabaseName: "sales_raw", Name: "orders" }))).Table
        ?.Parameters;

    it("shows which tables could use projection, and does not set anything", async () => {
      const before = await parameters();
      const advice = await platform().json<readonly TableAdvice[]>(["partitions", "advice"]);
      expect(advice.map(({ table }) => table)).to.include.members(tables.map(({ table }) => table));
      const orders = advice.find(({ table }) => table === "orders");
      expect(orders).to.include({ eligible: true, applied: false });
      expect(orders?.properties).to.include({ "projection.enabled": "true" });
      expect(await parameters()).to.deep.equal(before);
    });

    it("--apply sets the properties, and then the table's partitions are no longer registered", async () => {
      const [applied] = await platform().json<readonly TableAdvice[]>([
        "partitions",
        "advice",
        ...["--database", "sales_raw", "--table", "orders", "--apply"],
      ]);
      expect(applied).to.include({ applied: true });
      expect(await parameters()).to.include({ classification: "json", ...applied?.properties });
      const results = await sync(["--database", "sales_raw", "--table", "orders"]);
      expect(results[0]).to.include({ status: "skipped", created: 0 });
      expect(results[0]?.reason).to.match(/projection/);
    });

    it("needs the database of a table", async () => {
      const { code, stderr } = await platform().strata(["partitions", "advice", "--table", "orders"]);
      expect(code).to.equal(1);
      expect(stderr).to.match(/--table needs --database/);
    });
  });
}
