/** Builds source archives into wheels: pure Python only. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { BuildItem } from "../../contracts/builder";
import type { LockedPackage } from "../../contracts/lock";
import { networkEnvironment } from "../../shared/child-environment";
import { runCommand } from "../../shared/child-process";
import { BUILD_CONSTRAINTS } from "../build-constraints";
import { targetFailure } from "../failure";
import { anyInterpreter } from "../interpreters";
import type { BuilderSettings } from "../settings";
import { classifySourceBuild, UV_OPTIONS } from "../uv";
import { isPureWheel, pickWheel } from "../wheel-tags";

const BUILD_MILLISECONDS = 240_000;

/** Where the source archives of one build are, and where the wheels go. */
interface SourceFolders {
  readonly work: string;
  readonly sources: string;
  readonly wheels: string;
}

/**
 * Builds each source archive of the lock into a wheel.
 * @returns the sha256 of each new wheel by package name, in lower-case hex.
 * @throws {TargetFailure} `no-wheel` when one doesn't build or comes out with compiled parts, `network` when its build
 * requirements can't be fetched.
 */
export async function buildSourceArchives(
  item: BuildItem,
  settings: BuilderSettings,
  folders: SourceFolders,
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  for (const entry of item.lock.packages.filter(({ kind }) => kind === "sdist")) {
    const output = join(folders.work, "built", entry.name);
    await mkdir(output, { recursive: true });
    await buildWheel(item, entry, settings, folders, output);
    const wheel = await soleWheel(item, entry, output);
    const digest = createHash("sha256");
    await pipeline(createReadStream(join(output, wheel)), digest);
    hashes.set(entry.name, digest.digest("hex"));
    await rename(join(output, wheel), join(folders.wheels, wheel));
  }
  return hashes;
}

async function buildWheel(
  item: BuildItem,
  entry: LockedPackage,
  settings: BuilderSettings,
  folders: SourceFolders,
  output: string,
): Promise<void> {
  const home = join(folders.work, "build-home");
  const constraints = join(folders.work, "build-constraints.txt");
  await mkdir(home, { recursive: true });
  await writeFile(constraints, BUILD_CONSTRAINTS);
  const outcome = await runCommand({
    program: settings.uv,
    args: [
      ...["build", "--wheel", join(folders.sources, entry.file.filename), "--out-dir", output],
      ...["--python", await anyInterpreter(settings, item.python), "--no-create-gitignore", ...UV_OPTIONS],
      ...["--build-constraints", constraints, "--cache-dir", join(settings.cache, "uv")],
    ],
    environment: networkEnvironment(home),
    folder: folders.work,
    milliseconds: BUILD_MILLISECONDS,
  });
  if (outcome.succeeded) return;
  const { kind, message } = classifySourceBuild(`${entry.name} ${entry.version}`, outcome.stderr);
  throw targetFailure(kind, message, outcome.stderr);
}

/** The one wheel that a build backend must write: it fits the target and has no compiled parts. */
async function soleWheel(item: BuildItem, entry: LockedPackage, output: string): Promise<string> {
  const [wheel = "", ...others] = (await readdir(output)).filter((name) => name.endsWith(".whl"));
  const [architecture = "x86_64"] = item.architectures;
  const fits = pickWheel([{ filename: wheel }], item.python, architecture) !== undefined;
  if (others.length === 0 && fits && isPureWheel(wheel)) return wheel;
  throw targetFailure(
    "no-wheel",
    `${entry.name} ${entry.version} has no wheel for Python ${item.python} on ${architecture}, and its source archive has compiled parts, ` +
      "which aren't built here. Ask for a version with wheels, or drop this target.",
    wheel,
  );
}
