import { createHash } from "node:crypto";
import type {
  BuildErrorNote,
  PackageFile,
  RefusalStage,
  SpecBuildAnswer,
  SpecBuildRequest,
} from "../../contracts/specs";
import { BugError, UpstreamError } from "../../shared/errors";
import type { Log } from "../../shared/log";
import type { SpecRow } from "../entities";
import { errorKeyOf, folderOf, isPackageOf, specKeyOf, type SpecKey } from "../key";
import { problemOfSize, problemOfSpec } from "../spec";
import type { SpecObjectStore } from "../spec-object-store";
import type { SpecStore } from "../spec-store";
import {
  foreignKeys,
  hasSameSpecs,
  planVersionSlot,
  rowOf,
  versionSlotOf,
  type Step,
  type StoredSpec,
  type VersionSlot,
} from "./version-slot";

export interface ReconcilePorts {
  readonly objects: SpecObjectStore;
  readonly store: SpecStore;
  /** Builds the packages of a spec. It throws only what isn't the spec's fault. */
  build(request: SpecBuildRequest): Promise<SpecBuildAnswer>;
  /** Revision of the builder. What another revision built or refused is built again. */
  readonly builder: string;
  readonly log: Log;
  now(): Date;
}

/** A spec may change while it is built. After so many rounds it is left to a retry. */
const MAX_ROUNDS = 5;

/**
 * Makes the packages of a spec's version what the bucket asks for now. Afterwards it looks again, because the specs may have
 * changed meanwhile. Call it under the lease of the version slot.
 * @throws UpstreamError or BugError; never for what the spec's author must correct.
 */
export async function reconcile(spec: SpecKey, ports: ReconcilePorts): Promise<void> {
  let versionSlot = await readVersionSlot(spec, ports);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const steps = planVersionSlot(spec, versionSlot, ports.builder);
    if (steps.length === 0) return;
    for (const step of steps) await perform(step, versionSlot, ports);
    const next = await readVersionSlot(spec, ports);
    if (hasSameSpecs(versionSlot, next)) return;
    ports.log.info("the specs changed meanwhile", { key: specKeyOf(spec) });
    versionSlot = next;
  }
  throw new UpstreamError(`${specKeyOf(spec)} changed each time it was built; it is tried again later.`);
}

/** Lists the folder instead of asking for one key: with a prefix, `…-spec.json.bak` would look like `…-spec.json`. */
async function readVersionSlot(spec: SpecKey, { objects, store }: ReconcilePorts): Promise<VersionSlot> {
  const [folder, rows] = await Promise.all([objects.list(folderOf(spec)), store.ofVersion(spec)]);
  return versionSlotOf(spec, folder, rows);
}

async function perform(step: Step, versionSlot: VersionSlot, ports: ReconcilePorts): Promise<void> {
  switch (step.kind) {
    case "clear":
      return clear(step.spec, versionSlot, ports);
    case "refuse": {
      const reason =
        `Installers can't tell version ${step.spec.version} from ${step.other}, and there is a spec of that version. ` +
        "Remove one of the two.";
      return refuse(step.spec, { stage: "version", reason }, [], versionSlot, ports);
    }
    case "build":
      return build(step.spec, versionSlot, ports);
    case "tidy":
      return ports.objects.remove(step.keys);
  }
}

async function clear(spec: SpecKey, versionSlot: VersionSlot, ports: ReconcilePorts): Promise<void> {
  const { objects, store, log } = ports;
  const isLast = versionSlot.specs.length === 0;
  const files = isLast ? versionSlot.files.map(({ key }) => key) : [];
  await objects.remove([...files, errorKeyOf(spec)]);
  if (isLast) await store.releaseName(spec);
  const before = rowOf(spec, versionSlot);
  if (before !== undefined) await store.put(newRow(spec, before, ports, { status: "removed", files: [] }));
  log.info("packages removed", { key: specKeyOf(spec), files });
}

