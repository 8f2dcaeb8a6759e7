import type * as pulumi from "@pulumi/pulumi";
import type { BuilderRequest } from "../../runtime/contracts/builder";
import type {
  AnnouncePayload,
  Batch,
  ComparePayload,
  GatherAnswer,
  GatherPayload,
  PlanAnswer,
  PlanInput,
  PublishPayload,
  RecordAnswer,
  RecordPayload,
  SignPayload,
  StepError,
  Work,
} from "../../runtime/contracts/layers";
import { type Path, type Paths, context, pathsOf, textOf } from "../parts/json-path";
import { type State, call, choice, distributedMap } from "../parts/state-machine-steps";

/** The Node functions that the machine calls: `runtime/layers/<name>.lambda.ts`. */
export type StepName = "plan" | "sign" | "compare" | "gather" | "record" | "publish" | "announce";

interface Callable {
  readonly arn: pulumi.Input<string>;
}

interface FactoryDefinitionArgs {
  readonly functions: Readonly<Record<StepName, Callable>>;
  /** Builders by `<python>-<architecture>`. */
  readonly builders: ReadonlyMap<string, Callable>;
  /** Builds, and batches of resolutions, at one time. */
  readonly buildConcurrency: number;
  /** Regions that one layer is published in at one time; Lambda's control plane takes about 15 requests a second. */
  readonly publishConcurrency: number;
}

/** What a state holds once a function has answered it. */
interface Answered<Value> {
  readonly value: Value;
}
/** What a state holds once a step has failed. */
interface Failed {
  readonly error: StepError;
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
const publication = pathsOf<PublishPayload & Failed>();

/** Chooses the builder of the item or batch, and calls it; `next` comes afterwards. */
function callBuilder(
  verb: string,
  at: Paths<{ readonly builder: string; readonly request: Answered<BuilderRequest> }>,
  builders: FactoryDefinitionArgs["builders"],
  args: { readonly next: string; readonly onError: string },
): Record<string, State> {
  const tasks = [...builders].map(([name, { arn }]): [string, State] => [
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
      Result: { Error: "BugError", Cause: "The stage has no builder for this Python and architecture." },
      ResultPath: "$.error",
      Next: args.onError,
    },
    ...Object.fromEntries(tasks),
  };
}

function resolveStates({ functions, builders }: FactoryDefinitionArgs): Record<string, State> {
  const failed = { onError: "Note failed batch" };
  return {
    "Sign resolve": call<SignPayload<"sign-resolve">>(functions.sign.arn, {
      payload: { operation: "sign-resolve", batch },
      into: "request",
      next: "Resolve with",
      ...failed,
    }),
    ...callBuilder("Resolve", batch, builders, { next: "Compare", ...failed }),
    Compare: call<ComparePayload>(functions.compare.arn, { payload: { batch }, ...failed }),
    "Note failed batch": call<RecordPayload<"note-failed-batch">>(functions.record.arn, {
      payload: { operation: "note-failed-batch", batch, error: batch.error },
    }),
  };
}

function publishRegions({ functions, publishConcurrency }: FactoryDefinitionArgs): State {
  return {
    Type: "Map",
    ItemsPath: textOf(item.recorded.value.publish satisfies Path<readonly PublishPayload[]>),
    MaxConcurrency: publishConcurrency,
    ItemProcessor: {
      ProcessorConfig: { Mode: "INLINE" },
      StartAt: "Publish",
      States: {
        Publish: call<PublishPayload>(functions.publish.arn, {
          payload: publication,
          onError: "Note refusal",
        }),
        "Note refusal": call<RecordPayload<"note-refusal">>(functions.record.arn, {
          payload: { operation: "note-refusal", publication, error: publication.error },
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
    "What comes first": choice(item.next, [{ is: "build", next: "Sign build" }], "List publications"),
    "List publications": call<RecordPayload<"list-publications">>(functions.record.arn, {
      payload: { operation: "list-publications", item },
      ...recorded,
    }),
    "Sign build": call<SignPayload<"sign-build">>(functions.sign.arn, {
      payload: { operation: "sign-build", item },
      into: "request",
      next: "Build with",
      ...failed,
    }),
    ...callBuilder("Build", item, builders, { next: "Accept artifact", ...failed }),
    "Accept artifact": call<RecordPayload<"accept-artifact">>(functions.record.arn, {
      payload: { operation: "accept-artifact", item, answer: item.answer.value },
      ...recorded,
    }),
    "Publish regions": publishRegions(args),
    // The answers of all items together must stay below 256 KiB, even where they are thrown away.
    Published: { Type: "Pass", Result: {}, End: true },
    "Note failed build": call<RecordPayload<"note-failed-build">>(functions.record.arn, {
      payload: { operation: "note-failed-build", item, error: item.error },
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
      Plan: call<PlanInput>(functions.plan.arn, {
        payload: { execution: context.Execution.Name, input: context.Execution.Input },
        next: "Resolve batches",
      }),
      "Resolve batches": distributedMap({
        bucket: run.bucket,
        key: run.batchesKey,
        concurrency: buildConcurrency,
        startAt: "Sign resolve",
        states: resolveStates(args),
        next: "Gather",
        ...failed,
      }),
      Gather: call<GatherPayload>(functions.gather.arn, {
        payload: { runId: run.runId },
        next: "Anything to do",
        ...failed,
      }),
      "Anything to do": choice(run.count, [{ is: 0, next: "Announce" }], "Build layers"),
      "Build layers": distributedMap({
        bucket: run.bucket,
        key: run.workKey,
        concurrency: buildConcurrency,
        startAt: "What comes first",
        states: buildStates(args),
        next: "Announce",
        ...failed,
      }),
      Announce: call<AnnouncePayload>(functions.announce.arn, { payload: { runId: run.runId } }),
      "Close failed run": call<AnnouncePayload>(functions.announce.arn, {
        payload: { runId: run.runId, error: run.error },
        into: "closed",
        next: "Failed",
      }),
      Failed: { Type: "Fail", ErrorPath: textOf(run.error.Error), CausePath: textOf(run.error.Cause) },
    },
  };
}
