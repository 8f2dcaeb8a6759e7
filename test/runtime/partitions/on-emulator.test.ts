import {
  CreateDatabaseCommand,
  CreateTableCommand,
  GetPartitionsCommand,
  GlueClient,
} from "@aws-sdk/client-glue";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { SurveyAnswer, SyncRequest } from "../../../runtime/contracts/partitions";
import { create as objectEvents } from "../../../runtime/partitions/object-events.lambda";
import { openPartitionStore } from "../../../runtime/partitions/table/partition-store";
import { create as summarize } from "../../../runtime/partitions/summarize.lambda";
import { create as survey } from "../../../runtime/partitions/survey.lambda";
import { create as sync } from "../../../runtime/partitions/sync.lambda";
import { openTable } from "../../../runtime/shared/table/open-table";
import { createTable, emulatorForSuite } from "../shared/emulator";
import { now, recordingLog } from "../shared/recorder";

const TABLE_NAME = "partitions-test";
const KEYS = ["region", "day"];
const DAYS = ["2026-11-19", "2026-11-20", "2026-11-21"];

describe("the partition manager's functions on the emulator", () => {
  const log = recordingLog();
  let tables: SyncRequest[];

  emulatorForSuite({
    ...{ TABLE_NAME, STAGE: "test", ARTIFACTS_BUCKET: "home", GLUE_CATALOG_ID: "", FRESHNESS_HOURS: "48" },
    ...{ DATABASES: '{"include":["*_raw"],"exclude":[]}', LOOK_BACK_DAYS: "3", LOOK_AHEAD_DAYS: "0" },
    POWERTOOLS_METRICS_DISABLED: "true",
  });

  before(async () => {
    await createTable(TABLE_NAME);
    for (const Bucket of ["home", "lake", "rooted"]) await client().send(new CreateBucketCommand({ Bucket }));
    const glue = new GlueClient();
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "web_raw" } }));
    for (const [Name, Location] of [
      ["clicks", "s3://lake/clicks/"],
      ["rooted", "s3://rooted"],
    ] as const) {
      const PartitionKeys = KEYS.map((key) => ({ Name: key, Type: "string" }));
      const TableInput = {
        Name,
        PartitionKeys,
        StorageDescriptor: { Location, Columns: [{ Name: "id", Type: "int" }] },
      };
      await glue.send(new CreateTableCommand({ DatabaseName: "web_raw", TableInput }));
    }
    for (const day of DAYS) {
      await put("lake", `clicks/region=a%3Ab/day=${day}/x.json`);
      await put("rooted", `region=eu/day=${day}/x.json`);
    }
  });

  const client = () => new S3Client({ forcePathStyle: true });
  const put = (Bucket: string, Key: string) =>
    client().send(new PutObjectCommand({ Bucket, Key, Body: "{}" }));
  const store = () => openPartitionStore(openTable(new DynamoDBClient(), TABLE_NAME), now);

  async function registered(table: string): Promise<(readonly [string, string])[]> {
    const command = new GetPartitionsCommand({ DatabaseName: "web_raw", TableName: table });
    const { Partitions = [] } = await new GlueClient().send(command);
    return Partitions.map(
      ({ Values = [], StorageDescriptor }) => [Values.join(), StorageDescriptor?.Location ?? ""] as const,
    ).sort();
  }

  it("surveys, and writes the list that the state machine reads", async () => {
    const payload = { execution: "run-1", input: { reason: "test", full: true } };
    const answer: SurveyAnswer = await survey(process.env, log)(payload);
    const { Body } = await client().send(new GetObjectCommand({ Bucket: answer.bucket, Key: answer.key }));
    tables = JSON.parse((await Body?.transformToString()) ?? "") as SyncRequest[];
    const names = { runId: "run-1", database: "web_raw", full: true };
    expect(tables).to.deep.equal([
      { ...names, table: "clicks" },
      { ...names, table: "rooted" },
    ]);
  });

  it("syncs each table of the list, and finds nothing to do the next time", async () => {
    const work = sync(process.env, log);
    for (const table of tables) expect(await work(table)).to.deep.equal({ status: "synced", failed: 0 });
    expect(await registered("clicks")).to.deep.equal(
      DAYS.map((day) => [`a:b,${day}`, `s3://lake/clicks/region=a%3Ab/day=${day}/`]),
    );
    expect(await registered("rooted")).to.deep.equal(
      DAYS.map((day) => [`eu,${day}`, `s3://rooted/region=eu/day=${day}/`]),
    );
    for (const table of tables) await work({ ...table, runId: "run-2" });
    const again = await store().results("run-2");
    expect(again.map(({ created, existed }) => [created, existed])).to.deep.equal([
      [0, 3],
      [0, 3],
    ]);
  });

  it("adds up the run", async () => {
    const answer = await summarize(process.env, log)({ runId: "run-1", tables: 2 });
    expect(answer).to.deep.include({ tables: 2, synced: 2, failed: 0, unreported: 0 });
    expect(answer.partitions).to.include({ created: 6 });
  });

  it("registers new objects at the location that the sync stored, also at the bucket's root", async () => {
    const messages = [
      ["lake", "clicks/region=us/day=2026-11-22/y.json"],
      ["rooted", "region=us/day=2026-11-22/y.json"],
    ].map(([name, key], index) => ({
      messageId: `m${index}`,
      body: JSON.stringify({ detail: { bucket: { name }, object: { key } } }),
    }));
    expect(await objectEvents(process.env, log)({ Records: messages })).to.deep.equal({
      batchItemFailures: [],
    });
    expect(await registered("clicks")).to.have.length(4);
    expect(await registered("rooted")).to.have.length(4);
    expect(await store().state({ database: "web_raw", table: "rooted" })).to.include({
      prefix: "",
      bucket: "rooted",
    });
  });

  it("stores a state without a location, and deletes it", async () => {
    const [state] = await store().states();
    if (state === undefined) throw new Error("no state");
    const { bucket, prefix, ...rest } = { ...state, table: "lost" };
    expect([bucket, prefix]).to.have.length(2);
    await store().putState(rest);
    expect(await store().state({ database: "web_raw", table: "lost" })).to.include({
      table: "lost",
      bucket: undefined,
    });
    expect(await store().statesInBucket("lake")).to.have.length(1);
    await store().deleteStates([rest]);
    expect(await store().state({ database: "web_raw", table: "lost" })).to.equal(undefined);
  });
});
