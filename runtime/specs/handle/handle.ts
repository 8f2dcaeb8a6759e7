import { BugError, UpstreamError } from "../../shared/errors";
import { underLease, type Leases } from "../../shared/table/lease";
import { messagesOf, newestNotices, noticesOf, type Notice } from "./events";
import { decodeKey, parseKey, specKeyOf, type ParsedKey, type SpecKey } from "../key";
import { settle, writeNote, type SettlePorts } from "./reconcile";
import { slotName } from "./version-slot";

interface HandlePorts extends SettlePorts {
  readonly leases: Leases;
}

/** What became of each object that an event told of, for the log and for tests. */
export type Handled =
  /** Looked at, and its packages are as the bucket asks. */
  | "settled"
  /** Left to the invocation that is at work on it, which looks again. */
  | "left"
  /** An event that is older than what was handled already, or a repeat of it. */
  | "outdated"
  /** The key is wrong; its author is told where that is possible. */
  | "refused"
  /** Not a spec. */
  | "ignored";

/**
 * Handles an event of the topic: S3's notices about specs. An event only says which spec to look at. One that fails doesn't keep
 * the others from being handled; `owner` is the same for all attempts of one invocation.
 * @throws BugError or UpstreamError, after all were handled, when any of them is worth a retry.
 */
export async function handleEvent(
  event: unknown,
  owner: string,
  ports: HandlePorts,
): Promise<readonly Handled[]> {
  const failures: Error[] = [];
  const attempt = async <T>(about: object, work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new BugError(String(thrown));
      failures.push(error);
      ports.log.error("failed", { ...about, error });
      return undefined;
    }
  };
  const notices: Notice[] = [];
  for (const message of messagesOf(event)) {
    notices.push(...((await attempt({ message: message.slice(0, 500) }, () => noticesOf(message))) ?? []));
  }
  const handled: Handled[] = [];
  for (const notice of newestNotices(notices)) {
    const result = await attempt({ key: notice.key }, () => handleNotice(notice, owner, ports));
    if (result !== undefined) handled.push(result);
  }
  if (failures.length > 0) throw summary(failures);
  return handled;
}

async function handleNotice(notice: Notice, owner: string, ports: HandlePorts): Promise<Handled> {
  if (decodeKey(notice.bucket) !== ports.bucket.name) {
    throw new BugError(
      `An event came from the bucket ${notice.bucket}, which isn't the one of this function.`,
    );
  }
  const key = decodeKey(notice.key);
  const parsed: ParsedKey =
    key === undefined ? { kind: "wrong", reason: "The key isn't encoded as S3 does." } : parseKey(key);
  switch (parsed.kind) {
    case "other":
      return "ignored";
    case "wrong":
      return refuseKey(key ?? notice.key, parsed, ports);
    case "spec":
      return handleSpec(parsed.spec, notice, owner, ports);
  }
}

async function handleSpec(
  spec: SpecKey,
  { sequencer }: Notice,
  owner: string,
  ports: HandlePorts,
): Promise<Handled> {
  const { records, leases, log } = ports;
  const key = specKeyOf(spec);
  const outdated = async (): Promise<boolean> => {
    const handledTo = (await records.get(spec))?.sequencer;
    return sequencer !== undefined && handledTo !== undefined && sequencer <= handledTo;
  };
  const handled = await underLease(
    leases,
    { name: slotName(spec), owner },
    async (asked): Promise<Handled> => {
      if (!asked && (await outdated())) return "outdated";
      await settle(spec, ports);
      // Only now: a retry of an attempt that died before must not take its own event for handled.
      if (sequencer !== undefined) await records.noteHandled(spec, sequencer);
      return "settled";
    },
  );
  log.info("event handled", { key, handled: handled ?? "left" });
  return handled ?? "left";
}

/** Tells the author of a spec with a wrong key, as long as the spec is there. */
async function refuseKey(
  key: string,
  { reason, errorKey }: Extract<ParsedKey, { kind: "wrong" }>,
  ports: HandlePorts,
): Promise<Handled> {
  const { bucket, log } = ports;
  log.warn("spec refused", { key, stage: "key", reason });
  if (errorKey === undefined) return "refused";
  const isThere = async () => (await bucket.list(key)).some((object) => object.key === key);
  if (await isThere()) await writeNote(errorKey, { stage: "key", reason, spec: key }, ports);
  if (!(await isThere())) await bucket.remove([errorKey]);
  return "refused";
}

/** One error for all: a bug outweighs what may pass. */
function summary(failures: readonly Error[]): Error {
  const [first] = failures;
  if (failures.length === 1 && first !== undefined) return first;
  const message = `${String(failures.length)} objects failed: ${failures.map((error) => error.message).join(" | ")}`;
  const Family = failures.every(({ name }) => name === "UpstreamError") ? UpstreamError : BugError;
  return new Family(message, { cause: new AggregateError(failures) });
}
