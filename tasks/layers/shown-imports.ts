import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../../local/tools/tools";
import { latestLayers } from "../../runtime/layers";
import type { Connection } from "../platform/connection";
import { type Imported, importInLambda } from "./import-check";
import type { LocalPlatform } from "../platform/stack";

/** Packages whose import is shown: one of pure Python, one native. */
const SHOWN = ["requests", "numpy"];

/** A layer, and what a Lambda saw of it. */
export interface ShownImport {
  readonly layerArn: string;
  readonly imported: Imported;
}

/**
 * Imports layers inside Lambdas as soon as they are out, and tells what was seen.
 *
 * @param building ends when no more layers come.
 */
export async function showImports(
  platform: LocalPlatform,
  connection: Connection,
  building: Promise<unknown>,
  progress: Progress,
): Promise<readonly ShownImport[]> {
  const runtime = {
    python: platform.tools.pythonVersion,
    architecture: process.arch === "arm64" ? "arm64" : "x86_64",
  } as const;
  const region = connection.outputs.stage.regions[0] ?? "";
  if (!connection.outputs.stage.pythons.includes(runtime.python)) {
    progress(
      `No import is shown: the emulator runs Lambdas on Python ${runtime.python}, and layers are built for ` +
        `${connection.outputs.stage.pythons.join(", ")}. Install one of these and run ./strata reset.`,
    );
    return [];
  }
  const results: ShownImport[] = [];
  const done = { building: false };
  const ended = building.then(
    () => (done.building = true),
    () => (done.building = true),
  );
  const waiting = new Set(SHOWN);
  for (let last = false; waiting.size > 0 && !last; await Promise.race([sleep(1000), ended])) {
    last = done.building;
    const layers = await latestLayers(connection.table(), region, runtime);
    for (const { requirement, arn } of layers.filter((layer) => waiting.has(layer.requirement))) {
      waiting.delete(requirement);
      const imported = await importInLambda(connection, {
        ...runtime,
        layerArn: arn,
        modules: [requirement],
      });
      results.push({ layerArn: arn, imported });
      progress(describeImport(arn, imported));
    }
  }
  return results;
}

function describeImport(arn: string, imported: Imported): string {
  const seen = Object.entries(imported).map(([name, { version }]) => `${name} ${version}`.trim());
  return `A Lambda imported ${seen.join(", ")} from ${arn}`;
}