async function build(spec: StoredSpec, versionSlot: VersionSlot, ports: ReconcilePorts): Promise<void> {
  const { objects, store } = ports;
  const no = (stage: RefusalStage, reason: string) =>
    refuse(spec, { stage, reason }, foreignKeys(spec, versionSlot, []), versionSlot, ports);
  const tooLarge = problemOfSize(spec.object.size);
  if (tooLarge !== undefined) return no("spec", tooLarge);
  const text = await objects.read(spec.object.key, spec.object.etag);
  // It changed or went a moment ago: the next round handles that.
  if (text === undefined) return;
  const problem = problemOfSpec(text);
  if (problem !== undefined) return no("spec", problem);
  const holder = await store.claimName(spec);
  if (holder !== spec.specId) {
    const advice = `Give it another id, or remove all specs of ${holder} and upload this one again.`;
    return no("name", `Installers can't tell the names ${spec.specId} and ${holder} apart. ${advice}`);
  }
  const { specId: packageName, version } = spec;
  const answer = await ports.build({ spec: text, packageName, version });
  if (answer.outcome === "refused") return no("build", answer.reason);
  await putPackages(spec, answer.files, versionSlot, ports);
}

async function putPackages(
  spec: StoredSpec,
  built: readonly PackageFile[],
  versionSlot: VersionSlot,
  ports: ReconcilePorts,
): Promise<void> {
  const { objects, store, builder, log } = ports;
  const checked = built.map((file) => ({ file, body: checkFile(file, spec) }));
  if (checked.length === 0) throw new BugError(`The builder answered no files for ${spec.object.key}.`);
  for (const { file, body } of checked) {
    const metadata = { sha256: file.sha256, "spec-etag": spec.object.etag.replaceAll('"', "") };
    const contentType = file.name.endsWith(".whl") ? "application/zip" : "application/gzip";
    await objects.put({ key: folderOf(spec) + file.name, body, contentType, metadata });
  }
  const files = built.map(({ name, sha256, size }) => ({ name, sha256, size }));
  const about = { status: "built", files, specEtag: spec.object.etag, builder } as const;
  await store.put(newRow(spec, rowOf(spec, versionSlot), ports, about));
  const names = files.map(({ name }) => name);
  await objects.remove([...foreignKeys(spec, versionSlot, names), errorKeyOf(spec)]);
  log.info("packages built", { key: spec.object.key, files: names });
}

/** @throws BugError when the builder answered a file that must not be put beside the spec. */
function checkFile({ name, sha256, size, content }: PackageFile, spec: SpecKey): Buffer {
  const body = Buffer.from(content, "base64");
  if (!isPackageOf(name, spec)) throw new BugError(`The builder answered "${name}" for ${specKeyOf(spec)}.`);
  const found = createHash("sha256").update(body).digest("hex");
  if (found === sha256 && body.length === size) return body;
  throw new BugError(`The builder's ${name} has another hash or size than the builder says.`);
}

/** Removes the files that a spec no longer has a right to, and writes beside the spec why it has no packages. */
async function refuse(
  spec: StoredSpec,
  { stage, reason }: Pick<BuildErrorNote, "reason"> & { readonly stage: RefusalStage },
  files: readonly string[],
  versionSlot: VersionSlot,
  ports: ReconcilePorts,
): Promise<void> {
  const { objects, store, log, builder } = ports;
  await objects.remove(files);
  // Otherwise the version belongs to another spec, and so does the claim to the name.
  if (stage !== "version") await store.releaseName(spec);
  await putErrorNote(errorKeyOf(spec), { stage, reason, spec: spec.object.key }, ports);
  const about = { status: "refused" as const, files: [], specEtag: spec.object.etag, builder, stage, reason };
  await store.put(newRow(spec, rowOf(spec, versionSlot), ports, about));
  log.warn("spec refused", { key: spec.object.key, stage, reason });
}

/** Writes the note that tells the author of a spec what to correct. */
export async function putErrorNote(
  key: string,
  note: BuildErrorNote,
  ports: Pick<ReconcilePorts, "objects" | "now">,
): Promise<void> {
  const body = JSON.stringify({ ...note, at: ports.now().toISOString() }, undefined, 2);
  await ports.objects.put({ key, body, contentType: "application/json" });
}

function newRow(
  { owner, specId, version }: SpecKey,
  before: SpecRow | undefined,
  ports: ReconcilePorts,
  about: Omit<SpecRow, keyof SpecKey | "at" | "sequencer">,
): SpecRow {
  const at = ports.now().toISOString();
  const sequencer = before?.sequencer;
  return { owner, specId, version, ...about, at, ...(sequencer === undefined ? {} : { sequencer }) };
}
