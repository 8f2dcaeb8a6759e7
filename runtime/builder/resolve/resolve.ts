/** Resolves packages to locks: what to install, pinned by hash. Installs nothing. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import {
  requirementOf,
  type Architecture,
  type PackageSpec,
  type PythonVersion,
} from "../../contracts/target";
import { BUILD_CONSTRAINTS } from "../build/build-constraints";
import { networkEnvironment } from "../../shared/child-environment";
import { runCommand, type Outcome } from "../../shared/child-process";
import { classifyResolution, lacksWheel } from "./classify";
import type { Lock, ResolvedTarget, ResolveRequest } from "../../contracts/builder";
import { failureOf, targetFailure, type TargetFailure } from "../failure";
import { anyInterpreter } from "../interpreters";
import { isPureLock, parseLock } from "./lock";
import { uvPlatform } from "./platform";
import { buildKeyOf } from "./recipe";
import type { BuilderSettings } from "../settings";

/** One resolution may take this long: it only reads metadata, unless a source archive must be asked for its own. */
const RESOLVE_MILLISECONDS = 180_000;
/** Rounds of trading source archives for wheels of older versions; each settles at least one package. */
const MAXIMUM_ROUNDS = 4;

interface Question {
  readonly package: PackageSpec;
  readonly python: PythonVersion;
  readonly architecture: Architecture;
}

/** How uv is run: the same for all questions of a request. */
interface Uv {
  readonly settings: BuilderSettings;
  readonly interpreter: string;
  /** Holds a home folder and the build constraints. */
  readonly folder: string;
}

/**
 * Resolves each package for each architecture, several at a time. The answer has one entry per question, in the order asked:
 * a target that can't be resolved is a value and never stops the others.
 */
export async function resolvePackages(
  request: Pick<ResolveRequest, "packages" | "architectures" | "python">,
  settings: BuilderSettings,
  folder: string,
): Promise<ResolvedTarget[]> {
  const interpreter = await anyInterpreter(settings, request.python);
  await mkdir(join(folder, "home"), { recursive: true });
  await writeFile(join(folder, "build-constraints.txt"), BUILD_CONSTRAINTS);
  const uv: Uv = { settings, interpreter, folder };
  const limit = pLimit(settings.concurrency);
  const questions = request.packages.flatMap((spec) =>
    request.architectures.map((architecture) => ({ package: spec, python: request.python, architecture })),
  );
  return Promise.all(questions.map((question) => limit(() => resolveTarget(question, uv))));
}

async function resolveTarget(question: Question, uv: Uv): Promise<ResolvedTarget> {
  const asked = { package: question.package, architecture: question.architecture };
  try {
    const lock = await lockOf(question, uv);
    const requested = lock.packages.find((entry) => entry.name === question.package.name);
    if (requested === undefined) {
      throw targetFailure(
        "internal",
        `uv resolved ${question.package.name} to a lock without it. Please report it.`,
      );
    }
    const buildKey = buildKeyOf(lock, question);
    return {
      ...asked,
      status: "resolved",
      version: requested.version,
      lock,
      pure: isPureLock(lock),
      buildKey,
    };
  } catch (error) {
    return { ...asked, status: "failed", failure: failureOf(error) };
  }
}

/**
 * Wheels only; where that fails for want of a wheel, source archives are let in. Then uv takes the newest version of
 * everything, even where an older one has a wheel and the newest has not, so those are asked for again as wheels.
 */
async function lockOf(question: Question, uv: Uv): Promise<Lock> {
  const requirement = requirementOf(question.package) + question.package.specifier;
  const strict = await compile(question, uv, requirement, ["--only-binary", ":all:"]);
  if (strict.succeeded) return parseLock(strict.stdout, question.python, question.architecture);
  if (!lacksWheel(strict.stderr)) throw resolutionFailure(requirement, strict);

  const open = await compile(question, uv, requirement, []);
  if (!open.succeeded) throw resolutionFailure(requirement, open);
  return preferWheels(question, uv, parseLock(open.stdout, question.python, question.architecture));
}

/** Trades source archives for wheels of other versions, as long as the version of the package asked for stays. */
async function preferWheels(question: Question, uv: Uv, first: Lock): Promise<Lock> {
  const { name } = question.package;
  const version = first.packages.find((entry) => entry.name === name)?.version ?? "";
  const wheelOnly = new Set<string>();
  let lock = first;
  for (let round = 1; round <= MAXIMUM_ROUNDS; round += 1) {
    const better = await namesWithWheels(question, uv, lock);
    if (better.every((found) => wheelOnly.has(found))) break;
    for (const found of better) wheelOnly.add(found);
    const options = [...wheelOnly].flatMap((found) => ["--only-binary", found]);
    const outcome = await compile(question, uv, `${requirementOf(question.package)}==${version}`, options);
    // The wheels that exist are of versions that don't fit the rest: then source archives it is.
    if (!hasAnswer(name, outcome)) break;
    lock = parseLock(outcome.stdout, question.python, question.architecture);
  }
  return lock;
}

/** Which packages of the lock come as source although some version of them has a wheel that fits. */
async function namesWithWheels(question: Question, uv: Uv, lock: Lock): Promise<string[]> {
  const sources = lock.packages
    .filter(({ kind, name }) => kind === "sdist" && name !== question.package.name)
    .map(({ name }) => name);
  const found = await Promise.all(
    sources.map(async (name) => {
      const outcome = await compile(question, uv, name, ["--no-deps", "--only-binary", ":all:"]);
      return hasAnswer(name, outcome) ? [name] : [];
    }),
  );
  return found.flat();
}

function compile(
  question: Question,
  uv: Uv,
  requirement: string,
  options: readonly string[],
): Promise<Outcome> {
  return runCommand({
    program: uv.settings.uv,
    args: [
      ...["pip", "compile", "-", "--quiet", "--format", "pylock.toml", "--no-header", "--no-annotate"],
      ...[
        "--python",
        uv.interpreter,
        "--no-python-downloads",
        "--no-config",
        "--no-progress",
        "--color",
        "never",
      ],
      ...["--python-version", question.python],
      ...["--python-platform", uvPlatform(question.python, question.architecture)],
      ...["--build-constraints", join(uv.folder, "build-constraints.txt")],
      ...["--cache-dir", join(uv.settings.cache, "uv"), ...options],
    ],
    environment: networkEnvironment(join(uv.folder, "home")),
    folder: uv.folder,
    milliseconds: RESOLVE_MILLISECONDS,
    input: `${requirement}\n`,
  });
}

/**
 * Whether uv found an answer, where "no" is an answer too.
 * @throws {TargetFailure} `network`: silence is none, and taking it for a "no" would give another lock for the same inputs.
 */
function hasAnswer(requirement: string, outcome: Outcome): boolean {
  if (outcome.succeeded) return true;
  const failure = resolutionFailure(requirement, outcome);
  if (failure.failure.kind === "network") throw failure;
  return false;
}

function resolutionFailure(requirement: string, outcome: Outcome): TargetFailure {
  if (outcome.timedOut) {
    return targetFailure(
      "network",
      `Can't resolve ${requirement}: no answer within ${String(RESOLVE_MILLISECONDS / 1000)} s. Try again later.`,
      outcome.stderr,
    );
  }
  const { kind, message } = classifyResolution(requirement, outcome.stderr);
  return targetFailure(kind, message, outcome.stderr);
}
