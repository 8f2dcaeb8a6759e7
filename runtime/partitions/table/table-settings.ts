import { PARAMETER_PREFIX } from "../../contracts/partitions";
import { UserError } from "../../shared/errors";

/** How many partitions one run may delete. */
export type DeleteLimit = { readonly count: number } | { readonly percent: number };

/** What the table's own parameters `strata.partitions.*` set. */
export interface TableSettings {
  /** A layout's name or a template. @default detected from the folders */
  readonly layout?: string;
  /** @default the deployment's look-back */
  readonly lookBackDays?: number | "all";
  /** @default the deployment's look-ahead */
  readonly lookAheadDays?: number;
  /** Whether partitions with another location or descriptor are updated. @default false */
  readonly update: boolean;
  /** Whether partitions whose folder no longer exists are deleted. @default false */
  readonly delete: boolean;
  /** How many days old a partition must be before it is deleted. @default 7 */
  readonly deleteGraceDays: number;
  /** A run that would delete more than this deletes nothing. @default 10 percent */
  readonly deleteLimit: DeleteLimit;
  /** Whether partitions get the table's columns. @default false */
  readonly cascade: boolean;
  /** Hours after which the newest partition is stale. @default the deployment's */
  readonly freshnessHours?: number;
  /** Partition indexes that the table should have, each a list of keys. */
  readonly indexes: readonly (readonly string[])[];
}

type Parameters = Readonly<Record<string, string>>;

/** Glue allows three indexes a table. Source: AWS Glue guide, Working with partition indexes. */
const MAX_INDEXES = 3;
const NAMES = [
  "enabled",
  "layout",
  "look-back",
  "look-ahead",
  "update",
  "delete",
  "delete-grace",
  "delete-limit",
  "cascade",
  "freshness",
  "indexes",
] as const;
type Name = (typeof NAMES)[number];

/** Whether a table's parameters ask to be left alone. Only the value `false` does. */
export function isOptedOut(parameters: Parameters = {}): boolean {
  return parameters[`${PARAMETER_PREFIX}enabled`]?.trim().toLowerCase() === "false";
}

/**
 * Reads a table's parameters `strata.partitions.*`.
 * @throws UserError naming the parameter, its value and what is allowed. Also for a parameter that does not exist.
 */
export function readTableSettings(parameters: Parameters = {}): TableSettings {
  const given = new Map<Name, string>();
  for (const [parameter, value] of Object.entries(parameters)) {
    if (!parameter.startsWith(PARAMETER_PREFIX)) continue;
    const name = NAMES.find((known) => known === parameter.slice(PARAMETER_PREFIX.length));
    if (name === undefined) {
      throw new UserError(
        `There is no parameter ${parameter}. The names after ${PARAMETER_PREFIX} are: ${NAMES.join(", ")}.`,
      );
    }
    given.set(name, value.trim());
  }
  readFlag(given, "enabled");
  const layout = given.get("layout");
  if (layout === "")
    throw settingError("layout", layout, "a layout's name or a template such as {year}/{month}/{day}");
  const lookBackDays =
    given.get("look-back")?.toLowerCase() === "all" ? "all" : readNumber(given, "look-back", " or all");
  const lookAheadDays = readNumber(given, "look-ahead");
  const freshnessHours = readNumber(given, "freshness");
  return {
    ...(layout === undefined ? {} : { layout }),
    ...(lookBackDays === undefined ? {} : { lookBackDays }),
    ...(lookAheadDays === undefined ? {} : { lookAheadDays }),
    ...(freshnessHours === undefined ? {} : { freshnessHours }),
    update: readFlag(given, "update"),
    delete: readFlag(given, "delete"),
    deleteGraceDays: readNumber(given, "delete-grace") ?? 7,
    deleteLimit: readDeleteLimit(given),
    cascade: readFlag(given, "cascade"),
    indexes: readIndexes(given),
  };
}

function readFlag(given: ReadonlyMap<Name, string>, name: Name): boolean {
  const value = given.get(name)?.toLowerCase() ?? "false";
  if (value !== "true" && value !== "false") throw settingError(name, value, "true or false");
  return value === "true";
}

function readNumber(given: ReadonlyMap<Name, string>, name: Name, or = ""): number | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,5}$/.test(value)) throw settingError(name, value, `a whole number from 0 to 99999${or}`);
  return Number(value);
}

function readDeleteLimit(given: ReadonlyMap<Name, string>): DeleteLimit {
  const value = given.get("delete-limit") ?? "10%";
  const [, digits = "", percent] = /^(\d{1,6})\s*(%?)$/.exec(value) ?? [];
  if (digits === "" || (percent === "%" && Number(digits) > 100)) {
    throw settingError("delete-limit", value, "a whole number such as 100, or a percentage such as 5%");
  }
  return percent === "%" ? { percent: Number(digits) } : { count: Number(digits) };
}

function readIndexes(given: ReadonlyMap<Name, string>): readonly (readonly string[])[] {
  const value = given.get("indexes");
  if (value === undefined) return [];
  const indexes = value.split(";").map((index) => index.split(",").map((key) => key.trim().toLowerCase()));
  if (indexes.length > MAX_INDEXES || indexes.some((index) => index.includes(""))) {
    throw settingError("indexes", value, `one to ${MAX_INDEXES} lists of keys such as year,month;region`);
  }
  return indexes;
}

function settingError(name: Name, value: string, allowed: string): UserError {
  return new UserError(
    `The table's parameter ${PARAMETER_PREFIX}${name} is "${value}". Set it to ${allowed}.`,
  );
}
