/** Resolves packages to locks: what to install, pinned by hash. Installs nothing. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import type { ResolvedTarget, ResolveRequest } from "../../contracts/builder";
import type { Lock } from "../../contracts/lock";
import { requirementOf, type Target } from "../../contracts/target";
import { networkEnvironment } from "../../shared/child-environment";
import { runCommand, type Outcome } from "../../shared/child-process";
import { BUILD_CONSTRAINTS } from "../build-constraints";
import { describeFailure, targetFailure, type TargetFailure } from "../failure";
import { anyInterpreter } from "../interpreters";
import type { BuilderSettings } from "../settings";
import { classifyResolution, needsSourceArchive, UV_OPTIONS } from "../uv";
import { isPureLock, uvPlatform } from "../wheel-tags";
import { parsePylock } from "./pylock";
import { buildKeyOf } from "./recipe";

/** Time limit of one resolution. It only reads metadata, but for a source archive uv may have to run the build backend. */
const RESOLVE_MILLISECONDS = 180_000;
/** Rounds of replacing source archives with wheels of older versions. Each round decides at least one more package. */
const MAX_ROUNDS = 4;

/** How uv is run, the same for all targets of a request. */
interface Uv {
  readonly settings: BuilderSettings;
  readonly interpreter: string;
  /** Holds a home folder and the build constraints. */
  readonly folder: string;
}

/**
 * Resolves each package for each architecture, several at a time. The answer has one entry per target, in the order of
 * the request. A target that can't be resolved becomes a failed entry and does not stop the others.
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
  const targets = request.packages.flatMap((spec) =>
    request.architectures.map((architecture) => ({ package: spec, python: request.python, architecture })),
  );
  return Promise.all(targets.map((target) => limit(() => resolveTarget(target, uv))));
}

async function resolveTarget(target: Target, uv: Uv): Promise<ResolvedTarget> {
  const { package: spec, architecture } = target;
  try {
    const lock = await lockOf(target, uv);
    const requested = lock.packages.find(({ name }) => name === spec.name);
    if (requested === undefined) {
      throw targetFailure("internal", `uv resolved ${spec.name} to a lock without it. Please report it.`);
    }
    const { version } = requested;
    const buildKey = buildKeyOf(lock, target);
    return {
      package: spec,
      architecture,
      status: "resolved",
      version,
      lock,
      pure: isPureLock(lock),
      buildKey,
    };
  } catch (error) {
    return { package: spec, architecture, status: "failed", failure: describeFailure(error) };
  }
}

/**
 * Resolves with wheels only. If that fails because a package has no wheel, it resolves again and allows source archives. uv
 * then takes the newest version of every package, also where only an older version has a wheel, so `preferWheels` follows.
 */
async function lockOf(target: Target, uv: Uv): Promise<Lock> {
  const requirement = requirementOf(target.package) + target.package.specifier;
  const strict = await compile(target, uv, requirement, ["--only-binary", ":all:"]);
  if (strict.succeeded) return parsePylock(strict.stdout, target.python, target.architecture);
  if (!needsSourceArchive(strict.stderr)) throw resolutionFailure(requirement, strict);

  const open = await compile(target, uv, requirement, []);
  if (!open.succeeded) throw resolutionFailure(requirement, open);
  return preferWheels(target, uv, parsePylock(open.stdout, target.python, target.architecture));
}

/** Replaces source archives with wheels of other versions, as long as the requested package keeps its version. */
async function preferWheels(target: Target, uv: Uv, first: Lock): Promise<Lock> {
  const { name } = target.package;
  const version = first.packages.find((entry) => entry.name === name)?.version ?? "";
  const wheelOnly = new Set<string>();
  let lock = first;
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const better = await namesWithWheels(target, uv, lock);
    if (better.every((found) => wheelOnly.has(found))) break;
    for (const found of better) wheelOnly.add(found);
    const options = [...wheelOnly].flatMap((found) => ["--only-binary", found]);
    const outcome = await compile(target, uv, `${requirementOf(target.package)}==${version}`, options);
    // There are wheels, but of versions that conflict with the other packages. Keep the source archives.
    if (!isResolved(name, outcome)) break;
    lock = parsePylock(outcome.stdout, target.python, target.architecture);
  }
  return lock;
}

/** Packages that the lock takes as source archives although some version of them has a wheel that fits. */
async function namesWithWheels(target: Target, uv: Uv, lock: Lock): Promise<string[]> {
  const sources = lock.packages
    .filter(({ kind, name }) => kind === "sdist" && name !== target.package.name)
    .map(({ name }) => name);
  const found = await Promise.all(
    sources.map(async (name) => {
      const outcome = await compile(target, uv, name, ["--no-deps", "--only-binary", ":all:"]);
      return isResolved(name, outcome) ? [name] : [];
    }),
  );
  return found.flat();
}

function compile(target: Target, uv: Uv, requirement: string, options: readonly string[]): Promise<Outcome> {
  return runCommand({
    program: uv.settings.uv,
    args: [
      ...["pip", "compile", "-", "--quiet", "--format", "pylock.toml", "--no-header", "--no-annotate"],
      ...["--python", uv.interpreter, "--python-version", target.python, ...UV_OPTIONS],
      ...["--python-platform", uvPlatform(target.python, target.architecture)],
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
 * True when uv resolved, false when it says that it is not possible.
 * @throws {TargetFailure} `network` when the package index did not answer. To take that for a "no" would give another lock for
 * the same input.
 */
function isResolved(requirement: string, outcome: Outcome): boolean {
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
