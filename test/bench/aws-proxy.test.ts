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
  type Partition,
} from "@aws-sdk/client-glue";
import { expect } from "chai";
import { type AwsProxy, startAwsProxy } from "../../bench/aws-proxy";
import { glueAsAws } from "../../bench/glue-as-aws";

/** Requests that reached the emulator's place, by action, in order. */
interface Reached {
  readonly action: string;
  readonly request: Readonly<Record<string, unknown>>;
}

const NO_DELAY = { write: 0, read: 0, record: 0 };
const TABLE = { DatabaseName: "sales_raw", TableName: "orders" };
const times = <T>(count: number, make: (place: number) => T): T[] =>
  Array.from({ length: count }, (_, place) => make(place));
const named = (place: number) => ({ Values: [String(place)] });

describe("the proxy before the emulator", () => {
  const reached: Reached[] = [];
  let partitions: Partition[] = [];
  let upstream: Server;
  let proxy: AwsProxy;
  let glue: GlueClient;

  before(async () => {
    upstream = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const action = String(request.headers["x-amz-target"]).replace("AWSGlue.", "");
        reached.push({ action, request: JSON.parse(Buffer.concat(chunks).toString()) as Reached["request"] });
        response.end(
          JSON.stringify(action === "GetPartitions" ? { Partitions: partitions } : { Errors: [] }),
        );
      });
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const target = `http://127.0.0.1:${String((upstream.address() as AddressInfo).port)}`;
    proxy = await startAwsProxy(target, NO_DELAY, [glueAsAws()]);
    glue = new GlueClient({
      endpoint: proxy.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
  });
  beforeEach(() => {
    reached.length = 0;
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
      const before = reached.length;
      expect(before).to.be.greaterThan(0);
      const refusal = await send(most + 1).catch((error: unknown) => error as Error);
      expect(refusal).to.have.property("name", "ValidationException");
      expect(refusal)
        .to.have.property("message")
        .that.matches(new RegExp(`less than or equal to ${String(most)}`));
      expect(reached).to.have.lengthOf(before);
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

  it("deletes one after the other, since the emulator deletes no batches", async () => {
    await remove(2);
    expect(reached).to.deep.equal(
      ["0", "1"].map((value) => ({
        action: "DeletePartition",
        request: { ...TABLE, PartitionValues: [value] },
      })),
    );
  });

  describe("GetPartitions", () => {
    before(() => {
      partitions = times(2500, (place) => ({
        ...named(place),
        StorageDescriptor: { Location: `s3://lake/${String(place)}/`, Columns: [{ Name: "id" }] },
      }));
    });
    const pages = async (request: {
      readonly Segment?: { SegmentNumber: number; TotalSegments: number };
    }) => {
      const sizes: number[] = [];
      const values: (string | undefined)[] = [];
      let token: string | undefined;
      do {
        const { Partitions = [], NextToken } = await glue.send(
          new GetPartitionsCommand({ ...TABLE, ...request, NextToken: token }),
        );
        sizes.push(Partitions.length);
        values.push(...Partitions.map(({ Values }) => Values?.[0]));
        token = NextToken;
      } while (token !== undefined);
      return { sizes, values };
    };

    it("comes in pages of a thousand", async () => {
      expect((await pages({})).sizes).to.deep.equal([1000, 1000, 500]);
    });

    it("comes in segments that hold everything once", async () => {
      const segments = await Promise.all(
        times(10, (place) => pages({ Segment: { SegmentNumber: place, TotalSegments: 10 } })),
      );
      const all = segments.flatMap(({ values }) => values);
      expect(all.sort()).to.deep.equal(partitions.map(({ Values }) => Values?.[0]).sort());
    });

    it("leaves out the columns when asked to", async () => {
      const [whole, without] = await Promise.all(
        [false, true].map((exclude) =>
          glue.send(new GetPartitionsCommand({ ...TABLE, MaxResults: 1, ExcludeColumnSchema: exclude })),
        ),
      );
      expect(whole?.Partitions?.[0]?.StorageDescriptor?.Columns).to.have.lengthOf(1);
      expect(without?.Partitions?.[0]?.StorageDescriptor).to.deep.equal({ Location: "s3://lake/0/" });
    });

    it("sees what was written since", async () => {
      await pages({});
      partitions = [];
      await create(1);
      expect((await pages({})).values).to.deep.equal([]);
    });
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
