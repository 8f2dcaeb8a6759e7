import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { targetFailure } from "./failure";

/** A regular file of the installed tree. */
export interface TreeFile {
  /** Relative to the tree, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly executable: boolean;
}

/**
 * Lists all files below a folder, sorted by the bytes of their paths.
 * @throws {TargetFailure} when the tree holds a link or a device. A layer holds plain files only.
 */
export function listTree(root: string): TreeFile[] {
  const files: TreeFile[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        visit(path);
      } else if (entry.isFile()) {
        const { size, mode } = lstatSync(join(root, path));
        files.push({ path, bytes: size, executable: (mode & 0o100) !== 0 });
      } else {
        throw targetFailure(
          "no-wheel",
          `The package installs ${path}, which is not a plain file. A layer can't hold it.`,
        );
      }
    }
  };
  visit("");
  return files.sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
}
