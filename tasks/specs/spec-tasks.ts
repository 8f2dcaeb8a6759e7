import * as fs from "node:fs";
import * as path from "node:path";
import { type Connection, connect } from "../platform/connection";
import { type PackageObject, buildPackage, checkOwner, downloadPackage } from "./builds";
import { readSpecFile } from "./files";
import { indexInstructions, indexUrl, indexUser } from "./package-index";
import { readPackageRows, renderPackageRows } from "./list";
import { redrivePackages } from "./redrive-specs";
import type { StageOption } from "../cli/options";
import { Steps } from "../cli/output";

interface BuildOptions extends StageOption {
  readonly owner: string;
  readonly name?: string;
  readonly packageVersion?: string;
  readonly output?: string;
}

/** `specs build`: uploads a spec and waits for its package. */
export async function build(file: string, options: BuildOptions): Promise<void> {
  const { say } = new Steps();
  const { key, content } = readSpecFile(file, options);
  const connection = await connect(options.stage);
  say(`Building ${key.specId} ${key.version} of ${file}`);
  const result = await buildPackage(connection, key, content);
  if (result.status === "refused") {
    process.exitCode = 1;
    if (options.json === true) console.log(JSON.stringify({ ...key, ...result }, undefined, 2));
    else
      console.error(
        `strata: ${key.specId} ${key.version} was refused at "${result.stage}": ${result.reason}`,
      );
    return;
  }
  say(result.unchanged ? "Nothing to build: the same spec stands there already" : "Built");
  const saved = options.output === undefined ? [] : await save(connection, result.files, options.output);
  const index = indexUrl(connection, key.owner);
  if (options.json === true) {
    console.log(JSON.stringify({ ...key, ...result, index, saved }, undefined, 2));
    return;
  }
  const { bucket } = connection.outputs.specs;
  for (const { key: at, size } of result.files) console.log(`s3://${bucket}/${at}  ${size} bytes`);
  for (const at of saved) console.log(at);
  const requirement = `${key.specId}==${key.version}`;
  for (const line of indexInstructions(connection, key.owner, { requirement })) console.log(line);
  console.log(`./strata specs index ${key.owner} --show-password gives it with the password`);
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

/** `specs list`: every spec's package, or why it was refused. */
export async function list(options: StageOption & { readonly owner?: string }): Promise<void> {
  if (options.owner !== undefined) checkOwner(options.owner);
  const rows = await readPackageRows(await connect(options.stage), options.owner);
  if (options.json === true) console.log(JSON.stringify(rows, undefined, 2));
  else
    console.log(rows.length === 0 ? "no packages; ./strata specs build makes one" : renderPackageRows(rows));
}

/** `specs index`: where pip and uv install from. */
export async function index(
  owner: string,
  options: StageOption & { readonly showPassword?: boolean },
): Promise<void> {
  checkOwner(owner);
  const connection = await connect(options.stage);
  const user = options.showPassword === true ? await indexUser(connection, owner) : undefined;
  const url = indexUrl(connection, owner, user);
  if (options.json === true) {
    console.log(JSON.stringify({ owner, url }, undefined, 2));
    return;
  }
  console.log(url);
  for (const line of indexInstructions(connection, owner, user === undefined ? {} : { user }))
    console.log(line);
}

/** `specs redrive`: sends events that failed for good again. */
export async function redrive(options: StageOption & { readonly dryRun?: boolean }): Promise<void> {
  const results = await redrivePackages(await connect(options.stage), options.dryRun === true);
  const kept = results.filter(({ outcome }) => outcome.startsWith("not"));
  if (options.json === true) {
    console.log(JSON.stringify(results, undefined, 2));
  } else {
    for (const { messageId, sentAt, outcome, reason = "" } of results) {
      console.log(`${sentAt}  ${messageId}  ${outcome}  ${reason}`.trimEnd());
    }
    console.log(
      results.length === 0
        ? "nothing to redrive: the queue is empty"
        : `${results.length - kept.length} ${options.dryRun === true ? "would be redriven" : "redriven"}, ${kept.length} stay in the queue`,
    );
  }
  if (kept.length > 0) process.exitCode = 1;
}
