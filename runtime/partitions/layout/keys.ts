import type { Table } from "@aws-sdk/client-glue";
import { Remembered } from "./memo";

/** A column that a table is partitioned by. */
export interface PartitionKey {
  /** In lower case, as Glue keeps it. */
  readonly name: string;
  /** Hive type in lower case, such as `int`, `string`, `date`. */
  readonly type: string;
}

/** What Hive writes for a value that is null or empty. */
export const NULL_VALUE = "__HIVE_DEFAULT_PARTITION__";

const BITS: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  int: 32n,
  integer: 32n,
  bigint: 64n,
};
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,9})?$/;
const NUMBER = /^[-+]?\d+(\.\d*)?([eE][-+]?\d+)?$/;

/** The partition keys of a table, in their order. */
export function partitionKeysOf(table: Pick<Table, "PartitionKeys">): readonly PartitionKey[] {
  return (table.PartitionKeys ?? []).map(({ Name: name = "", Type: type = "string" }) => ({
    name: name.toLowerCase(),
    type: type.toLowerCase(),
  }));
}

/** Whether a key holds whole numbers. */
export function isWhole(key: PartitionKey): boolean {
  return key.type in BITS;
}

/** Whether a key holds text. */
export function isText(key: PartitionKey): boolean {
  return /^(string|varchar|char)\b/.test(key.type);
}

/** Why a value does not fit its key's type, or undefined. The null value fits any. */
export function misfitOf(key: PartitionKey, value: string): string | undefined {
  if (value === NULL_VALUE) return undefined;
  if (value === "") return `${key.name} has no value`;
  return fits(key, value) ? undefined : `${key.name} is "${value}", which is not of its type ${key.type}`;
}

/**
 * Tells partitions apart. Whole numbers count by their number: `07` and `7` in an `int` key are one partition, though
 * Glue, which compares text, would take both.
 */
export function identify(keys: readonly PartitionKey[], values: readonly string[]): string {
  return values
    .map((value, index) => {
      const key = keys[index];
      return key !== undefined && isWhole(key) && /^-?\d+$/.test(value) ? BigInt(value).toString() : value;
    })
    .join("\u0001");
}

const days = new Remembered<PartitionKey, boolean>();

function fits(key: PartitionKey, value: string): boolean {
  const bits = BITS[key.type];
  if (bits !== undefined)
    return /^-?\d+$/.test(value) && BigInt.asIntN(Number(bits), BigInt(value)) === BigInt(value);
  if (key.type === "date") return days.of(key, value, () => DATE.test(value) && isDay(value));
  if (key.type === "timestamp") return TIMESTAMP.test(value) && isDay(value.slice(0, 10));
  if (key.type === "boolean") return /^(true|false)$/i.test(value);
  if (/^(float|double|decimal)\b/.test(key.type)) return NUMBER.test(value);
  return true;
}

/** Whether an ISO day is in the calendar: 2026-02-30 is not. */
export function isDay(iso: string): boolean {
  const moment = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(iso);
}
