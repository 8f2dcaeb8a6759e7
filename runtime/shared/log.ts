import { Logger } from "@aws-lambda-powertools/logger";

/** What a function over ports may say: a message and the fields that go beside it. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** A JSON logger that names the service on each line. */
export function createLogger(serviceName: string): Logger {
  return new Logger({ serviceName });
}
