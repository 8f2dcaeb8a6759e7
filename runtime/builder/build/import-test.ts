/** Imports what was built, in a child process without secrets: the imported code is a stranger's. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BuildItem, ImportTest } from "../../contracts/builder";
import type { Lock } from "../../contracts/lock";
import { requirementOf, type Architecture } from "../../contracts/target";
import { bareEnvironment } from "../../shared/child-environment";
import { runCommand } from "../../shared/child-process";
import { targetFailure } from "../failure";
import { interpreterFor } from "../interpreters";
import type { BuilderSettings } from "../settings";
import { isPureLock } from "../wheel-tags";

const IMPORT_MILLISECONDS = 60_000;

const PROGRAM = `
import importlib, sys
tree, aside, *modules = sys.argv[1:]
sys.path[:0] = [tree, aside]
for module in modules:
    importlib.import_module(module)
`;

/** What decides whether this machine can run a compiled wheel. */
interface Machine {
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
}

/** Why this machine can't run compiled code for `architecture`, or `undefined` when it can. */
export function reasonNotToRun(architecture: Architecture, machine: Machine): string | undefined {
  if (machine.platform !== "linux") return "The builder doesn't run on Linux.";
  const native = { x64: "x86_64", arm64: "arm64" }[machine.architecture];
  return native === architecture
    ? undefined
    : `The builder runs on ${native ?? machine.architecture}, not ${architecture}.`;
}

interface ImportRequest {
  readonly item: BuildItem;
  readonly modules: string[];
  readonly tree: string;
  /** The distributions that are not in the layer because the Lambda runtime brings them. */
  readonly aside: string;
  readonly folder: string;
}

/**
 * Imports the modules with the target's own interpreter, or says why it didn't.
 * @throws {TargetFailure} `import` with the end of the traceback.
 */
export async function testImport(
  request: ImportRequest,
  settings: BuilderSettings,
  machine: Machine = { platform: process.platform, architecture: process.arch },
): Promise<ImportTest> {
  const { item, modules } = request;
  const unverified = (reason: string): ImportTest => ({ status: "unverified", modules, reason });
  if (modules.length === 0) return unverified(`${item.package.name} has no module of its own.`);
  const [architecture = "x86_64"] = item.architectures;
  const reason = isPureLock(item.lock) ? undefined : reasonNotToRun(architecture, machine);
  if (reason !== undefined) return unverified(reason);
  const interpreter = await interpreterFor(settings, item.python);
  if (interpreter === undefined) return unverified(`The builder has no working Python ${item.python}.`);
  const missing = await runImport(request, interpreter);
  return missing === undefined
    ? { status: "passed", modules }
    : unverified(`It imports ${missing}, which another layer must bring.`);
}

/** @returns a module that is missing because another layer brings it; `undefined` when everything was imported. */
async function runImport(
  { item, modules, tree, aside, folder }: ImportRequest,
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

/** The top-level name of the module that was not found. */
function missingModule(stderr: string): string | undefined {
  return /^ModuleNotFoundError: No module named '([^'.]+)/m.exec(stderr)?.[1];
}

/** What to tell the user. A missing module is the most frequent case, so it has advice of its own. */
function importProblem(
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
      "Ask for an extra that brings it. If another layer brings it, write it in the catalog's column Needs."
    );
  }
  return (
    `${requirement} was built but can't be imported. The lines below say what is missing. ` +
    "If it is a system library, a layer of Python packages can't bring it."
  );
}
