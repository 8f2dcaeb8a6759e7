import { z } from "zod";
import { readPayload } from "../../shared/entry";

/** An object that something happened to. */
export interface Notice {
  readonly bucket: string;
  /** Still URL-encoded. */
  readonly key: string;
  /** Grows with each event of the same key; comparable as text. Events of some kinds have none. */
  readonly sequencer?: string;
}

const snsSchema = z.object({ Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })) });

/** What became of the object isn't read: it is looked at as it is now. `s3:TestEvent` has no Records. */
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
 * The objects that one message tells of.
 * @throws BugError when it is no S3 event: nobody but S3 should write to the topic.
 */
export function noticesOf(message: string): readonly Notice[] {
  return readPayload(s3Schema, parse(message)).Records.map(({ s3: { bucket, object } }) => {
    const { key, sequencer } = object;
    return {
      bucket: bucket.name,
      key,
      ...(sequencer === undefined ? {} : { sequencer: comparable(sequencer) }),
    };
  });
}

/** One notice for each object: the newest. */
export function newestNotices(notices: readonly Notice[]): readonly Notice[] {
  const newest = new Map<string, Notice>();
  for (const notice of notices) {
    const id = `${notice.bucket}/${notice.key}`;
    const known = newest.get(id);
    if (known === undefined || (known.sequencer ?? "") < (notice.sequencer ?? "")) newest.set(id, notice);
  }
  return [...newest.values()];
}

/**
 * Sequencers are hexadecimal and compared as if the shorter were filled up with zeroes on its right, which is the order of texts.
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
