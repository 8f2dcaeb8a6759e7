import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  type FunctionCode,
  GetFunctionConfigurationCommand,
  LambdaClient,
  paginateListVersionsByFunction,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";
import { type lambda } from "@pulumi/aws";
import { zipArchive } from "../archives";
import { type Context } from "../clients";
import { type Inputs, changeTags, required, resource, until } from "../resource-type";
import { type Archive, pascal, sameValue } from "../values";

type FunctionInputs = Inputs<lambda.FunctionArgs>;

/** Inputs that UpdateFunctionCode takes; everything else is configuration. */
const CODE = [
  "architectures",
  "code",
  "imageUri",
  "s3Bucket",
  "s3Key",
  "s3ObjectVersion",
  "sourceCodeHash",
] as const;
/** Inputs that the SDK takes under the same name, with a capital first letter. */
const CONFIGURATION = [
  "deadLetterConfig",
  "description",
  "environment",
  "ephemeralStorage",
  "handler",
  "layers",
  "loggingConfig",
  "memorySize",
  "runtime",
  "timeout",
  "tracingConfig",
  "vpcConfig",
] as const;
const NEITHER = ["publish", "reservedConcurrentExecutions", "tags"] as const;

/** `aws:lambda/function:Function`. */
export const lambdaFunction = resource<lambda.FunctionArgs>({
  replaceOn: ["name", "packageType"],
  naming: { property: "name", limit: 64 },
  takes: [
    ...CODE,
    ...CONFIGURATION,
    "imageConfig",
    "name",
    "packageType",
    "publish",
    "reservedConcurrentExecutions",
    "role",
  ],
  create: async (inputs, context) => {
    const FunctionName = required(inputs.name, "name");
    await context.client(LambdaClient).send(
      new CreateFunctionCommand({
        ...configurationOf(inputs),
        FunctionName,
        Architectures: inputs.architectures as CreateFunctionCommandInput["Architectures"],
        Code: await codeOf(inputs),
        PackageType: inputs.packageType as CreateFunctionCommandInput["PackageType"],
        Publish: inputs.publish,
        Role: inputs.role,
        Tags: inputs.tags,
      }),
    );
    await waitUntilActive(FunctionName, context);
    if (inputs.reservedConcurrentExecutions !== undefined)
      await setConcurrency(FunctionName, inputs, context);
    return FunctionName;
  },
  describe: async (id, inputs, context) => {
    const { client, region, partition } = context;
    const live = await client(LambdaClient).send(new GetFunctionConfigurationCommand({ FunctionName: id }));
    const arn = required(live.FunctionArn, "FunctionArn");
    const version = inputs.publish === true ? await newestVersion(id, context) : "$LATEST";
    const invoked = (of: string): string =>
      `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${of}/invocations`;
    return {
      arn,
      invokeArn: invoked(arn),
      lastModified: live.LastModified,
      name: id,
      qualifiedArn: `${arn}:${version}`,
      qualifiedInvokeArn: invoked(`${arn}:${version}`),
      sourceCodeHash: live.CodeSha256,
      codeSha256: live.CodeSha256,
      sourceCodeSize: live.CodeSize,
      version,
    };
  },
  update: async (id, inputs, earlier, context) => {
    const names = [...new Set([...Object.keys(inputs), ...Object.keys(earlier)])] as (keyof FunctionInputs)[];
    const changed = names.filter((name) => !sameValue(inputs[name], earlier[name]));
    const includes = (list: readonly string[], name: string): boolean => list.includes(name);
    if (changed.some((name) => includes(CODE, name))) {
      const code = await codeOf(inputs);
      const Architectures = inputs.architectures as CreateFunctionCommandInput["Architectures"];
      await context
        .client(LambdaClient)
        .send(new UpdateFunctionCodeCommand({ FunctionName: id, ...code, Architectures }));
      // Lambda refuses a second update while the first is under way.
      await waitUntilActive(id, context);
    }
    const isConfiguration = (name: string): boolean => !includes(CODE, name) && !includes(NEITHER, name);
    if (changed.some(isConfiguration)) {
      const configuration = { ...EMPTY, ...configurationOf(inputs), FunctionName: id, Role: inputs.role };
      await context.client(LambdaClient).send(new UpdateFunctionConfigurationCommand(configuration));
      await waitUntilActive(id, context);
    }
    // One version for both changes, and none when only tags or the like changed, which are no part of a version.
    const isPublished = (name: string): boolean =>
      includes(CODE, name) || isConfiguration(name) || name === "publish";
    if (inputs.publish === true && changed.some(isPublished)) {
      await context.client(LambdaClient).send(new PublishVersionCommand({ FunctionName: id }));
    }
    if (changed.includes("reservedConcurrentExecutions")) await setConcurrency(id, inputs, context);
    if (changed.includes("tags")) await setTags(`function:${id}`, inputs, earlier, context);
  },
  delete: async (id, _inputs, { client }) => {
    await client(LambdaClient).send(new DeleteFunctionCommand({ FunctionName: id }));
  },
});

