/** Parses the builder's input. It is validated here once; the rest of the builder trusts the types. */
import { z } from "zod";
import {
  buildItemSchema,
  builderRequestSchema,
  type BuilderRequest,
  type BuildItem,
} from "../contracts/builder";
import { UserError } from "../shared/errors";

function parse<Output>(schema: z.ZodType<Output>, value: unknown, what: string): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UserError(`${what} is malformed.\n${z.prettifyError(parsed.error)}`);
}

/** @throws {UserError} naming each field that is wrong. */
export function parseRequest(event: unknown): BuilderRequest {
  return parse(builderRequestSchema, event, "The builder's request");
}

/** @throws {UserError} naming each field that is wrong. */
export function parseBuildItem(value: unknown): BuildItem {
  return parse(buildItemSchema, value, "The build item");
}
