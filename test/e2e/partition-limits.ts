import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  BatchUpdatePartitionCommand,
  DeleteDatabaseCommand,
  GetTableCommand,
  GlueClient,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { DeleteBucketCommand, DeleteObjectsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { after, before } from "mocha";
import { type AwsProxy, startAwsProxy } from "../../bench/aws-proxy";
import { refuseAsGlue } from "../../bench/glue-limits";
import {
  BUCKET,
  DATABASE,
  createBenchDatabase,
  createBenchTable,
  registered,
  seedObjects,
} from "../../bench/partition-lake";
import { type Side, strataSide } from "../../bench/partition-sides";
import type { TestPlatform } from "./running-platform";

const TABLE = "limits";
const NO_DELAY = { write: 0, read: 0, record: 0 };

/** The function that syncs a table, through a proxy that refuses what AWS refuses and the emulator accepts. */
export function partitionLimitTests(platform: () => TestPlatform): void {
  describe("a sync of 250 partitions, where Glue refuses calls that are too large", () => {
    let proxy: AwsProxy;
    let scratch: string;
    let sync: Side;
    const glue = () => new GlueClient({ ...platform().connection().settings, endpoint: proxy.endpoint });
    const s3 = () => platform().connection().s3();

    before(async () => {
      const connection = platform().connection();
      proxy = await startAwsProxy(`http://127.0.0.1:${String(platform().port)}`, NO_DELAY, [refuseAsGlue]);
      scratch = mkdtempSync(join(platform().home, "limits-"));
      sync = await strataSide(scratch, connection.outputs.stage.tableName);
      await seedObjects(s3(), 250, new Date());
      await createBenchDatabase(glue());
      await createBenchTable(glue(), TABLE);
    });
    beforeEach(() => {
      proxy.reset(NO_DELAY);
    });
    after(async () => {
      rmSync(scratch, { recursive: true, force: true });
      await glue().send(new DeleteDatabaseCommand({ Name: DATABASE }));
      await removeObjects(250);
      await s3().send(new DeleteBucketCommand({ Bucket: BUCKET }));
      proxy.close();
    });

    const calls = (name: string) => proxy.counts.get(`Glue.${name}`) ?? 0;
    const removeObjects = async (count: number) => {
      const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: BUCKET, MaxKeys: count }));
      const Objects = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
      await s3().send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
    };
    const setParameters = async (parameters: Readonly<Record<string, string>>) => {
      const { Table } = await glue().send(new GetTableCommand({ DatabaseName: DATABASE, Name: TABLE }));
      const { Parameters, StorageDescriptor, PartitionKeys, TableType } = Table ?? {};
      await glue().send(
        new UpdateTableCommand({
          DatabaseName: DATABASE,
          TableInput: {
            Name: TABLE,
            ...{ StorageDescriptor, PartitionKeys, TableType },
            Parameters: { ...Parameters, ...parameters },
          },
        }),
      );
    };

    it("creates them in three calls, and writes nothing the second time", async () => {
      await sync(proxy.endpoint, TABLE);
      expect(calls("BatchCreatePartition")).to.equal(3);
      expect(await registered(glue(), TABLE)).to.have.lengthOf(250);
      proxy.reset(NO_DELAY);
      await sync(proxy.endpoint, TABLE);
      expect(
        [...proxy.counts.keys()].filter((name) => /^Glue\..*(Create|Update|Delete)/.test(name)),
      ).to.deep.equal([]);
    });

    it("updates in calls of a hundred", async () => {
      const moved = (await registered(glue(), TABLE))
        .slice(0, 150)
        .map((line) => line.split(" ")[0]?.split("/") ?? []);
      for (let start = 0; start < moved.length; start += 100) {
        await glue().send(
          new BatchUpdatePartitionCommand({
            DatabaseName: DATABASE,
            TableName: TABLE,
            Entries: moved.slice(start, start + 100).map((values) => ({
              PartitionValueList: values,
              PartitionInput: { Values: values, StorageDescriptor: { Location: "s3://elsewhere/" } },
            })),
          }),
        );
      }
      await setParameters({ "strata.partitions.update": "true" });
      const elsewhere = async () =>
        (await registered(glue(), TABLE)).filter((line) => line.endsWith("s3://elsewhere"));
      expect(await elsewhere()).to.have.lengthOf(150);
      proxy.reset(NO_DELAY);
      await sync(proxy.endpoint, TABLE);
      expect(calls("BatchUpdatePartition")).to.equal(2);
      expect(await elsewhere()).to.deep.equal([]);
    });

    it("deletes those without objects in calls of 25", async () => {
      await removeObjects(30);
      await setParameters({
        "strata.partitions.delete": "true",
        "strata.partitions.delete-grace": "0",
        "strata.partitions.delete-limit": "100",
      });
      await sync(proxy.endpoint, TABLE);
      expect(calls("BatchDeletePartition")).to.equal(2);
      expect(await registered(glue(), TABLE)).to.have.lengthOf(220);
    });
  });
}
