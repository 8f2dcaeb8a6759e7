import { recordEnvironment, recordPayloads, type RecordAnswer } from "../contracts/layers";
import { byOperation, entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import type { Log } from "../shared/log";
import { artifactStoreIn, layerStoreIn, now } from "./clients";
import { acceptArtifact } from "./run/accept-artifact";
import { listPublications } from "./run/list-publications";
import { noteFailedBatch, noteFailedBuild, noteRefusal } from "./run/note-failure";

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<RecordAnswer> {
  const settings = readEnvironment(recordEnvironment, environment);
  const artifacts = artifactStoreIn(settings.ARTIFACTS_BUCKET, environment);
  const ports = { artifacts, store: layerStoreIn(settings.TABLE_NAME), log, now };
  return byOperation<typeof recordPayloads, RecordAnswer>(recordPayloads, {
    "accept-artifact": (payload) => acceptArtifact(payload, settings.REGIONS, ports),
    "list-publications": (payload) => listPublications(payload, ports),
    "note-failed-batch": (payload) => noteFailedBatch(payload, ports),
    "note-failed-build": (payload) => noteFailedBuild(payload, ports),
    "note-refusal": (payload) => noteRefusal(payload, ports),
  });
}

export const handler = entry("layers-record", create);
