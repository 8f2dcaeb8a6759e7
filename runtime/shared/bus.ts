import {
  PutEventsCommand,
  type EventBridgeClient,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import { setTimeout as pause } from "node:timers/promises";
import type { BusEvent } from "../contracts/events";
import { UpstreamError } from "./errors";

/** Puts events on the bus, in order, all of them or an error. */
export type EmitEvents = (events: readonly BusEvent[]) => Promise<void>;

/** Entries a PutEvents call may have. Source: EventBridge API reference. */
const ENTRIES_PER_CALL = 10;
/** A PutEvents call takes 256 KiB. The rest is for the other fields of the entries. */
const BYTES_PER_CALL = 250_000;
const ATTEMPTS = 4;

/** The bus named `name`. Refused entries are sent again, up to three times, without the others. */
export function openBus(client: EventBridgeClient, name: string): EmitEvents {
  return async (events) => {
    const entries = events.map(({ source, type, detail }) => ({
      EventBusName: name,
      Source: source,
      DetailType: type,
      Detail: JSON.stringify(detail),
    }));
    for (const batch of planBatches(entries, (entry) => Buffer.byteLength(entry.Detail))) {
      await putBatch(client, batch);
    }
  };
}

/** Divides entries into calls of at most 10 entries and at most the bytes of a call. An entry is never divided. */
export function planBatches<T>(
  entries: readonly T[],
  bytesOf: (entry: T) => number,
): readonly (readonly T[])[] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = bytesOf(entry);
    const last = batches.at(-1);
    if (last === undefined || last.length === ENTRIES_PER_CALL || bytes + size > BYTES_PER_CALL) {
      batches.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return batches;
}

async function putBatch(client: EventBridgeClient, batch: readonly PutEventsRequestEntry[]): Promise<void> {
  let remaining = batch;
  let reason = "";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(100 * 2 ** attempt);
    const { Entries: answers = [] } = await client.send(new PutEventsCommand({ Entries: [...remaining] }));
    const refused = answers.flatMap(({ ErrorCode: code, ErrorMessage: message }, index) =>
      code === undefined ? [] : [{ entry: remaining[index], reason: `${code}: ${message ?? ""}` }],
    );
    remaining = refused.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
    if (remaining.length === 0) return;
    reason = refused[0]?.reason ?? "";
  }
  throw new UpstreamError(`The event bus refused ${remaining.length} of ${batch.length} events: ${reason}`);
}