/** The highest version that was published; where none was, `$LATEST`. */
async function newestVersion(FunctionName: string, { client }: Context): Promise<string> {
  let newest = 0;
  for await (const page of paginateListVersionsByFunction(
    { client: client(LambdaClient) },
    { FunctionName },
  )) {
    const numbers = (page.Versions ?? []).map(({ Version }) => Number(Version)).filter(Number.isInteger);
    newest = Math.max(newest, ...numbers);
  }
  return newest === 0 ? "$LATEST" : String(newest);
}

/** What an update must send to remove a setting. */
const EMPTY = {
  DeadLetterConfig: { TargetArn: "" },
  Description: "",
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  Layers: [],
  MemorySize: 128,
  Timeout: 3,
  TracingConfig: { Mode: "PassThrough" },
} satisfies Partial<UpdateFunctionConfigurationCommandInput>;

function configurationOf(
  inputs: FunctionInputs,
): Omit<UpdateFunctionConfigurationCommandInput, "FunctionName"> {
  const { imageConfig } = inputs;
  const image = imageConfig && {
    command: imageConfig.commands,
    entryPoint: imageConfig.entryPoints,
    workingDirectory: imageConfig.workingDirectory,
  };
  const configuration = CONFIGURATION.map((name) => [name, inputs[name]] as const);
  const given = Object.fromEntries<unknown>(
    [...configuration, ["imageConfig", image] as const].filter(([, value]) => value !== undefined),
  );
  return pascal(given, { opaque: ["variables"] }) as Omit<
    UpdateFunctionConfigurationCommandInput,
    "FunctionName"
  >;
}

async function codeOf(inputs: FunctionInputs): Promise<FunctionCode> {
  if (inputs.imageUri !== undefined) return { ImageUri: inputs.imageUri };
  if (inputs.code !== undefined) return { ZipFile: await zipArchive(inputs.code as unknown as Archive) };
  return { S3Bucket: inputs.s3Bucket, S3Key: inputs.s3Key, S3ObjectVersion: inputs.s3ObjectVersion };
}

/** Waits until a function can be invoked and changed. @throws Error with Lambda's reason when it failed. */
async function waitUntilActive(FunctionName: string, { client }: Context): Promise<void> {
  await until(`Function ${FunctionName}`, async () => {
    const live = await client(LambdaClient).send(new GetFunctionConfigurationCommand({ FunctionName }));
    if (live.State === "Failed" || live.LastUpdateStatus === "Failed") {
      throw new Error(live.StateReason ?? live.LastUpdateStatusReason ?? `Function ${FunctionName} failed.`);
    }
    return live.State !== "Pending" && live.LastUpdateStatus !== "InProgress";
  });
}

async function setConcurrency(
  FunctionName: string,
  inputs: FunctionInputs,
  { client }: Context,
): Promise<void> {
  const ReservedConcurrentExecutions = inputs.reservedConcurrentExecutions ?? -1;
  // -1 means no reservation in Pulumi.
  await (ReservedConcurrentExecutions < 0
    ? client(LambdaClient).send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
    : client(LambdaClient).send(
        new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }),
      ));
}

/** Makes the tags of `function:<name>` or `event-source-mapping:<id>` what the inputs say. */
export async function setTags(
  resourceName: string,
  inputs: Pick<FunctionInputs, "tags">,
  earlier: Pick<FunctionInputs, "tags">,
  context: Context,
): Promise<void> {
  const { client, partition, region, account } = context;
  const Resource = `arn:${partition}:lambda:${region}:${account}:${resourceName}`;
  await changeTags(inputs, earlier, {
    untag: (TagKeys) => client(LambdaClient).send(new UntagResourceCommand({ Resource, TagKeys })),
    tag: (Tags) => client(LambdaClient).send(new TagResourceCommand({ Resource, Tags })),
  });
}
