import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
  type GlobalSecondaryIndexUpdate,
  type KeySchemaElement,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { type dynamodb } from "@pulumi/aws";
import { type Context } from "../clients";
import {
  type Inputs,
  changeTags,
  required,
  resource,
  type ResourceTypes,
  tagList,
  until,
} from "../resource-type";
import { sameValue } from "../values";

type TableInputs = Inputs<dynamodb.TableArgs>;
type IndexInputs = NonNullable<TableInputs["globalSecondaryIndexes"]>[number];

const table = resource<dynamodb.TableArgs>({
  replaceOn: ["name", "hashKey", "rangeKey", "localSecondaryIndexes"],
  naming: { property: "name", limit: 255 },
  takes: [
    "attributes",
    "billingMode",
    "deletionProtectionEnabled",
    "globalSecondaryIndexes",
    "hashKey",
    "localSecondaryIndexes",
    "name",
    "pointInTimeRecovery",
    "rangeKey",
    "readCapacity",
    "serverSideEncryption",
    "streamEnabled",
    "streamViewType",
    "tableClass",
    "ttl",
    "writeCapacity",
  ],
  create: async (inputs, context) => {
    const TableName = required(inputs.name, "name");
    await context.client(DynamoDBClient).send(new CreateTableCommand(tableOf(TableName, inputs)));
    await waitUntilActive(TableName, context);
    if (inputs.ttl?.enabled === true) await setTimeToLive(TableName, inputs, context);
    if (inputs.pointInTimeRecovery !== undefined) await setRecovery(TableName, inputs, context);
    return TableName;
  },
  describe: async (id, _inputs, { client }) => {
    const { Table } = await client(DynamoDBClient).send(new DescribeTableCommand({ TableName: id }));
    return {
      arn: Table?.TableArn,
      name: id,
      streamArn: Table?.LatestStreamArn,
      streamLabel: Table?.LatestStreamLabel,
    };
  },
  update: async (id, inputs, earlier, context) => {
    const to = { TableName: id };
    const send = async (
      change: Omit<ConstructorParameters<typeof UpdateTableCommand>[0], "TableName">,
    ): Promise<void> => {
      await context.client(DynamoDBClient).send(new UpdateTableCommand({ ...to, ...change }));
      await waitUntilActive(id, context);
    };
    const differs = (name: keyof TableInputs): boolean => !sameValue(inputs[name], earlier[name]);
    // DynamoDB takes one kind of change, and one index, at a time.
    if (differs("billingMode") || differs("readCapacity") || differs("writeCapacity"))
      await send(billingOf(inputs));
    if (differs("streamEnabled") || differs("streamViewType"))
      await send({ StreamSpecification: streamOf(inputs) });
    if (differs("deletionProtectionEnabled")) {
      await send({ DeletionProtectionEnabled: inputs.deletionProtectionEnabled ?? false });
    }
    for (const change of indexChanges(inputs, earlier)) {
      await send({ AttributeDefinitions: attributesOf(inputs), GlobalSecondaryIndexUpdates: [change] });
    }
    if (differs("ttl")) await setTimeToLive(id, inputs, context, earlier);
    if (differs("pointInTimeRecovery")) await setRecovery(id, inputs, context);
    if (differs("tags")) await setTags(id, inputs, earlier, context);
  },
  delete: async (id, _inputs, { client }) => {
    await client(DynamoDBClient).send(new DeleteTableCommand({ TableName: id }));
  },
});

function tableOf(TableName: string, inputs: TableInputs): CreateTableCommandInput {
  const { globalSecondaryIndexes, localSecondaryIndexes, serverSideEncryption } = inputs;
  return {
    TableName,
    AttributeDefinitions: attributesOf(inputs),
    KeySchema: keysOf(inputs.hashKey, inputs.rangeKey),
    ...billingOf(inputs),
    GlobalSecondaryIndexes: globalSecondaryIndexes?.map((index) => globalIndexOf(index, inputs)),
    LocalSecondaryIndexes: localSecondaryIndexes?.map((index) => ({
      IndexName: index.name,
      KeySchema: keysOf(inputs.hashKey, index.rangeKey),
      Projection: projectionOf(index.projectionType, index.nonKeyAttributes),
    })),
    ...(inputs.streamEnabled === true ? { StreamSpecification: streamOf(inputs) } : {}),
    ...(serverSideEncryption === undefined
      ? {}
      : {
          SSESpecification: {
            Enabled: serverSideEncryption.enabled,
            KMSMasterKeyId: serverSideEncryption.kmsKeyArn,
          },
        }),
    DeletionProtectionEnabled: inputs.deletionProtectionEnabled,
    TableClass: inputs.tableClass as CreateTableCommandInput["TableClass"],
    Tags: tagList(inputs.tags),
  };
}

function attributesOf(inputs: TableInputs): AttributeDefinition[] {
  return (inputs.attributes ?? []).map(({ name, type }) => ({
    AttributeName: name,
    AttributeType: type as AttributeDefinition["AttributeType"],
  }));
}

