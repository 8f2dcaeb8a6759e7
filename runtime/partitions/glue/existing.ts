import type { Partition, StorageDescriptor } from "@aws-sdk/client-glue";
import { identify, type PartitionKey } from "../layout/keys";
import type { Layout } from "../layout/layout";
import { locationOf, sameLocation, type Location } from "../lake/location";
import { cascadeRefusal } from "./promotion";
import { columnsDigest, fingerprintOf } from "./storage";
import type { TableSettings } from "../table/table-settings";

/** The table that partitions are compared with. */
interface ComparedTable {
  readonly layout: Layout;
  readonly keys: readonly PartitionKey[];
  readonly location: Location;
  readonly descriptor: StorageDescriptor;
  readonly settings: Pick<TableSettings, "update" | "cascade">;
}

/** What Glue has of one partition, as far as it isn't plain from the identity. */
export interface Existing {
  /** Values as Glue has them, where they are spelled otherwise than in the identity (`07`). */
  readonly values?: readonly string[];
  /** Where it is elsewhere than the layout says. */
  readonly location?: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Whether its descriptor or its columns are to follow the table's. */
  readonly differs?: true;
  /** Why its columns cannot follow. */
  readonly refusal?: string;
}

/** What Glue has: an entry a partition, a shared one for those with nothing to tell, so 100,000 of them stay small. */
export class ExistingPartitions {
  private readonly byIdentity = new Map<string, Existing>();
  private readonly shared = new Map<number, Existing>();
  private readonly cascades = new Map<string, Pick<Existing, "differs" | "refusal">>();
  private readonly fingerprint: string;
  private readonly columns: string;

  constructor(readonly table: ComparedTable) {
    this.fingerprint = fingerprintOf(table.descriptor);
    this.columns = columnsDigest(table.descriptor.Columns ?? []);
  }

  get size(): number {
    return this.byIdentity.size;
  }

  /** Takes a partition as GetPartitions or BatchGetPartition answers it; with its columns where columns follow. */
  add(partition: Partition): void {
    const { Values: values = [], StorageDescriptor: descriptor = {}, CreationTime: created } = partition;
    const identity = identify(this.table.keys, values);
    const createdAt = Math.floor((created?.getTime() ?? 0) / 1000);
    const { Location: location = "" } = descriptor;
    const entry: Existing = {
      createdAt,
      ...(identity === values.join("\u0001") ? {} : { values }),
      ...(this.isInPlace(values, location) ? {} : { location }),
      ...this.compare(descriptor),
    };
    this.byIdentity.set(identity, Object.keys(entry).length > 1 ? entry : this.share(entry));
  }

  get(identity: string): Existing | undefined {
    return this.byIdentity.get(identity);
  }

  /** Each partition's identity and what is known of it. */
  entries(): IterableIterator<[string, Existing]> {
    return this.byIdentity.entries();
  }

  /** A partition's values as Glue has them. */
  valuesOf(identity: string, existing: Existing): readonly string[] {
    return existing.values ?? identity.split("\u0001");
  }

  /** A partition's location as Glue has it. */
  locationOf(identity: string, existing: Existing): string {
    const prefix = this.table.layout.render(this.valuesOf(identity, existing)) ?? "";
    return existing.location ?? locationOf(this.table.location, prefix);
  }

  private isInPlace(values: readonly string[], location: string): boolean {
    const prefix = this.table.layout.render(values);
    return prefix !== undefined && sameLocation(location, locationOf(this.table.location, prefix));
  }

  private compare(descriptor: StorageDescriptor): Pick<Existing, "differs" | "refusal"> {
    const { settings } = this.table;
    const isOther = settings.update && fingerprintOf(descriptor) !== this.fingerprint;
    const cascade = settings.cascade ? this.cascade(descriptor) : {};
    return { ...(isOther ? { differs: true as const } : {}), ...cascade };
  }

  private cascade({ Columns: columns = [] }: StorageDescriptor): Pick<Existing, "differs" | "refusal"> {
    const digest = columnsDigest(columns);
    if (digest === this.columns) return {};
    let answer = this.cascades.get(digest);
    if (answer === undefined) {
      const refusal = cascadeRefusal(columns, this.table.descriptor.Columns ?? []);
      answer = refusal === undefined ? { differs: true } : { refusal };
      this.cascades.set(digest, answer);
    }
    return answer;
  }

  private share(entry: Existing): Existing {
    const same = this.shared.get(entry.createdAt);
    if (same !== undefined) return same;
    this.shared.set(entry.createdAt, entry);
    return entry;
  }
}
