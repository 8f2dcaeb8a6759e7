import type { StoredObject } from "../bucket";
import { canonicalVersion, errorKeyOf, folderOf, isDistributionOf, parseKey, type SpecKey } from "../key";
import type { PackageRecord } from "../spec-store";

/**
 * A slot is one version of one spec, and takes one package. Versions that PEP 440 holds equal (`1.0`, `1.0.0`) share a slot: to
 * an installer they would be the same.
 */
export interface Slot {
  readonly specs: readonly StoredSpec[];
  /** Distributions of the slot's version. */
  readonly files: readonly StoredObject[];
  /** Keys of the notes about what was refused. */
  readonly errorKeys: readonly string[];
  readonly records: readonly PackageRecord[];
}

/** A spec that is there. */
export interface StoredSpec extends SpecKey {
  readonly object: StoredObject;
}

/** What there is to do for a slot, in that order. */
export type Step =
  /** The spec is gone. Its record goes, and with the slot's last spec the packages. */
  | { readonly kind: "clear"; readonly spec: SpecKey }
  /** Another spec has the version. */
  | { readonly kind: "refuse"; readonly spec: StoredSpec; readonly other: string }
  | { readonly kind: "build"; readonly spec: StoredSpec }
  /** Objects that are beside the package and don't belong to it. */
  | { readonly kind: "tidy"; readonly keys: readonly string[] };

/** Names a slot; two specs that share it must not be worked on at once. */
export function slotName(spec: SpecKey): string {
  return `package/${folderOf(spec)}${canonicalVersion(spec.version) ?? spec.version}`;
}

/** Sorts out what of a spec's folder belongs to the slot of one of its versions. */
export function slotOf(
  spec: SpecKey,
  folder: readonly StoredObject[],
  records: readonly PackageRecord[],
): Slot {
  const prefix = folderOf(spec);
  const version = canonicalVersion(spec.version);
  const shares = ({ owner, specId, version: its }: SpecKey): boolean =>
    folderOf({ owner, specId }) === prefix && canonicalVersion(its) === version;
  const specs = folder.flatMap((object) => {
    const parsed = parseKey(object.key);
    return parsed.kind === "spec" && shares(parsed.spec) ? [{ ...parsed.spec, object }] : [];
  });
  const errorKeys = folder.flatMap(({ key }) => {
    const noted = key.slice(prefix.length).replace(/-build-error\.json$/, "");
    const isNote = key === errorKeyOf({ ...spec, version: noted });
    return isNote && canonicalVersion(noted) === version ? [key] : [];
  });
  const files = folder.filter(({ key }) => isDistributionOf(key.slice(prefix.length), spec));
  return { specs: specs.sort(byPrecedence), files, errorKeys, records };
}

/** Whether the same specs are there, with the same bytes. */
export function hasSameSpecs(one: Slot, other: Slot): boolean {
  const text = ({ specs }: Slot): string =>
    specs.map(({ object }) => `${object.key} ${object.etag}`).join("\n");
  return text(one) === text(other);
}

/**
 * Decides what brings the slot to what its specs ask for, and nothing else: neither what happened to them counts, nor in which
 * order. `asked` is the spec that somebody told of; `builder` is the revision of the builder.
 */
export function planSlot(asked: SpecKey, slot: Slot, builder: string): readonly Step[] {
  const [first, ...others] = slot.specs;
  const steps: Step[] = goneSpecs(asked, slot).map((spec) => ({ kind: "clear", spec }));
  if (first === undefined) return steps;
  for (const spec of others) {
    const record = recordOf(spec, slot);
    const known = record?.stage === "version" && record.specEtag === spec.object.etag && hasNote(spec, slot);
    if (!known) steps.push({ kind: "refuse", spec, other: first.version });
  }
  return [...steps, ...planFirst(first, slot, builder)];
}

function planFirst(spec: StoredSpec, slot: Slot, builder: string): readonly Step[] {
  const record = recordOf(spec, slot);
  const seen = record?.specEtag === spec.object.etag && record.builder === builder ? record : undefined;
  const foreign = foreignKeys(spec, slot, seen?.files.map(({ name }) => name) ?? []);
  if (seen?.status === "built" && seen.files.every((file) => isThere(file, spec, slot))) {
    const keys = [...foreign, ...(hasNote(spec, slot) ? [errorKeyOf(spec)] : [])];
    return keys.length === 0 ? [] : [{ kind: "tidy", keys }];
  }
  // Only what the spec itself says stays wrong; a name or a version may have become free.
  const lasting = seen?.status === "refused" && (seen.stage === "spec" || seen.stage === "build");
  if (lasting && hasNote(spec, slot)) return foreign.length === 0 ? [] : [{ kind: "tidy", keys: foreign }];
  return [{ kind: "build", spec }];
}

/** Distributions in the slot that are none of these names. */
export function foreignKeys(spec: SpecKey, { files }: Slot, names: readonly string[]): readonly string[] {
  const own = names.map((name) => folderOf(spec) + name);
  return files.map(({ key }) => key).filter((key) => !own.includes(key));
}

function goneSpecs(asked: SpecKey, { specs, files, errorKeys, records }: Slot): readonly SpecKey[] {
  const present = new Set(specs.map(({ version }) => version));
  const { owner, specId } = asked;
  const noted = errorKeys.map((key) => key.slice(folderOf(asked).length).replace(/-build-error\.json$/, ""));
  const recorded = records.filter(({ status }) => status !== "removed").map(({ version }) => version);
  const stray = specs.length === 0 && files.length > 0 ? [asked.version] : [];
  const gone = [...noted, ...recorded, ...stray].filter((version) => !present.has(version));
  return [...new Set(gone)].map((version) => ({ owner, specId, version }));
}

/** What is recorded of a spec of the slot. */
export function recordOf({ version }: SpecKey, { records }: Slot): PackageRecord | undefined {
  return records.find((record) => record.version === version);
}

function hasNote(spec: SpecKey, { errorKeys }: Slot): boolean {
  return errorKeys.includes(errorKeyOf(spec));
}

function isThere({ name, size }: PackageRecord["files"][number], spec: SpecKey, { files }: Slot): boolean {
  return files.some((file) => file.key === folderOf(spec) + name && file.size === size);
}

/** The shortest spelling comes first, then the first in order: it must not depend on which event came when. */
function byPrecedence({ version: one }: SpecKey, { version: other }: SpecKey): number {
  return one.length - other.length || (one < other ? -1 : 1);
}
