import { z } from "zod";
import { artifactSchema, buildItemSchema } from "./builder";
import { json, text, variables } from "./environment";
import { defineEvent } from "./events";
import { architectureSchema, packageSpecSchema, pythonVersionSchema } from "./target";

/**
 * What goes through the state machine that builds layers, through a run's files in the artifacts bucket, and over the bus.
 */

/** What a layer version's row says of it. */
export const LAYER_STATUSES = ["latest", "deprecated"] as const;
/** `partial`: some targets failed or some regions refused, the rest is published. */
export const RUN_STATUSES = ["running", "succeeded", "partial", "failed"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
/** What becomes of a target in a run. */
export const OUTCOME_STATUSES = ["built", "unchanged", "failed"] as const;
/** What becomes of an item in a region. `existing`: the region had it already, so no event tells of it. */
export const PUBLICATION_STATUSES = ["published", "existing", "refused"] as const;

/** What a run did, in numbers. */
export interface RunCounts {
  /** Targets. */
  readonly built: number;
  readonly unchanged: number;
  readonly failed: number;
  /** Layer versions, over all regions. */
  readonly published: number;
  /** Items that a region did not take. */
  readonly refused: number;
}

/** What starts a run: the state machine's input. Without any of it, the whole catalog for all that the stage builds for. */
const runInputSchema = z.strictObject({
  /** Requirements `name[extras]spec`; ones that the catalog has are built as it says. */
  packages: z.array(z.string()).readonly().optional(),
  pythons: z.array(z.string()).readonly().optional(),
  architectures: z.array(architectureSchema).readonly().optional(),
  /** Build even what did not change. */
  force: z.boolean().default(false),
  /** Why, in a few words, for the run's record. */
  reason: z.string().max(500).optional(),
  /** The catalog's version when its change started the run; the newest is built all the same. */
  catalogVersion: z.number().optional(),
});
/** As whoever starts a run writes it. */
export type RunInput = z.input<typeof runInputSchema>;

/** A builder by its Python and architecture, such as `3.12-x86_64`. */
const builder = z.string();

/** One entry of `runs/<runId>/batches.json`: a few packages of one Python, for all architectures together. */
const batchSchema = z.object({
  runId: z.string(),
  /** Such as `0003-3.12`. */
  batch: z.string(),
  python: pythonVersionSchema,
  /** Which tool function resolves it. */
  builder,
  packages: z.array(packageSpecSchema).min(1).readonly(),
  architectures: z.array(architectureSchema).min(1).readonly(),
  force: z.boolean(),
});
export type Batch = z.infer<typeof batchSchema>;

/**
 * `runs/<runId>/items/<item>.json`: what there is to do for targets that share their bytes. The builder reads the same file, as
 * its `BuildItem`.
 */
export const workItemSchema = buildItemSchema.extend({
  runId: z.string(),
  item: z.string(),
  /** What is done first; what is built is published afterwards. */
  next: z.enum(["build", "publish"]),
  /** Which tool function builds it. */
  builder,
  /** Where it is published: every region after a build, else the ones where it is missing. */
  regions: z.array(z.string()).readonly(),
  /** Absent until it is built. */
  artifact: artifactSchema.optional(),
  /** Bytes of the zip that this package had before; the big ones start last. */
  expectedBytes: z.number().optional(),
});
export type WorkItem = z.infer<typeof workItemSchema>;

/** One entry of `runs/<runId>/work.json`: names an item and says where it starts. */
export const workSchema = workItemSchema.pick({ runId: true, item: true, next: true, builder: true });
export type Work = z.infer<typeof workSchema>;

/** The error of a step, as a state machine's Catch hands it over. */
const stepErrorSchema = z.object({
  Error: z.string().default("Unknown"),
  Cause: z.string().default(""),
});
export type StepError = z.infer<typeof stepErrorSchema>;

/** What the plan function is sent; `execution` is the execution's name or ARN. */
export const planPayload = z.object({
  execution: z.string().min(1),
  input: z.preprocess((input) => input ?? {}, runInputSchema),
});
export type PlanPayload = z.output<typeof planPayload>;
/** As the state machine sends it. */
export type PlanInput = z.input<typeof planPayload>;

export interface PlanAnswer {
  readonly runId: string;
  readonly bucket: string;
  readonly batchesKey: string;
  /** How many. */
  readonly batches: number;
  /** Packages × Pythons × architectures. */
  readonly targets: number;
}

/** A payload of a function that does several things: which one, and what that one is sent. */
type PayloadOf<Payloads extends Record<string, z.ZodType>, Operation extends keyof Payloads> = {
  readonly operation: Operation;
} & z.input<Payloads[Operation]>;

/** What the sign function is sent, by the payload's `operation`. */
export const signPayloads = {
  "sign-resolve": z.object({ batch: batchSchema }),
  "sign-build": z.object({ item: workSchema }),
};
export type SignPayload<Operation extends keyof typeof signPayloads> = PayloadOf<
  typeof signPayloads,
  Operation
>;

/** What the compare function is sent. */
export const comparePayload = z.object({ batch: batchSchema });
export type ComparePayload = z.infer<typeof comparePayload>;

/** Items to build and to publish; targets that are unchanged and that failed. */
export interface CompareAnswer {
  readonly batch: string;
  readonly build: number;
  readonly publish: number;
  readonly unchanged: number;
  readonly failed: number;
}

/** What the gather function is sent. */
export const gatherPayload = z.object({ runId: z.string().min(1) });
export type GatherPayload = z.infer<typeof gatherPayload>;

export interface GatherAnswer {
  readonly runId: string;
  readonly bucket: string;
  readonly workKey: string;
  readonly count: number;
}

/** What the publish function is sent: one artifact into one region. */
export const publishPayload = workSchema
  .pick({ runId: true, item: true })
  .extend({ region: z.string(), sha256: artifactSchema.shape.sha256 });
export type PublishPayload = z.infer<typeof publishPayload>;

export interface PublishAnswer {
  readonly status: "published" | "existing";
  readonly region: string;
  readonly arn: string;
}

/** What the record function is sent, by the payload's `operation`. */
export const recordPayloads = {
  "accept-artifact": z.object({ item: workSchema, answer: z.unknown() }),
  "list-publications": z.object({ item: workSchema }),
  "note-failed-batch": z.object({ batch: batchSchema, error: stepErrorSchema }),
  "note-failed-build": z.object({ item: workSchema, error: stepErrorSchema }),
  "note-refusal": z.object({ publication: publishPayload, error: stepErrorSchema }),
};
export type RecordPayload<Operation extends keyof typeof recordPayloads> = PayloadOf<
  typeof recordPayloads,
  Operation
>;

/** What is to be published next, one entry a region; empty when something failed. */
export interface RecordAnswer {
  readonly publish: readonly PublishPayload[];
}

/** What the announce function is sent; with `error`, the run as a whole failed. */
export const announcePayload = z.object({ runId: z.string().min(1), error: stepErrorSchema.optional() });

export type AnnouncePayload = z.infer<typeof announcePayload>;

export interface AnnounceAnswer extends RunCounts {
  readonly runId: string;
  readonly status: RunStatus;
}

/** Tells of a layer version that was published: one event for each. */
export const layerPublished = defineEvent(
  "strata.layers",
  "LayerPublished",
  z.object({
    runId: z.string(),
    region: z.string(),
    arn: z.string(),
    /** With extras, `psycopg[binary,pool]`. */
    requirement: z.string(),
    packageVersion: z.string(),
    python: pythonVersionSchema,
    architectures: z.array(architectureSchema).readonly(),
    sha256: artifactSchema.shape.sha256,
  }),
);

// What each function reads from its environment.

const { TABLE_NAME, BUS_NAME, ARTIFACTS_BUCKET, PYTHONS, ARCHITECTURES, REGIONS } = variables;

export const planEnvironment = z.object({
  TABLE_NAME,
  ARTIFACTS_BUCKET,
  PYTHONS,
  ARCHITECTURES,
  /** Packages that one resolve takes on. */
  BATCH_SIZE: z.coerce.number().int().min(1).max(100).default(8),
});
export const signEnvironment = z.object({ ARTIFACTS_BUCKET });
export const compareEnvironment = z.object({ TABLE_NAME, ARTIFACTS_BUCKET, REGIONS });
export const gatherEnvironment = z.object({ ARTIFACTS_BUCKET });
export const recordEnvironment = z.object({ TABLE_NAME, ARTIFACTS_BUCKET, REGIONS });
export const announceEnvironment = z.object({ TABLE_NAME, BUS_NAME });
export const publishEnvironment = z.object({
  TABLE_NAME,
  ARTIFACTS_BUCKET,
  /** JSON object: region -> its bucket of artifacts. */
  ARTIFACT_BUCKETS: json(
    z.record(z.string(), text).refine((buckets) => Object.keys(buckets).length > 0, "must name a region"),
  ),
  LAYER_PREFIX: text.regex(/^[A-Za-z0-9_-]{1,15}$/, "must be 1 to 15 letters, digits, - or _"),
  VISIBILITY: z.enum(["public", "organization", "private"]),
  /** Only where layers are for an organization. */
  ORGANIZATION_ID: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, "must look like o-a1b2c3d4e5")
    .optional(),
  /** Days that a deprecated layer version stays. */
  EXPIRY_DAYS: z.coerce.number().int().positive(),
});
