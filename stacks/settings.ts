import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { schema } from "./settings-schema";

/** Lambda's images of earlier Pythons are Amazon Linux 2, whose C library is too old for the Node of the builder. */
const OLDEST_IMAGE_MINOR = 12;

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

/** Text stays text even where it looks like JSON, such as an account of digits. */
const isText = (key: string): boolean => {
  const shape: unknown = schema.shape[key as keyof typeof schema.shape];
  return shape instanceof z.ZodString || shape instanceof z.ZodEnum;
};

function valueOf(key: string, text: string): unknown {
  if (isText(key)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function describe(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): string {
  if (issue.code === "unrecognized_keys") {
    return issue.keys
      .map((unknown) => `strata:${placeOf([...issue.path, unknown])}: no such setting`)
      .join("\n  ");
  }
  const [key, ...rest] = issue.path.map(String);
  const value = rest.reduce<unknown>(
    (at, step) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[step] : at),
    given[key ?? ""],
  );
  const shown = value === undefined ? "nothing was given" : `${JSON.stringify(value)} was given`;
  return `strata:${placeOf(issue.path)}: ${shown}; it ${issue.message}`;
}

/** `specRollout[build][stableVersion]`, say. */
function placeOf([key, ...rest]: readonly PropertyKey[]): string {
  return `${String(key)}${rest.map((step) => `[${String(step)}]`).join("")}`;
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
  if (settings.partitionEvents && settings.rawBuckets.length === 0) {
    problems.push(
      "strata:rawBuckets: [] was given; partitionEvents needs the buckets whose events to follow",
    );
  }
  if (visibility === "organization" && organizationId === "") {
    problems.push(
      "strata:organizationId: nothing was given; visibility organization needs it, such as o-abc1234567",
    );
  }
  return problems;
}
