import { fieldsAt, rangeOf, type TimeFields, type Unit } from "./moment";
import type { Folder, Template, Token } from "./template";
import { isSortable, type Piece, writeTime } from "./time-format";
import type { Window } from "./window";

/** How to find the folders directly below a prefix. Without `children`, S3 must list them. */
export interface NextFolders {
  /** Whole prefixes that are known without listing. Some of them may not exist. */
  readonly children?: readonly string[];
  /** The listing may start after this key. */
  readonly startAfter?: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Up to this many folders are named without asking S3 which of them exist; more are listed. */
const MAX_CHILDREN = 100;
/** Units for which there would be too many folders to name. */
const FINE_UNITS: readonly Unit[] = ["mm", "ss", "epoch", "epoch-ms"];

/** Says how to find the folders below `prefix`. `known` are the times that the prefix itself contains. */
export function nextFolders(
  template: Template,
  prefix: string,
  known: TimeFields,
  window: Window,
): NextFolders {
  const depth = prefix === "" ? 0 : prefix.split("/").length - 1;
  const folder = template.folders[depth];
  if (folder === undefined) return {};
  const isLast = depth === template.folders.length - 1;
  const literal = literalOf(folder);
  if (literal !== undefined && !isLast) return { children: [`${prefix}${literal}/`] };
  const pieces = timePieces(folder, template);
  if (pieces === undefined || window.from === undefined || !isWithoutGap(known, pieces)) return {};
  const children =
    isLast || window.to === undefined ? undefined : folderNames(pieces, known, window.from, window.to);
  if (children !== undefined && "tokens" in folder)
    return { children: children.map((name) => `${prefix}${name}/`) };
  if (!isSortable(pieces)) return {};
  const lowest = Math.max(window.from, rangeOf(known)?.from ?? window.from);
  const text = writeTime(pieces, fieldsAt(lowest));
  return { startAfter: prefix + ("hive" in folder ? `${folder.hive}=${text}` : text) };
}

/** The name of a folder that is fixed text. */
function literalOf(folder: Folder): string | undefined {
  if ("hive" in folder) return undefined;
  const texts = folder.tokens.flatMap((token) => ("text" in token ? [token.text] : []));
  return texts.length === folder.tokens.length ? texts.join("") : undefined;
}

/** The time format of a folder whose name is only a time of fixed width. */
function timePieces(folder: Folder, { times }: Template): readonly Piece[] | undefined {
  const pieces = "hive" in folder ? times[folder.key] : piecesOf(folder.tokens);
  const hasFixedWidth = pieces?.every((piece) => "text" in piece || piece.zerosOptional !== true) === true;
  const hasUnit = pieces?.some((piece) => "unit" in piece) === true;
  return hasFixedWidth && hasUnit ? pieces : undefined;
}

function piecesOf(tokens: readonly Token[]): readonly Piece[] | undefined {
  const pieces = tokens.map((token) => ("text" in token ? token : token.piece));
  return pieces.every((piece) => piece !== undefined) ? pieces : undefined;
}

/** Whether the known units and the folder's units together are a time without a gap, such as year, month and day. */
function isWithoutGap(known: TimeFields, pieces: readonly Piece[]): boolean {
  const units = new Set<Unit>(Object.keys(known) as Unit[]);
  for (const piece of pieces) if ("unit" in piece) units.add(piece.unit);
  if (units.has("epoch") || units.has("epoch-ms")) return true;
  if (units.has("ww") || units.has("YYYY")) return units.has("YYYY");
  const order: readonly Unit[] = ["yyyy", "MM", "dd", "HH", "mm", "ss"];
  return order.slice(0, units.size).every((unit) => units.has(unit));
}

/** The names of all folders between two moments; undefined if there are too many. */
function folderNames(
  pieces: readonly Piece[],
  known: TimeFields,
  from: number,
  to: number,
): string[] | undefined {
  if (pieces.some((piece) => "unit" in piece && FINE_UNITS.includes(piece.unit))) return undefined;
  const above = rangeOf(known) ?? { from, to };
  const names = new Set<string>();
  const step = pieces.some((piece) => "unit" in piece && piece.unit === "HH") ? HOUR : DAY;
  for (let moment = Math.max(from, above.from); moment < Math.min(to, above.to); moment += step) {
    names.add(writeTime(pieces, fieldsAt(moment)));
    if (names.size > MAX_CHILDREN) return undefined;
  }
  return [...names];
}
