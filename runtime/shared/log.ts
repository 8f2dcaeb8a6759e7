import { Logger } from "@aws-lambda-powertools/logger";

/** What a function over ports can log: a message with fields. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** A JSON logger that names the service in each line. `POWERTOOLS_LOG_LEVEL` sets its level; tests set `SILENT`. */
export function createLogger(serviceName: string): Logger {
  return new Logger({ serviceName });
}
