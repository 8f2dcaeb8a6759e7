import { normalizeName } from "../contracts/target";
import { UpstreamError } from "../shared/errors";
import { writeIf } from "../shared/table/writes";
import type { Table } from "../shared/table/open-table";
import { specEntities, type SpecRow } from "./entities";
import { canonicalVersion, type SpecKey } from "./key";

/** The rows of specs, and who owns which package name. */
export interface SpecStore {
  get(spec: SpecKey): Promise<SpecRow | undefined>;
  /** All rows of a spec for versions that are equal to this one. */
  ofVersion(spec: SpecKey): Promise<readonly SpecRow[]>;
  /** All rows of an owner, or those of one normalised name. May lag a second behind. */
  ofOwner(owner: string, normalizedName?: string): Promise<readonly SpecRow[]>;
  put(row: SpecRow): Promise<void>;
  /** Writes down that the events of a spec were handled up to this one. */
  markHandled(spec: SpecKey, sequencer: string): Promise<void>;
  /** Claims the spec's normalised name for its version. Answers the id of the spec that owns the name afterwards. */
  claimName(spec: SpecKey): Promise<string>;
  /** Gives up the name for that version. Without its last version, the name is free. */
  releaseName(spec: SpecKey): Promise<void>;
}

/** Late duplicates of events come within days; rows of removed specs are kept for a month. */
const REMOVED_SECONDS = 30 * 24 * 3600;

/** The store over the table. */
export function openSpecStore(table: Table): SpecStore {
  const { spec: specs, packageName: names } = specEntities(table);
  return {
    get: async (spec) => (await specs.get(itemKey(spec)).go({ consistent: true })).data ?? undefined,
    ofVersion: async (spec) => {
      const { owner, normalizedName, specId, canonicalVersion: version } = itemKey(spec);
      const query = specs.query.byName({ owner, normalizedName, specId, canonicalVersion: version });
      return (await query.go({ pages: "all", consistent: true })).data;
    },
    ofOwner: async (owner, normalizedName) => {
      const name = normalizedName === undefined ? {} : { normalizedName };
      return (await specs.query.byName({ owner, ...name }).go({ pages: "all" })).data;
    },
    put: async (row) => {
      await specs.put({ ...row, ...itemKey(row), ...expiryOf(row) }).go();
    },
    markHandled: async (spec, sequencer) => {
      await writeIf(() =>
        specs
          .patch(itemKey(spec))
          .set({ sequencer })
          .where((is, { notExists, lt }) => `${notExists(is.sequencer)} OR ${lt(is.sequencer, sequencer)}`)
          .go(),
      );
    },
    claimName: async (spec) => {
      const { owner, normalizedName, specId, canonicalVersion: version } = itemKey(spec);
      const claimed = await writeIf(() =>
        names
          .upsert({ owner, normalizedName, specId })
          .add({ versions: [version] })
          .where((is, { notExists, eq }) => `${notExists(is.versions)} OR ${eq(is.specId, specId)}`)
          .go(),
      );
      if (claimed) return specId;
      const { data } = await names.get({ owner, normalizedName }).go({ consistent: true });
      if (data?.versions === undefined) {
        throw new UpstreamError(`Another spec claims the name ${normalizedName} at this moment; try again.`);
      }
      return data.specId;
    },
    releaseName: async (spec) => {
      const { owner, normalizedName, specId, canonicalVersion: version } = itemKey(spec);
      await writeIf(() =>
        names
          .patch({ owner, normalizedName })
          .delete({ versions: [version] })
          .where((is, { eq }) => eq(is.specId, specId))
          .go(),
      );
    },
  };
}

function itemKey({ owner, specId, version }: SpecKey) {
  return {
    ...{ owner, specId, version },
    normalizedName: normalizeName(specId),
    canonicalVersion: canonicalVersion(version) ?? version,
  };
}

function expiryOf({ status, at }: SpecRow): { readonly expires?: number } {
  return status === "removed" ? { expires: Math.floor(Date.parse(at) / 1000) + REMOVED_SECONDS } : {};
}
