import { z } from "zod";
import { readPayload } from "../../shared/entry";

/** Says that something happened to an object. */
export interface ObjectEvent {
  readonly bucket: string;
  /** Still URL-encoded. */
  readonly key: string;
  /** Grows with each event of the same key; comparable as text. Some kinds of events have none. */
  readonly sequencer?: string;
}

const snsSchema = z.object({ Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })) });

/** What happened isn't read, because the object is looked at as it is now. `s3:TestEvent` has no Records. */
const s3Schema = z.union([
  z.object({ Event: z.literal("s3:TestEvent") }).transform(() => ({ Records: [] })),
  z.object({
    Records: z.array(
      z.object({
        s3: z.object({
          bucket: z.object({ name: z.string() }),
          object: z.object({ key: z.string(), sequencer: z.string().optional() }),
        }),
      }),
    ),
  }),
]);

/** The messages of an SNS event. */
export function messagesOf(event: unknown): readonly string[] {
  return readPayload(snsSchema, event).Records.map(({ Sns }) => Sns.Message);
}

/**
 * The events of objects in one message.
 * @throws BugError when the message isn't an S3 event: only S3 should write to the topic.
 */
export function objectEventsOf(message: string): readonly ObjectEvent[] {
  return readPayload(s3Schema, parse(message)).Records.map(({ s3: { bucket, object } }) => {
    const { key, sequencer } = object;
    return {
      bucket: bucket.name,
      key,
      ...(sequencer === undefined ? {} : { sequencer: comparable(sequencer) }),
    };
  });
}

/** The newest event of each object. */
export function newestObjectEvents(events: readonly ObjectEvent[]): readonly ObjectEvent[] {
  const newest = new Map<string, ObjectEvent>();
  for (const event of events) {
    const id = `${event.bucket}/${event.key}`;
    const known = newest.get(id);
    if (known === undefined || (known.sequencer ?? "") < (event.sequencer ?? "")) newest.set(id, event);
  }
  return [...newest.values()];
}

/**
 * Sequencers are hexadecimal. To compare two, S3 fills up the shorter with zeroes on its right, which is the order of texts.
 * Source: S3 user guide, event message structure.
 */
function comparable(sequencer: string): string {
  return sequencer.toUpperCase();
}

function parse(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return message;
  }
}
