import { z } from "zod";

/** A kind of value that a setting can have. */
export interface Kind<T> {
  readonly schema: z.ZodType<T>;
  /** The name that `Pulumi.yaml` has for it. */
  readonly type: "array" | "boolean" | "integer" | "object" | "string";
  /** What is allowed, as "it must be ..." goes on. */
  readonly allowed: string;
}

/** One of a few words. */
export function oneOf<T extends string>(...words: [T, ...T[]]): Kind<T> {
  const allowed = `one of ${words.join(", ")}`;
  return { schema: z.enum(words, { error: `must be ${allowed}` }), type: "string", allowed };
}

/** @param allowed what the pattern lets through, as "it must be ..." goes on. */
export function text<T extends string = string>(pattern: RegExp, allowed: string): Kind<T> {
  const error = `must be ${allowed}`;
  const schema = z.custom<T>((value) => typeof value === "string" && pattern.test(value), { error });
  return { schema, type: "string", allowed };
}

export function wholeNumber(least: number, most: number): Kind<number> {
  const allowed = `a whole number from ${least} to ${most}`;
  const error = `must be ${allowed}`;
  const schema = z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
  return { schema, type: "integer", allowed };
}

/** One of a few numbers. */
export function oneOfNumbers(numbers: readonly number[]): Kind<number> {
  const allowed = `one of ${numbers.join(", ")}`;
  const error = `must be ${allowed}`;
  const schema = z.number({ error }).refine((value) => numbers.includes(value), { error });
  return { schema, type: "integer", allowed };
}

export const yesOrNo: Kind<boolean> = {
  schema: z.boolean({ error: "must be true or false" }),
  type: "boolean",
  allowed: "true or false",
};

/** A list that may be empty. Nothing is in it twice. */
export function listOf<T>(item: Kind<T>, what: string): Kind<readonly T[]> {
  return { schema: distinct(item, what).readonly(), type: "array", allowed: `a list, each ${item.allowed}` };
}

/** A list of at least one. Nothing is in it twice. */
export function filledListOf<T>(item: Kind<T>, what: string): Kind<readonly T[]> {
  const schema = distinct(item, what).min(1, { error: `must name at least one of: ${what}` });
  return { ...listOf(item, what), schema: schema.readonly() };
}

function distinct<T>(item: Kind<T>, what: string): z.ZodArray<z.ZodType<T>> {
  return z
    .array(item.schema, { error: `must be a list of ${what}` })
    .refine((items) => new Set(items).size === items.length, { error: "must not name anything twice" });
}

/** Values of one kind by keys of your own. */
export function mapOf<T>(value: Kind<T>, allowed: string): Kind<Readonly<Record<string, T>>> {
  const schema = z.record(z.string(), value.schema, { error: `must be ${allowed}` });
  return { schema, type: "object", allowed };
}

/** `rate(7 days)` or `cron(0 3 1 * ? *)`, as EventBridge spells times. */
export const schedule = text<`rate(${string})` | `cron(${string})`>(
  /^(rate|cron)\(.+\)$/,
  "rate(...) or cron(...) in UTC, such as rate(7 days)",
);
