import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { announceEnvironment, announcePayload, type AnnounceAnswer } from "../contracts/layers";
import { openBus } from "../shared/bus";
import { clientDefaults } from "../shared/clients";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import type { Log } from "../shared/log";
import { layerStoreIn, now } from "./clients";
import { announceRun } from "./run/announce";

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown) => Promise<AnnounceAnswer> {
  const { TABLE_NAME, BUS_NAME } = readEnvironment(announceEnvironment, environment);
  const emit = openBus(new EventBridgeClient(clientDefaults), BUS_NAME);
  const ports = { store: layerStoreIn(TABLE_NAME), emit, log, now };
  return async (event) => announceRun(readPayload(announcePayload, event), ports);
}

export const handler = entry("layers-announce", create);
