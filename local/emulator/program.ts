/** What the emulator's process runs: the pinned emulator, with our additions to it. See docs/decisions/0008-emulator-additions.md. */
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
   * Another one for another emulator, other additions or other package requirements: one that runs with an earlier digest behaves
   * differently.
   */
  readonly digest: string;
}

interface EmulatorProgramOptions {
  /** Folder that its functions build packages with: they keep it, and a process that uses it, for as long as they are warm. */
  readonly specRequirements?: string | undefined;
  /** @default local/emulator/additions */
  readonly additions?: string;
}

/** The program that these tools run. */
export async function emulatorProgram(
  { python }: Pick<Tools, "python">,
  { specRequirements = "", additions = ADDITIONS }: EmulatorProgramOptions = {},
): Promise<EmulatorProgram> {
  // The folders of the tools and of the package requirements have the digests of what is in them in their names; where they lie
  // is all the same, so that another checkout of the same program takes the emulator for its own.
  const folders = [dirname(dirname(python)), specRequirements].map((folder) => basename(folder));
  const digest = createHash("sha256").update(folders.join("\0"));
  const files = (await readdir(additions)).filter((file) => file.endsWith(".py")).sort();
  for (const file of files) digest.update(`\0${file}\0`).update(await readFile(join(additions, file)));
  return { script: join(additions, "start.py"), digest: digest.digest("hex") };
}
