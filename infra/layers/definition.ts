import type * as pulumi from "@pulumi/pulumi";
import { type State, call, distributedMap } from "../parts/state-machine-steps";

/** The functions the machine calls, by what they do. */
export interface FactoryFunctions {
  readonly plan: pulumi.Input<string>;
  readonly sign: pulumi.Input<string>;
  readonly compare: pulumi.Input<string>;
  readonly gather: pulumi.Input<string>;
  readonly record: pulumi.Input<string>;
  readonly publish: pulumi.Input<string>;
  readonly announce: pulumi.Input<string>;
}

export interface FactoryDefinitionArgs {
  readonly functions: FactoryFunctions;
  /** Builder function ARNs by `<python>-<architecture>`. */
  readonly builders: ReadonlyMap<string, pulumi.Input<string>>;
  /** Builds, and batches of resolutions, at one time. */
  readonly buildConcurrency: number;
  /** Regions one layer is published to at one time; Lambda's control plane takes about 15 requests a second. */
  readonly publishConcurrency: number;
}

/** A choice by `$.builder`, and one task for each builder; they go on at `next`. */
function callBuilder(
  verb: string,
  builders: FactoryDefinitionArgs["builders"],
  args: { readonly next: string; readonly onError: string },
): Record<string, State> {
  const names = [...builders.keys()];
  const tasks = [...builders].map(([name, arn]): [string, State] => [
    `${verb} ${name}`,
    call(arn, { payload: "$.request.value", into: "answer", ...args }),
  ]);
  return {
    [`${verb} with`]: {
      Type: "Choice",
      Choices: names.map((name) => ({ Variable: "$.builder", StringEquals: name, Next: `${verb} ${name}` })),
      Default: `${verb} nowhere`,
    },
    [`${verb} nowhere`]: {
      Type: "Pass",
      Result: { Error: "BugError", Cause: "the stage has no builder for this Python and architecture" },
      ResultPath: "$.error",
      Next: args.onError,
    },
    ...Object.fromEntries(tasks),
  };
}

function resolveStates({ functions, builders }: FactoryDefinitionArgs): Record<string, State> {
  const failed = { onError: "Note failed batch" };
  return {
    "Sign resolve": call(functions.sign, {
      payload: { operation: "resolve", "batch.$": "$" },
      into: "request",
      next: "Resolve with",
      ...failed,
    }),
    ...callBuilder("Resolve", builders, { next: "Compare", ...failed }),
    Compare: call(functions.compare, { payload: { "batch.$": "$" }, ...failed }),
    "Note failed batch": call(functions.record, {
      payload: { operation: "batch-error", "batch.$": "$", "error.$": "$.error" },
    }),
  };
}

function publishRegions({ functions, publishConcurrency }: FactoryDefinitionArgs): State {
  return {
    Type: "Map",
    ItemsPath: "$.recorded.value.publish",
    MaxConcurrency: publishConcurrency,
    ItemProcessor: {
      ProcessorConfig: { Mode: "INLINE" },
      StartAt: "Publish",
      States: {
        Publish: call(functions.publish, { payload: "$", onError: "Note failed region" }),
        "Note failed region": call(functions.record, {
          payload: { operation: "publish-error", "publication.$": "$", "error.$": "$.error" },
        }),
      },
    },
    ResultPath: null,
    Next: "Published",
  };
}

function buildStates(args: FactoryDefinitionArgs): Record<string, State> {
  const { functions, builders } = args;
  const failed = { onError: "Note failed build" };
  const recorded = { into: "recorded", next: "Publish regions", ...failed };
  return {
    "What it needs": {
      Type: "Choice",
      Choices: [{ Variable: "$.needs", StringEquals: "build", Next: "Sign build" }],
      Default: "List publications",
    },
    "List publications": call(functions.record, {
      payload: { operation: "publish-list", "item.$": "$" },
      ...recorded,
    }),
    "Sign build": call(functions.sign, {
      payload: { operation: "build", "item.$": "$" },
      into: "request",
      next: "Build with",
      ...failed,
    }),
    ...callBuilder("Build", builders, { next: "Record", ...failed }),
    Record: call(functions.record, {
      payload: { operation: "build", "item.$": "$", "answer.$": "$.answer.value" },
      ...recorded,
    }),
    "Publish regions": publishRegions(args),
    // The answers of all items together must stay below 256 KiB, even where they are thrown away.
    Published: { Type: "Pass", Result: {}, End: true },
    "Note failed build": call(functions.record, {
      payload: { operation: "build-error", "item.$": "$", "error.$": "$.error" },
    }),
  };
}

/**
 * The build pipeline as an Amazon States Language document: plan, resolve batches, gather what changed, build and publish it,
 * announce. What a state cannot hold (256 KiB) goes through S3.
 */
export function factoryDefinition(args: FactoryDefinitionArgs): Record<string, unknown> {
  const { functions, buildConcurrency } = args;
  const failed = { onError: "Close failed run" };
  return {
    Comment: "Builds the layers whose lock or recipe changed, and publishes them to every region.",
    StartAt: "Plan",
    States: {
      Plan: call(functions.plan, {
        payload: { "execution.$": "$$.Execution.Name", "input.$": "$$.Execution.Input" },
        next: "Resolve batches",
      }),
      "Resolve batches": distributedMap({
        key: "$.batchesKey",
        concurrency: buildConcurrency,
        startAt: "Sign resolve",
        states: resolveStates(args),
        next: "Gather",
        ...failed,
      }),
      Gather: call(functions.gather, {
        payload: { "runId.$": "$.runId" },
        next: "Anything to do",
        ...failed,
      }),
      "Anything to do": {
        Type: "Choice",
        Choices: [{ Variable: "$.count", NumericEquals: 0, Next: "Announce" }],
        Default: "Build layers",
      },
      "Build layers": distributedMap({
        key: "$.workKey",
        concurrency: buildConcurrency,
        startAt: "What it needs",
        states: buildStates(args),
        next: "Announce",
        ...failed,
      }),
      Announce: call(functions.announce, { payload: { "runId.$": "$.runId" } }),
      "Close failed run": call(functions.announce, {
        payload: { "runId.$": "$.runId", "error.$": "$.error" },
        into: "closed",
        next: "Failed",
      }),
      Failed: { Type: "Fail", ErrorPath: "$.error.Error", CausePath: "$.error.Cause" },
    },
  };
}
