import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context } from "aws-lambda";
import { handle, type LambdaEvent } from "hono/aws-lambda";
import { z } from "zod";
import { clientDefaults } from "../shared/clients";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment, variables } from "../shared/environment";
import type { Log } from "../shared/log";
import { openTable } from "../shared/model/service";
import { createApp } from "./app";
import { latestBuilds, latestLayers, layerVersions } from "./read";

const { TABLE_NAME, PYTHONS, ARCHITECTURES, REGIONS } = variables;
const environmentSchema = z.object({ TABLE_NAME, PYTHONS, ARCHITECTURES, REGIONS });

/** An HTTP API's event, payload version 2.0, as far as the adapter needs it. */
const eventSchema = z.looseObject({
  rawPath: z.string(),
  requestContext: z.looseObject({ stage: z.string(), http: z.looseObject({ method: z.string() }) }),
});

/**
 * Takes the stage off the path: a stage other than $default stands before the path that the API's routes know.
 */
export function withoutStage(event: z.infer<typeof eventSchema>): z.infer<typeof eventSchema> {
  const { rawPath, requestContext } = event;
  const prefix = `/${requestContext.stage}`;
  const staged = rawPath === prefix || rawPath.startsWith(`${prefix}/`);
  return staged ? { ...event, rawPath: rawPath.slice(prefix.length) || "/" } : event;
}

/** What API Gateway makes a response of; headers come along. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Builds the handler from TABLE_NAME, PYTHONS, ARCHITECTURES and REGIONS. */
export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<HttpAnswer> {
  const settings = readEnvironment(environmentSchema, environment);
  const table = openTable(new DynamoDBClient(clientDefaults), settings.TABLE_NAME);
  const scope = {
    pythons: settings.PYTHONS,
    architectures: settings.ARCHITECTURES,
    regions: settings.REGIONS,
  };
  const serve = handle(
    createApp(scope, {
      latestLayers: (region, runtime) => latestLayers(table, region, runtime),
      layerVersions: (region, runtime, requirement) => layerVersions(table, region, runtime, requirement),
      latestBuilds: (runtime) => latestBuilds(table, runtime),
      log,
    }),
  );
  return async (event) => serve(withoutStage(readPayload(eventSchema, event)) as unknown as LambdaEvent);
}

export const handler = entry("layer-index-api", create);
