import { z } from "zod";
import { FAILURE_KINDS, type BuildItem } from "./builder";
import { ARCHITECTURES } from "./target";

/**
 * What goes through the state machine and through the run's files in the artifacts bucket. Batches and items are
 * files of ours; resolve results and build answers come from the function that runs strangers' code, so their
 * shapes are held tightly and nothing in them names a key, a bucket or a region.
 */

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
