import { z } from "zod";
import { BugError } from "./errors";
import { describe } from "./entry";
import { ARCHITECTURES } from "../contracts/target";

/**
 * The environment variables of our functions, by name. A function picks the ones it uses, so what a function's
 * environment names is what its grants cover.
 */

const text = z.string().min(1);
const path = text.startsWith("/", "must be an absolute path");

/** A variable that holds JSON of the given shape. */
function json<T extends z.ZodType>(shape: T) {
  return text
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.addIssue({ code: "custom", message: "must be JSON" });
        return z.NEVER;
      }
    })
    .pipe(shape);
}

const pythonVersion = z.string().regex(/^3\.\d{1,2}$/, "must be a Python such as 3.13");

/** Every variable, with its shape. */
export const variables = {
  TABLE_NAME: text,
  BUS_NAME: text,
  /** The stage's name, which its metrics go by. */
  STAGE: text,
  /** JSON array such as `["3.12","3.13"]`. */
  PYTHONS: json(z.array(pythonVersion).min(1)),
  /** JSON array of region codes. */
  REGIONS: json(z.array(text).min(1)),
  /** JSON array such as `["x86_64","arm64"]`. */
  ARCHITECTURES: json(z.array(z.enum(ARCHITECTURES)).min(1)),
  /** The home region's bucket for artifacts and runs. */
  ARTIFACTS_BUCKET: text,
  /** JSON object: region -> its bucket of artifacts. */
  ARTIFACT_BUCKETS: json(
    z.record(z.string(), text).refine((buckets) => Object.keys(buckets).length > 0, "must name a region"),
  ),
  LAYER_PREFIX: text.regex(/^[A-Za-z0-9_-]{1,15}$/, "must be 1 to 15 letters, digits, - or _"),
  VISIBILITY: z.enum(["public", "organization", "private"]),
  ORGANIZATION_ID: z.string().regex(/^o-[a-z0-9]{10,32}$/, "must look like o-a1b2c3d4e5"),
  /** Days that a deprecated layer version stays. */
  EXPIRY_DAYS: z.coerce.number().int().positive(),
  /** The bucket of specs and packages. */
  SPECS_BUCKET: text,
  /** What to invoke to build a package: the ARN of the builder's alias. */
  SPEC_BUILDER: text,
  /** Another text whenever the builder may build other bytes of the same spec: specs are then built anew when looked at. */
  SPEC_BUILDER_REVISION: text,
  /** ARN of the secret with the package index's users. */
  PACKAGE_INDEX_SECRET: text,
  /** Whether the package index asks who is there. */
  PACKAGE_INDEX_VISIBILITY: z.enum(["private", "public"]),
  /** Base address of the package index, `https://.../packages`. */
  PACKAGE_INDEX_URL: text,
  /** JSON: globs of the names of databases that are looked after, and of those that are not. */
  DATABASES: json(z.object({ include: z.array(text).min(1), exclude: z.array(text) })),
  /** Account whose Glue catalog it is; empty for our own. */
  GLUE_CATALOG_ID: z.string().regex(/^(\d{12})?$/, "must be an account of 12 digits, or empty"),
  /** Days before and after today that a table keyed by time is looked at. */
  LOOK_BACK_DAYS: z.coerce.number().int().min(0),
  LOOK_AHEAD_DAYS: z.coerce.number().int().min(0),
  /** Hours after which a table's newest partition is stale. */
  FRESHNESS_HOURS: z.coerce.number().int().positive(),
  /** Absolute path of the `uv` binary, where programs are run. */
  STRATA_UV: path,
  /** JSON object: the machine's interpreters by minor version, such as `{"3.13": "/usr/bin/python3.13"}`. */
  STRATA_PYTHONS: json(z.record(pythonVersion, path)),
  /** Folder with what building packages takes, installed for one of those interpreters. */
  STRATA_SPEC_REQUIREMENTS: path,
  /** Packages that one resolve takes on. */
  BATCH_SIZE: z.coerce.number().int().min(1).max(100).default(8),
} as const;

/**
 * Reads a function's variables.
 * @throws BugError naming each variable that is missing or wrong, since the program that deploys sets them.
 */
export function readEnvironment<T extends z.ZodType>(schema: T, environment: NodeJS.ProcessEnv): z.output<T> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new BugError(`The function's environment is wrong: ${describe(parsed.error)}`);
}
