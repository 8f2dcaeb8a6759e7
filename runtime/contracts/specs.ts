import { z } from "zod";
import { text, variables } from "./environment";

/**
 * What the functions of specs, the program that deploys them and the command line agree on.
 *
 * A spec is an object `{sub}/{specId}/{version}-spec.json` in the bucket of specs. Its packages are written beside it, or else
 * `{version}-build-error.json`, which says why there are none. The key's first part is called sub there; our code calls it owner.
 */

/** Bytes of the largest spec that is built. It leaves room for escaping within the 6 MB that Lambda takes as a payload. */
export const MAX_SPEC_BYTES = 2 * 1024 * 1024;

/** `refused`: no package can be built from the spec. `removed`: the spec is gone, and the row only says how far its events were handled. */
export const SPEC_STATUSES = ["built", "refused", "removed"] as const;

/**
 * Why a spec was refused: another spec has its version or its name (`version`, `name`), its text is wrong (`spec`), or the builder
 * can't build it (`build`).
 */
export const REFUSAL_STAGES = ["version", "name", "spec", "build"] as const;
export type RefusalStage = (typeof REFUSAL_STAGES)[number];

/** What `{version}-build-error.json` tells the author of a spec, except for the time. */
export interface BuildErrorNote {
  /** `key`: the key itself is wrong. Such a spec has no row in the table. */
  readonly stage: RefusalStage | "key";
  readonly reason: string;
  /** Key of the spec. */
  readonly spec: string;
}

/**
 * One spec to build. The builder is a pure function: a spec goes in, packages come out. It can reach no data of ours, because a spec is
 * text from a stranger and becomes code there. Request and answer must fit a synchronous invocation: 6 MB each. Source: Lambda quotas.
 */
export const specBuildRequestSchema = z
  .object({
    /** The OpenAPI document as its author wrote it: JSON text. Its `info.version` is ignored. */
    spec: z.string(),
    /** Name of the Python package: the spec's id. */
    packageName: z.string(),
    /** PEP 440 version. */
    version: z.string(),
  })
  .readonly();
export type SpecBuildRequest = z.infer<typeof specBuildRequestSchema>;

const packageFileSchema = z
  .object({
    /** File name such as `pets-1.2.0-py3-none-any.whl`, without a folder. */
    name: z.string(),
    /** Lower-case hex. */
    sha256: z.string(),
    /** Bytes. */
    size: z.number(),
    /** The bytes in base64. */
    content: z.string(),
  })
  .readonly();
/** A built wheel or source archive. */
export type PackageFile = z.infer<typeof packageFileSchema>;

/** How a build ended. Everything else is thrown: `UpstreamError` for what a retry may solve, `BugError` for our own mistakes. */
export const specBuildAnswerSchema = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("built"),
    files: z.array(packageFileSchema).readonly(),
    peakMegabytes: z.number(),
  }),
  /** The spec can't be built. The reason is written for its author, who can act on it. */
  z.object({ outcome: z.literal("refused"), reason: z.string() }),
]);
export type SpecBuildAnswer = z.infer<typeof specBuildAnswerSchema>;

/** Media type of the package index's JSON pages (PEP 691). */
export const INDEX_JSON_TYPE = "application/vnd.pypi.simple.v1+json";

const { TABLE_NAME } = variables;
/** The bucket of specs, with their packages. */
const SPECS_BUCKET = text;
/** ARN of the secret with the users of the package index. */
const PACKAGE_INDEX_SECRET = text;

/** What the function that handles specs reads from its environment. */
export const handleEnvironment = z.object({
  TABLE_NAME,
  SPECS_BUCKET,
  /** What to invoke to build a spec: the ARN of the builder's alias. */
  SPEC_BUILDER: text,
  /** Changes whenever the builder may build other bytes from the same spec. A spec that is then looked at is built again. */
  SPEC_BUILDER_REVISION: text,
});

/** What the function that serves the package index reads from its environment. */
export const packageIndexEnvironment = z.object({
  TABLE_NAME,
  SPECS_BUCKET,
  PACKAGE_INDEX_SECRET,
  /** Whether the package index asks for a user and a password. */
  PACKAGE_INDEX_VISIBILITY: z.enum(["private", "public"]),
});

/** What the canary reads from its environment, besides the variables of its image. */
export const canaryEnvironment = z.object({
  SPECS_BUCKET,
  PACKAGE_INDEX_SECRET,
  /** Base address of the package index, `https://.../packages`. */
  PACKAGE_INDEX_URL: text,
});

/** How the key of a spec ends. */
export const SPEC_SUFFIX = "-spec.json";

/** The owner of all that the canary makes; nothing else may be under it. */
export const CANARY_OWNER = "canary";

/** Where the API serves the package indexes. */
export const PACKAGES_PATH = "/packages";
