import { createHash } from "node:crypto";
import { BugError, UpstreamError } from "../../shared/errors";
import type { Log } from "../../shared/log";
import type { RefusalStage } from "../entities";
import type { PackageBucket } from "../bucket";
import type { BuildAnswer, BuildRequest, PackageFile } from "../../contracts/specs";
import { errorKeyOf, folderOf, isDistributionOf, specKeyOf, type SpecKey } from "../key";
import type { PackageRecord, PackageRecords } from "../spec-store";
import {
  foreignKeys,
  hasSameSpecs,
  planSlot,
  recordOf,
  slotOf,
  type Slot,
  type Step,
  type StoredSpec,
} from "./version-slot";
import { problemOfSize, problemOfSpec } from "../spec";

/** What handling a spec takes. */
export interface SettlePorts {
  readonly bucket: PackageBucket;
  readonly records: PackageRecords;
  /** Builds a package; throws only what isn't the spec's fault. */
  build(request: BuildRequest): Promise<BuildAnswer>;
  /** Revision of the builder: what another one built or refused is built anew. */
  readonly builder: string;
  readonly log: Log;
  now(): Date;
}

/** Looks at the specs until they stay the same; one that changes faster than it is built is left to a retry. */
const ROUNDS = 5;

/**
 * Brings the packages of a spec's version to what the bucket asks for at this moment, and looks again whether that was still so
 * when it was done. To be called under the lease of the slot.
 * @throws UpstreamError or BugError; never for what the spec's author must mend.
 */
export async function settle(spec: SpecKey, ports: SettlePorts): Promise<void> {
  let slot = await look(spec, ports);
  for (let round = 0; round < ROUNDS; round++) {
    const steps = planSlot(spec, slot, ports.builder);
    if (steps.length === 0) return;
    for (const step of steps) await perform(step, slot, ports);
    const next = await look(spec, ports);
    if (hasSameSpecs(slot, next)) return;
    ports.log.info("the specs changed meanwhile", { key: specKeyOf(spec) });
    slot = next;
  }
  throw new UpstreamError(`${specKeyOf(spec)} changed each time that it was built; it is tried again later.`);
}

/** The folder is listed, not asked for one key: `…-spec.json` must not be taken for there because `…-spec.json.bak` is. */
async function look(spec: SpecKey, { bucket, records }: SettlePorts): Promise<Slot> {
  const [folder, rows] = await Promise.all([bucket.list(folderOf(spec)), records.ofVersion(spec)]);
  return slotOf(spec, folder, rows);
}

async function perform(step: Step, slot: Slot, ports: SettlePorts): Promise<void> {
  switch (step.kind) {
    case "clear":
      return clear(step.spec, slot, ports);
    case "refuse": {
      const reason =
        `Version ${step.spec.version} is the same as ${step.other} to every installer, and there is a spec of that. ` +
        "Remove one of the two.";
      return refuse(step.spec, { stage: "version", reason }, [], slot, ports);
    }
    case "build":
      return build(step.spec, slot, ports);
    case "tidy":
      return ports.bucket.remove(step.keys);
  }
}

async function clear(spec: SpecKey, slot: Slot, ports: SettlePorts): Promise<void> {
  const { bucket, records, log } = ports;
  const last = slot.specs.length === 0;
  const files = last ? slot.files.map(({ key }) => key) : [];
  await bucket.remove([...files, errorKeyOf(spec)]);
  if (last) await records.releaseName(spec);
  const before = recordOf(spec, slot);
  if (before !== undefined)
    await records.put(recordAs(spec, before, ports, { status: "removed", files: [] }));
  log.info("packages removed", { key: specKeyOf(spec), files });
}

