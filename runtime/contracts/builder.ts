import { z } from "zod";
import { failureSchema } from "./failure";
import { lockSchema, packageVersionSchema, sha256Schema } from "./lock";
import { architectureSchema, packageSpecSchema, pythonVersionSchema } from "./target";

/**
 * What the tool function is asked and what it answers. It runs strangers' code, so it holds no credentials of ours:
 * everything it reads or writes goes through URLs that somebody else signed. Nobody trusts its answers: their shapes are held
 * tightly, and nothing in them names a key, a bucket or a region.
 */

const resolveRequestSchema = z.object({
  operation: z.literal("resolve"),
  python: pythonVersionSchema,
  packages: z.array(packageSpecSchema).readonly(),
  architectures: z.array(architectureSchema).readonly(),
  /** Presigned PUT for the `ResolveResult` as JSON. */
  outputUrl: z.url(),
});
export type ResolveRequest = z.infer<typeof resolveRequestSchema>;

const askedSchema = z.object({ package: packageSpecSchema, architecture: architectureSchema });

const resolvedTargetSchema = z.discriminatedUnion("status", [
  askedSchema.extend({
    status: z.literal("resolved"),
    /** Version of the requested package itself. */
    version: packageVersionSchema,
    lock: lockSchema,
    /** True when every locked file is a `none-any` wheel: then all architectures share one artifact. */
    pure: z.boolean(),
    /** sha256 over lock and recipe: equal keys give equal bytes. */
    buildKey: sha256Schema,
  }),
  askedSchema.extend({ status: z.literal("failed"), failure: failureSchema }),
]);
export type ResolvedTarget = z.infer<typeof resolvedTargetSchema>;

/** The answer to a resolve, written to its `outputUrl`. */
export const resolveResultSchema = z.object({ targets: z.array(resolvedTargetSchema) });

/** What one build needs. The tool function fetches it from S3. */
export const buildItemSchema = z.object({
  package: packageSpecSchema,
  version: packageVersionSchema,
  python: pythonVersionSchema,
  /** More than one only when the lock is pure. The first one's interpreter runs the import test. */
  architectures: z.array(architectureSchema).min(1).readonly(),
  lock: lockSchema,
  buildKey: sha256Schema,
});
export type BuildItem = z.infer<typeof buildItemSchema>;

const buildRequestSchema = z.object({
  operation: z.literal("build"),
  /** Presigned GET of the `BuildItem` as JSON. */
  itemUrl: z.url(),
  /** Presigned PUT for the zip. */
  uploadUrl: z.url(),
});
export type BuildRequest = z.infer<typeof buildRequestSchema>;

const importTestSchema = z.object({
  /** `unverified`: this machine has no interpreter for the target, so nothing was imported. */
  status: z.enum(["passed", "unverified"]),
  modules: z.array(z.string().max(300)).max(1000),
  /** Why it is unverified, in a sentence; absent when passed. */
  reason: z.string().max(1000).optional(),
});
export type ImportTest = z.infer<typeof importTestSchema>;

/** What is known of an artifact. */
export const artifactSchema = z.object({
  /** Digest of the zip: the artifact's name. */
  sha256: sha256Schema,
  zipBytes: z.number().int().nonnegative(),
  unzippedBytes: z.number().int().nonnegative(),
  importTest: importTestSchema,
  /** What the layer contains, `name==version`, sorted. */
  dependencies: z.array(z.string().max(400)).max(1000),
});
export type Artifact = z.infer<typeof artifactSchema>;

/** What the builder answers to a build. */
export const buildResultSchema = z.discriminatedUnion("status", [
  artifactSchema.extend({
    status: z.literal("built"),
    /** Members copied compressed from wheels, and members deflated here. */
    members: z.object({ spliced: z.number(), deflated: z.number() }),
    /** Milliseconds each step took. */
    milliseconds: z.record(z.enum(["fetch", "install", "import", "zip", "upload"]), z.number()),
  }),
  z.object({ status: z.literal("failed"), failure: failureSchema }),
]);
export type BuildResult = z.infer<typeof buildResultSchema>;

export const builderRequestSchema = z.discriminatedUnion("operation", [
  resolveRequestSchema,
  buildRequestSchema,
]);
export type BuilderRequest = z.infer<typeof builderRequestSchema>;

/** `resolve` writes its result to `outputUrl` and answers only how many it did: a state may hold 256 KiB at most. */
export type BuilderAnswer = { readonly resolved: number; readonly failed: number } | BuildResult;
