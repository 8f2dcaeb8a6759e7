import type { Context } from "aws-lambda";
import { BugError, describeIssues } from "./errors";
import { createLogger, type Log } from "./log";
import { z } from "zod";

/** What Lambda calls. */
export type LambdaHandler<Answer> = (event: unknown, context?: Context) => Promise<Answer>;

/**
 * Makes a Lambda handler. `create` builds the clients from the environment, once for each execution environment. Each log
 * line has the request id. An error is logged with its causes before it is thrown.
 */
export function entry<Answer>(
  service: string,
  create: (
    environment: NodeJS.ProcessEnv,
    log: Log,
  ) => (event: unknown, context?: Context) => Promise<Answer>,
): LambdaHandler<Answer> {
  const logger = createLogger(service);
  let handle: ReturnType<typeof create> | undefined;
  return async (event, context) => {
    if (context !== undefined) logger.addContext(context);
    try {
      handle ??= create(process.env, logger);
      return await handle(event, context);
    } catch (error) {
      logger.error("failed", error instanceof Error ? error : new BugError(String(error)));
      throw error;
    }
  };
}

/**
 * Reads a payload that our own state machine, rule or bus sends.
 * @throws BugError that names what is wrong: no user wrote the payload.
 */
export function readPayload<T extends z.ZodType>(schema: T, payload: unknown): z.output<T> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new BugError(`The payload has the wrong form: ${describeIssues(parsed.error)}`);
}

/**
 * The work of a function that does several things: a payload's `operation` names the one, and `payloads` has its shape.
 * @throws BugError as `readPayload` does.
 */
export function byOperation<Payloads extends Readonly<Record<string, z.ZodType>>, Answer>(
  payloads: Payloads,
  work: {
    readonly [Operation in keyof Payloads]: (payload: z.output<Payloads[Operation]>) => Promise<Answer>;
  },
): (event: unknown) => Promise<Answer> {
  const operationSchema = z.object({ operation: z.enum(Object.keys(payloads)) });
  const perform = <Operation extends keyof Payloads>(operation: Operation, event: unknown): Promise<Answer> =>
    work[operation](readPayload(payloads[operation], event));
  return async (event) => perform(readPayload(operationSchema, event).operation, event);
}
