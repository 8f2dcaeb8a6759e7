import { isText, isWhole, type PartitionKey } from "../layout/keys";
import type { Layout } from "../layout/layout";
import { fieldsAt, type Unit } from "../layout/moment";
import { toValue } from "../layout/spelling";
import { isSortable, unitsOf, writeTime, type Piece } from "../layout/time-format";
import { isEverything, type Window } from "../layout/window";

/** Source: AWS Glue API reference, GetPartitions, `Expression`. */
const MOST_CHARACTERS = 2_048;
const DAY = 86_400_000;
/** Units that begin a time: alone they tell when it is. */
const FIRST_UNITS: readonly Unit[] = ["yyyy", "YYYY", "epoch", "epoch-ms"];
const WITHIN_A_DAY: readonly Unit[] = ["HH", "mm", "ss"];
/** Words that the parser of expressions does not take as names of columns. Glue parses them with JSQLParser. */
const RESERVED = new Set(
  (
    "all and any as asc begin between by case create delete desc distinct do drop else end escape exists from full " +
    "group having in index inner insert intersect into is join key left like limit natural not null offset on open " +
    "or order outer primary replace right select set some table then top truncate union update using values when " +
    "where with"
  ).split(" "),
);

/**
 * An expression for GetPartitions that holds for every partition of the window, and perhaps for others; undefined where none
 * is safe. Partitions without a time, such as Hive's null value, are not among those it returns.
 */
export function expressionFor(
  keys: readonly PartitionKey[],
  layout: Layout,
  window: Window,
): string | undefined {
  if (!layout.isTimed || isEverything(window)) return undefined;
  let expression = "";
  for (const [index, key] of keys.entries()) {
    const pieces = layout.template.times[index];
    const condition = pieces === undefined || !isNameable(key) ? undefined : conditionOf(key, pieces, window);
    if (condition === undefined) continue;
    const longer = expression === "" ? condition : `${expression} AND ${condition}`;
    if (longer.length <= MOST_CHARACTERS) expression = longer;
  }
  return expression === "" ? undefined : expression;
}

function isNameable({ name }: PartitionKey): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name);
}

function conditionOf(key: PartitionKey, pieces: readonly Piece[], window: Window): string | undefined {
  const [first] = unitsOf(pieces);
  const isOrdered = isSortable(pieces) && first !== undefined && FIRST_UNITS.includes(first);
  // Glue compares whole numbers as such only where no zero leads them, as in years.
  const isPlain =
    isText(key) || key.type === "date" || (isWhole(key) && pieces.every((piece) => "unit" in piece));
  if (isOrdered && isPlain) return rangeCondition(key, pieces, window);
  if (key.type === "date") return rangeCondition(key, pieces, window);
  return isText(key) ? listCondition(key, pieces, window) : undefined;
}

function rangeCondition(
  key: PartitionKey,
  pieces: readonly Piece[],
  { from, to }: Window,
): string | undefined {
  const [least, most] = [from, to === undefined ? undefined : to - 1].map((moment) =>
    moment === undefined ? undefined : valueAt(key, pieces, moment),
  );
  // Text of other lengths sorts otherwise than its numbers.
  if (least !== undefined && most !== undefined && least.length !== most.length) return undefined;
  return [
    ...(least === undefined ? [] : [`${key.name} >= ${literal(key, least)}`]),
    ...(most === undefined ? [] : [`${key.name} <= ${literal(key, most)}`]),
  ].join(" AND ");
}

/** Every spelling that the key has within the window. */
function listCondition(
  key: PartitionKey,
  pieces: readonly Piece[],
  { from, to }: Window,
): string | undefined {
  if (from === undefined || to === undefined || unitsOf(pieces).some((unit) => WITHIN_A_DAY.includes(unit))) {
    return undefined;
  }
  const isLoose = pieces.some((piece) => "unit" in piece && piece.loose === true);
  const spellings = new Set<string>();
  for (let moment = from; moment < to; moment += DAY) {
    const text = valueAt(key, pieces, moment);
    spellings.add(text);
    if (isLoose) spellings.add(text.replace(/^0/, ""));
    if (spellings.size * text.length > MOST_CHARACTERS) return undefined;
  }
  return `${key.name} IN (${[...spellings].map((text) => literal(key, text)).join(", ")})`;
}

function valueAt(key: PartitionKey, pieces: readonly Piece[], moment: number): string {
  const text = writeTime(pieces, fieldsAt(moment));
  return toValue(key, text, pieces) ?? text;
}

function literal(key: PartitionKey, value: string): string {
  return isWhole(key) ? value : `'${value.replaceAll("'", "''")}'`;
}
