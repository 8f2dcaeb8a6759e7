/** Parses the builder's input. It is validated here once; the rest of the builder trusts the types. */
import { z } from "zod";
import { UserError } from "../shared/errors";
import { ARCHITECTURES } from "../contracts/target";
import type { BuilderRequest, BuildItem } from "../contracts/builder";

const pythonSchema = z.string().regex(/^3\.\d{1,2}$/, "must be a minor version such as 3.13");
const nameSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be a PEP 503 normalised name");
const architectureSchema = z.enum(ARCHITECTURES);

const packageSchema = z.object({
  name: nameSchema,
  extras: z.array(nameSchema),
  // Only the characters of PEP 440 specifiers, because this text becomes a line of a requirements file.
  specifier: z.string().regex(/^[0-9A-Za-z.*+!<>=~, -]*$/, "must be a PEP 440 specifier set such as >=1,<2"),
  prune: z.object({ tests: z.boolean(), runtime: z.boolean() }),
  needs: z.array(z.string()).optional(),
});

const requestSchema = z.discriminatedUnion("operation", [
  z.object({
    operation: z.literal("resolve"),
    python: pythonSchema,
    packages: z.array(packageSchema),
    architectures: z.array(architectureSchema),
    outputUrl: z.url(),
  }),
  z.object({ operation: z.literal("build"), itemUrl: z.url(), uploadUrl: z.url() }),
]);

const lockedPackageSchema = z.object({
  name: nameSchema,
  version: z.string().regex(/^[0-9A-Za-z.+!-]+$/),
  kind: z.enum(["wheel", "sdist"]),
  file: z.object({
    url: z.url({ protocol: /^https?$/ }),
    filename: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z._+!-]*$/, "must be a plain file name"),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});

const buildItemSchema = z.object({
  package: packageSchema,
  version: z.string(),
  python: pythonSchema,
  architectures: z.tuple([architectureSchema], architectureSchema),
  lock: z.object({ packages: z.array(lockedPackageSchema).min(1) }),
  buildKey: z.string(),
});

function parse<Output>(schema: z.ZodType<Output>, value: unknown, what: string): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UserError(`${what} is malformed.\n${z.prettifyError(parsed.error)}`);
}

/** @throws {UserError} naming each field that is wrong. */
export function parseRequest(event: unknown): BuilderRequest {
  return parse(requestSchema, event, "The builder's request");
}

/** @throws {UserError} naming each field that is wrong. */
export function parseBuildItem(value: unknown): BuildItem {
  return parse(buildItemSchema, value, "The build item");
}
