import type { Context } from "aws-lambda";
import { BugError } from "./errors";
import { createLogger, type Log } from "./log";
import type { z } from "zod";

/** What Lambda calls. */
export type LambdaHandler<Answer> = (event: unknown, context?: Context) => Promise<Answer>;

/**
 * Makes a Lambda handler. `create` builds the clients from the environment, once for each execution environment;
 * the log has the request id on each line, and an error is logged with its causes before it leaves.
 */
export function entry<Answer>(
  service: string,
  create: (
    environment: NodeJS.ProcessEnv,
    log: Log,
  ) => (event: unknown, context?: Context) => Promise<Answer>,
): LambdaHandler<Answer> {
  const logger = createLogger(service);
  let work: ReturnType<typeof create> | undefined;
  return async (event, context) => {
    if (context !== undefined) logger.addContext(context);
    try {
      work ??= create(process.env, logger);
      return await work(event, context);
    } catch (error) {
      logger.error("failed", error instanceof Error ? error : new BugError(String(error)));
      throw error;
    }
  };
}

/**
 * Reads a payload that our own state machine, rule or bus sends.
 * @throws BugError naming what is wrong, since no user wrote it.
 */
export function readPayload<T extends z.ZodType>(schema: T, payload: unknown): z.output<T> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new BugError(`The payload is not what this function takes: ${describe(parsed.error)}`);
}

/** The issues of a zod error on one line: `path: message; …`. */
export function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".") || "(all)"}: ${issue.message}`).join("; ");
}
