import { fieldsAt, rangeOf, type Fields, type Unit } from "./moment";
import type { Folder, Template, Token } from "./template";
import { isSortable, writeTime, type Piece } from "./time-format";
import type { Window } from "./window";

/**
 * How to find the folders below a prefix: `children` are whole relative prefixes that are known without asking (they
 * may not exist); else S3 is to list them, from just after `startAfter` where that is given.
 */
export interface Below {
  readonly children?: readonly string[];
  readonly startAfter?: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Folders that are still worth naming blindly instead of listing what is there. */
const MOST_CHILDREN = 100;
const FINER: readonly Unit[] = ["mm", "ss", "epoch", "epoch-ms"];

/** The next folders below `prefix`, whose folders tell `told`. */
export function below(template: Template, prefix: string, told: Fields, window: Window): Below {
  const depth = prefix === "" ? 0 : prefix.split("/").length - 1;
  const folder = template.folders[depth];
  if (folder === undefined) return {};
  const isLast = depth === template.folders.length - 1;
  const literal = literalOf(folder);
  if (literal !== undefined && !isLast) return { children: [`${prefix}${literal}/`] };
  const pieces = timePieces(folder, template);
  if (pieces === undefined || window.from === undefined || !isNext(told, pieces)) return {};
  const children =
    isLast || window.to === undefined ? undefined : generate(pieces, told, window.from, window.to);
  if (children !== undefined && "tokens" in folder)
    return { children: children.map((name) => `${prefix}${name}/`) };
  if (!isSortable(pieces)) return {};
  const lowest = Math.max(window.from, rangeOf(told)?.from ?? window.from);
  return { startAfter: prefix + nameOf(folder, writeTime(pieces, fieldsAt(lowest))) };
}

function literalOf(folder: Folder): string | undefined {
  if ("hive" in folder) return undefined;
  const texts = folder.tokens.flatMap((token) => ("text" in token ? [token.text] : []));
  return texts.length === folder.tokens.length ? texts.join("") : undefined;
}

/** A folder as pieces of time, where it is nothing else and its width is fixed. */
function timePieces(folder: Folder, { times }: Template): readonly Piece[] | undefined {
  const pieces = "hive" in folder ? times[folder.key] : piecesOf(folder.tokens);
  const isFixed = pieces?.every((piece) => "text" in piece || piece.loose !== true) === true;
  const hasUnit = pieces?.some((piece) => "unit" in piece) === true;
  return isFixed && hasUnit ? pieces : undefined;
}

function piecesOf(tokens: readonly Token[]): readonly Piece[] | undefined {
  const pieces = tokens.map((token) => ("text" in token ? token : token.piece));
  return pieces.every((piece) => piece !== undefined) ? pieces : undefined;
}

/** Whether the folder's numbers follow on those told above it, so that together they are a time without a gap. */
function isNext(told: Fields, pieces: readonly Piece[]): boolean {
  const units = new Set<Unit>(Object.keys(told) as Unit[]);
  for (const piece of pieces) if ("unit" in piece) units.add(piece.unit);
  if (units.has("epoch") || units.has("epoch-ms")) return true;
  if (units.has("ww") || units.has("YYYY")) return units.has("YYYY");
  const order: readonly Unit[] = ["yyyy", "MM", "dd", "HH", "mm", "ss"];
  return order.slice(0, units.size).every((unit) => units.has(unit));
}

function generate(pieces: readonly Piece[], told: Fields, from: number, to: number): string[] | undefined {
  if (pieces.some((piece) => "unit" in piece && FINER.includes(piece.unit))) return undefined;
  const above = rangeOf(told) ?? { from, to };
  const names = new Set<string>();
  const hasHours = pieces.some((piece) => "unit" in piece && piece.unit === "HH");
  for (
    let moment = Math.max(from, above.from);
    moment < Math.min(to, above.to);
    moment += hasHours ? HOUR : DAY
  ) {
    names.add(writeTime(pieces, fieldsAt(moment)));
    if (names.size > MOST_CHILDREN) return undefined;
  }
  return [...names];
}

function nameOf(folder: Folder, text: string): string {
  return "hive" in folder ? `${folder.hive}=${text}` : text;
}