async function build(spec: StoredSpec, slot: Slot, ports: SettlePorts): Promise<void> {
  const { bucket, records } = ports;
  const no = (stage: RefusalStage, reason: string) => {
    return refuse(spec, { stage, reason }, foreignKeys(spec, slot, []), slot, ports);
  };
  const tooLarge = problemOfSize(spec.object.size);
  if (tooLarge !== undefined) return no("spec", tooLarge);
  const text = await bucket.read(spec.object.key, spec.object.etag);
  // It changed or went just now: the next look sees to it.
  if (text === undefined) return;
  const problem = problemOfSpec(text);
  if (problem !== undefined) return no("spec", problem);
  const holder = await records.claimName(spec);
  if (holder !== spec.specId) {
    const advice = `Give it another id, or remove all specs of ${holder} and upload this one again.`;
    return no("name", `${spec.specId} and ${holder} are the same name to every installer. ${advice}`);
  }
  const { specId: packageName, version } = spec;
  const answer = await ports.build({ spec: text, packageName, version });
  if (answer.outcome === "refused") return no("build", answer.reason);
  await store(spec, answer.files, slot, ports);
}

async function store(
  spec: StoredSpec,
  built: readonly PackageFile[],
  slot: Slot,
  ports: SettlePorts,
): Promise<void> {
  const { bucket, records, log } = ports;
  const files = built.map((file) => ({ file, body: checkFile(file, spec) }));
  if (files.length === 0) throw new BugError(`The builder answered no files for ${spec.object.key}.`);
  for (const { file, body } of files) {
    const metadata = { sha256: file.sha256, "spec-etag": spec.object.etag.replaceAll('"', "") };
    const contentType = file.name.endsWith(".whl") ? "application/zip" : "application/gzip";
    await bucket.put({ key: folderOf(spec) + file.name, body, contentType, metadata });
  }
  const recorded = built.map(({ name, sha256, size }) => ({ name, sha256, size }));
  const { builder } = ports;
  const { etag: specEtag } = spec.object;
  const about = { status: "built", files: recorded, specEtag, builder } as const;
  await records.put(recordAs(spec, recordOf(spec, slot), ports, about));
  const names = recorded.map(({ name }) => name);
  await bucket.remove([...foreignKeys(spec, slot, names), errorKeyOf(spec)]);
  log.info("package built", { key: spec.object.key, files: names });
}

/** @throws BugError when the builder answered something that must not be put beside the spec. */
function checkFile({ name, sha256, size, content }: PackageFile, spec: SpecKey): Buffer {
  const body = Buffer.from(content, "base64");
  if (!isDistributionOf(name, spec))
    throw new BugError(`The builder answered "${name}" for ${specKeyOf(spec)}.`);
  const found = createHash("sha256").update(body).digest("hex");
  if (found === sha256 && body.length === size) return body;
  throw new BugError(`The builder's ${name} came with other bytes than it says.`);
}

/** Notes beside the spec why there is no package of it, after whatever is beside it from before has gone. */
async function refuse(
  spec: StoredSpec,
  { stage, reason }: { readonly stage: RefusalStage; readonly reason: string },
  files: readonly string[],
  slot: Slot,
  ports: SettlePorts,
): Promise<void> {
  const { bucket, records, log, builder } = ports;
  await bucket.remove(files);
  // The version is another spec's, and so is the claim to the name.
  if (stage !== "version") await records.releaseName(spec);
  await writeNote(errorKeyOf(spec), { stage, reason, spec: spec.object.key }, ports);
  const about = { status: "refused", files: [], specEtag: spec.object.etag, builder, stage, reason } as const;
  await records.put(recordAs(spec, recordOf(spec, slot), ports, about));
  log.warn("spec refused", { key: spec.object.key, stage, reason });
}

/** Writes the note that tells the author of a spec what to mend. */
export async function writeNote(
  key: string,
  note: { readonly stage: RefusalStage | "key"; readonly reason: string; readonly spec: string },
  ports: Pick<SettlePorts, "bucket" | "now">,
): Promise<void> {
  const body = JSON.stringify({ ...note, at: ports.now().toISOString() }, undefined, 2);
  await ports.bucket.put({ key, body, contentType: "application/json" });
}

function recordAs(
  { owner, specId, version }: SpecKey,
  before: PackageRecord | undefined,
  ports: SettlePorts,
  about: Omit<PackageRecord, keyof SpecKey | "at" | "sequencer">,
): PackageRecord {
  return { owner, specId, version, ...about, at: ports.now().toISOString(), sequencer: before?.sequencer };
}
