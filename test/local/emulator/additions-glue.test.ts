import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchGetPartitionCommand,
  BatchUpdatePartitionCommand,
  CreateDatabaseCommand,
  CreatePartitionCommand,
  CreateTableCommand,
  DeletePartitionCommand,
  DeleteTableCommand,
  type GetPartitionsCommandInput,
  GetPartitionsCommand,
  GlueClient,
  paginateGetPartitions,
  type Partition,
  type PartitionError,
} from "@aws-sdk/client-glue";
import { expect } from "chai";
import { rejection, suiteEmulator } from "../home";

const DATABASE = "sales_raw";
const COLUMNS = [{ Name: "id", Type: "int" }];

describe("the additions to the emulator's Glue", () => {
  const emulator = suiteEmulator();
  let glue: GlueClient;
  let tables = 0;
  let table: { readonly DatabaseName: string; readonly TableName: string };

  before(async () => {
    const { endpoint } = emulator();
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    glue = new GlueClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: DATABASE } }));
  });

  beforeEach(async () => {
    table = { DatabaseName: DATABASE, TableName: `orders_${String(tables++)}` };
    await createTable();
  });

  const createTable = () => {
    const TableInput = { Name: table.TableName, PartitionKeys: [{ Name: "day", Type: "string" }] };
    return glue.send(new CreateTableCommand({ DatabaseName: DATABASE, TableInput }));
  };
  const inputOf = (day: string) => ({
    Values: [day],
    StorageDescriptor: { Location: `s3://lake/${day}/`, Columns: COLUMNS },
    Parameters: { made: "manually" },
  });
  const named = (values: readonly string[]) => values.map((value) => ({ Values: [value] }));
  const numbers = (count: number) => Array.from({ length: count }, (_, number) => String(number));
  const valuesOf = (partitions: readonly Partition[] = []) => partitions.map(({ Values }) => Values?.join());
  /** Value and error of each. */
  const told = (errors: readonly PartitionError[] = []) =>
    errors.map(({ PartitionValues, ErrorDetail }) => [PartitionValues?.join(), ErrorDetail?.ErrorCode]);

  const create = async (days: readonly string[]) => {
    const command = new BatchCreatePartitionCommand({ ...table, PartitionInputList: days.map(inputOf) });
    return told((await glue.send(command)).Errors);
  };
  const remove = async (days: readonly string[]) => {
    const command = new BatchDeletePartitionCommand({ ...table, PartitionsToDelete: named(days) });
    return told((await glue.send(command)).Errors);
  };
  const get = (days: readonly string[]) =>
    glue.send(new BatchGetPartitionCommand({ ...table, PartitionsToGet: named(days) }));
  const page = (request: Partial<GetPartitionsCommandInput> = {}) =>
    glue.send(new GetPartitionsCommand({ ...table, ...request }));
  const exists = (...days: readonly string[]) => days.map((day) => [day, "AlreadyExistsException"]);

  describe("BatchCreatePartition", () => {
    it("creates what there isn't, and answers an error for each that there is, within the call as well", async () => {
      expect(await create(["1", "2", "1"])).to.deep.equal(exists("1"));
      expect(await create(["2", "3"])).to.deep.equal(exists("2"));
      const { Partitions = [] } = await page();
      expect(valuesOf(Partitions)).to.deep.equal(["1", "2", "3"]);
      const { CreationTime, ...first } = Partitions[0] ?? {};
      expect(first).to.deep.equal({ ...table, ...inputOf("1"), CatalogId: "000000000000" });
      expect(CreationTime).to.be.an.instanceOf(Date);
    });

    it("knows what other calls have done since", async () => {
      await create(["1", "2", "3"]);
      await glue.send(new DeletePartitionCommand({ ...table, PartitionValues: ["1"] }));
      await glue.send(new CreatePartitionCommand({ ...table, PartitionInput: inputOf("4") }));
      const moved = { PartitionValueList: ["2"], PartitionInput: inputOf("5") };
      await glue.send(new BatchUpdatePartitionCommand({ ...table, Entries: [moved] }));
      await remove(["3"]);
      expect(await create(["1", "2", "3", "4", "5"])).to.deep.equal(exists("4", "5"));
      await glue.send(new DeleteTableCommand({ DatabaseName: DATABASE, Name: table.TableName }));
      await createTable();
      expect(await create(["1", "4", "5"])).to.deep.equal([]);
    });
  });

  it("BatchGetPartition answers what there is, and names what there isn't", async () => {
    await create(["1", "2"]);
    const { Partitions, UnprocessedKeys } = await get(["2", "3"]);
    expect(valuesOf(Partitions)).to.deep.equal(["2"]);
    expect(UnprocessedKeys).to.deep.equal([{ Values: ["3"] }]);
  });

  describe("BatchDeletePartition", () => {
    it("deletes what there is, and answers an error for each that there isn't", async () => {
      await create(["1", "2", "3"]);
      expect(await remove(["1", "4", "3"])).to.deep.equal([["4", "EntityNotFoundException"]]);
      expect(valuesOf((await page()).Partitions)).to.deep.equal(["2"]);
    });

    it("refuses more than 25", async () => {
      expect(await remove(numbers(25))).to.have.length(25);
      expect((await rejection(remove(numbers(26)))).name).to.equal("ValidationException");
    });
  });

  describe("GetPartitions", () => {
    it("comes in pages of at most a thousand, or of as many as are asked for", async () => {
      for (const day of ["a", "b", "c"]) await create(numbers(350).map((number) => day + number));
      const first = await page();
      expect(first.Partitions).to.have.length(1000);
      const second = await page({ NextToken: first.NextToken });
      expect(second.Partitions).to.have.length(50);
      expect(second.NextToken).to.equal(undefined);
      expect(new Set(valuesOf([...(first.Partitions ?? []), ...(second.Partitions ?? [])])).size).to.equal(
        1050,
      );
      expect((await page({ MaxResults: 7 })).Partitions).to.have.length(7);
      expect((await rejection(page({ MaxResults: 1001 }))).name).to.equal("ValidationException");
    });

    it("comes in segments that hold everything once", async () => {
      await create(numbers(25));
      const segment = async (_: unknown, SegmentNumber: number) => {
        const request = { ...table, MaxResults: 2, Segment: { SegmentNumber, TotalSegments: 4 } };
        const found = [];
        for await (const { Partitions } of paginateGetPartitions({ client: glue }, request))
          found.push(...valuesOf(Partitions));
        return found;
      };
      const segments = await Promise.all(Array.from({ length: 4 }, segment));
      expect(segments.map(({ length }) => length)).to.deep.equal([7, 6, 6, 6]);
      expect(segments.flat()).to.have.members(numbers(25));
    });

    it("leaves out the columns when asked to, and nothing else", async () => {
      await create(["1"]);
      await glue.send(new CreatePartitionCommand({ ...table, PartitionInput: { Values: ["bare"] } }));
      const [whole, without] = await Promise.all(
        [false, true].map((ExcludeColumnSchema) => page({ ExcludeColumnSchema })),
      );
      expect(whole?.Partitions?.[0]).to.deep.include(inputOf("1"));
      const { StorageDescriptor, ...rest } = inputOf("1");
      expect(without?.Partitions?.[0]).to.deep.include(rest);
      const { Location } = StorageDescriptor;
      expect(without?.Partitions?.[0]?.StorageDescriptor).to.deep.equal({ Location });
      expect(without?.Partitions?.[1]).to.deep.include({ Values: ["bare"] });
    });
  });

  it("a table that isn't there is an error of the call", async () => {
    table = { ...table, TableName: "nowhere" };
    for (const call of [() => create(["1"]), () => get(["1"]), () => remove(["1"]), page])
      expect((await rejection(call())).name).to.equal("EntityNotFoundException");
  });
});
