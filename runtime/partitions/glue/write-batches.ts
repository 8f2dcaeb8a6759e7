import {
  asGlueError,
  type EntryError,
  type ErrorKind,
  type GlueError,
  kindOf,
  kindOfCode,
} from "./glue-errors";
import { inBatches } from "./glue-table";
import type { Throttle } from "./throttle";

/** A batch has failed after this number of attempts without progress. With the longest waits they take two minutes. */
const MAX_ATTEMPTS = 10;

/** An entry of a call. The partition's values identify it. */
interface Entry {
  readonly values: readonly string[];
}

/** How one kind of entry is written. `send` answers the entries that were refused. */
interface BatchCall<T> {
  readonly entriesPerCall: number;
  readonly send: (entries: readonly T[]) => Promise<readonly EntryError[]>;
}

/** What happened to the entries. */
export interface BatchResult<T> {
  done: number;
  /** Entries whose partition existed already. */
  readonly existing: T[];
  /** Entries whose partition did not exist. */
  readonly missing: T[];
  readonly failed: EntryError[];
  /** Entries that were not sent, because the time was over. */
  remaining: number;
  /** Whether the table itself no longer exists. */
  tableIsGone: boolean;
}

/**
 * Writes entries with many calls at the same time. Entries that a busy Glue did not process are sent again. One entry or one
 * call that is refused does not stop the others, unless the reason applies to all calls.
 */
export async function writeBatches<T extends Entry>(
  entries: readonly T[],
  call: BatchCall<T>,
  { throttle, isOver }: { readonly throttle: Throttle; readonly isOver: () => boolean },
): Promise<BatchResult<T>> {
  const result: BatchResult<T> = {
    ...{ done: 0, remaining: 0, tableIsGone: false },
    ...{ existing: [], missing: [], failed: [] },
  };
  /** The error that applies to all calls, once there is one. */
  let refusal: GlueError | undefined;

  const failAll = (batch: readonly T[], error: GlueError): void => {
    for (const { values } of batch) result.failed.push({ values, ...error });
  };

  /** Sends a batch when the throttle lets it, unless sending has become useless by then. */
  const send = (batch: readonly T[]): Promise<Answer> =>
    throttle.run(async () => {
      if (result.tableIsGone || refusal !== undefined || isOver()) return "not sent";
      try {
        return { errors: await call.send(batch) };
      } catch (thrown) {
        const [kind, error] = [kindOf(thrown), asGlueError(thrown)];
        if (kind === "gone") result.tableIsGone = true;
        if (kind === "refused" || kind === "exists") refusal = error;
        return { kind, error };
      }
    }, isBusy);

  /** Sends a batch once. It answers which entries to send again, and why. */
  const attempt = async (batch: readonly T[]): Promise<Retry<T>> => {
    const answer = await send(batch);
    if (answer !== "not sent" && "errors" in answer) return sortEntries(result, batch, answer.errors);
    if (answer !== "not sent" && answer.kind === "busy") return { entries: batch, error: answer.error };
    if (answer !== "not sent" && answer.kind === "invalid") {
      // One invalid entry makes Glue refuse the whole call. Halving the batch finds that entry.
      const half = Math.ceil(batch.length / 2);
      if (batch.length > 1) await Promise.all([batch.slice(0, half), batch.slice(half)].map(writeBatch));
      else failAll(batch, answer.error);
    } else if (refusal !== undefined) failAll(batch, refusal);
    else if (!result.tableIsGone) result.remaining += batch.length;
    return { entries: [] };
  };

  const writeBatch = async (batch: readonly T[]): Promise<void> => {
    let left = batch;
    let lastError: GlueError = { code: "Unknown", message: "" };
    for (let attempts = 0; left.length > 0 && attempts < MAX_ATTEMPTS;) {
      const { entries: again, error = lastError } = await attempt(left);
      const hasProgress = again.length < left.length;
      attempts = hasProgress ? 0 : attempts + 1;
      left = again;
      lastError = error;
    }
    failAll(left, lastError);
  };

  await Promise.all([...inBatches(entries, call.entriesPerCall)].map(writeBatch));
  return result;
}

/** The entries to send again, and why they were not written. */
interface Retry<T> {
  readonly entries: readonly T[];
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

/** Sorts the entries of a successful call by what happened to each. */
function sortEntries<T extends Entry>(
  result: BatchResult<T>,
  batch: readonly T[],
  errors: readonly EntryError[],
): Retry<T> {
  const errorOf = new Map(errors.map((error) => [JSON.stringify(error.values), error]));
  const again: T[] = [];
  let busy: GlueError | undefined;
  for (const entry of batch) {
    const id = JSON.stringify(entry.values);
    const error = errorOf.get(id);
    errorOf.delete(id);
    const kind = error && kindOfCode(error.code);
    if (error === undefined) result.done++;
    else if (kind === "busy") {
      again.push(entry);
      busy = error;
    } else if (kind === "exists") result.existing.push(entry);
    else if (kind === "gone") result.missing.push(entry);
    else result.failed.push(error);
  }
  // An error that names none of the entries still means that one of them was not written.
  result.failed.push(...errorOf.values());
  result.done -= errorOf.size;
  return { entries: again, ...(busy === undefined ? {} : { error: busy }) };
}
