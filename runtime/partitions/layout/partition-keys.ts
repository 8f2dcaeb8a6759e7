import { Memo } from "./memo";
import { isDay } from "./moment";

/** A column that a table is partitioned by. */
export interface PartitionKey {
  /** In lower case, as Glue stores it. */
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

/** Whether a key's values are whole numbers. */
export function isWholeNumber(key: PartitionKey): boolean {
  return key.type in BITS;
}

/** Whether a key's values are text. */
export function isText(key: PartitionKey): boolean {
  return /^(string|varchar|char)\b/.test(key.type);
}

/** Why a value does not have the key's type, or undefined if it does. The null value has every type. */
export function typeErrorOf(key: PartitionKey, value: string): string | undefined {
  if (value === NULL_VALUE) return undefined;
  if (value === "") return `${key.name} has no value`;
  return hasType(key, value) ? undefined : `${key.name} is "${value}", which is not of its type ${key.type}`;
}

/** Between the values of an identity. */
const SEPARATOR = "\u0001";

/**
 * The text that identifies a partition within its table. Whole numbers are compared as numbers: `07` and `7` in an `int` key
 * are the same partition, although Glue compares text and would accept both.
 */
export function identityOf(keys: readonly PartitionKey[], values: readonly string[]): string {
  return values
    .map((value, index) => {
      const key = keys[index];
      const isNumber = key !== undefined && isWholeNumber(key) && /^-?\d+$/.test(value);
      return isNumber ? BigInt(value).toString() : value;
    })
    .join(SEPARATOR);
}

/** The values that an identity consists of. */
export function valuesOfIdentity(identity: string): readonly string[] {
  return identity.split(SEPARATOR);
}

const days = new Memo<PartitionKey, boolean>();

function hasType(key: PartitionKey, value: string): boolean {
  const bits = BITS[key.type];
  if (bits !== undefined)
    return /^-?\d+$/.test(value) && BigInt.asIntN(Number(bits), BigInt(value)) === BigInt(value);
  if (key.type === "date") return days.get(key, value, () => DATE.test(value) && isDay(value));
  if (key.type === "timestamp") return TIMESTAMP.test(value) && isDay(value.slice(0, 10));
  if (key.type === "boolean") return /^(true|false)$/i.test(value);
  if (/^(float|double|decimal)\b/.test(key.type)) return NUMBER.test(value);
  return true;
}
