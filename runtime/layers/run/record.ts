import { z } from "zod";
import type { Failure } from "../../contracts/builder";
import type { Log } from "../../shared/log";
import { requirementOf } from "../../contracts/target";
import { failureOf } from "./step-error";
import { keys } from "../keys";
import type { LayerStore } from "../layer-store";
import {
  acceptArtifactSchema,
  artifactSchema,
  buildResultSchema,
  listPublicationsSchema,
  noteFailedBatchSchema,
  noteFailedBuildSchema,
  noteRefusedRegionSchema,
  workItemSchema,
  type Artifact,
  type Caught,
  type PublishRequest,
  type RecordAnswer,
  type Work,
  type WorkItem,
} from "../../contracts/layers";
import type { ArtifactStore } from "../artifact-store";

/** Payload of the record function. */
export const recordSchema = z.discriminatedUnion("operation", [
  acceptArtifactSchema,
  noteFailedBuildSchema,
  listPublicationsSchema,
  noteRefusedRegionSchema,
  noteFailedBatchSchema,
]);

export interface RecordPorts {
  readonly artifacts: Pick<
    ArtifactStore,
    "bucket" | "readJson" | "writeJson" | "exists" | "measure" | "copy" | "remove"
  >;
  readonly store: Pick<LayerStore, "recordBuilt" | "recordFailed" | "putPublication">;
  readonly log: Log;
  readonly now: () => Date;
}

const NOTHING: RecordAnswer = { publish: [] };

/** Writes down what a step of the run came to. */
export async function recordStep(
  payload: z.infer<typeof recordSchema>,
  regions: readonly string[],
  ports: RecordPorts,
): Promise<RecordAnswer> {
  switch (payload.operation) {
    case "build":
      return recordBuild(payload.item, payload.answer, regions, ports);
    case "build-error": {
      const item = await readItem(payload.item.itemKey, ports);
      return fail(item, failureOf(payload.error, "building"), ports);
    }
    case "publish-list": {
      const { artifact, regions: lacking } = await readItem(payload.item.itemKey, ports);
      return artifact === undefined ? NOTHING : publishList(payload.item, artifact.sha256, lacking);
    }
    case "publish-error":
      return recordRefusal(payload.publication, payload.error, ports);
    case "batch-error": {
      const { runId, python, packages, architectures } = payload.batch;
      const failure = failureOf(payload.error, "resolving");
      for (const architecture of architectures) {
        for (const spec of packages) {
          const attempt = { ...failure, runId, at: ports.now().toISOString() };
          await ports.store.recordFailed({ python, architecture, requirement: requirementOf(spec) }, attempt);
        }
      }
      ports.log.error("batch failed", { runId, batch: payload.batch.batch, cause: payload.error.Error });
      return NOTHING;
    }
  }
}

async function recordBuild(
  work: Work,
  answer: unknown,
  regions: readonly string[],
  ports: RecordPorts,
): Promise<RecordAnswer> {
  const item = await readItem(work.itemKey, ports);
  const parsed = buildResultSchema.safeParse(answer);
  if (!parsed.success) return fail(item, WRONG_ANSWER, ports);
  if (parsed.data.status === "failed") return fail(item, parsed.data.failure, ports);
  const artifact = artifactSchema.parse(parsed.data);
  const untrue = await takeOver(item, artifact, ports);
  if (untrue !== undefined) return fail(item, untrue, ports);
  await ports.artifacts.writeJson(work.itemKey, { ...item, artifact });
  const { runId, version, buildKey } = item;
  const built = { ...artifact, version, buildKey, runId, createdAt: ports.now().toISOString() };
  for (const target of targetsOf(item))
    await ports.store.recordBuilt(target, built, { runId, status: "built" });
  await ports.artifacts.remove(keys.staged(runId, item.item));
  ports.log.info("target built", {
    runId,
    item: item.item,
    sha256: artifact.sha256,
    zipBytes: artifact.zipBytes,
  });
  return publishList(work, artifact.sha256, regions);
}

/**
 * Moves the staged zip among the artifacts, if it is what the builder said. The builder is not trusted and its URL
 * is still good, so exactly the bytes that were hashed are copied.
 */
async function takeOver(
  item: WorkItem,
  artifact: Artifact,
  { artifacts }: RecordPorts,
): Promise<Failure | undefined> {
  const staged = keys.staged(item.runId, item.item);
  const kept = keys.artifact(artifact.sha256);
  const found = await artifacts.measure(staged);
  if (found === undefined) {
    // A repeat of this step finds the zip moved already.
    return (await artifacts.exists(kept)) ? undefined : NOT_UPLOADED;
  }
  if (found.sha256 !== artifact.sha256 || found.bytes !== artifact.zipBytes)
    return notWhatItSaid(found, artifact);
  if (!(await artifacts.exists(kept))) {
    await artifacts.copy({ bucket: artifacts.bucket, key: staged, etag: found.etag }, kept);
  }
  return undefined;
}

async function fail(
  item: WorkItem,
  failure: Failure,
  { store, artifacts, log, now }: RecordPorts,
): Promise<RecordAnswer> {
  const { runId, version, buildKey } = item;
  log.warn("target failed", { runId, item: item.item, kind: failure.kind, reason: failure.message });
  for (const target of targetsOf(item)) {
    await store.recordFailed(target, { ...failure, runId, at: now().toISOString(), version, buildKey });
  }
  await artifacts.remove(keys.staged(runId, item.item));
  return NOTHING;
}

async function recordRefusal(
  request: PublishRequest,
  error: Caught,
  ports: RecordPorts,
): Promise<RecordAnswer> {
  const { runId, region, itemKey, sha256 } = request;
  const { item, python, architectures, package: spec, version } = await readItem(itemKey, ports);
  const { message } = failureOf(error, `publishing in ${region}`);
  ports.log.error("region refused a layer", { runId, region, item, reason: message });
  await ports.store.putPublication({
    ...{ runId, region, item, status: "refused", python, architectures, sha256 },
    requirement: requirementOf(spec),
    packageVersion: version,
    error: message,
  });
  return NOTHING;
}

async function readItem(key: string, { artifacts }: RecordPorts): Promise<WorkItem> {
  return workItemSchema.parse(await artifacts.readJson(key));
}

function targetsOf({ python, architectures, package: spec }: WorkItem) {
  return architectures.map((architecture) => ({ python, architecture, requirement: requirementOf(spec) }));
}

function publishList({ runId, itemKey }: Work, sha256: string, regions: readonly string[]): RecordAnswer {
  return { publish: regions.map((region) => ({ runId, itemKey, region, sha256 })) };
}

const WRONG_ANSWER: Failure = {
  kind: "internal",
  message:
    "The builder's answer is not what the contract says; nothing of it was used. Read the builder's log.",
  lastLines: [],
};
const NOT_UPLOADED: Failure = {
  kind: "internal",
  message: "The builder said that it built this, but uploaded nothing. Start the run again.",
  lastLines: [],
};

function notWhatItSaid(found: { readonly sha256: string; readonly bytes: number }, said: Artifact): Failure {
  return {
    kind: "hash",
    message:
      "What the builder uploaded is not what it said it built, so it was thrown away. Start the run again.",
    lastLines: [`said ${said.sha256}, ${said.zipBytes} bytes`, `found ${found.sha256}, ${found.bytes} bytes`],
  };
}
