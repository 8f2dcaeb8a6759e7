import { InvokeCommand } from "@aws-sdk/client-lambda";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import type { Connection } from "../platform/connection";
import { type RedrivePorts, type Redriven, redrive } from "./redrive";

/** Seconds that a received message is hidden from others: longer than handing over a batch takes. */
const HIDDEN_SECONDS = 60;

/** Sends the events of specs that failed for good to their function again. */
export function redrivePackages(connection: Connection, dryRun: boolean): Promise<readonly Redriven[]> {
  return redrive(queuePorts(connection), { before: Date.now(), dryRun });
}

function queuePorts(connection: Connection): RedrivePorts {
  const { failures: QueueUrl, handler: FunctionName } = connection.outputs.specs;
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
