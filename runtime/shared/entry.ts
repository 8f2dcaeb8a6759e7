import type { Context } from "aws-lambda";
import { BugError } from "./errors";
import { createLogger, type Log } from "./log";
import type { z } from "zod";

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

/** The issues of a zod error in one line: `path: message; …`. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".") || "(all)"}: ${issue.message}`).join("; ");
}
