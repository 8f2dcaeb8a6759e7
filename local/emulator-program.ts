/** What the emulator's process runs: the pinned emulator, with our additions to it. See docs/decisions/0008-emulator-additions.md. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { REPOSITORY } from "./paths";
import { type Tools } from "./tools";

const ADDITIONS = join(REPOSITORY, "local/emulator-additions");

export interface EmulatorProgram {
  /** Python file that runs the emulator until it is ended. */
  readonly script: string;
  /** Another one for another emulator or other additions: one that runs with an earlier digest behaves differently. */
  readonly digest: string;
}

/** The program that these tools run. `additions` is the folder of ours that goes with it. */
export async function emulatorProgram(
  { python }: Pick<Tools, "python">,
  additions = ADDITIONS,
): Promise<EmulatorProgram> {
  // The folder of the tools has the requirements' digest in its name.
  const digest = createHash("sha256").update(python);
  const files = (await readdir(additions)).filter((file) => file.endsWith(".py")).sort();
  for (const file of files) digest.update(`\0${file}\0`).update(await readFile(join(additions, file)));
  return { script: join(additions, "start.py"), digest: digest.digest("hex") };
}
