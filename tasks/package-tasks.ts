import * as fs from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { type Connection, connect } from "./connection";
import { type PackageObject, buildPackage, checkSub, downloadPackage } from "./package-builds";
import { readSpecFile } from "./package-files";
import { indexInstructions, indexUrl, indexUser } from "./package-index";
import { readPackageRows, renderPackageRows } from "./package-list";
import { redrivePackages } from "./package-redrive";
import { Steps } from "./steps";

interface StageOption {
  readonly stage: string;
  readonly json?: boolean;
}

/** `packages build`, `packages list`, `packages index`, `packages redrive`. */
export function addPackageTasks(program: Command): void {
  const packages = program.command("packages").description("Python packages of OpenAPI specs");
  packages
    .command("build")
    .argument("<spec.json>", "an OpenAPI 3 document whose schemas carry OpenAlchemy's x-tablename")
    .description("upload a spec, wait for its package, and tell how to install it")
    .option("--sub <name>", "whose it is: the folder in the bucket, and the index to install from", "default")
    .option(
      "--name <id>",
      "name of the Python package (default: the file's name without -spec.json or .json)",
    )
    .option("--package-version <version>", "a PEP 440 version (default: the spec's info.version)")
    .option("--output <folder>", "also download the packages into this folder")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print the result as JSON")
    .action(build);
  packages
    .command("list")
    .description("every spec's package, or why it was refused")
    .option("--sub <name>", "only of this sub")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(list);
  packages
    .command("index")
    .argument("<sub>", "whose packages")
    .description("the address that pip and uv install from, and how")
    .option("--show-password", "with the password of the index in the address")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(index);
  packages
    .command("redrive")
    .description("send the events that failed for good to their function again")
    .option("--dry-run", "only tell what would be sent")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print what became of each message as JSON")
    .action(redrive);
}

interface BuildOptions extends StageOption {
  readonly sub: string;
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
  const index = indexUrl(connection, key.sub);
  if (options.json === true) {
    console.log(JSON.stringify({ ...key, ...result, index, saved }, undefined, 2));
    return;
  }
  const { packagesBucket } = connection.outputs;
  for (const { key: at, size } of result.files) console.log(`s3://${packagesBucket}/${at}  ${size} bytes`);
  for (const at of saved) console.log(at);
  const requirement = `${key.specId}==${key.version}`;
  for (const line of indexInstructions(connection, key.sub, { requirement })) console.log(line);
  console.log(`./strata packages index ${key.sub} --show-password gives it with the password`);
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

async function list(options: StageOption & { readonly sub?: string }): Promise<void> {
  if (options.sub !== undefined) checkSub(options.sub);
  const rows = await readPackageRows(await connect(options.stage), options.sub);
  if (options.json === true) console.log(JSON.stringify(rows, undefined, 2));
  else
    console.log(
      rows.length === 0 ? "no packages; ./strata packages build makes one" : renderPackageRows(rows),
    );
}

async function index(sub: string, options: StageOption & { readonly showPassword?: boolean }): Promise<void> {
  checkSub(sub);
  const connection = await connect(options.stage);
  const user = options.showPassword === true ? await indexUser(connection, sub) : undefined;
  const url = indexUrl(connection, sub, user);
  if (options.json === true) {
    console.log(JSON.stringify({ sub, url }, undefined, 2));
    return;
  }
  console.log(url);
  for (const line of indexInstructions(connection, sub, user === undefined ? {} : { user }))
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
