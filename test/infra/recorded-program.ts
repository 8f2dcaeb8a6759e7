import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { program } from "../../stacks/program";
import { type RecordedResource, record } from "./recorded-resources";

const root = path.resolve(__dirname, "../..");

/** The stages that come with the project. */
export const STAGES = ["local", "default", "dev", "prod"] as const;
export type Stage = (typeof STAGES)[number];

interface ConfigFile {
  readonly config: Readonly<Record<string, unknown>>;
}

function configOf(stage: Stage): Record<string, string> {
  const project = parse(fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as ConfigFile;
  const stack = parse(fs.readFileSync(path.join(root, `Pulumi.${stage}.yaml`), "utf8")) as ConfigFile;
  const defaults = Object.entries(project.config).map(([key, schema]) => [
    `strata:${key}`,
    (schema as { readonly default: unknown }).default,
  ]);
  const all = { ...(Object.fromEntries(defaults) as Record<string, unknown>), ...stack.config };
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

const recorded = new Map<Stage, Promise<RecordedResource[]>>();

/**
 * Runs the real program of a stage under mocks, and records every resource with its resolved inputs. The stage as it is set is
 * recorded once a process.
 *
 * @param changes config keys that differ from the stage's file, as text.
 */
export function recordProgram(
  stage: Stage,
  changes: Readonly<Record<string, string>> = {},
): Promise<RecordedResource[]> {
  if (Object.keys(changes).length > 0) return resourcesOf(stage, changes);
  const known = recorded.get(stage) ?? resourcesOf(stage, {});
  recorded.set(stage, known);
  return known;
}

async function resourcesOf(
  stage: Stage,
  changes: Readonly<Record<string, string>>,
): Promise<RecordedResource[]> {
  return (await record(stage, { ...configOf(stage), ...changes }, program)).resources;
}

/** What a module exports to Pulumi in a stage, under mocks: the stack's outputs. */
export async function recordOutputs(stage: Stage, module: () => unknown): Promise<unknown> {
  return (await record(stage, configOf(stage), module)).outputs;
}
