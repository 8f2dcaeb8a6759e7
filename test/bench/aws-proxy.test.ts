import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchGetPartitionCommand,
  BatchUpdatePartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GlueClient,
} from "@aws-sdk/client-glue";
import { expect } from "chai";
import { type AwsProxy, startAwsProxy } from "../../bench/aws-proxy";
import { refuseAsGlue } from "../../bench/glue-limits";

const NO_DELAY = { write: 0, read: 0, record: 0 };
const TABLE = { DatabaseName: "sales_raw", TableName: "orders" };
const times = <T>(count: number, make: (place: number) => T): T[] =>
  Array.from({ length: count }, (_, place) => make(place));
const named = (place: number) => ({ Values: [String(place)] });

describe("the proxy before the emulator", () => {
  let reached = 0;
  let upstream: Server;
  let proxy: AwsProxy;
  let glue: GlueClient;

  before(async () => {
    upstream = createServer((request, response) => {
      request.resume().once("end", () => {
        reached++;
        response.end(JSON.stringify({ Errors: [] }));
      });
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const target = `http://127.0.0.1:${String((upstream.address() as AddressInfo).port)}`;
    proxy = await startAwsProxy(target, NO_DELAY, [refuseAsGlue]);
    glue = new GlueClient({
      endpoint: proxy.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
  });
  beforeEach(() => {
    reached = 0;
    proxy.reset(NO_DELAY);
  });
  after(() => {
    glue.destroy();
    proxy.close();
    upstream.close();
  });

  const create = (count: number) =>
    glue.send(new BatchCreatePartitionCommand({ ...TABLE, PartitionInputList: times(count, named) }));
  const remove = (count: number) =>
    glue.send(new BatchDeletePartitionCommand({ ...TABLE, PartitionsToDelete: times(count, named) }));
  const update = (count: number) =>
    glue.send(
      new BatchUpdatePartitionCommand({
        ...TABLE,
        Entries: times(count, (place) => ({
          PartitionValueList: [String(place)],
          PartitionInput: named(place),
        })),
      }),
    );
  const get = (count: number) =>
    glue.send(new BatchGetPartitionCommand({ ...TABLE, PartitionsToGet: times(count, named) }));
  const limits: [string, number, (count: number) => Promise<unknown>][] = [
    ["creates", 100, create],
    ["updates", 100, update],
    ["deletes", 25, remove],
    ["reads", 1000, get],
  ];
  for (const [what, most, send] of limits) {
    it(`lets ${String(most)} ${what} a call pass and refuses one more, as AWS does`, async () => {
      await send(most);
      expect(reached).to.equal(1);
      const refusal = await send(most + 1).catch((error: unknown) => error as Error);
      expect(refusal).to.have.property("name", "ValidationException");
      expect(refusal)
        .to.have.property("message")
        .that.matches(new RegExp(`less than or equal to ${String(most)}`));
      expect(reached).to.equal(1);
    });
  }

  it("refuses pages and segments that AWS refuses", async () => {
    for (const wrong of [{ MaxResults: 1001 }, { Segment: { SegmentNumber: 0, TotalSegments: 11 } }]) {
      const refusal = await glue
        .send(new GetPartitionsCommand({ ...TABLE, ...wrong }))
        .catch((error: unknown) => error as Error);
      expect(refusal).to.have.property("name", "ValidationException");
    }
  });

  it("counts each call by name", async () => {
    await create(1);
    await create(1);
    await get(1);
    expect(Object.fromEntries(proxy.counts)).to.deep.equal({
      "Glue.BatchCreatePartition": 2,
      "Glue.BatchGetPartition": 1,
    });
  });

  it("knows how long the emulator was at work since the last reset", async () => {
    await create(1);
    expect(proxy.emulatorMilliseconds()).to.be.greaterThan(0);
    proxy.reset(NO_DELAY);
    await create(101).catch(() => undefined);
    expect(proxy.emulatorMilliseconds()).to.equal(0);
  });

  it("makes a call wait as long as its kind does", async () => {
    const order: string[] = [];
    proxy.reset({ write: 200, read: 0, record: 0 });
    await Promise.all([
      create(1).then(() => order.push("write")),
      glue
        .send(new GetTableCommand({ DatabaseName: "sales_raw", Name: "orders" }))
        .then(() => order.push("read")),
    ]);
    expect(order).to.deep.equal(["read", "write"]);
  });
});
