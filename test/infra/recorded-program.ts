import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { program } from "../../stacks/program";

const root = path.resolve(__dirname, "../..");

/** The stages that come with the project. */
export const STAGES = ["local", "default", "dev", "prod"] as const;
export type Stage = (typeof STAGES)[number];

/** One resource as the program asked for it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Pulumi name of the parent, or nothing when the stack itself is the parent. */
  readonly parent: string | undefined;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
}

interface ConfigFile {
  readonly config: Readonly<Record<string, unknown>>;
}

function configOf(stage: Stage): Record<string, string> {
  const project = parse(fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as ConfigFile;
  const stack = parse(fs.readFileSync(path.join(root, `Pulumi.${stage}.yaml`), "utf8")) as ConfigFile;
  const defaults = Object.entries(project.config).map(([key, schema]) => [
    `strata:${key}`,
    (schema as { readonly default: unknown }).default,
  ]);
  const all = { ...(Object.fromEntries(defaults) as Record<string, unknown>), ...stack.config };
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
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
  "aws:secretsmanager/getRandomPassword:getRandomPassword": { randomPassword: "drawn-by-lot" },
};

/** The ARN that a recorded resource has. */
export function arnOf(type: string, name: string, region = "us-east-1"): string | undefined {
  const shape = ARN_SHAPES[type];
  return shape === undefined ? undefined : `arn:aws:${shape(region)}${name}`;
}

/** Version that every published function has come to. */
export const NEWEST_VERSION = "9";

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

/**
 * Runs the real program of a stage under mocks, and records every resource with its resolved inputs.
 *
 * @param changes config keys that differ from the stage's file, as text.
 */
export async function recordProgram(
  stage: Stage,
  changes: Readonly<Record<string, string>> = {},
): Promise<RecordedResource[]> {
  return (await runProgram(stage, changes, program)).recorded;
}

/** What a module exports to Pulumi in a stage, under mocks: the stack's outputs. */
export async function recordOutputs(stage: Stage, module: () => unknown): Promise<unknown> {
  return (await runProgram(stage, {}, module)).outputs;
}

async function runProgram(
  stage: Stage,
  changes: Readonly<Record<string, string>>,
  run: () => unknown,
): Promise<{ readonly recorded: RecordedResource[]; readonly outputs: unknown }> {
  const recorded: RecordedResource[] = [];
  const options = new Map<string, pulumi.ResourceOptions>();
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        const { parent, protect, retainOnDelete, ignoreChanges } = (options.get(
          `${args.type}::${args.name}`,
        ) ?? {}) as pulumi.CustomResourceOptions;
        recorded.push({
          type: args.type,
          name: args.name,
          inputs: args.inputs as Record<string, unknown>,
          parent: nameOf(parent),
          protect: protect ?? false,
          retainOnDelete: retainOnDelete ?? false,
          ignoreChanges: ignoreChanges ?? [],
        });
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
  pulumi.runtime.setAllConfig({ ...configOf(stage), ...changes });
  const outputs: unknown = await pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
      options.set(`${type}::${name}`, opts);
      return undefined;
    });
    return Promise.resolve(run());
  });
  return { recorded, outputs };
}

/** Pulumi keeps a resource's name in a field of its own. */
function nameOf(resource: pulumi.Resource | undefined): string | undefined {
  return (resource as { readonly __name?: string } | undefined)?.__name;
}
