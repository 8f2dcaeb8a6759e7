import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** Days CloudWatch Logs can keep lines (PutRetentionPolicy). */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653];

/** Lambda's images of earlier Pythons are Amazon Linux 2, whose C library is too old for the Node of the builder. */
const OLDEST_IMAGE_MINOR = 12;

const oneOf = <T extends string>(...allowed: [T, ...T[]]) =>
  z.enum(allowed, { error: `must be one of ${allowed.join(", ")}` });

const matching = (pattern: RegExp, allowed: string) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed });

const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
};

const truth = z.boolean({ error: "must be true or false" });

const list = <T extends z.ZodType>(item: T, what: string) =>
  z
    .array(item, { error: `must be a list of ${what}` })
    .min(1, { error: `must name at least one of: ${what}` })
    .refine((items) => new Set(items).size === items.length, { error: "must not name anything twice" });

const region = matching(
  /^(all|[a-z]{2}(-[a-z]+)+-\d)$/,
  "must be a region code such as eu-west-1, or all alone",
);

const imageByDigest = matching(
  /^[^\s@]+@sha256:[0-9a-f]{64}$/,
  "must name an image by its digest: <repository>@sha256:<64 hex digits>",
);

const builderKey = matching(
  /^3\.\d+-(x86_64|arm64)$/,
  "must be keyed by <python>-<architecture>, such as 3.13-arm64",
);

/** The shape of every `strata:` key; each message says what is allowed. */
const schema = z.strictObject({
  pythons: list(
    matching(/^3\.(9|[1-9]\d)$/, "must be a Python minor version from 3.9 on, such as 3.13"),
    "Pythons",
  ),
  architectures: list(oneOf("x86_64", "arm64"), "x86_64, arm64"),
  regions: list(region, "region codes"),
  catalog: oneOf("test", "prod"),
  layerPrefix: matching(/^[A-Za-z0-9-_]{1,15}$/, "must be 1 to 15 letters, digits, - or _"),
  visibility: oneOf("public", "organization", "private"),
  organizationId: matching(/^(o-[a-z0-9]{10,32})?$/, "must be empty or an organization such as o-abc1234567"),
  expiryDays: wholeNumber(1, 3650),
  schedules: truth,
  buildSchedule: matching(/^(rate|cron)\(.+\)$/, "must be rate(...) or cron(...), such as rate(7 days)"),
  buildConcurrency: wholeNumber(1, 1000),
  toolFunctions: oneOf("image", "host"),
  builderImages: z.record(builderKey, imageByDigest, {
    error: "must map <python>-<architecture> to an image",
  }),
  retainData: truth,
  tlsOnly: truth,
  logRetentionDays: z
    .number({ error: "must be a number of days" })
    .refine((days) => LOG_RETENTION_DAYS.includes(days), {
      error: `must be one of ${LOG_RETENTION_DAYS.join(", ")}`,
    }),
});

/** Everything a stage can set, validated. */
export type Settings = Readonly<z.infer<typeof schema>> & {
  /** The stack's name: `local`, `default`, `dev`, `prod` or one of your own. */
  readonly stage: string;
  /** The region the program itself lives in. */
  readonly homeRegion: string;
};

/** A wrong value in a stack's configuration; the message names each key, what was given and what is allowed. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** Keys as they stand in Pulumi.yaml. */
export const SETTING_KEYS = Object.keys(schema.shape);

/** The stack's raw configuration: text as Pulumi keeps it (lists and objects as JSON). */
export type RawSettings = Readonly<Record<string, string | undefined>>;

/**
 * Validates a stack's configuration.
 *
 * @throws SettingsError that lists every wrong key at once.
 */
export function parseSettings(raw: RawSettings, stage: string, homeRegion: string | undefined): Settings {
  const given = Object.fromEntries(
    Object.entries(raw)
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .map(([key, text]) => [key, valueOf(key, text)]),
  );
  const parsed = schema.safeParse(given);
  const problems = parsed.success
    ? crossCheck(parsed.data, homeRegion)
    : parsed.error.issues.map((issue) => describe(issue, given));
  if (!parsed.success || homeRegion === undefined || problems.length > 0) {
    throw new SettingsError(
      [`Pulumi.${stage}.yaml cannot be used:`, ...problems.map((problem) => `  ${problem}`)].join("\n"),
    );
  }
  return { ...parsed.data, stage, homeRegion };
}

/** Reads the configuration of the stack being deployed. */
export function readSettings(): Settings {
  const ours = "strata:";
  // Every key of ours, also one that no setting has: a misspelt key must not pass for a default.
  const raw = Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig() as Record<string, string>)
      .filter(([key]) => key.startsWith(ours))
      .map(([key, value]) => [key.slice(ours.length), value]),
  );
  return parseSettings(raw, pulumi.getStack(), new pulumi.Config("aws").get("region"));
}

/** Keys that are text even where the text looks like JSON. */
const TEXT = new Set([
  "catalog",
  "layerPrefix",
  "visibility",
  "organizationId",
  "buildSchedule",
  "toolFunctions",
]);

function valueOf(key: string, text: string): unknown {
  if (TEXT.has(key)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function describe(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): string {
  if (issue.code === "unrecognized_keys") return `strata:${issue.keys.join(", strata:")}: no such setting`;
  const [key, ...rest] = issue.path.map(String);
  const value = rest.reduce<unknown>(
    (at, step) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[step] : at),
    given[key ?? ""],
  );
  const place = rest.length === 0 ? "" : `[${rest.join("][")}]`;
  const shown = value === undefined ? "nothing was given" : `${JSON.stringify(value)} was given`;
  return `strata:${key ?? ""}${place}: ${shown}; it ${issue.message}`;
}

function crossCheck(settings: z.infer<typeof schema>, homeRegion: string | undefined): string[] {
  const problems: string[] = [];
  const { regions, visibility, organizationId } = settings;
  if (homeRegion === undefined)
    problems.push("aws:region: nothing was given; it must be the home region, such as us-east-1");
  if (regions.includes("all") && regions.length > 1) {
    problems.push(`strata:regions: ${JSON.stringify(regions)} was given; all must stand alone`);
  }
  if (homeRegion !== undefined && !regions.includes("all") && regions[0] !== homeRegion) {
    problems.push(
      `strata:regions: ${JSON.stringify(regions)} was given; its first must be aws:region, ${homeRegion}`,
    );
  }
  const old = settings.pythons.filter((python) => Number(python.slice(2)) < OLDEST_IMAGE_MINOR);
  const unbuildable = old.filter((python) =>
    settings.architectures.some((architecture) => !settings.builderImages[`${python}-${architecture}`]),
  );
  if (settings.toolFunctions === "image" && unbuildable.length > 0) {
    problems.push(
      `strata:pythons: ${JSON.stringify(unbuildable)} was given; images are built for 3.${OLDEST_IMAGE_MINOR} and later, ` +
        "so name images of your own for it in strata:builderImages",
    );
  }
  if (visibility === "organization" && organizationId === "") {
    problems.push(
      "strata:organizationId: nothing was given; visibility organization needs it, such as o-abc1234567",
    );
  }
  return problems;
}
