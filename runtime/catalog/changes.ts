import type { CatalogChanged, CatalogChanges } from "../contracts/catalog";
import { requirementOf } from "../contracts/target";
import type { CatalogPackage } from "./catalog";

/** Bytes of list entries in one event. EventBridge takes 256 KiB an event, all fields included. */
const LIST_BYTES = 200_000;

/** Compares two catalogs by what is built from them. */
export function planChanges(
  before: readonly CatalogPackage[],
  after: readonly CatalogPackage[],
): CatalogChanges {
  const old = new Map(before.map((row) => [keyOf(row), buildInputsOf(row)]));
  const next = new Map(after.map((row) => [keyOf(row), buildInputsOf(row)]));
  const kept = [...next].filter(([key]) => old.has(key));
  return {
    added: [...next.keys()].filter((key) => !old.has(key)),
    changed: kept.filter(([key, inputs]) => old.get(key) !== inputs).map(([key]) => key),
    removed: [...old.keys()].filter((key) => !next.has(key)),
  };
}

/** The detail of the `CatalogChanged` event, small enough for the bus. */
export function describeChanges(version: number, changes: CatalogChanges): CatalogChanged {
  let left = LIST_BYTES;
  const cut = (list: readonly string[]): readonly string[] =>
    list.filter((entry) => {
      left -= Buffer.byteLength(JSON.stringify(entry)) + 1;
      return left >= 0;
    });
  const { added, changed, removed } = changes;
  return {
    version,
    counts: { added: added.length, changed: changed.length, removed: removed.length },
    added: cut(added),
    changed: cut(changed),
    removed: cut(removed),
  };
}

function keyOf(row: CatalogPackage): string {
  return `${row.python}/${requirementOf(row)}`;
}

function buildInputsOf({ specifier, prune, needs = [] }: CatalogPackage): string {
  return JSON.stringify([specifier, prune.tests, prune.runtime, ...needs]);
}
