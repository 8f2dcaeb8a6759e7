import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { BuilderRequest } from "../../runtime/contracts/builder";
import type {
  Batch,
  Caught,
  GatherAnswer,
  PlanAnswer,
  PublishRequest,
  RecordAnswer,
  Work,
  acceptArtifactSchema,
  announceSchema,
  compareSchema,
  gatherSchema,
  listPublicationsSchema,
  noteFailedBatchSchema,
  noteFailedBuildSchema,
  noteRefusedRegionSchema,
  planSchema,
  signBuildSchema,
  signResolveSchema,
} from "../../runtime/contracts/layers";
import { type Path, type Paths, context, pathsOf, textOf } from "../parts/json-path";
import { type State, call, choice, distributedMap } from "../parts/state-machine-steps";

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

/** What a state holds once a function has answered it. */
interface Answered<Value> {
  readonly value: Value;
}
/** What a state holds once a step has failed. */
interface Failed {
  readonly error: Caught;
}

/** A run, from its plan on. */
const run = pathsOf<PlanAnswer & GatherAnswer & Failed>();
/** A batch that is resolved. */
const batch = pathsOf<Batch & Failed & { readonly request: Answered<BuilderRequest> }>();
/** An item that is built and published. */
const item = pathsOf<
  Work &
    Failed & {
      readonly request: Answered<BuilderRequest>;
      readonly answer: Answered<unknown>;
      readonly recorded: Answered<RecordAnswer>;
    }
>();
/** An artifact that is published in one region. */
const publication = pathsOf<PublishRequest & Failed>();

/** A choice by the item's or batch's builder, and one task for each builder; they go on at `next`. */
function callBuilder(
  verb: string,
  at: Paths<{ readonly builder: string; readonly request: Answered<BuilderRequest> }>,
  builders: FactoryDefinitionArgs["builders"],
  args: { readonly next: string; readonly onError: string },
): Record<string, State> {
  const tasks = [...builders].map(([name, arn]): [string, State] => [
    `${verb} ${name}`,
    call<BuilderRequest>(arn, { payload: at.request.value, into: "answer", ...args }),
  ]);
  return {
    [`${verb} with`]: choice(
      at.builder,
      [...builders.keys()].map((name) => ({ is: name, next: `${verb} ${name}` })),
      `${verb} nowhere`,
    ),
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
    "Sign resolve": call<z.input<typeof signResolveSchema>>(functions.sign, {
      payload: { operation: "resolve", batch },
      into: "request",
      next: "Resolve with",
      ...failed,
    }),
    ...callBuilder("Resolve", batch, builders, { next: "Compare", ...failed }),
    Compare: call<z.input<typeof compareSchema>>(functions.compare, { payload: { batch }, ...failed }),
    "Note failed batch": call<z.input<typeof noteFailedBatchSchema>>(functions.record, {
      payload: { operation: "batch-error", batch, error: batch.error },
    }),
  };
}

function publishRegions({ functions, publishConcurrency }: FactoryDefinitionArgs): State {
  return {
    Type: "Map",
    ItemsPath: textOf(item.recorded.value.publish satisfies Path<readonly PublishRequest[]>),
    MaxConcurrency: publishConcurrency,
    ItemProcessor: {
      ProcessorConfig: { Mode: "INLINE" },
      StartAt: "Publish",
      States: {
        Publish: call<PublishRequest>(functions.publish, {
          payload: publication,
          onError: "Note failed region",
        }),
        "Note failed region": call<z.input<typeof noteRefusedRegionSchema>>(functions.record, {
          payload: { operation: "publish-error", publication, error: publication.error },
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
    "What it needs": choice(item.needs, [{ is: "build", next: "Sign build" }], "List publications"),
    "List publications": call<z.input<typeof listPublicationsSchema>>(functions.record, {
      payload: { operation: "publish-list", item },
      ...recorded,
    }),
    "Sign build": call<z.input<typeof signBuildSchema>>(functions.sign, {
      payload: { operation: "build", item },
      into: "request",
      next: "Build with",
      ...failed,
    }),
    ...callBuilder("Build", item, builders, { next: "Record", ...failed }),
    Record: call<z.input<typeof acceptArtifactSchema>>(functions.record, {
      payload: { operation: "build", item, answer: item.answer.value },
      ...recorded,
    }),
    "Publish regions": publishRegions(args),
    // The answers of all items together must stay below 256 KiB, even where they are thrown away.
    Published: { Type: "Pass", Result: {}, End: true },
    "Note failed build": call<z.input<typeof noteFailedBuildSchema>>(functions.record, {
      payload: { operation: "build-error", item, error: item.error },
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
      Plan: call<z.input<typeof planSchema>>(functions.plan, {
        payload: { execution: context.Execution.Name, input: context.Execution.Input },
        next: "Resolve batches",
      }),
      "Resolve batches": distributedMap({
        key: run.batchesKey,
        concurrency: buildConcurrency,
        startAt: "Sign resolve",
        states: resolveStates(args),
        next: "Gather",
        ...failed,
      }),
      Gather: call<z.input<typeof gatherSchema>>(functions.gather, {
        payload: { runId: run.runId },
        next: "Anything to do",
        ...failed,
      }),
      "Anything to do": choice(run.count, [{ is: 0, next: "Announce" }], "Build layers"),
      "Build layers": distributedMap({
        key: run.workKey,
        concurrency: buildConcurrency,
        startAt: "What it needs",
        states: buildStates(args),
        next: "Announce",
        ...failed,
      }),
      Announce: call<z.input<typeof announceSchema>>(functions.announce, { payload: { runId: run.runId } }),
      "Close failed run": call<z.input<typeof announceSchema>>(functions.announce, {
        payload: { runId: run.runId, error: run.error },
        into: "closed",
        next: "Failed",
      }),
      Failed: { Type: "Fail", ErrorPath: textOf(run.error.Error), CausePath: textOf(run.error.Cause) },
    },
  };
}
