import { z } from "zod";
import { FAILURE_KINDS, type BuildItem } from "./builder";
import { json, text, variables } from "./environment";
import { defineEvent } from "./events";
import { runIdOf } from "./run-id";
import { ARCHITECTURES } from "./target";

/**
 * What goes through the state machine and through the run's files in the artifacts bucket. Batches and items are
 * files of ours; resolve results and build answers come from the function that runs strangers' code, so their
 * shapes are held tightly and nothing in them names a key, a bucket or a region.
 */

const {
  TABLE_NAME,
  BUS_NAME,
  ARTIFACTS_BUCKET,
  PYTHONS,
  ARCHITECTURES: ARCHITECTURE_LIST,
  REGIONS,
} = variables;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const architecture = z.enum(ARCHITECTURES);
/** Only what PEP 440 versions are made of: it is shown on pages and in files. */
const version = z.string().regex(/^[A-Za-z0-9.!+_-]{1,100}$/);
const python = z.string().regex(/^3\.\d{1,2}$/);

export const packageSchema = z.object({
  name: z.string(),
  extras: z.array(z.string()),
  specifier: z.string(),
  prune: z.object({ tests: z.boolean(), runtime: z.boolean() }),
  needs: z.array(z.string()).readonly().optional(),
});

/** A package of a batch; `license` goes into the layer version. */
const batchPackageSchema = packageSchema.extend({ license: z.string() });

/** One entry of `runs/<runId>/batches.json`: a few packages of one Python, for all architectures together. */
export const batchSchema = z.object({
  runId: z.string(),
  /** Such as `0003-3.12`. */
  batch: z.string(),
  python,
  /** Which tool function resolves it, such as `3.12-x86_64`. */
  builder: z.string(),
  packages: z.array(batchPackageSchema).min(1),
  architectures: z.array(architecture).min(1),
  force: z.boolean(),
});
export type Batch = z.infer<typeof batchSchema>;

export const failureSchema = z.object({
  kind: z.enum(FAILURE_KINDS),
  message: z.string().max(4000),
  lastLines: z.array(z.string().max(500)).max(20),
});

const lockSchema = z.object({
  packages: z
    .array(
      z.object({
        name: z.string().max(200),
        version,
        kind: z.enum(["wheel", "sdist"]),
        file: z.object({ url: z.string().max(2000), filename: z.string().max(300), sha256 }),
      }),
    )
    .max(1000),
});

const resolvedTargetSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("resolved"),
    package: packageSchema,
    architecture,
    version,
    lock: lockSchema,
    pure: z.boolean(),
    buildKey: sha256,
  }),
  z.object({ status: z.literal("failed"), package: packageSchema, architecture, failure: failureSchema }),
]);

/** `runs/<runId>/resolved/<batch>.json`, written by the builder. */
export const resolveResultSchema = z.object({ targets: z.array(resolvedTargetSchema) });

const importTestSchema = z.object({
  status: z.enum(["passed", "unverified"]),
  modules: z.array(z.string().max(300)).max(1000),
  reason: z.string().max(1000).optional(),
});
const dependenciesSchema = z.array(z.string().max(400)).max(1000);

/** What the builder answers to a build. */
export const buildResultSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("built"),
    sha256,
    zipBytes: z.number().int().nonnegative(),
    unzippedBytes: z.number().int().nonnegative(),
    importTest: importTestSchema,
    dependencies: dependenciesSchema,
  }),
  z.object({ status: z.literal("failed"), failure: failureSchema }),
]);

/** What is known of an artifact. */
export const artifactSchema = z.object({
  sha256,
  zipBytes: z.number(),
  unzippedBytes: z.number(),
  dependencies: dependenciesSchema,
  importTest: importTestSchema,
});
export type Artifact = z.infer<typeof artifactSchema>;

/** `runs/<runId>/items/<item>.json`: what there is to do for targets that share their bytes. */
export const workItemSchema = z.object({
  package: packageSchema,
  version,
  python,
  architectures: z.array(architecture).min(1),
  lock: lockSchema,
  buildKey: sha256,
  runId: z.string(),
  item: z.string(),
  needs: z.enum(["build", "publish"]),
  builder: z.string(),
  license: z.string(),
  /** Where it is to be published: every region after a build, else the ones that lack it. */
  regions: z.array(z.string()),
  /** Absent until it is built. */
  artifact: artifactSchema.optional(),
  /** Bytes of the zip that this package had before; the big ones start first. */
  expectedBytes: z.number().optional(),
});
export type WorkItem = z.infer<typeof workItemSchema> & BuildItem;

