import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context } from "aws-lambda";
import { layerIndexEnvironment } from "../contracts/layer-index";
import { latestLayers, layerVersions, targetStates } from "../layers";
import { clientDefaults } from "../shared/clients";
import { entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { serveHttp, type HttpAnswer } from "../shared/http-entry";
import type { Log } from "../shared/log";
import { openTable } from "../shared/table/open-table";
import { createApp } from "./app";

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<HttpAnswer> {
  const settings = readEnvironment(layerIndexEnvironment, environment);
  const table = openTable(new DynamoDBClient(clientDefaults), settings.TABLE_NAME);
  const scope = {
    pythons: settings.PYTHONS,
    architectures: settings.ARCHITECTURES,
    regions: settings.REGIONS,
  };
  return serveHttp(
    createApp(scope, {
      latestLayers: (region, runtime) => latestLayers(table, region, runtime),
      layerVersions: (region, runtime, requirement) => layerVersions(table, region, runtime, requirement),
      latestBuilds: (runtime) => targetStates(table, runtime),
      log,
    }),
  );
}

export const handler = entry("layer-index-api", create);
