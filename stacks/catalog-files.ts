import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "csv-parse/sync";
import { SettingsError } from "./settings/settings";

/** The files of a catalog, by name, as text. */
export type CatalogFiles = ReadonlyMap<string, string>;

/**
 * Reads every `.json` and `.csv` of `stacks/catalog/<name>`, sorted by name.
 *
 * @throws SettingsError when there is no such catalog.
 */
export function readCatalogFiles(name: string): CatalogFiles {
  const all = path.join(__dirname, "catalog");
  const folder = path.join(all, name);
  if (!fs.existsSync(path.join(folder, "config.json"))) {
    throw new SettingsError(
      `there is no catalog ${name}; there are ${fs.readdirSync(all).sort().join(", ")}`,
    );
  }
  const files = fs.readdirSync(folder).filter((file) => /\.(json|csv)$/.test(file));
  return new Map(files.sort().map((file) => [file, fs.readFileSync(path.join(folder, file), "utf8")]));
}

/** The region codes of the catalog's `regions.csv`, in its order. */
export function catalogRegions(files: CatalogFiles): string[] {
  const rows = parse(files.get("regions.csv") ?? "", { columns: true, skip_empty_lines: true, trim: true });
  return (rows as { readonly Code?: string }[]).flatMap(({ Code }) => (Code === undefined ? [] : [Code]));
}
