import { originalEvent } from "./failed-events";

/** A message of a dead-letter queue, hidden from others for a while since we received it. */
export interface FailedMessage {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

/** What redriving does to the world. */
export interface RedrivePorts {
  /** Some messages; none when the queue has no more to give. */
  readonly receive: () => Promise<readonly FailedMessage[]>;
  /** Hands the event to the function, and returns once it was accepted. */
  readonly invoke: (event: unknown) => Promise<void>;
  readonly remove: (message: FailedMessage) => Promise<void>;
  /** Shows the message to others again. */
  readonly release: (message: FailedMessage) => Promise<void>;
}

/** What became of a message. */
export interface Redriven {
  readonly messageId: string;
  /** ISO 8601. */
  readonly sentAt: string;
  readonly outcome: "redriven" | "would be redriven" | "not accepted" | "not understood";
  readonly reason?: string;
}

/**
 * Sends what failed once more: an event is removed from the queue only after the function accepted
 * it, so a crash in between repeats it, which is harmless. What isn't accepted stays.
 *
 * @param options.before leaves later messages alone, so that what fails again at once isn't sent around in circles.
 */
export async function redrive(
  ports: RedrivePorts,
  options: { readonly before: number; readonly dryRun: boolean },
): Promise<readonly Redriven[]> {
  const results: Redriven[] = [];
  const kept = new Map<string, FailedMessage>();
  try {
    for (let batch = await ports.receive(); batch.length > 0; batch = await ports.receive()) {
      const news = batch.filter(({ id }) => !kept.has(id));
      // Only what we keep comes back: the queue has no more that we didn't see.
      if (news.length === 0) break;
      for (const message of news) {
        // Before anything is tried: whatever happens, it is shown to others again unless it was removed.
        kept.set(message.id, message);
        if (message.sentAt >= options.before) continue;
        const result = await redriveOne(ports, message, options.dryRun);
        results.push(result);
        if (result.outcome === "redriven") kept.delete(message.id);
      }
    }
  } finally {
    await Promise.allSettled([...kept.values()].map((message) => ports.release(message)));
  }
  return results;
}

async function redriveOne(ports: RedrivePorts, message: FailedMessage, dryRun: boolean): Promise<Redriven> {
  const found = { messageId: message.id, sentAt: new Date(message.sentAt).toISOString() };
  const event = originalEvent(message.body);
  if (event === undefined) {
    return { ...found, outcome: "not understood", reason: "it is neither an event nor holds one" };
  }
  if (dryRun) return { ...found, outcome: "would be redriven" };
  try {
    await ports.invoke(event);
  } catch (error) {
    return { ...found, outcome: "not accepted", reason: error instanceof Error ? error.message : "" };
  }
  await ports.remove(message);
  return { ...found, outcome: "redriven" };
}
