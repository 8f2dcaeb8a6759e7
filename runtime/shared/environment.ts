import { z } from "zod";
import { BugError } from "./errors";
import { describe } from "./entry";
import { ARCHITECTURES } from "./target";

/**
 * The environment variables of our functions, by name. A function picks the ones it uses, so what a function's
 * environment names is what its grants cover.
 */

const text = z.string().min(1);

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
