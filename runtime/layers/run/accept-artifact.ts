import { artifactSchema, buildResultSchema, type Artifact } from "../../contracts/builder";
import type { Failure } from "../../contracts/failure";
import type { RecordAnswer, Work, WorkItem } from "../../contracts/layers";
import type { ArtifactStore } from "../artifact-store";
import { keys } from "../keys";
import type { LayerStore } from "../layer-store";
import { readItem, targetsOf, writeItem } from "../work-item";
import { publishIn } from "./list-publications";
import { failItem, type NoteFailurePorts } from "./note-failure";

interface AcceptArtifactPorts extends NoteFailurePorts {
  readonly artifacts: Pick<
    ArtifactStore,
    "bucket" | "readJson" | "writeJson" | "exists" | "measure" | "copy" | "remove"
  >;
  readonly store: Pick<LayerStore, "recordBuilt" | "recordFailed" | "putPublication">;
}

/**
 * Takes what the builder built among the artifacts, if it is what the builder says, and sends it to every region. Otherwise,
 * and when the builder says that the build failed, the item's targets fail.
 *
 * @param answer the builder's, as it came: nobody trusts it.
 */
export async function acceptArtifact(
  { item: work, answer }: { readonly item: Work; readonly answer?: unknown },
  regions: readonly string[],
  ports: AcceptArtifactPorts,
): Promise<RecordAnswer> {
  const { artifacts, store, log, now } = ports;
  const item = await readItem(work, artifacts);
  const parsed = buildResultSchema.safeParse(answer);
  if (!parsed.success) return failItem(item, WRONG_ANSWER, ports);
  if (parsed.data.status === "failed") return failItem(item, parsed.data.failure, ports);
  const artifact = artifactSchema.parse(parsed.data);
  const problem = await keepArtifact(item, artifact, ports);
  if (problem !== undefined) return failItem(item, problem, ports);
  await writeItem({ ...item, artifact }, artifacts);
  const { runId, version, buildKey } = item;
  const built = { ...artifact, version, buildKey, runId, createdAt: now().toISOString() };
  for (const target of targetsOf(item)) {
    await store.recordBuilt(target, built, { runId, status: "built" });
  }
  await artifacts.remove(keys.staged(runId, item.item));
  const { sha256, zipBytes } = artifact;
  log.info("target built", { runId, item: item.item, sha256, zipBytes });
  return publishIn(regions, work, sha256);
}

/**
 * Moves the staged zip to the artifacts if its bytes are the ones that the builder named. The builder is not trusted and its
 * URL is still good, so exactly the bytes that were hashed are copied.
 *
 * @returns what is wrong with it, if anything is.
 */
async function keepArtifact(
  item: WorkItem,
  artifact: Artifact,
  { artifacts }: AcceptArtifactPorts,
): Promise<Failure | undefined> {
  const staged = keys.staged(item.runId, item.item);
  const kept = keys.artifact(artifact.sha256);
  const found = await artifacts.measure(staged);
  if (found === undefined) {
    // A repeat of this step finds the zip moved already.
    return (await artifacts.exists(kept)) ? undefined : NOT_UPLOADED;
  }
  if (found.sha256 !== artifact.sha256 || found.bytes !== artifact.zipBytes) {
    return differentBytes(found, artifact);
  }
  if (!(await artifacts.exists(kept))) {
    await artifacts.copy({ bucket: artifacts.bucket, key: staged, etag: found.etag }, kept);
  }
  return undefined;
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

function differentBytes(found: { readonly sha256: string; readonly bytes: number }, said: Artifact): Failure {
  return {
    kind: "hash",
    message:
      "What the builder uploaded is not what it said it built, so it was thrown away. Start the run again.",
    lastLines: [`said ${said.sha256}, ${said.zipBytes} bytes`, `found ${found.sha256}, ${found.bytes} bytes`],
  };
}
