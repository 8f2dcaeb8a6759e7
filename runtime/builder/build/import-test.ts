/** Imports what was built, in a child that has nothing to steal. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { requirementOf, type Architecture } from "../../contracts/target";
import { bareEnvironment } from "../../shared/child-environment";
import { runCommand } from "../../shared/child-process";
import type { BuildItem, ImportTest, Lock } from "../../contracts/builder";
import { targetFailure } from "../failure";
import { interpreterFor } from "../interpreters";
import { isPureLock } from "../resolve/lock";
import type { BuilderSettings } from "../settings";

const IMPORT_MILLISECONDS = 60_000;

const PROGRAM = `
import importlib, sys
tree, aside, *modules = sys.argv[1:]
sys.path[:0] = [tree, aside]
for module in modules:
    importlib.import_module(module)
`;

/** The machine that the builder runs on, as far as compiled wheels care. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
}

/** Why compiled code for `architecture` can't run on this machine, or `undefined` when it can. */
export function whyForeign(architecture: Architecture, machine: Machine): string | undefined {
  if (machine.platform !== "linux") return "The builder doesn't run on Linux.";
  const native = { x64: "x86_64", arm64: "arm64" }[machine.architecture];
  return native === architecture
    ? undefined
    : `The builder runs on ${native ?? machine.architecture}, not ${architecture}.`;
}

export interface ImportQuestion {
  readonly item: BuildItem;
  readonly modules: readonly string[];
  readonly tree: string;
  /** What the Lambda runtime will bring. */
  readonly aside: string;
  readonly folder: string;
}

/**
 * Imports the modules with the target's own interpreter, or says why it didn't.
 * @throws {TargetFailure} `import` with the end of the traceback.
 */
export async function testImport(
  question: ImportQuestion,
  settings: BuilderSettings,
  machine: Machine = { platform: process.platform, architecture: process.arch },
): Promise<ImportTest> {
  const { item, modules } = question;
  const unverified = (reason: string): ImportTest => ({ status: "unverified", modules, reason });
  if (modules.length === 0) return unverified(`${item.package.name} brings no module of its own.`);
  const [architecture = "x86_64"] = item.architectures;
  const foreign = isPureLock(item.lock) ? undefined : whyForeign(architecture, machine);
  if (foreign !== undefined) return unverified(foreign);
  const interpreter = await interpreterFor(settings, item.python);
  if (interpreter === undefined) return unverified(`The builder has no working Python ${item.python}.`);
  const absent = await runImport(question, interpreter);
  return absent === undefined
    ? { status: "passed", modules }
    : unverified(`It imports ${absent}, which another layer must bring.`);
}

/** @returns a module that is absent because another layer brings it; nothing when all was imported. */
async function runImport(
  { item, modules, tree, aside, folder }: ImportQuestion,
  interpreter: string,
): Promise<string | undefined> {
  const home = join(folder, "import-home");
  await mkdir(home, { recursive: true });
  const outcome = await runCommand({
    program: interpreter,
    args: ["-I", "-S", "-B", "-c", PROGRAM, tree, aside, ...modules],
    environment: bareEnvironment(home),
    folder: home,
    milliseconds: IMPORT_MILLISECONDS,
  });
  if (outcome.succeeded) return undefined;
  const missing = missingModule(outcome.stderr);
  if (missing !== undefined && item.package.needs?.includes(missing) === true) return missing;
  const message = importProblem(requirementOf(item.package), item.lock, outcome);
  throw targetFailure("import", message, outcome.stderr);
}

/** The module that wasn't found, by its top-level name. */
function missingModule(stderr: string): string | undefined {
  return /^ModuleNotFoundError: No module named '([^'.]+)/m.exec(stderr)?.[1];
}

/** What to tell the user: a module that is missing altogether is the most frequent case, and needs advice of its own. */
export function importProblem(
  requirement: string,
  lock: Lock,
  outcome: { readonly timedOut: boolean; readonly stderr: string },
): string {
  if (outcome.timedOut) {
    return `${requirement} takes longer than ${String(IMPORT_MILLISECONDS / 1000)} s to import.`;
  }
  const missing = missingModule(outcome.stderr);
  const contents = lock.packages.map(({ name }) => name).join(", ");
  if (missing !== undefined) {
    return (
      `${requirement} imports ${missing}, which none of its requirements brings (the layer holds ${contents}). ` +
      "Ask for an extra that brings it, or write it into the catalog's column Needs if another layer brings it."
    );
  }
  return (
    `${requirement} was built and can't be imported. See the lines below for what it misses; ` +
    "a system library can't come in a layer of Python packages."
  );
}
