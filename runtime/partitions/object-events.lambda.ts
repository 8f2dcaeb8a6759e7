import type { Context } from "aws-lambda";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment, variables } from "../shared/environment";
import type { Log } from "../shared/log";
import { budgetFor } from "./budget";
import { openWriter } from "./clients";
import { noticeObjects, noticeSchema, type NoticeAnswer } from "./object-events";

const { TABLE_NAME, STAGE, GLUE_CATALOG_ID } = variables;
const environmentSchema = z.object({ TABLE_NAME, STAGE, GLUE_CATALOG_ID });

/** Builds the handler from TABLE_NAME, STAGE and GLUE_CATALOG_ID. */
export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<NoticeAnswer> {
  const settings = readEnvironment(environmentSchema, environment);
  const ports = openWriter(settings, environment, log);
  return async (event, context) => {
    const owner = context?.awsRequestId ?? randomUUID();
    return noticeObjects(readPayload(noticeSchema, event), owner, budgetFor(context), ports);
  };
}

export const handler = entry("partitions-object-events", create);
