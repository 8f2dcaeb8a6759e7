import { z } from "zod";
import { text, variables } from "./environment";

/**
 * What the function that handles specs asks of the function that builds packages. The builder is a pure function: a spec goes
 * in, packages come out, and it touches no data of ours, since a spec is a stranger's text that becomes code there.
 */

/** One spec to build. Request and answer must fit a synchronous invocation: 6 MB each. Source: Lambda quotas. */
export interface BuildRequest {
  /** The OpenAPI document as its author wrote it: JSON text. Its `info.version` doesn't count. */
  readonly spec: string;
  /** Name of the Python package, the spec's id. */
  readonly packageName: string;
  /** PEP 440 version. */
  readonly version: string;
}

/** A built distribution. */
export interface PackageFile {
  /** File name such as `pets-1.2.0-py3-none-any.whl`, without a folder. */
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** The bytes in base64. */
  readonly content: string;
}

/** What became of it. Anything else is thrown: `UpstreamError` for what may pass, `BugError` for our own mistakes. */
export type BuildAnswer =
  | { readonly outcome: "built"; readonly files: readonly PackageFile[]; readonly peakMegabytes: number }
  /** The spec can't be built, and why, in words that its author can act on. */
  | { readonly outcome: "refused"; readonly reason: string };

/** Bytes of a spec that we take. Leaves room for escaping within Lambda's 6 MB of payload. */
export const SPEC_BYTES = 2 * 1024 * 1024;

const { TABLE_NAME } = variables;
/** The bucket of specs and packages. */
const SPECS_BUCKET = text;
/** ARN of the secret with the package index's users. */
const PACKAGE_INDEX_SECRET = text;

/** What the function that handles specs reads from its environment. */
export const handleEnvironment = z.object({
  TABLE_NAME,
  SPECS_BUCKET,
  /** What to invoke to build a package: the ARN of the builder's alias. */
  SPEC_BUILDER: text,
  /** Another text whenever the builder may build other bytes of the same spec: specs are then built anew when looked at. */
  SPEC_BUILDER_REVISION: text,
});

/** What the function that serves the package index reads from its environment. */
export const packageIndexEnvironment = z.object({
  TABLE_NAME,
  SPECS_BUCKET,
  PACKAGE_INDEX_SECRET,
  /** Whether the package index asks who is there. */
  PACKAGE_INDEX_VISIBILITY: z.enum(["private", "public"]),
});

/** What the canary reads from its environment, besides what its image has. */
export const canaryEnvironment = z.object({
  SPECS_BUCKET,
  PACKAGE_INDEX_SECRET,
  /** Base address of the package index, `https://.../packages`. */
  PACKAGE_INDEX_URL: text,
});
