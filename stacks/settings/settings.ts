import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { catalog } from "./catalog";
import type { SettingsGroup } from "./group";
import { layers } from "./layers";
import { partitions } from "./partitions";
import type { SettingsMap, ValuesOf } from "./setting";
import { specs } from "./specs";
import { type StageSettings, checkStage, stageSettings } from "./stage";

/** The settings of each service: a line for each. */
const services = { catalog, layers, specs, partitions };
type Services = typeof services;

/** Everything a stage can set, validated, in groups: one for the stage, and one for each service. */
export type Settings = { readonly stage: StageSettings } & {
  readonly [Service in keyof Services]: ValuesOf<Services[Service]["settings"]>;
};

/** All settings as they are declared, by group and key. */
export const SETTING_GROUPS: Readonly<Record<string, SettingsMap>> = {
  stage: stageSettings,
  ...Object.fromEntries(Object.entries(services).map(([service, { settings }]) => [service, settings])),
};

/** Every setting by its key. */
const settingsByKey: SettingsMap = Object.assign({}, ...Object.values(SETTING_GROUPS)) as SettingsMap;

/** Keys as they stand in Pulumi.yaml. */
export const SETTING_KEYS = Object.keys(settingsByKey);

const schema = z.strictObject(
  Object.fromEntries(Object.entries(settingsByKey).map(([key, { kind }]) => [key, kind.schema])),
);

/** A wrong value in a stack's configuration; the message names each key, what was given and what is allowed. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

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
      .map(([key, value]) => [key, valueOf(key, value)]),
  );
  const parsed = schema.safeParse(given);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => describe(issue, given));
  if (homeRegion === undefined) {
    problems.push("aws:region: nothing was given; it must be the home region, such as us-east-1");
  }
  if (parsed.success && homeRegion !== undefined) {
    const settings = grouped(parsed.data, stage, homeRegion);
    problems.push(...crossCheck(settings));
    if (problems.length === 0) return settings;
  }
  throw new SettingsError(
    [`Pulumi.${stage}.yaml cannot be used:`, ...problems.map((problem) => `  ${problem}`)].join("\n"),
  );
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
function valueOf(key: string, value: string): unknown {
  if (settingsByKey[key]?.kind.type === "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function grouped(values: Readonly<Record<string, unknown>>, stage: string, homeRegion: string): Settings {
  const groups = Object.entries(SETTING_GROUPS).map(([group, settings]) => [
    group,
    Object.fromEntries(Object.keys(settings).map((key) => [key, values[key]])),
  ]);
  const all = Object.fromEntries(groups) as Settings;
  return { ...all, stage: { ...all.stage, stage, homeRegion } };
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

/** A group's own functions take the values of that group. */
const groups = Object.entries(services) as unknown as readonly [keyof Services, SettingsGroup][];

/** The keys that `strata:builderImages` may have in a stage: one for each tool function. */
export function imageKeys(stage: StageSettings): string[] {
  return groups.flatMap(([, { images }]) => images?.(stage) ?? []);
}

function crossCheck(settings: Settings): string[] {
  const { stage } = settings;
  return [
    ...checkStage(stage),
    ...checkImages(stage),
    ...groups.flatMap(([service, { check }]) => check?.(settings[service], stage) ?? []),
  ];
}

function checkImages(stage: StageSettings): string[] {
  const known = imageKeys(stage);
  return Object.keys(stage.builderImages)
    .filter((key) => !known.includes(key))
    .map(
      (key) =>
        `strata:builderImages[${key}]: no tool runs in this image; it must be one of ${known.join(", ")}`,
    );
}
