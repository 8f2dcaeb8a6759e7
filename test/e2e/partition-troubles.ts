import {
  BatchCreatePartitionCommand,
  CreateTableCommand,
  DeleteTableCommand,
  type TableInput,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { after, before } from "mocha";
import { tableInput } from "../../tasks/partitions/example-lake";
import { EXAMPLE_BUCKET, type ExampleTable } from "../../tasks/partitions/example-tables";
import { exampleLake, resultOf } from "./example-lake";
import type { TestPlatform } from "./running-platform";

/** Tables that the partition manager cannot, may not or should not sync, beside tables that it can. */
export function partitionTroubleTests(platform: () => TestPlatform): void {
  const { glue, named, registered, sync } = exampleLake(platform);

  describe("tables with problems", () => {
    const odd = (table: string, fields: Partial<ExampleTable>): ExampleTable => ({
      ...named("orders"),
      table,
      prefix: `sales/${table}/`,
      ...fields,
    });
    const ambiguous = odd("ambiguous", { keys: [{ Name: "day", Type: "string" }], parameters: {} });
    const optedOut = odd("opted_out", { parameters: { "strata.partitions.enabled": "false" } });
    const foreign = odd("foreign", {});
    const conflicting = odd("conflicting", {});
    const put = (key: string) =>
      platform()
        .connection()
        .s3()
        .send(new PutObjectCommand({ Bucket: EXAMPLE_BUCKET, Key: key, Body: "{}" }));
    const create = (table: ExampleTable, more: TableInput | object = {}) =>
      glue().send(
        new CreateTableCommand({
          DatabaseName: table.database,
          TableInput: { ...tableInput(table), ...more },
        }),
      );

    before(async () => {
      await Promise.all(["01022026", "03042026"].map((day) => put(`${ambiguous.prefix}${day}/part-0.json`)));
      await put(`${optedOut.prefix}year=2026/month=11/day=20/part-0.json`);
      await create(ambiguous);
      await create(optedOut);
      const { StorageDescriptor } = tableInput(foreign);
      // The stage's settings do not name this bucket, so the function's role may not list it.
      await create(foreign, {
        StorageDescriptor: { ...StorageDescriptor, Location: "s3://strata-of-somebody-else/orders/" },
      });
      // Its partition is already registered at another location.
      await put(`${conflicting.prefix}year=2026/month=11/day=20/part-0.json`);
      await create(conflicting);
      await glue().send(
        new BatchCreatePartitionCommand({
          DatabaseName: conflicting.database,
          TableName: conflicting.table,
          PartitionInputList: [
            {
              Values: ["2026", "11", "20"],
              StorageDescriptor: { ...StorageDescriptor, Location: "s3://elsewhere/orders/" },
            },
          ],
        }),
      );
    });
    after(async () => {
      for (const { database, table } of [ambiguous, optedOut, foreign, conflicting]) {
        await glue().send(new DeleteTableCommand({ DatabaseName: database, Name: table }));
      }
    });

    it("do not stop the others, and each reports its problem", async () => {
      const results = await sync(["--full", "--database", "sales_raw"], 1);
      const reasonOf = (name: string) => resultOf(results, name)?.reason;
      expect(resultOf(results, "ambiguous")).to.include({ status: "refused", created: 0 });
      expect(reasonOf("ambiguous")).to.match(
        /strata\.partitions\.layout .*\{day:ddMMyyyy\} , \{day:MMddyyyy\}/,
      );
      expect(resultOf(results, "foreign")).to.include({ status: "refused", created: 0 });
      expect(reasonOf("foreign")).to.match(/s3:\/\/strata-of-somebody-else\/orders\/.*AccessDenied/);
      expect(resultOf(results, "conflicting")).to.include({ status: "failed", failed: 1 });
      expect(reasonOf("conflicting")).to.match(/s3:\/\/elsewhere\/orders/);
      expect(resultOf(results, "stock")).to.include({ status: "synced", failed: 0 });
      expect((await registered(ambiguous)).size).to.equal(0);
      expect([...(await registered(conflicting)).values()]).to.deep.equal(["s3://elsewhere/orders/"]);
    });

    it("are shown by status, with the reason", async () => {
      const { stdout } = await platform().strata(["partitions", "status"]);
      expect(stdout).to.match(/sales_raw\.ambiguous .*refused/);
      expect(stdout).to.match(/^sales_raw\.ambiguous: .*strata\.partitions\.layout/m);
    });

    it("that opted out are skipped", async () => {
      const results = await sync(["--full", "--database", "sales_raw"], 1);
      expect([undefined, "skipped"]).to.include(resultOf(results, "opted_out")?.status);
      expect((await registered(optedOut)).size).to.equal(0);
    });

    it("are synced once their layout is set", async () => {
      const parameters = { "strata.partitions.layout": "{day:ddMMyyyy}" };
      await glue().send(
        new UpdateTableCommand({
          DatabaseName: ambiguous.database,
          TableInput: tableInput({ ...ambiguous, parameters }),
        }),
      );
      const results = await sync(["--full", "--table", "ambiguous"]);
      expect(results[0]).to.include({ status: "synced", created: 2 });
      expect([...(await registered(ambiguous)).keys()].sort()).to.deep.equal(["01022026", "03042026"]);
    });
  });
}
