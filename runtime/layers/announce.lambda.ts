import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { z } from "zod";
import { openBus } from "../shared/bus";
import { clientDefaults } from "../shared/clients";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment, variables } from "../shared/environment";
import type { Log } from "../shared/log";
import { announceRun, announceSchema, type AnnounceAnswer } from "./run/announce";
import { layerStoreIn, now } from "./clients";

const { TABLE_NAME, BUS_NAME } = variables;
const environmentSchema = z.object({ TABLE_NAME, BUS_NAME });

/** Builds the handler from TABLE_NAME and BUS_NAME. */
export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown) => Promise<AnnounceAnswer> {
  const { TABLE_NAME: table, BUS_NAME: bus } = readEnvironment(environmentSchema, environment);
  const emit = openBus(new EventBridgeClient(clientDefaults), bus);
  const ports = { store: layerStoreIn(table), emit, log, now };
  return async (event) => announceRun(readPayload(announceSchema, event), ports);
}

export const handler = entry("layers-announce", create);
