import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { openBus } from "../shared/bus";
import { clientDefaults } from "../shared/clients";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { announceEnvironment, announceSchema } from "../contracts/layers";
import type { Log } from "../shared/log";
import { announceRun, type AnnounceAnswer } from "./run/announce";
import { layerStoreIn, now } from "./clients";

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown) => Promise<AnnounceAnswer> {
  const { TABLE_NAME: table, BUS_NAME: bus } = readEnvironment(announceEnvironment, environment);
  const emit = openBus(new EventBridgeClient(clientDefaults), bus);
  const ports = { store: layerStoreIn(table), emit, log, now };
  return async (event) => announceRun(readPayload(announceSchema, event), ports);
}

export const handler = entry("layers-announce", create);
