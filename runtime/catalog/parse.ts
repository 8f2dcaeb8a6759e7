import { createHash } from "node:crypto";
import type { CatalogProblem } from "../contracts/catalog";
import { requirementOf, type PrunePolicy, type PythonVersion } from "../contracts/target";
import { parseRequirement, parseSpecifier } from "../shared/requirement";
import {
  CatalogError,
  DEFAULT_PRUNE,
  type Catalog,
  type CatalogPackage,
  type CatalogRegion,
} from "./catalog";
import { CONFIG_FILE, NO_CONFIG, parseConfig, REGIONS_FILE } from "./config";
import { parseRows, type Columns, type Row } from "./csv";

const PACKAGE_COLUMNS: Columns = {
  required: ["Package_Name", "License", "Authors/Maintainers"],
  optional: ["Version", "Prune", "Needs"],
};
const REGION_COLUMNS: Columns = { required: ["Code", "Name"], optional: [] };
/** Such as `eu-west-1` or `us-gov-east-1`. */
const REGION_CODE = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;

/** A top-level module, as the `Needs` column lists them. */
const MODULE = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;

/** The `Prune` column's words. An empty cell means `default`. */
const PRUNE_POLICIES: Readonly<Record<string, PrunePolicy>> = {
  default: DEFAULT_PRUNE,
  "keep-tests": { tests: false, runtime: true },
  "keep-runtime": { tests: true, runtime: false },
  none: { tests: false, runtime: false },
};

/**
 * Names the files, beside config.json, that make up the catalog of a stage building for `pythons`.
 * @throws CatalogError when config.json is wrong.
 */
export function catalogFiles(config: string, pythons: readonly PythonVersion[]): readonly string[] {
  const problems: CatalogProblem[] = [];
  const { files } = parseConfig(config, pythons, problems);
  if (problems.length > 0) throw new CatalogError(problems);
  return [...new Set([...files.map(({ file }) => file), REGIONS_FILE])];
}

/**
 * Parses a whole catalog. `files` maps file names (config.json, packages files, regions.csv) to their text; `pythons`
 * and `regions` are what the stage builds for and publishes to.
 * @throws CatalogError with every problem found, each with file, line and reason.
 */
export function parseCatalog(
  files: Readonly<Record<string, string>>,
  pythons: readonly PythonVersion[],
  regions: readonly string[] = [],
): Catalog {
  const problems: CatalogProblem[] = [];
  const read = (file: string): string | undefined => {
    const text = Object.hasOwn(files, file) ? files[file] : undefined;
    if (text === undefined)
      problems.push({ file, line: 1, reason: "is missing. Upload it beside config.json." });
    return text;
  };
  const configText = read(CONFIG_FILE);
  const config = configText === undefined ? NO_CONFIG : parseConfig(configText, pythons, problems);
  const byFile = new Map<string, readonly Omit<CatalogPackage, "python">[]>();
  for (const { file } of config.files) {
    if (byFile.has(file)) continue;
    const text = read(file);
    byFile.set(file, text === undefined ? [] : parsePackages(file, text, problems));
  }
  const regionText = read(REGIONS_FILE);
  const regionRows = regionText === undefined ? [] : parseRegions(regionText, regions, problems);
  if (problems.length > 0) throw new CatalogError(problems);
  const packages = config.files
    .flatMap(({ python, file }) => (byFile.get(file) ?? []).map((row) => ({ ...row, python })))
    .sort(byKey((row) => `${row.python}\0${requirementOf(row)}`));
  const body = { packages, regions: regionRows };
  return { ...body, skippedPythons: config.skippedPythons, digest: digestOf(body) };
}

function parsePackages(
  file: string,
  text: string,
  problems: CatalogProblem[],
): readonly Omit<CatalogPackage, "python">[] {
  const before = problems.length;
  const seen = new Map<string, number>();
  const rows = parseRows(file, text, PACKAGE_COLUMNS, problems).flatMap((row) => {
    const parsed = parsePackage(row);
    if (typeof parsed === "string") {
      problems.push({ file, line: row.line, reason: parsed });
      return [];
    }
    const requirement = requirementOf(parsed);
    const earlier = seen.get(requirement);
    if (earlier !== undefined) {
      const reason = `${requirement} is already on line ${earlier}. Keep one of them. (Names are compared in their normalised form, PEP 503.)`;
      problems.push({ file, line: row.line, reason });
      return [];
    }
    seen.set(requirement, row.line);
    return [parsed];
  });
  if (rows.length === 0 && problems.length === before) {
    problems.push({
      file,
      line: 1,
      reason: "lists no package. An empty catalog would withdraw every layer.",
    });
  }
  return rows;
}

/** The row as a package, or why it is not one. */
function parsePackage({ cells }: Row): Omit<CatalogPackage, "python"> | string {
  const requirement = parseRequirement(cells["Package_Name"] ?? "");
  if (!requirement.ok) return requirement.reason;
  if (requirement.value.specifier !== "") {
    return `${requirement.value.name}: write the version in the column Version, not after the name.`;
  }
  const specifier = parseSpecifier(cells["Version"] ?? "");
  if (!specifier.ok) return specifier.reason;
  const policy = cells["Prune"] || "default";
  const prune = Object.hasOwn(PRUNE_POLICIES, policy) ? PRUNE_POLICIES[policy] : undefined;
  if (prune === undefined) return `Prune is "${policy}": use ${Object.keys(PRUNE_POLICIES).join(", ")}.`;
  const needs = (cells["Needs"] ?? "").split(/\s+/).filter((name) => name !== "");
  const wrong = needs.find((name) => !MODULE.test(name));
  if (wrong !== undefined)
    return `Needs holds "${wrong}": list modules such as cv2 numpy, separated by spaces.`;
  return {
    ...requirement.value,
    specifier: specifier.value,
    prune,
    ...(needs.length === 0 ? {} : { needs }),
    license: cells["License"] ?? "",
    authors: cells["Authors/Maintainers"] ?? "",
  };
}

function parseRegions(
  text: string,
  needed: readonly string[],
  problems: CatalogProblem[],
): readonly CatalogRegion[] {
  const before = problems.length;
  const report = (line: number, reason: string): void => {
    problems.push({ file: REGIONS_FILE, line, reason });
  };
  const seen = new Map<string, CatalogRegion>();
  for (const { line, cells } of parseRows(REGIONS_FILE, text, REGION_COLUMNS, problems)) {
    const { Code: code = "", Name: name = "" } = cells;
    if (!REGION_CODE.test(code)) report(line, `"${code}" is not a region code such as eu-west-1.`);
    else if (seen.has(code)) report(line, `${code} is listed twice.`);
    else seen.set(code, { code, name });
  }
  if (problems.length === before) {
    for (const code of needed.filter((region) => !seen.has(region))) {
      report(1, `is missing ${code}. This stage publishes to it (strata:regions).`);
    }
  }
  return [...seen.values()].sort(byKey(({ code }) => code));
}

function digestOf(body: unknown): string {
  return createHash("sha256").update(JSON.stringify(body)).digest("hex");
}

/** Compares by code unit, so that the order is the same in every locale. */
function byKey<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
