/** What the emulator's process runs: the pinned emulator with our additions. See docs/decisions/0008-emulator-additions.md. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { REPOSITORY } from "../paths";
import { type Tools } from "../tools/tools";

const ADDITIONS = join(REPOSITORY, "local/emulator/additions");

export interface EmulatorProgram {
  /** Python file that runs the emulator until it is ended. */
  readonly script: string;
  /**
   * Changes with the emulator, the additions and the requirements for building packages. An emulator that runs with another digest
   * behaves differently.
   */
  readonly digest: string;
}

interface EmulatorProgramOptions {
  /** Folder that its functions build packages with. They keep a process that uses it while they are warm. */
  readonly specRequirements?: string | undefined;
  /** @default local/emulator/additions */
  readonly additions?: string;
}

/** The program that these tools run. */
export async function emulatorProgram(
  { python }: Pick<Tools, "python">,
  { specRequirements = "", additions = ADDITIONS }: EmulatorProgramOptions = {},
): Promise<EmulatorProgram> {
  // The names of both folders hold a digest of their contents. Their paths don't count, so that another checkout of the same
  // program can use this emulator.
  const folders = [dirname(dirname(python)), specRequirements].map((folder) => basename(folder));
  const digest = createHash("sha256").update(folders.join("\0"));
  const files = (await readdir(additions)).filter((file) => file.endsWith(".py")).sort();
  for (const file of files) digest.update(`\0${file}\0`).update(await readFile(join(additions, file)));
  return { script: join(additions, "start.py"), digest: digest.digest("hex") };
}
