import {
  canonicalVersion,
  errorKeyOf,
  folderOf,
  isPackageOf,
  notedVersion,
  parseKey,
  type SpecKey,
} from "../key";
import type { SpecRow } from "../entities";
import type { StoredObject } from "../spec-object-store";

/**
 * What there is of one version of a spec. Versions that are equal by PEP 440 (`1.0`, `1.0.0`) share a version slot, because
 * installers can't tell them apart. A version slot has room for the packages of one spec.
 */
export interface VersionSlot {
  readonly specs: readonly StoredSpec[];
  /** Packages of the version. */
  readonly files: readonly StoredObject[];
  /** Versions, as spelled in their keys, that have a note about a refused spec. */
  readonly noted: readonly string[];
  readonly rows: readonly SpecRow[];
}

/** A spec that exists in the bucket. */
export interface StoredSpec extends SpecKey {
  readonly object: StoredObject;
}

/** One step towards what the specs of a version slot ask for. */
export type Step =
  /** The spec is gone. Its row goes, and with the last spec of the slot its packages go. */
  | { readonly kind: "clear"; readonly spec: SpecKey }
  /** Another spec has the version. */
  | { readonly kind: "refuse"; readonly spec: StoredSpec; readonly other: string }
  | { readonly kind: "build"; readonly spec: StoredSpec }
  /** Objects beside the packages that don't belong to them. */
  | { readonly kind: "tidy"; readonly keys: readonly string[] };

/** Name of the lease of a version slot: two invocations must never work on the same one at the same time. */
export function versionSlotName(spec: SpecKey): string {
  return `spec/${folderOf(spec)}${canonicalVersion(spec.version) ?? spec.version}`;
}

/** Picks what belongs to the slot of a spec's version from all objects in the spec's folder. */
export function versionSlotOf(
  spec: SpecKey,
  folder: readonly StoredObject[],
  rows: readonly SpecRow[],
): VersionSlot {
  const prefix = folderOf(spec);
  const isSameVersion = (version: string) => canonicalVersion(version) === canonicalVersion(spec.version);
  const specs = folder.flatMap((object) => {
    const parsed = parseKey(object.key);
    const isInSlot =
      parsed.kind === "spec" && folderOf(parsed.spec) === prefix && isSameVersion(parsed.spec.version);
    return isInSlot ? [{ ...parsed.spec, object }] : [];
  });
  const noted = folder.flatMap(({ key }) => notedVersion(key, spec) ?? []).filter(isSameVersion);
  const files = folder.filter(({ key }) => isPackageOf(key.slice(prefix.length), spec));
  return { specs: specs.sort(byPrecedence), files, noted, rows };
}

/** Whether both hold the same specs, with the same bytes. */
export function hasSameSpecs(one: VersionSlot, other: VersionSlot): boolean {
  const text = ({ specs }: VersionSlot): string =>
    specs.map(({ object }) => `${object.key} ${object.etag}`).join("\n");
  return text(one) === text(other);
}

/**
 * Decides which steps bring the version slot to what its specs ask for. It looks only at what exists, never at which events came
 * or in which order. `asked` is the spec of the event; `builder` is the revision of the builder.
 */
export function planVersionSlot(asked: SpecKey, versionSlot: VersionSlot, builder: string): readonly Step[] {
  const [first, ...others] = versionSlot.specs;
  const steps: Step[] = goneSpecs(asked, versionSlot).map((spec) => ({ kind: "clear", spec }));
  if (first === undefined) return steps;
  for (const spec of others) {
    const row = rowOf(spec, versionSlot);
    const isRefused =
      row?.stage === "version" && row.specEtag === spec.object.etag && hasNote(spec, versionSlot);
    if (!isRefused) steps.push({ kind: "refuse", spec, other: first.version });
  }
  return [...steps, ...planFirst(first, versionSlot, builder)];
}

function planFirst(spec: StoredSpec, versionSlot: VersionSlot, builder: string): readonly Step[] {
  const row = rowOf(spec, versionSlot);
  const known = row?.specEtag === spec.object.etag && row.builder === builder ? row : undefined;
  const foreign = foreignKeys(spec, versionSlot, known?.files.map(({ name }) => name) ?? []);
  if (known?.status === "built" && known.files.every((file) => exists(file, spec, versionSlot))) {
    const keys = [...foreign, ...(hasNote(spec, versionSlot) ? [errorKeyOf(spec)] : [])];
    return keys.length === 0 ? [] : [{ kind: "tidy", keys }];
  }
  // A spec that is wrong in itself stays wrong. A name or a version may have become free since.
  const isLasting = known?.status === "refused" && (known.stage === "spec" || known.stage === "build");
  if (isLasting && hasNote(spec, versionSlot))
    return foreign.length === 0 ? [] : [{ kind: "tidy", keys: foreign }];
  return [{ kind: "build", spec }];
}

/** Keys of the slot's packages that have none of these names. */
export function foreignKeys(
  spec: SpecKey,
  { files }: VersionSlot,
  names: readonly string[],
): readonly string[] {
  const own = names.map((name) => folderOf(spec) + name);
  return files.map(({ key }) => key).filter((key) => !own.includes(key));
}

function goneSpecs(asked: SpecKey, { specs, files, noted, rows }: VersionSlot): readonly SpecKey[] {
  const present = new Set(specs.map(({ version }) => version));
  const { owner, specId } = asked;
  const withRow = rows.filter(({ status }) => status !== "removed").map(({ version }) => version);
  const stray = specs.length === 0 && files.length > 0 ? [asked.version] : [];
  const gone = [...noted, ...withRow, ...stray].filter((version) => !present.has(version));
  return [...new Set(gone)].map((version) => ({ owner, specId, version }));
}

/** The row of a spec of the slot. */
export function rowOf({ version }: SpecKey, { rows }: VersionSlot): SpecRow | undefined {
  return rows.find((row) => row.version === version);
}

function hasNote({ version }: SpecKey, { noted }: VersionSlot): boolean {
  return noted.includes(version);
}

function exists({ name, size }: SpecRow["files"][number], spec: SpecKey, { files }: VersionSlot): boolean {
  return files.some((file) => file.key === folderOf(spec) + name && file.size === size);
}

/** The shortest spelling comes first, then the alphabet decides: the order of events must not matter. */
function byPrecedence({ version: one }: SpecKey, { version: other }: SpecKey): number {
  return one.length - other.length || (one < other ? -1 : 1);
}
