import { BugError, UpstreamError } from "../../shared/errors";
import { underLease, type Leases } from "../../shared/table/lease";
import { decodeKey, parseKey, specKeyOf, type ParsedKey, type SpecKey } from "../key";
import { messagesOf, newestObjectEvents, objectEventsOf, type ObjectEvent } from "./events";
import { putErrorNote, reconcile, type ReconcilePorts } from "./reconcile";
import { versionSlotName } from "./version-slot";

interface HandlePorts extends ReconcilePorts {
  readonly leases: Leases;
}

/** How each object of an event ended, for the log and for tests. */
export type Handled =
  /** Its packages are now what the bucket asks for. */
  | "reconciled"
  /** Another invocation works on it at the moment, and will look again. */
  | "deferred"
  /** The event is a repeat, or older than one that was handled already. */
  | "outdated"
  /** The key is wrong. Its author gets a note where one can be written. */
  | "refused"
  /** The object isn't a spec. */
  | "ignored";

/**
 * Handles an event of the topic: S3's events about specs. An event only says which spec to look at. When one object fails, the
 * others are handled all the same. `invocation` is the same text for all attempts of one invocation.
 * @throws BugError or UpstreamError, after all objects were tried, when a retry may help one of them.
 */
export async function handleEvent(
  event: unknown,
  invocation: string,
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
  const events: ObjectEvent[] = [];
  for (const message of messagesOf(event)) {
    events.push(
      ...((await attempt({ message: message.slice(0, 500) }, () => objectEventsOf(message))) ?? []),
    );
  }
  const handled: Handled[] = [];
  for (const one of newestObjectEvents(events)) {
    const result = await attempt({ key: one.key }, () => handleObjectEvent(one, invocation, ports));
    if (result !== undefined) handled.push(result);
  }
  if (failures.length > 0) throw summaryOf(failures);
  return handled;
}

async function handleObjectEvent(
  event: ObjectEvent,
  invocation: string,
  ports: HandlePorts,
): Promise<Handled> {
  if (decodeKey(event.bucket) !== ports.objects.bucket) {
    throw new BugError(
      `An event came from the bucket ${event.bucket}, which isn't the one of this function.`,
    );
  }
  const key = decodeKey(event.key);
  const parsed: ParsedKey =
    key === undefined ? { kind: "wrong", reason: "The key isn't encoded as S3 does it." } : parseKey(key);
  switch (parsed.kind) {
    case "other":
      return "ignored";
    case "wrong":
      return refuseKey(key ?? event.key, parsed, ports);
    case "spec":
      return handleSpec(parsed.spec, event, invocation, ports);
  }
}

async function handleSpec(
  spec: SpecKey,
  { sequencer }: ObjectEvent,
  invocation: string,
  ports: HandlePorts,
): Promise<Handled> {
  const { store, leases, log } = ports;
  const isOutdated = async (): Promise<boolean> => {
    const handledUpTo = (await store.get(spec))?.sequencer;
    return sequencer !== undefined && handledUpTo !== undefined && sequencer <= handledUpTo;
  };
  const lease = { name: versionSlotName(spec), owner: invocation };
  const result = await underLease(leases, lease, async (asked): Promise<Handled> => {
    if (!asked && (await isOutdated())) return "outdated";
    await reconcile(spec, ports);
    // Not earlier: after a crash, the retry must not find its own event already handled.
    if (sequencer !== undefined) await store.markHandled(spec, sequencer);
    return "reconciled";
  });
  const handled = result ?? "deferred";
  log.info("event handled", { key: specKeyOf(spec), handled });
  return handled;
}

/** Tells the author of a spec with a wrong key, as long as the spec exists. */
async function refuseKey(
  key: string,
  { reason, errorKey }: Extract<ParsedKey, { kind: "wrong" }>,
  ports: HandlePorts,
): Promise<Handled> {
  const { objects, log } = ports;
  log.warn("spec refused", { key, stage: "key", reason });
  if (errorKey === undefined) return "refused";
  const exists = async () => (await objects.list(key)).some((object) => object.key === key);
  if (await exists()) await putErrorNote(errorKey, { stage: "key", reason, spec: key }, ports);
  // It may have gone while the note was written.
  if (!(await exists())) await objects.remove([errorKey]);
  return "refused";
}

/** One error for all. It is a BugError if any of them is, since a retry helps only against an UpstreamError. */
function summaryOf(failures: readonly Error[]): Error {
  const [first] = failures;
  if (failures.length === 1 && first !== undefined) return first;
  const message = `${String(failures.length)} objects failed: ${failures.map((error) => error.message).join(" | ")}`;
  const Family = failures.every(({ name }) => name === "UpstreamError") ? UpstreamError : BugError;
  return new Family(message, { cause: new AggregateError(failures) });
}