function keysOf(hashKey: string | undefined, rangeKey: string | undefined): KeySchemaElement[] {
  return [
    { AttributeName: required(hashKey, "hashKey"), KeyType: "HASH" },
    ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" as const }]),
  ];
}

function billingOf(inputs: {
  readonly billingMode?: string | undefined;
  readonly readCapacity?: number | undefined;
  readonly writeCapacity?: number | undefined;
}): Pick<CreateTableCommandInput, "BillingMode" | "ProvisionedThroughput"> {
  if (inputs.billingMode === "PAY_PER_REQUEST") return { BillingMode: "PAY_PER_REQUEST" };
  const { readCapacity = 1, writeCapacity = 1 } = inputs;
  return {
    BillingMode: "PROVISIONED",
    ProvisionedThroughput: { ReadCapacityUnits: readCapacity, WriteCapacityUnits: writeCapacity },
  };
}

function globalIndexOf(index: IndexInputs, { billingMode }: TableInputs): GlobalSecondaryIndex {
  const { readCapacity, writeCapacity } = index;
  const { ProvisionedThroughput } = billingOf({ billingMode, readCapacity, writeCapacity });
  return {
    IndexName: index.name,
    KeySchema: keysOf(index.hashKey, index.rangeKey),
    Projection: projectionOf(index.projectionType, index.nonKeyAttributes),
    ...(ProvisionedThroughput === undefined ? {} : { ProvisionedThroughput }),
  };
}

function projectionOf(
  type: string,
  nonKeyAttributes: readonly string[] | undefined,
): GlobalSecondaryIndex["Projection"] {
  const ProjectionType = type as NonNullable<GlobalSecondaryIndex["Projection"]>["ProjectionType"];
  return nonKeyAttributes === undefined
    ? { ProjectionType }
    : { ProjectionType, NonKeyAttributes: [...nonKeyAttributes] };
}

function streamOf(inputs: TableInputs): NonNullable<CreateTableCommandInput["StreamSpecification"]> {
  if (inputs.streamEnabled !== true) return { StreamEnabled: false };
  const StreamViewType = inputs.streamViewType as "NEW_IMAGE" | undefined;
  return { StreamEnabled: true, StreamViewType };
}

/** An index whose definition changed is deleted and created again. */
function indexChanges(inputs: TableInputs, earlier: TableInputs): GlobalSecondaryIndexUpdate[] {
  const wanted = inputs.globalSecondaryIndexes ?? [];
  const present = earlier.globalSecondaryIndexes ?? [];
  const isIn = (list: readonly IndexInputs[], index: IndexInputs): boolean =>
    list.some((one) => sameValue(one, index));
  return [
    ...present
      .filter((index) => !isIn(wanted, index))
      .map((index) => ({ Delete: { IndexName: index.name } })),
    ...wanted
      .filter((index) => !isIn(present, index))
      .map((index) => ({ Create: globalIndexOf(index, inputs) })),
  ];
}

async function waitUntilActive(TableName: string, { client }: Context): Promise<void> {
  await until(`Table ${TableName}`, async () => {
    const { Table } = await client(DynamoDBClient).send(new DescribeTableCommand({ TableName }));
    const indexes = Table?.GlobalSecondaryIndexes ?? [];
    return (
      Table?.TableStatus === "ACTIVE" &&
      indexes.every((index) => (index.IndexStatus ?? "ACTIVE") === "ACTIVE")
    );
  });
}

async function setTimeToLive(
  TableName: string,
  inputs: TableInputs,
  { client }: Context,
  earlier?: TableInputs,
): Promise<void> {
  const AttributeName = inputs.ttl?.attributeName ?? earlier?.ttl?.attributeName;
  const TimeToLiveSpecification = { AttributeName, Enabled: inputs.ttl?.enabled ?? false };
  await client(DynamoDBClient).send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

async function setRecovery(TableName: string, inputs: TableInputs, { client }: Context): Promise<void> {
  const PointInTimeRecoveryEnabled = inputs.pointInTimeRecovery?.enabled ?? false;
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled };
  await client(DynamoDBClient).send(
    new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }),
  );
}

async function setTags(
  id: string,
  inputs: TableInputs,
  earlier: TableInputs,
  context: Context,
): Promise<void> {
  const { client, partition, region, account } = context;
  const ResourceArn = `arn:${partition}:dynamodb:${region}:${account}:table/${id}`;
  const dynamodb = client(DynamoDBClient);
  await changeTags(inputs, earlier, {
    untag: (TagKeys) => dynamodb.send(new UntagResourceCommand({ ResourceArn, TagKeys })),
    tag: (tags) => dynamodb.send(new TagResourceCommand({ ResourceArn, Tags: tagList(tags) })),
  });
}

export const dynamodbTypes: ResourceTypes = { "aws:dynamodb/table:Table": table };
