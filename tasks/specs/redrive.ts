import { InvokeCommand } from "@aws-sdk/client-lambda";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { Connection } from "../platform/connection";

/** A message of the dead-letter queue. After we receive it, it is hidden from others for a while. */
export interface DeadLetter {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

/** What redriving does to the queue and to the function. */
export interface RedrivePorts {
  /** Some messages; none when the queue has no more. */
  readonly receive: () => Promise<readonly DeadLetter[]>;
  /** Sends the event to the function, and returns when Lambda has accepted it. */
  readonly invoke: (event: unknown) => Promise<void>;
  readonly remove: (message: DeadLetter) => Promise<void>;
  /** Lets others receive the message again. */
  readonly release: (message: DeadLetter) => Promise<void>;
}

/** How redriving a message ended. */
interface Redriven {
  readonly messageId: string;
  /** ISO 8601. */
  readonly sentAt: string;
  readonly outcome: "redriven" | "would be redriven" | "not accepted" | "not understood";
  readonly reason?: string;
}

/** For how long a received message is hidden from others: longer than it takes to redrive a batch. */
const HIDDEN_SECONDS = 60;

/** Sends the events about specs that failed for good to their function again. */
export function redriveSpecs(connection: Connection, dryRun: boolean): Promise<readonly Redriven[]> {
  return redrive(queuePorts(connection), { before: Date.now(), dryRun });
}

/**
 * Sends failed events to their function again. An event is removed from the queue only after Lambda has accepted it: a crash in
 * between repeats the event, which is harmless. A message that isn't accepted stays in the queue.
 *
 * @param options.before ignores later messages, so that an event that fails again at once isn't sent in circles.
 */
export async function redrive(
  ports: RedrivePorts,
  options: { readonly before: number; readonly dryRun: boolean },
): Promise<readonly Redriven[]> {
  const results: Redriven[] = [];
  const kept = new Map<string, DeadLetter>();
  try {
    for (let batch = await ports.receive(); batch.length > 0; batch = await ports.receive()) {
      const unseen = batch.filter(({ id }) => !kept.has(id));
      // The queue gives only messages that we keep: there are no others.
      if (unseen.length === 0) break;
      for (const message of unseen) {
        // First of all: whatever happens, a message that isn't removed is released.
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

async function redriveOne(ports: RedrivePorts, message: DeadLetter, dryRun: boolean): Promise<Redriven> {
  const found = { messageId: message.id, sentAt: new Date(message.sentAt).toISOString() };
  const event = originalEvent(message.body);
  if (event === undefined) {
    return { ...found, outcome: "not understood", reason: "it is not an event and contains none" };
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

const notificationSchema = z.looseObject({
  Type: z.literal("Notification"),
  TopicArn: z.string(),
  Message: z.string(),
});
const destinationSchema = z.looseObject({
  requestPayload: z.looseObject({}),
  requestContext: z.looseObject({}),
});
const eventSchema = z.looseObject({ Records: z.array(z.unknown()) });

/**
 * The event in a message of the dead-letter queue, as the function takes it; undefined when the message contains none.
 *
 * The queue holds messages of three shapes. An event that the function failed on comes in an envelope of Lambda, or bare if the
 * function has a dead-letter target instead of a destination. An event that the topic could not deliver is SNS's own message.
 * Source: "Retain records of asynchronous invocations" of AWS Lambda, "dead-letter queues" of Amazon SNS.
 */
export function originalEvent(body: string): unknown {
  const message = parse(body);
  const failed = destinationSchema.safeParse(message);
  if (failed.success) return failed.data.requestPayload;
  const undelivered = notificationSchema.safeParse(message);
  if (undelivered.success) {
    return { Records: [{ EventSource: "aws:sns", EventVersion: "1.0", Sns: undelivered.data }] };
  }
  const bare = eventSchema.safeParse(message);
  return bare.success ? bare.data : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function queuePorts(connection: Connection): RedrivePorts {
  const { deadLetterQueue: QueueUrl, handler: FunctionName } = connection.outputs.specs;
  const queue = connection.sqs();
  const lambda = connection.lambda();
  return {
    receive: async () => {
      const { Messages = [] } = await queue.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: HIDDEN_SECONDS,
          // A short poll asks only some of the queue's servers, and may miss messages.
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ["SentTimestamp"],
        }),
      );
      return Messages.map(({ MessageId = "", ReceiptHandle = "", Body = "", Attributes }) => ({
        id: MessageId,
        receipt: ReceiptHandle,
        body: Body,
        sentAt: Number(Attributes?.SentTimestamp ?? 0),
      }));
    },
    invoke: async (event) => {
      const Payload = Buffer.from(JSON.stringify(event));
      await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload }));
    },
    remove: async ({ receipt }) => {
      await queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
    },
    release: async ({ receipt }) => {
      await queue.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receipt, VisibilityTimeout: 0 }),
      );
    },
  };
}
