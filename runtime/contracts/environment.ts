import { z } from "zod";
import { architectureSchema, pythonVersionSchema } from "./target";

/**
 * Environment variables of our functions. What one function reads stands as one schema in its service's contract: the program
 * sets exactly that, and the function gets it as values.
 */

/** Any text but none. */
export const text = z.string().min(1);
/** An absolute path. */
export const path = text.startsWith("/", "must be an absolute path");

/** A variable that holds JSON of the given shape. */
export function json<T extends z.ZodType>(shape: T) {
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

/** Variables that functions of several services read. */
export const variables = {
  TABLE_NAME: text,
  BUS_NAME: text,
  /** The stage's name, which its metrics go by. */
  STAGE: text,
  /** JSON array such as `["3.12","3.13"]`. */
  PYTHONS: json(z.array(pythonVersionSchema).min(1)),
  /** JSON array of region codes. */
  REGIONS: json(z.array(text).min(1)),
  /** JSON array such as `["x86_64","arm64"]`. */
  ARCHITECTURES: json(z.array(architectureSchema).min(1)),
  /** The home region's bucket for artifacts and runs. */
  ARTIFACTS_BUCKET: text,
} as const;

/** Variables that the image of a tool function has, or the emulator where there is none: the program does not set them. */
export const toolVariables = {
  /** Absolute path of the `uv` binary. */
  STRATA_UV: path,
  /** JSON object: the machine's interpreters by minor version, such as `{"3.13": "/usr/bin/python3.13"}`. */
  STRATA_PYTHONS: json(z.record(pythonVersionSchema, path)),
} as const;
