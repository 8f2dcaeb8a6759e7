/** Installs a lock offline, from files that were fetched before. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildItem } from "../../contracts/builder";
import { requirementOf } from "../../contracts/target";
import { bareEnvironment } from "../../shared/child-environment";
import { runCommand } from "../../shared/child-process";
import { targetFailure } from "../failure";
import { anyInterpreter } from "../interpreters";
import type { BuilderSettings } from "../settings";
import { classifyInstallation, UV_OPTIONS } from "../uv";
import { uvPlatform } from "../wheel-tags";

const INSTALL_MILLISECONDS = 240_000;

/**
 * Installs exactly the lock into `tree`. Nothing is resolved or fetched, and uv checks the hash of each file again.
 * @param hashes sha256 of the wheels that were built from source archives, by package name.
 * @throws {TargetFailure} `hash` or `no-wheel`.
 */
export async function installLock(
  item: BuildItem,
  settings: BuilderSettings,
  folders: { readonly work: string; readonly wheels: string; readonly tree: string },
  hashes: ReadonlyMap<string, string>,
): Promise<void> {
  const requirements = join(folders.work, "requirements.txt");
  const home = join(folders.work, "install-home");
  await mkdir(home, { recursive: true });
  await writeFile(
    requirements,
    item.lock.packages
      .map(
        ({ name, version, file }) => `${name}==${version} --hash=sha256:${hashes.get(name) ?? file.sha256}\n`,
      )
      .join(""),
  );
  const outcome = await runCommand({
    program: settings.uv,
    args: [
      ...["pip", "install", "--quiet", "--offline", "--no-index", "--find-links", folders.wheels],
      ...["--no-deps", "--require-hashes", "--only-binary", ":all:", "--link-mode", "hardlink"],
      ...UV_OPTIONS,
      ...["--python", await anyInterpreter(settings, item.python), "--python-version", item.python],
      ...["--python-platform", uvPlatform(item.python, item.architectures[0] ?? "x86_64")],
      // A cache on the same disk, only for this build: uv can link unpacked wheels into the tree instead of copying them.
      ...["--cache-dir", join(folders.work, "uv"), "--target", folders.tree, "--requirements", requirements],
    ],
    environment: bareEnvironment(home),
    folder: folders.work,
    milliseconds: INSTALL_MILLISECONDS,
  });
  if (outcome.succeeded) return;
  const { kind, message } = classifyInstallation(requirementOf(item.package), outcome.stderr);
  throw targetFailure(kind, message, outcome.stderr);
}
