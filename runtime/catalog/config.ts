import { z } from "zod";
import type { CatalogProblem } from "../contracts/catalog";
import type { PythonVersion } from "../contracts/target";

/** The file that names the packages file of each Python. */
export const CONFIG_FILE = "config.json";
export const REGIONS_FILE = "regions.csv";

/** Python runtimes that Lambda has or had. A stage may name newer ones. Source: AWS Lambda's table of runtimes. */
const LAMBDA_PYTHONS: readonly PythonVersion[] = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"];

/** Only plain file names: the file must lie in the same folder as config.json. */
const fileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\.csv$/, "must be the plain name of a .csv file");
const configSchema = z
  .object({ python_versions: z.array(z.string()).min(1), default_packages_file: fileName.optional() })
  .catchall(z.unknown());
const entrySchema = z.object({ packages_file: fileName });

/** Which packages file belongs to which Python of the stage. */
export interface CatalogConfig {
  readonly files: readonly { readonly python: PythonVersion; readonly file: string }[];
  readonly skippedPythons: readonly PythonVersion[];
}

/** Stands for a config.json that can't be read. Its problems are reported separately. */
export const NO_CONFIG: CatalogConfig = { files: [], skippedPythons: [] };

/** Reads config.json for a stage that builds for `pythons`. Everything that is wrong with it is added to `problems`. */
export function parseConfig(
  text: string,
  pythons: readonly PythonVersion[],
  problems: CatalogProblem[],
): CatalogConfig {
  const report = (reason: string, needle?: string): void => {
    problems.push({ file: CONFIG_FILE, line: lineOf(text, needle), reason });
  };
  const json = parseJson(text, problems);
  if (json === undefined) return NO_CONFIG;
  const parsed = configSchema.safeParse(json.value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      report(`${issue.path.join(".") || "the file"}: ${issue.message}.`, `"${String(issue.path[0])}"`);
    }
    return NO_CONFIG;
  }
  const config = parsed.data;
  const known = new Set([...LAMBDA_PYTHONS, ...pythons]);
  for (const python of config.python_versions.filter((version) => !known.has(version))) {
    report(
      `"${python}" is not a Python version that Lambda runs. This stage builds for ${pythons.join(", ")}; ` +
        `add a new one to strata:pythons first.`,
      `"${python}"`,
    );
  }
  const files = pythons.flatMap((python) => {
    const file = packagesFile(config, python, report);
    return file === undefined ? [] : [{ python, file }];
  });
  return { files, skippedPythons: config.python_versions.filter((version) => !pythons.includes(version)) };
}

function packagesFile(
  config: z.infer<typeof configSchema>,
  python: PythonVersion,
  report: (reason: string, needle?: string) => void,
): string | undefined {
  const entry = config[python];
  if (entry !== undefined) {
    const parsed = entrySchema.safeParse(entry);
    if (parsed.success) return parsed.data.packages_file;
    report(`"${python}": ${parsed.error.issues.map(({ message }) => message).join(", ")}.`, `"${python}"`);
    return undefined;
  }
  if (config.default_packages_file !== undefined) return config.default_packages_file;
  report(
    `Python ${python} has no packages file. Add "${python}": {"packages_file": "…"} or "default_packages_file".`,
  );
  return undefined;
}

function parseJson(text: string, problems: CatalogProblem[]): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, position] = /position (\d+)/.exec(message) ?? [];
    const line = position === undefined ? 1 : text.slice(0, Number(position)).split("\n").length;
    problems.push({ file: CONFIG_FILE, line, reason: `is not JSON: ${message}.` });
    return undefined;
  }
}

/** The line of the last `needle` in the text, because a key comes after its mention in python_versions. Else line 1. */
function lineOf(text: string, needle: string | undefined): number {
  const at = needle === undefined ? -1 : text.lastIndexOf(needle);
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}
