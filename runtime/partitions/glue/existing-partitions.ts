import type { Partition, StorageDescriptor } from "@aws-sdk/client-glue";
import { isSameLocation, type Location, locationOf } from "../lake/location";
import type { Layout } from "../layout/layout";
import { identityOf, type PartitionKey, valuesOfIdentity } from "../layout/partition-keys";
import type { TableSettings } from "../table/table-settings";
import { columnsDigest, formatDigest } from "./storage-descriptor";
import { cascadeProblem } from "./type-promotion";

/** The table with which its partitions are compared. */
interface ComparedTable {
  readonly layout: Layout;
  readonly keys: readonly PartitionKey[];
  readonly location: Location;
  readonly descriptor: StorageDescriptor;
  readonly settings: Pick<TableSettings, "update" | "cascade">;
}

/** What is known about one partition in Glue. Whatever follows from its identity is left out. */
export interface ExistingPartition {
  /** The values as Glue has them, if they are written differently than in the identity (`07`). */
  readonly values?: readonly string[];
  /** The location, if it is not the one of the layout. */
  readonly location?: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Whether its descriptor or its columns should be changed to the table's. */
  readonly differs?: true;
  /** Why it cannot get the table's columns. */
  readonly cascadeProblem?: string;
}

/**
 * The partitions that Glue has. Most have nothing special to remember, and share an entry with all others that were created in
 * the same second, so that 100,000 of them need little memory.
 */
export class ExistingPartitions {
  private readonly partitions = new Map<string, ExistingPartition>();
  private readonly plainByTime = new Map<number, ExistingPartition>();
  private readonly cascadeByColumns = new Map<string, CascadeResult>();
  private readonly format: string;
  private readonly columns: string;

  constructor(readonly table: ComparedTable) {
    this.format = formatDigest(table.descriptor);
    this.columns = columnsDigest(table.descriptor.Columns ?? []);
  }

  get size(): number {
    return this.partitions.size;
  }

  /** Adds a partition as Glue answers it. Its columns are needed only if the table's setting `cascade` is on. */
  add(partition: Partition): void {
    const { Values: values = [], StorageDescriptor: descriptor = {}, CreationTime: created } = partition;
    const identity = identityOf(this.table.keys, values);
    const createdAt = Math.floor((created?.getTime() ?? 0) / 1000);
    const { Location: location = "" } = descriptor;
    const entry: ExistingPartition = {
      createdAt,
      ...(identity === identityOf([], values) ? {} : { values }),
      ...(this.isInPlace(values, location) ? {} : { location }),
      ...this.compare(descriptor),
    };
    this.partitions.set(identity, Object.keys(entry).length > 1 ? entry : this.shared(entry));
  }

  get(identity: string): ExistingPartition | undefined {
    return this.partitions.get(identity);
  }

  /** Each partition's identity and what is known about it. */
  entries(): IterableIterator<[string, ExistingPartition]> {
    return this.partitions.entries();
  }

  /** A partition's values as Glue has them. */
  valuesOf(identity: string, partition: ExistingPartition): readonly string[] {
    return partition.values ?? valuesOfIdentity(identity);
  }

  /** A partition's location as Glue has it. */
  locationOf(identity: string, partition: ExistingPartition): string {
    const prefix = this.table.layout.render(this.valuesOf(identity, partition)) ?? "";
    return partition.location ?? locationOf(this.table.location, prefix);
  }

  private isInPlace(values: readonly string[], location: string): boolean {
    const prefix = this.table.layout.render(values);
    return prefix !== undefined && isSameLocation(location, locationOf(this.table.location, prefix));
  }

  private compare(descriptor: StorageDescriptor): CascadeResult {
    const { settings } = this.table;
    const hasOtherFormat = settings.update && formatDigest(descriptor) !== this.format;
    const cascade = settings.cascade ? this.compareColumns(descriptor) : {};
    return { ...(hasOtherFormat ? { differs: true as const } : {}), ...cascade };
  }

  private compareColumns({ Columns: columns = [] }: StorageDescriptor): CascadeResult {
    const digest = columnsDigest(columns);
    if (digest === this.columns) return {};
    let result = this.cascadeByColumns.get(digest);
    if (result === undefined) {
      const problem = cascadeProblem(columns, this.table.descriptor.Columns ?? []);
      result = problem === undefined ? { differs: true } : { cascadeProblem: problem };
      this.cascadeByColumns.set(digest, result);
    }
    return result;
  }

  private shared(entry: ExistingPartition): ExistingPartition {
    const same = this.plainByTime.get(entry.createdAt);
    if (same !== undefined) return same;
    this.plainByTime.set(entry.createdAt, entry);
    return entry;
  }
}

type CascadeResult = Pick<ExistingPartition, "differs" | "cascadeProblem">;
