/** RECORD files: each installed wheel lists its files in one (PEP 376, PEP 427). */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { normalizeName } from "../../contracts/target";

/** A distribution and the files that its RECORD lists. Paths are relative to the tree, with `/`. */
export interface InstalledDistribution {
  /** Normalised name. */
  readonly name: string;
  /** Folder name, `requests-2.34.2.dist-info`. */
  readonly folder: string;
  readonly paths: readonly string[];
}

/** The path in one line of a RECORD: everything before the last two commas, quoted as in CSV where necessary. */
export function recordPath(line: string): string {
  if (!line.startsWith('"')) return line.split(",").slice(0, -2).join(",");
  const quoted = /^"((?:[^"]|"")*)"/.exec(line)?.[1] ?? "";
  return quoted.replaceAll('""', '"');
}

function recordLines(tree: string, folder: string): string[] {
  const text = readFileSync(join(tree, folder, "RECORD"), "utf8");
  return text.split(/\r?\n/).filter((line) => line !== "");
}

/** Lists the distributions in a tree, sorted by name. */
export function installedDistributions(tree: string): InstalledDistribution[] {
  return readdirSync(tree)
    .filter((folder) => folder.endsWith(".dist-info"))
    .map((folder) => ({
      name: normalizeName(folder.slice(0, folder.indexOf("-"))),
      folder,
      paths: recordLines(tree, folder).map(recordPath),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Removes the lines of files that no longer exist from a RECORD. This also makes the RECORD the same on every machine: the
 * lines of console scripts contain a hash that depends on the path of the interpreter.
 */
export function rewriteRecord(tree: string, folder: string, present: ReadonlySet<string>): void {
  const kept = recordLines(tree, folder).filter((line) => present.has(recordPath(line)));
  writeFileSync(join(tree, folder, "RECORD"), `${kept.sort().join("\n")}\n`);
}