/** One entry of `runs/<runId>/work.json`. */
export const workSchema = z.object({
  runId: z.string(),
  item: z.string(),
  itemKey: z.string(),
  builder: z.string(),
  needs: z.enum(["build", "publish"]),
});
export type Work = z.infer<typeof workSchema>;

/** What the publish function is sent: one artifact into one region. */
export const publishSchema = z.object({ runId: z.string(), itemKey: z.string(), region: z.string(), sha256 });
export type PublishRequest = z.infer<typeof publishSchema>;

/** What a state machine's Catch hands over. */
export const caughtSchema = z.object({ Error: z.string().default("Unknown"), Cause: z.string().default("") });
export type Caught = z.infer<typeof caughtSchema>;

// The functions of the build pipeline: what each is given, and what it answers.

/** What starts a run. Everything is optional: without it, the whole catalog for all that the stage builds for. */
export const planInputSchema = z.strictObject({
  /** Requirements `name[extras]spec`; ones that the catalog has are built as it says. */
  packages: z.array(z.string()).optional(),
  pythons: z.array(z.string()).optional(),
  architectures: z.array(z.enum(ARCHITECTURES)).optional(),
  /** Build even what did not change. */
  force: z.boolean().default(false),
  /** Why, in a few words, for the run's record. */
  reason: z.string().max(500).optional(),
  /** The catalog's version when its change started the run; the newest is built all the same. */
  catalogVersion: z.number().optional(),
});
export type PlanInput = z.infer<typeof planInputSchema>;
/** What a run is started with. */
export type RunInput = z.input<typeof planInputSchema>;

/** Payload of the plan function; `execution` is the execution's name or ARN. */
export const planSchema = z.object({
  execution: z.string().min(1),
  input: z.preprocess((input) => input ?? {}, planInputSchema),
});

export interface PlanAnswer {
  readonly runId: string;
  readonly bucket: string;
  readonly batchesKey: string;
  /** How many. */
  readonly batches: number;
  /** Packages × Pythons × architectures. */
  readonly targets: number;
}

/** Payload of the function that signs the request to resolve a batch. */
export const signResolveSchema = z.object({ operation: z.literal("resolve"), batch: batchSchema });

/** Payload of the function that signs the request to build an item. */
export const signBuildSchema = z.object({ operation: z.literal("build"), item: workSchema });

/** Payload of the compare function. */
export const compareSchema = z.object({ batch: batchSchema });

/** Payload of the gather function. */
export const gatherSchema = z.object({ runId: z.string().min(1) });

export interface GatherAnswer {
  readonly runId: string;
  readonly bucket: string;
  readonly workKey: string;
  readonly count: number;
}

/** Payload of the function that takes over what a builder built. */
export const acceptArtifactSchema = z.object({
  operation: z.literal("build"),
  item: workSchema,
  answer: z.unknown(),
});

/** Payload of the function that notes why an item could not be built. */
export const noteFailedBuildSchema = z.object({
  operation: z.literal("build-error"),
  item: workSchema,
  error: caughtSchema,
});

/** Payload of the function that lists where an item is to be published. */
export const listPublicationsSchema = z.object({ operation: z.literal("publish-list"), item: workSchema });

/** Payload of the function that notes why a region did not take a layer. */
export const noteRefusedRegionSchema = z.object({
  operation: z.literal("publish-error"),
  publication: publishSchema,
  error: caughtSchema,
});

/** Payload of the function that notes why a batch did not resolve. */
export const noteFailedBatchSchema = z.object({
  operation: z.literal("batch-error"),
  batch: batchSchema,
  error: caughtSchema,
});

/** What is to be published next, one entry a region; empty when something failed. */
export interface RecordAnswer {
  readonly publish: readonly PublishRequest[];
}

/** Payload of the announce function; with `error`, the run as a whole failed. */
export const announceSchema = z.object({
  runId: z.string().min(1).transform(runIdOf),
  error: caughtSchema.optional(),
});

export type AnnouncePayload = z.infer<typeof announceSchema>;

/** Tells of a layer version that came out: one event for each. */
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
    python: z.string(),
    architectures: z.array(architecture).readonly(),
    sha256,
  }),
);
export type LayerPublished = z.infer<typeof layerPublished.detail>;

// What each function reads from its environment.

/** Packages that one resolve takes on. */
const BATCH_SIZE = z.coerce.number().int().min(1).max(100).default(8);

export const planEnvironment = z.object({
  TABLE_NAME,
  ARTIFACTS_BUCKET,
  PYTHONS,
  ARCHITECTURES: ARCHITECTURE_LIST,
  BATCH_SIZE,
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
  ORGANIZATION_ID: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, "must look like o-a1b2c3d4e5")
    .optional(),
  /** Days that a deprecated layer version stays. */
  EXPIRY_DAYS: z.coerce.number().int().positive(),
});
