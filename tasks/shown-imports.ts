import { setTimeout as sleep } from "node:timers/promises";
import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { zipSync } from "fflate";
import type { Progress } from "../local/tools";
import { latestLayers } from "../runtime/layer-index/read";
import type { Connection } from "./connection";
import { type ImportCheck, type Imported, importInLambda } from "./import-check";
import { withCleanup } from "./interrupts";
import type { LocalPlatform } from "./local-platform";

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
  const region = connection.outputs.regions[0] ?? "";
  if (!connection.outputs.pythons.includes(runtime.python)) {
    progress(
      `No import is shown: the emulator runs Lambdas on Python ${runtime.python}, and layers are built for ` +
        `${connection.outputs.pythons.join(", ")}. Install one of these and run ./strata reset.`,
    );
    return [];
  }
  const results: ShownImport[] = [];
  const done = { building: false };
  const ended = building.then(
    () => (done.building = true),
    () => (done.building = true),
  );
  await withImportRole(connection, async (roleArn) => {
    const waiting = new Set(SHOWN);
    for (let last = false; waiting.size > 0 && !last; await Promise.race([sleep(1000), ended])) {
      last = done.building;
      const layers = await latestLayers(connection.table(), region, runtime);
      for (const { requirement, arn } of layers.filter((layer) => waiting.has(layer.requirement))) {
        waiting.delete(requirement);
        const check: ImportCheck = { ...runtime, layerArn: arn, modules: [requirement], roleArn };
        const imported = await importInLambda(connection.lambda(), check, zipOfOne);
        results.push({ layerArn: arn, imported });
        progress(describeImport(arn, imported));
      }
    }
  });
  return results;
}

/** A zip with one file in it. */
export function zipOfOne(name: string, text: string): Uint8Array {
  return zipSync({ [name]: Buffer.from(text) });
}

function describeImport(arn: string, imported: Imported): string {
  const seen = Object.entries(imported).map(([name, { version }]) => `${name} ${version}`.trim());
  return `A Lambda imported ${seen.join(", ")} from ${arn}`;
}

/** A role that may do nothing, for as long as the work takes. */
export async function withImportRole<T>(
  connection: Connection,
  work: (roleArn: string) => Promise<T>,
): Promise<T> {
  const iam = new IAMClient(connection.settings);
  const RoleName = `strata-import-check-${process.pid}-${Date.now()}`;
  const trust = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  const remove = (): Promise<unknown> => iam.send(new DeleteRoleCommand({ RoleName }));
  return withCleanup(remove, () => work(Role?.Arn ?? "")).finally(remove);
}
