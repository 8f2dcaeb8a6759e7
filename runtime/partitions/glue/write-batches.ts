import { asGlueError, kindOf, kindOfCode, type ErrorKind, type GlueError } from "./glue-errors";
import { inBatches } from "./limits";
import type { Pace } from "./throttle";

/** Attempts that change nothing, after which a batch is given up. With the longest waits these are two minutes. */
const ATTEMPTS = 10;

/** An entry that a call refused, named by its partition's values. */
export interface EntryError extends GlueError {
  readonly values: readonly string[];
}

/** How a kind of entry is written; `send` answers the entries that were refused. */
export interface BatchCall<T> {
  readonly entriesPerCall: number;
  readonly send: (entries: readonly T[]) => Promise<readonly EntryError[]>;
}

/** What became of entries. */
export interface Written<T> {
  done: number;
  /** There was a partition of these values. */
  readonly exists: T[];
  /** There was no partition of these values. */
  readonly absent: T[];
  readonly failed: EntryError[];
  /** Not tried, for want of time. */
  left: number;
  /** Whether the table itself went away. */
  tableIsGone: boolean;
}

/**
 * Writes entries by many calls at a time. What a call left undone is sent again, alone, as long as it is worth it; one entry or
 * one call that is refused stops none of the others, unless it is refused for a reason that holds for all.
 */
export async function writeBatches<T extends { readonly values: readonly string[] }>(
  entries: readonly T[],
  call: BatchCall<T>,
  { pace, isOver }: { readonly pace: Pace; readonly isOver: () => boolean },
): Promise<Written<T>> {
  const written: Written<T> = { done: 0, exists: [], absent: [], failed: [], left: 0, tableIsGone: false };
  let refusal: GlueError | undefined;

  const failAll = (batch: readonly T[], error: GlueError): void => {
    for (const { values } of batch) written.failed.push({ values, ...error });
  };

  /** Sends a batch when it is its turn, unless by then there is no more use in it. */
  const send = (batch: readonly T[]): Promise<Answer> =>
    pace.run(async () => {
      if (written.tableIsGone || refusal !== undefined || isOver()) return "not sent";
      try {
        return { errors: await call.send(batch) };
      } catch (thrown) {
        const [kind, error] = [kindOf(thrown), asGlueError(thrown)];
        if (kind === "gone") written.tableIsGone = true;
        if (kind === "refused" || kind === "exists") refusal = error;
        return { kind, error };
      }
    }, isBusy);

  /** Sends once; answers what is worth sending again and why. */
  const attempt = async (batch: readonly T[]): Promise<Again<T>> => {
    const answer = await send(batch);
    if (answer !== "not sent" && "errors" in answer) return sort(written, batch, answer.errors);
    if (answer !== "not sent" && answer.kind === "busy") return { again: batch, error: answer.error };
    if (answer !== "not sent" && answer.kind === "invalid") {
      // Glue refuses a whole call for one entry that it finds invalid: halves lead to it.
      const half = Math.ceil(batch.length / 2);
      if (batch.length > 1) await Promise.all([batch.slice(0, half), batch.slice(half)].map(writeBatch));
      else failAll(batch, answer.error);
    } else if (refusal !== undefined) failAll(batch, refusal);
    else if (!written.tableIsGone) written.left += batch.length;
    return { again: [] };
  };

  const writeBatch = async (batch: readonly T[]): Promise<void> => {
    let left = batch;
    let last: GlueError = { code: "Unknown", message: "" };
    for (let fruitless = 0; left.length > 0 && fruitless < ATTEMPTS;) {
      const { again, error = last } = await attempt(left);
      fruitless = again.length < left.length ? 0 : fruitless + 1;
      left = again;
      last = error;
    }
    failAll(left, last);
  };

  await Promise.all([...inBatches(entries, call.entriesPerCall)].map(writeBatch));
  return written;
}

/** What is worth sending again, and why it was not done. */
interface Again<T> {
  readonly again: readonly T[];
  readonly error?: GlueError;
}
type Answer =
  | "not sent"
  | { readonly errors: readonly EntryError[] }
  | { readonly kind: ErrorKind; readonly error: GlueError };

function isBusy(answer: Answer): boolean {
  if (answer === "not sent") return false;
  if ("kind" in answer) return answer.kind === "busy";
  return answer.errors.some(({ code }) => kindOfCode(code) === "busy");
}

/** Sorts the entries of a call that came back with a 200 by what became of each. */
function sort<T extends { readonly values: readonly string[] }>(
  written: Written<T>,
  batch: readonly T[],
  errors: readonly EntryError[],
): Again<T> {
  const errorOf = new Map(errors.map((error) => [JSON.stringify(error.values), error]));
  const again: T[] = [];
  let busy: GlueError | undefined;
  for (const entry of batch) {
    const id = JSON.stringify(entry.values);
    const error = errorOf.get(id);
    errorOf.delete(id);
    const kind = error && kindOfCode(error.code);
    if (error === undefined) written.done++;
    else if (kind === "busy") {
      again.push(entry);
      busy = error;
    } else if (kind === "exists") written.exists.push(entry);
    else if (kind === "gone") written.absent.push(entry);
    else written.failed.push(error);
  }
  // An error that names none of the entries still means that one of them was not written.
  written.failed.push(...errorOf.values());
  written.done -= errorOf.size;
  return { again, ...(busy === undefined ? {} : { error: busy }) };
}
