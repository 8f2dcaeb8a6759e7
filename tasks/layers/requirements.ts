import { parsePackageName } from "../../runtime/shared/requirement";
import { requirementOf } from "../../runtime/contracts/target";
import { TaskError } from "../cli/output";

/**
 * The package a user means, as the table knows it: `psycopg[binary,pool]` for `Psycopg[pool,binary]>=3` and for
 * `psycopg__binary_pool`.
 *
 * @throws TaskError when it is no package.
 */
export function requirementNamed(text: string): string {
  const parsed = parsePackageName(text);
  if (!parsed.ok) throw new TaskError(parsed.reason);
  return requirementOf(parsed.value);
}

/** Requirements in a file: a line each, `#` starts a comment. */
export function parsePackagesFile(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}
