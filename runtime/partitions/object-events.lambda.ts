import type { Context } from "aws-lambda";
import { randomUUID } from "node:crypto";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { objectEventsEnvironment } from "../contracts/partitions";
import type { Log } from "../shared/log";
import { budgetFor } from "./budget";
import { openWriter } from "./clients";
import { noticeObjects, noticeSchema, type NoticeAnswer } from "./object-events";

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<NoticeAnswer> {
  const settings = readEnvironment(objectEventsEnvironment, environment);
  const ports = openWriter(settings, environment, log);
  return async (event, context) => {
    const owner = context?.awsRequestId ?? randomUUID();
    return noticeObjects(readPayload(noticeSchema, event), owner, budgetFor(context), ports);
  };
}

export const handler = entry("partitions-object-events", create);
