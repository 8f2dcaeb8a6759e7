import { UpstreamError } from "../shared/errors";
import { writeIf } from "../shared/table/writes";
import { specEntities, type PackageStatus, type RefusalStage } from "./entities";
import type { Table } from "../shared/table/open-table";
import { normalizeName } from "../contracts/target";
import { canonicalVersion, type SpecKey } from "./key";

/** A distribution beside its spec. */
interface RecordedFile {
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Where the package of a spec stands. */
export interface PackageRecord extends SpecKey {
  readonly status: PackageStatus;
  /** Of the spec that was built or refused. */
  readonly specEtag?: string | undefined;
  /** Revision of the builder that did. */
  readonly builder?: string | undefined;
  readonly files: readonly RecordedFile[];
  readonly stage?: RefusalStage | undefined;
  readonly reason?: string | undefined;
  /** ISO 8601. */
  readonly at: string;
  /** Of the newest event that was handled to its end. */
  readonly sequencer?: string | undefined;
}

/** What is known of packages. */
export interface PackageRecords {
  get(spec: SpecKey): Promise<PackageRecord | undefined>;
  /** All records of a spec for versions that are equal to this one. */
  ofVersion(spec: SpecKey): Promise<readonly PackageRecord[]>;
  put(record: PackageRecord): Promise<void>;
  /** Remembers how far the events of a spec were handled. */
  noteHandled(spec: SpecKey, sequencer: string): Promise<void>;
  /** Takes the spec's normalised name for its version; answers the id of the spec that has the name afterwards. */
  claimName(spec: SpecKey): Promise<string>;
  /** Gives the name up for that version; with its last version it is free. */
  releaseName(spec: SpecKey): Promise<void>;
  /** What is built for an owner, of one normalised name or of all. May lag a second behind. */
  built(owner: string, normalizedName?: string): Promise<readonly PackageRecord[]>;
}

/** Late duplicates of events come within days; records of what was removed are kept for a month. */
const REMOVED_SECONDS = 30 * 24 * 3600;

/** The records over the table. */
export function openPackageRecords(table: Table): PackageRecords {
  const { package: packages, packageName: names } = specEntities(table);
  return {
    get: async (spec) => (await packages.get(rowKey(spec)).go({ consistent: true })).data ?? undefined,
    ofVersion: async (spec) => {
      const { owner, normalizedName, specId, canonicalVersion: version } = rowKey(spec);
      const query = packages.query.byName({ owner, normalizedName, specId, canonicalVersion: version });
      return (await query.go({ pages: "all", consistent: true })).data;
    },
    put: async (record) => {
      await packages.put(rowOf(record)).go();
    },
    noteHandled: async (spec, sequencer) => {
      await writeIf(() =>
        packages
          .patch(rowKey(spec))
          .set({ sequencer })
          .where((is, { notExists, lt }) => `${notExists(is.sequencer)} OR ${lt(is.sequencer, sequencer)}`)
          .go(),
      );
    },
    claimName: async (spec) => {
      const { owner, normalizedName, specId, canonicalVersion: version } = rowKey(spec);
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
        throw new UpstreamError(`The name ${normalizedName} changes hands just now; try again.`);
      }
      return data.specId;
    },
    releaseName: async (spec) => {
      const { owner, normalizedName, specId, canonicalVersion: version } = rowKey(spec);
      await writeIf(() =>
        names
          .patch({ owner, normalizedName })
          .delete({ versions: [version] })
          .where((is, { eq }) => eq(is.specId, specId))
          .go(),
      );
    },
    built: async (owner, normalizedName) => {
      const query = packages.query.byName({
        owner,
        ...(normalizedName === undefined ? {} : { normalizedName }),
      });
      const { data } = await query.go({ pages: "all" });
      return data.filter(({ status }) => status === "built");
    },
  };
}

function rowKey({ owner, specId, version }: SpecKey) {
  return {
    ...{ owner, specId, version },
    normalizedName: normalizeName(specId),
    canonicalVersion: canonicalVersion(version) ?? version,
  };
}

function rowOf({ files, specEtag, builder, stage, reason, sequencer, ...record }: PackageRecord) {
  return {
    ...record,
    ...rowKey(record),
    files: files.map((file) => ({ ...file })),
    ...(specEtag === undefined ? {} : { specEtag }),
    ...(builder === undefined ? {} : { builder }),
    ...(stage === undefined ? {} : { stage }),
    ...(reason === undefined ? {} : { reason }),
    ...(sequencer === undefined ? {} : { sequencer }),
    ...(record.status === "removed"
      ? { expires: Math.floor(Date.parse(record.at) / 1000) + REMOVED_SECONDS }
      : {}),
  };
}
