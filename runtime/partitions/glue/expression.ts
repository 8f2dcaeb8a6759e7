import type { Layout } from "../layout/layout";
import { fieldsAt, type Unit } from "../layout/moment";
import { isText, isWholeNumber, type PartitionKey } from "../layout/partition-keys";
import { toValue } from "../layout/path-text";
import { isSortable, type Piece, unitsOf, writeTime } from "../layout/time-format";
import { isEverything, type Window } from "../layout/window";

/** Source: AWS Glue API reference, GetPartitions, `Expression`. */
const MAX_CHARACTERS = 2_048;
const DAY = 86_400_000;
/** The units that a time can start with. */
const FIRST_UNITS: readonly Unit[] = ["yyyy", "YYYY", "epoch", "epoch-ms"];
const WITHIN_A_DAY: readonly Unit[] = ["HH", "mm", "ss"];
/** Words that cannot be column names in an expression. Glue parses expressions with JSQLParser. */
const RESERVED = new Set(
  (
    "all and any as asc begin between by case create delete desc distinct do drop else end escape exists from full " +
    "group having in index inner insert intersect into is join key left like limit natural not null offset on open " +
    "or order outer primary replace right select set some table then top truncate union update using values when " +
    "where with"
  ).split(" "),
);

/**
 * An expression for GetPartitions that is true for every partition in the window. It may be true for others too, but never for
 * partitions without a time, such as Hive's null value. Undefined if no expression is safe.
 */
export function expressionFor(
  keys: readonly PartitionKey[],
  layout: Layout,
  window: Window,
): string | undefined {
  if (!layout.hasTime || isEverything(window)) return undefined;
  let expression = "";
  for (const [index, key] of keys.entries()) {
    const pieces = layout.template.times[index];
    const condition = pieces === undefined || !mayBeNamed(key) ? undefined : conditionOf(key, pieces, window);
    if (condition === undefined) continue;
    const longer = expression === "" ? condition : `${expression} AND ${condition}`;
    if (longer.length <= MAX_CHARACTERS) expression = longer;
  }
  return expression === "" ? undefined : expression;
}

function mayBeNamed({ name }: PartitionKey): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name);
}

function conditionOf(key: PartitionKey, pieces: readonly Piece[], window: Window): string | undefined {
  const [first] = unitsOf(pieces);
  const isOrdered = isSortable(pieces) && first !== undefined && FIRST_UNITS.includes(first);
  // Glue compares whole numbers correctly only if they have no leading zeros, as years.
  const isComparable =
    isText(key) || key.type === "date" || (isWholeNumber(key) && pieces.every((piece) => "unit" in piece));
  if (isOrdered && isComparable) return rangeCondition(key, pieces, window);
  if (key.type === "date") return rangeCondition(key, pieces, window);
  return isText(key) ? listCondition(key, pieces, window) : undefined;
}

/** The lowest and the highest value of the window. */
function rangeCondition(
  key: PartitionKey,
  pieces: readonly Piece[],
  { from, to }: Window,
): string | undefined {
  const [lowest, highest] = [from, to === undefined ? undefined : to - 1].map((moment) =>
    moment === undefined ? undefined : valueAt(key, pieces, moment),
  );
  // Numbers of different lengths do not sort as text.
  if (lowest !== undefined && highest !== undefined && lowest.length !== highest.length) return undefined;
  return [
    ...(lowest === undefined ? [] : [`${key.name} >= ${literal(key, lowest)}`]),
    ...(highest === undefined ? [] : [`${key.name} <= ${literal(key, highest)}`]),
  ].join(" AND ");
}

/** All values that the key may have in the window. */
function listCondition(
  key: PartitionKey,
  pieces: readonly Piece[],
  { from, to }: Window,
): string | undefined {
  if (from === undefined || to === undefined || unitsOf(pieces).some((unit) => WITHIN_A_DAY.includes(unit))) {
    return undefined;
  }
  const mayOmitZeros = pieces.some((piece) => "unit" in piece && piece.zerosOptional === true);
  const values = new Set<string>();
  for (let moment = from; moment < to; moment += DAY) {
    const value = valueAt(key, pieces, moment);
    values.add(value);
    if (mayOmitZeros) values.add(value.replace(/^0/, ""));
    if (values.size * value.length > MAX_CHARACTERS) return undefined;
  }
  return `${key.name} IN (${[...values].map((value) => literal(key, value)).join(", ")})`;
}

function valueAt(key: PartitionKey, pieces: readonly Piece[], moment: number): string {
  const text = writeTime(pieces, fieldsAt(moment));
  return toValue(key, text, pieces) ?? text;
}

function literal(key: PartitionKey, value: string): string {
  return isWholeNumber(key) ? value : `'${value.replaceAll("'", "''")}'`;
}
