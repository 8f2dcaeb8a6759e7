import { FAILURE_KINDS } from "../../contracts/failure";
import { ARCHITECTURES } from "../../contracts/target";

/**
 * Attribute shapes that several entities share. Every index writes its keys with `casing: "none"`: run ids come from
 * outside and may differ by case only.
 */

/** A target's three coordinates; `requirement` is the package with extras, `psycopg[binary,pool]`. */
export const targetAttributes = {
  python: { type: "string", required: true },
  architecture: { type: ARCHITECTURES, required: true },
  requirement: { type: "string", required: true },
} as const;

/** What is known of a good build; sizes in bytes, `sha256` names the artifact. */
export const builtProperties = {
  version: { type: "string", required: true },
  buildKey: { type: "string", required: true },
  sha256: { type: "string", required: true },
  zipBytes: { type: "number", required: true },
  unzippedBytes: { type: "number", required: true },
  dependencies: { type: "list", items: { type: "string" }, required: true },
  importTest: {
    type: "map",
    required: true,
    properties: {
      status: { type: ["passed", "unverified"], required: true },
      modules: { type: "list", items: { type: "string" }, required: true },
      reason: { type: "string" },
    },
  },
  runId: { type: "string", required: true },
  createdAt: { type: "string", required: true },
} as const;

/** The names of these, for reading a build without the target that it belongs to. */
export const BUILD_ATTRIBUTES = Object.keys(builtProperties) as (keyof typeof builtProperties)[];

/** Why a target failed, as the builder's contract has it. */
export const failureProperties = {
  kind: { type: FAILURE_KINDS, required: true },
  message: { type: "string", required: true },
  lastLines: { type: "list", items: { type: "string" }, required: true },
} as const;
