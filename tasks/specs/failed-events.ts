import { z } from "zod";

const notification = z.looseObject({
  Type: z.literal("Notification"),
  TopicArn: z.string(),
  Message: z.string(),
});
const destination = z.looseObject({ requestPayload: z.looseObject({}), requestContext: z.looseObject({}) });
const event = z.looseObject({ Records: z.array(z.unknown()) });

/**
 * The event that a message of the dead-letter queue stands for, as the function takes it; undefined when it is none.
 *
 * The queue holds three shapes: what a function failed on, in Lambda's envelope; the bare event, where a function has a
 * dead-letter target instead of a destination; and what the topic could not deliver, which has no envelope of Lambda's yet.
 * Source: "Retain records of asynchronous invocations" of AWS Lambda, "dead-letter queues" of Amazon SNS.
 */
export function originalEvent(body: string): unknown {
  const message = parse(body);
  const failed = destination.safeParse(message);
  if (failed.success) return failed.data.requestPayload;
  const undelivered = notification.safeParse(message);
  if (undelivered.success) {
    return { Records: [{ EventSource: "aws:sns", EventVersion: "1.0", Sns: undelivered.data }] };
  }
  const bare = event.safeParse(message);
  return bare.success ? bare.data : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
