import type { Hono } from "hono";
import { handle, type LambdaEvent } from "hono/aws-lambda";
import { z } from "zod";
import { readPayload } from "./entry";

/** The fields of an HTTP API's event, payload version 2.0, that the adapter needs. */
const eventSchema = z.looseObject({
  rawPath: z.string(),
  requestContext: z.looseObject({ stage: z.string(), http: z.looseObject({ method: z.string() }) }),
});

/** What API Gateway makes a response of. The adapter adds headers. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Lets an app answer the events of an HTTP API. */
export function serveHttp(app: Hono): (event: unknown) => Promise<HttpAnswer> {
  const serve = handle(app);
  return async (event) => serve(withoutStage(readPayload(eventSchema, event)) as unknown as LambdaEvent);
}

/** Removes the stage from the path. Every stage but $default comes before the path that the routes expect. */
export function withoutStage(event: z.infer<typeof eventSchema>): z.infer<typeof eventSchema> {
  const { rawPath, requestContext } = event;
  const prefix = `/${requestContext.stage}`;
  const staged = rawPath === prefix || rawPath.startsWith(`${prefix}/`);
  return staged ? { ...event, rawPath: rawPath.slice(prefix.length) || "/" } : event;
}
