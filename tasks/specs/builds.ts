import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { type SpecKey, folderOf, isOwner, parseKey, specKeyOf } from "../../runtime/specs/key";
import { type PackageRecords, openPackageRecords } from "../../runtime/specs/spec-store";
import type { Connection } from "../platform/connection";
import { TaskError } from "../cli/output";

/** A package that stands beside its spec. */
export interface PackageObject {
  readonly name: string;
  /** Key in the bucket of packages. */
  readonly key: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** What became of a spec. */
type PackageResult =
  | { readonly status: "built"; readonly unchanged: boolean; readonly files: readonly PackageObject[] }
  | { readonly status: "refused"; readonly stage: string; readonly reason: string };

/** Seconds for the build itself, two retries, and a line of other specs before it. */
const PATIENCE = 300;

/**
 * The key of a spec, refused here as the function that builds would refuse it.
 *
 * @throws TaskError that says which part is wrong.
 */
export function checkedKey(key: SpecKey): SpecKey {
  const parsed = parseKey(specKeyOf(key));
  if (parsed.kind === "spec") return parsed.spec;
  const reason = parsed.kind === "wrong" ? parsed.reason : "It doesn't end as the key of a spec.";
  throw new TaskError(
    `nothing was uploaded: ${specKeyOf(key)} can't be built. ${reason} --owner, --name and --package-version set the parts.`,
  );
}

/** @throws TaskError when a text can't be an owner. */
export function checkOwner(owner: string): void {
  if (isOwner(owner)) return;
  throw new TaskError(
    `${owner} can't be an owner: it must be 1 to 128 letters, digits, _ . @ = or -, and start with a letter or digit`,
  );
}

/**
 * Uploads a spec, and waits until its package is there or refused. What was recorded before the upload's own event was handled
 * doesn't count: another builder may have built it, a name may have become free, somebody may have removed the package.
 */
export async function buildPackage(
  connection: Connection,
  spec: SpecKey,
  content: string | Buffer,
  records: Pick<PackageRecords, "get"> = openPackageRecords(connection.table()),
): Promise<PackageResult> {
  const before = await records.get(spec);
  const { ETag } = await connection.s3().send(
    new PutObjectCommand({
      Bucket: connection.outputs.specs.bucket,
      Key: specKeyOf(spec),
      Body: content,
      ContentType: "application/json",
    }),
  );
  for (const end = Date.now() + PATIENCE * 1000; Date.now() < end;) {
    const record = await records.get(spec);
    const isHandled = record?.sequencer !== before?.sequencer;
    if (record !== undefined && isHandled && unquoted(record.specEtag) === unquoted(ETag)) {
      const { status, files, stage = "", reason = "" } = record;
      if (status === "refused") return { status, stage, reason };
      const beside = files.map((file) => ({ ...file, key: `${folderOf(spec)}${file.name}` }));
      return { status: "built", unchanged: record.at === before?.at, files: beside };
    }
    await sleep(connection.stage === "local" ? 100 : 1000);
  }
  throw new TaskError(
    `${specKeyOf(spec)} was neither built nor refused within ${PATIENCE} s. ./strata logs specs-handle shows what was tried; ` +
      `what failed for good waits for ./strata specs redrive.`,
  );
}

/**
 * Reads a package.
 *
 * @throws TaskError when the bucket's bytes are not those that were built.
 */
export async function downloadPackage(connection: Connection, file: PackageObject): Promise<Buffer> {
  const { Body } = await connection
    .s3()
    .send(new GetObjectCommand({ Bucket: connection.outputs.specs.bucket, Key: file.key }));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  if (createHash("sha256").update(bytes).digest("hex") !== file.sha256) {
    throw new TaskError(
      `${file.key} changed while it was being read, or holds other bytes than were built; try again`,
    );
  }
  return bytes;
}

function unquoted(etag: string | undefined): string | undefined {
  return etag?.replaceAll('"', "");
}
