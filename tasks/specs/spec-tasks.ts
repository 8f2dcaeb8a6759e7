import * as fs from "node:fs";
import * as path from "node:path";
import { specKeyOf } from "../../runtime/specs/key";
import type { StageOption } from "../cli/options";
import { Steps } from "../cli/output";
import { type Connection, connect } from "../platform/connection";
import { invokeFunction } from "../platform/functions";
import { type PackageObject, buildSpec, downloadPackage } from "./build-spec";
import { canaryReport, renderCanaryReport } from "./canary";
import { listSpecs, renderSpecs } from "./list-specs";
import { indexCredentials, packageIndexInstructions, packageIndexUrl } from "./package-index";
import { redriveSpecs } from "./redrive";
import { checkOwner, readSpecFile } from "./spec-file";

interface BuildOptions extends StageOption {
  readonly owner: string;
  readonly name?: string;
  readonly packageVersion?: string;
  readonly output?: string;
}

/** `specs build` */
export async function build(file: string, options: BuildOptions): Promise<void> {
  const { say } = new Steps();
  const { key, content } = readSpecFile(file, options);
  const connection = await connect(options.stage);
  say(`Building ${key.specId} ${key.version} from ${file}`);
  const result = await buildSpec(connection, key, content);
  if (result.status === "refused") {
    process.exitCode = 1;
    if (options.json === true) printJson({ ...key, ...result });
    else console.error(`strata: ${specKeyOf(key)} was refused at "${result.stage}": ${result.reason}`);
    return;
  }
  say(result.unchanged ? "Nothing to build: the packages of this spec already exist" : "Built");
  const saved = options.output === undefined ? [] : await save(connection, result.files, options.output);
  if (options.json === true) {
    printJson({ ...key, ...result, index: packageIndexUrl(connection, key.owner), saved });
    return;
  }
  const { bucket } = connection.outputs.specs;
  for (const { key: at, size } of result.files) console.log(`s3://${bucket}/${at}  ${size} bytes`);
  for (const at of saved) console.log(at);
  const requirement = `${key.specId}==${key.version}`;
  for (const line of packageIndexInstructions(connection, key.owner, { requirement })) console.log(line);
  console.log(`./strata specs index ${key.owner} --show-password shows the address with the password`);
}

async function save(
  connection: Connection,
  files: readonly PackageObject[],
  folder: string,
): Promise<string[]> {
  fs.mkdirSync(folder, { recursive: true });
  const saved: string[] = [];
  for (const file of files) {
    const at = path.join(folder, file.name);
    fs.writeFileSync(at, await downloadPackage(connection, file));
    saved.push(at);
  }
  return saved;
}

/** `specs list` */
export async function list(options: StageOption & { readonly owner?: string }): Promise<void> {
  if (options.owner !== undefined) checkOwner(options.owner);
  const specs = await listSpecs(await connect(options.stage), options.owner);
  if (options.json === true) printJson(specs);
  else console.log(specs.length === 0 ? "no specs; ./strata specs build uploads one" : renderSpecs(specs));
}

/** `specs index` */
export async function packageIndex(
  owner: string,
  options: StageOption & { readonly showPassword?: boolean },
): Promise<void> {
  checkOwner(owner);
  const connection = await connect(options.stage);
  const credentials = options.showPassword === true ? await indexCredentials(connection, owner) : undefined;
  const url = packageIndexUrl(connection, owner, credentials);
  if (options.json === true) {
    printJson({ owner, url });
    return;
  }
  console.log(url);
  const given = credentials === undefined ? {} : { credentials };
  for (const line of packageIndexInstructions(connection, owner, given)) console.log(line);
}

/** `specs redrive` */
export async function redrive(options: StageOption & { readonly dryRun?: boolean }): Promise<void> {
  const results = await redriveSpecs(await connect(options.stage), options.dryRun === true);
  const kept = results.filter(({ outcome }) => outcome.startsWith("not"));
  if (options.json === true) {
    printJson(results);
  } else {
    for (const { messageId, sentAt, outcome, reason = "" } of results) {
      console.log(`${sentAt}  ${messageId}  ${outcome}  ${reason}`.trimEnd());
    }
    const done = options.dryRun === true ? "would be redriven" : "redriven";
    console.log(
      results.length === 0
        ? "nothing to redrive: the queue is empty"
        : `${results.length - kept.length} ${done}, ${kept.length} stay in the queue`,
    );
  }
  if (kept.length > 0) process.exitCode = 1;
}

/** `specs canary` */
export async function canary(options: StageOption): Promise<void> {
  const connection = await connect(options.stage);
  new Steps().say("Running the canary; this takes some seconds");
  const report = await canaryReport(() => invokeFunction(connection, connection.outputs.specs.canary, {}));
  if (options.json === true) printJson(report);
  else console.log(renderCanaryReport(report));
  if (!report.passed) process.exitCode = 1;
}

function printJson(value: unknown): void {
  console.log(JSON.stringify(value, undefined, 2));
}
