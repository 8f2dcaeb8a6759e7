import { type TargetState, type LayerRow, targetStatesOf, layersOf } from "../../runtime/layers";
import { connect } from "../platform/connection";
import { requirementNamed } from "./requirements";
import { TaskError } from "../cli/output";

/** Prints everything about one package: builds, failures with the tool's last lines, layer versions. */
export async function showLayer(
  name: string,
  options: { readonly stage: string; readonly json?: boolean },
): Promise<void> {
  const table = (await connect(options.stage)).table();
  const requirement = requirementNamed(name);
  const [targets, layers] = await Promise.all([
    targetStatesOf(table, requirement),
    layersOf(table, requirement),
  ]);
  if (targets.length === 0) {
    throw new TaskError(`no build of ${requirement} is recorded; ./strata layers list names what there is`);
  }
  if (options.json === true) {
    console.log(JSON.stringify({ targets, layers }, undefined, 2));
    return;
  }
  for (const target of targets) {
    const own = layers.filter(
      ({ python, architecture }) => python === target.python && architecture === target.architecture,
    );
    console.log(renderTarget(target, own));
  }
}

function renderTarget(
  { python, architecture, built, failure }: TargetState,
  layers: readonly LayerRow[],
): string {
  const lines = [`Python ${python}, ${architecture}`];
  if (built !== undefined) {
    const { status, modules, reason } = built.importTest;
    lines.push(
      `  built ${built.version} at ${built.createdAt}, sha256 ${built.sha256}`,
      `  ${built.zipBytes} bytes zipped, ${built.unzippedBytes} unzipped`,
      `  import test: ${status}${reason === undefined ? "" : ` (${reason})`}: ${modules.join(", ")}`,
      `  contains ${built.dependencies.join(", ")}`,
    );
  }
  if (failure !== undefined) {
    lines.push(`  last attempt failed at ${failure.at}: ${failure.kind}`, `  ${failure.message}`);
    lines.push(...failure.lastLines.map((line) => `    | ${line}`));
  }
  lines.push(
    ...layers.map(
      ({ status, packageVersion, arn }) => `  ${status.padEnd(10)} ${packageVersion.padEnd(12)} ${arn}`,
    ),
  );
  return `${lines.join("\n")}\n`;
}
