import * as fs from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { type Connection, connect } from "../platform/connection";
import { type PackageObject, buildPackage, checkOwner, downloadPackage } from "./builds";
import { addCanaryTask } from "./canary-tasks";
import { readSpecFile } from "./files";
import { indexInstructions, indexUrl, indexUser } from "./package-index";
import { readPackageRows, renderPackageRows } from "./list";
import { redrivePackages } from "./redrive-specs";
import { Steps } from "../cli/progress";

interface StageOption {
  readonly stage: string;
  readonly json?: boolean;
}

/** `specs build`, `specs list`, `specs index`, `specs redrive`. */
export function addSpecTasks(program: Command): void {
  const specs = program.command("specs").description("Python packages of OpenAPI specs");
  specs
    .command("build")
    .argument("<spec.json>", "an OpenAPI 3 document whose schemas carry OpenAlchemy's x-tablename")
    .description("upload a spec, wait for its package, and tell how to install it")
    .option(
      "--owner <name>",
      "whose it is: the folder in the bucket, and the index to install from",
      "default",
    )
    .option(
      "--name <id>",
      "name of the Python package (default: the file's name without -spec.json or .json)",
    )
    .option("--package-version <version>", "a PEP 440 version (default: the spec's info.version)")
    .option("--output <folder>", "also download the packages into this folder")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print the result as JSON")
    .action(build);
  specs
    .command("list")
    .description("every spec's package, or why it was refused")
    .option("--owner <name>", "only of this owner")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(list);
  specs
    .command("index")
    .argument("<owner>", "whose packages")
    .description("the address that pip and uv install from, and how")
    .option("--show-password", "with the password of the index in the address")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(index);
  specs
    .command("redrive")
    .description("send the events that failed for good to their function again")
    .option("--dry-run", "only tell what would be sent")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print what became of each message as JSON")
    .action(redrive);
  addCanaryTask(specs);
}

interface BuildOptions extends StageOption {
  readonly owner: string;
  readonly name?: string;
  readonly packageVersion?: string;
  readonly output?: string;
}

async function build(file: string, options: BuildOptions): Promise<void> {
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

async function list(options: StageOption & { readonly owner?: string }): Promise<void> {
  if (options.owner !== undefined) checkOwner(options.owner);
  const rows = await readPackageRows(await connect(options.stage), options.owner);
  if (options.json === true) console.log(JSON.stringify(rows, undefined, 2));
  else
    console.log(rows.length === 0 ? "no packages; ./strata specs build makes one" : renderPackageRows(rows));
}

async function index(
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

async function redrive(options: StageOption & { readonly dryRun?: boolean }): Promise<void> {
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
