import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type CodeFiles, useCodeFiles } from "../../infra/parts/handler-code";

/** One resource as the program asked for it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  /** Resolved; a secret is wrapped as Pulumi wraps it. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Pulumi name of the parent, or nothing when the stack itself is the parent. */
  readonly parent: string | undefined;
  /** What the resource was told to wait for, each as `<type> <name>`. What its inputs refer to isn't listed. */
  readonly dependsOn: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
}

const ACCOUNT = "123456789012";

/** What stands before a resource's name in its ARN, by type; other types have none that the program uses. */
const ARN_SHAPES: Readonly<Record<string, (region: string) => string>> = {
  "aws:cloudwatch/eventBus:EventBus": (region) => `events:${region}:${ACCOUNT}:event-bus/`,
  "aws:cloudwatch/eventRule:EventRule": (region) => `events:${region}:${ACCOUNT}:rule/`,
  "aws:cloudwatch/logGroup:LogGroup": (region) => `logs:${region}:${ACCOUNT}:log-group:`,
  "aws:dynamodb/table:Table": (region) => `dynamodb:${region}:${ACCOUNT}:table/`,
  "aws:iam/role:Role": () => `iam::${ACCOUNT}:role/`,
  "aws:lambda/function:Function": (region) => `lambda:${region}:${ACCOUNT}:function:`,
  "aws:s3/bucket:Bucket": () => "s3:::",
  "aws:secretsmanager/secret:Secret": (region) => `secretsmanager:${region}:${ACCOUNT}:secret:`,
  "aws:sfn/stateMachine:StateMachine": (region) => `states:${region}:${ACCOUNT}:stateMachine:`,
  "aws:sns/topic:Topic": (region) => `sns:${region}:${ACCOUNT}:`,
  "aws:sqs/queue:Queue": (region) => `sqs:${region}:${ACCOUNT}:`,
};

/** What the program asks AWS. */
const ANSWERS: Readonly<Record<string, Record<string, string>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: ACCOUNT },
  "aws:index/getPartition:getPartition": { partition: "aws" },
  "aws:secretsmanager/getRandomPassword:getRandomPassword": { randomPassword: "a-random-password" },
};

/** Version that every published function has come to. */
export const NEWEST_VERSION = "9";

/** The ARN that a recorded resource has. */
export function arnOf(type: string, name: string, region = "us-east-1"): string | undefined {
  const shape = ARN_SHAPES[type];
  return shape === undefined ? undefined : `arn:aws:${shape(region)}${name}`;
}

function arnOfState(args: pulumi.runtime.MockResourceArgs, region: string): string | undefined {
  const { name, functionName } = args.inputs as { readonly name?: string; readonly functionName?: string };
  return args.type === "aws:lambda/alias:Alias"
    ? `${arnOf("aws:lambda/function:Function", functionName ?? "", region) ?? ""}:${name ?? ""}`
    : arnOf(args.type, args.name, region);
}

/** The state a resource would have: what was asked, with ARN, name and the like made up from its name. */
function stateOf(args: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  const inputs = args.inputs as Record<string, unknown>;
  const region = typeof inputs["region"] === "string" ? inputs["region"] : "us-east-1";
  return {
    ...inputs,
    name: inputs["name"] ?? args.name,
    bucket: inputs["bucket"] ?? args.name,
    arn: arnOfState(args, region),
    version: NEWEST_VERSION,
    url: `https://mock/${args.name}`,
    repositoryUrl: `mock/${args.name}`,
    executionArn: `arn:aws:execute-api:${region}:${ACCOUNT}:${args.name}`,
    invokeUrl: `https://${args.name}.mock/`,
    imageUri: `mock/${args.name}@sha256:${"0".repeat(64)}`,
  };
}

/** Names only: bundling takes seconds, and nobody reads the code of a recorded function. */
const NO_CODE: CodeFiles = {
  bundle: (entry) => `// ${existing(entry)}`,
  bundleFile: (entry) => `/bundles/${existing(entry)}/index.js`,
  imageContext: (image, entry) => `/images/${image}/${existing(entry)}`,
};

function existing(entry: string): string {
  const file = path.resolve(__dirname, "../../runtime", `${entry}.lambda.ts`);
  if (!fs.existsSync(file)) throw new Error(`there is no runtime/${entry}.lambda.ts`);
  return entry;
}

let makesStandIn = false;

/** Makes what the code under test needs and doesn't make itself. It has names and ARNs, but is not recorded. */
export function standIn<T>(make: () => T): T {
  makesStandIn = true;
  try {
    return make();
  } finally {
    makesStandIn = false;
  }
}

export interface Recording {
  readonly resources: RecordedResource[];
  /** The stack's. */
  readonly outputs: unknown;
}

/**
 * Runs a program under mocks, and records every resource with its resolved inputs. Handlers are not bundled. One recording at a
 * time: Pulumi's mocks are the whole process's.
 *
 * @throws what the program throws, with no stack trace.
 */
export async function record(
  stage: string,
  config: Readonly<Record<string, string>>,
  build: () => unknown,
): Promise<Recording> {
  const resources: RecordedResource[] = [];
  const options = new Map<string, pulumi.CustomResourceOptions>();
  const standIns = new Set<string>();
  useCodeFiles(NO_CODE);
  const { stackTraceLimit } = Error;
  // Pulumi keeps a stack trace of each of its thousands of promises, which is most of the time that a recording would take.
  Error.stackTraceLimit = 0;
  try {
    await pulumi.runtime.setMocks(
      {
        newResource(args) {
          const key = `${args.type} ${args.name}`;
          if (!standIns.has(key)) resources.push(recordOf(args, options.get(key) ?? {}));
          return { id: `${args.name}-id`, state: stateOf(args) };
        },
        call(args) {
          return ANSWERS[args.token] ?? {};
        },
      },
      "strata",
      stage,
      false,
    );
    pulumi.runtime.setAllConfig(config);
    const outputs: unknown = await pulumi.runtime.runInPulumiStack(() => {
      pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
        const key = `${type} ${name}`;
        options.set(key, opts);
        if (makesStandIn) standIns.add(key);
        return undefined;
      });
      return Promise.resolve(build() as Record<string, unknown>);
    });
    await pulumi.runtime.disconnect();
    return { resources, outputs };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function recordOf(
  { type, name, inputs }: pulumi.runtime.MockResourceArgs,
  { parent, dependsOn, protect, retainOnDelete, ignoreChanges }: pulumi.CustomResourceOptions,
): RecordedResource {
  const awaited = [dependsOn ?? []].flat() as pulumi.Resource[];
  return {
    type,
    name,
    inputs: inputs as Record<string, unknown>,
    parent: nameOf(parent),
    dependsOn: awaited.map((resource) => `${typeOf(resource) ?? ""} ${nameOf(resource) ?? ""}`),
    protect: protect ?? false,
    retainOnDelete: retainOnDelete ?? false,
    ignoreChanges: ignoreChanges ?? [],
  };
}

/** Pulumi keeps a resource's name in a field of its own. */
function nameOf(resource: pulumi.Resource | undefined): string | undefined {
  return (resource as { readonly __name?: string } | undefined)?.__name;
}

/** Pulumi keeps a resource's type in a field of its own. */
function typeOf(resource: pulumi.Resource): string | undefined {
  return (resource as { readonly __pulumiType?: string }).__pulumiType;
}
