import { UserError } from "../../shared/errors";
import type { PartitionKey } from "./keys";
import { PARAMETER_PREFIX } from "../table/table-settings";

/** A layout that cannot be told: what is wrong, and what to set; the candidates where there are any. */
export function layoutError(
  problem: string,
  candidates: readonly string[],
  keys: readonly PartitionKey[],
): UserError {
  const names = keys.map((key) => `{${key.name}}`).join("/");
  const choice =
    candidates.length === 0
      ? `a template that names each key once, such as ${names}`
      : `${candidates.length === 1 ? "" : "one of these: "}${candidates.slice(0, 5).join(" , ")}`;
  return new UserError(`${problem}. Set the table's parameter ${PARAMETER_PREFIX}layout to ${choice}.`);
}
