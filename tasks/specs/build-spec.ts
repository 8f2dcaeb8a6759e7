import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { type SpecKey, folderOf, specKeyOf } from "../../runtime/specs/key";
import { type SpecStore, openSpecStore } from "../../runtime/specs/spec-store";
import { TaskError } from "../cli/output";
import type { Connection } from "../platform/connection";

/** A package beside its spec. */
export interface PackageObject {
  readonly name: string;
  /** Key in the bucket of specs. */
  readonly key: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** How a spec ended. */
type SpecResult =
  | { readonly status: "built"; readonly unchanged: boolean; readonly files: readonly PackageObject[] }
  | { readonly status: "refused"; readonly stage: string; readonly reason: string };

/** Enough for the build itself, two retries, and other specs that are built before. */
const MAX_WAIT_SECONDS = 300;

/**
 * Uploads a spec, and waits until its packages exist or it is refused. The row counts only after the upload's own event was
 * handled: an earlier row may be of another builder, a name may have become free, somebody may have removed the packages.
 */
export async function buildSpec(
  connection: Connection,
  spec: SpecKey,
  content: string | Buffer,
  store: Pick<SpecStore, "get"> = openSpecStore(connection.table()),
): Promise<SpecResult> {
  const before = await store.get(spec);
  const { ETag } = await connection.s3().send(
    new PutObjectCommand({
      Bucket: connection.outputs.specs.bucket,
      Key: specKeyOf(spec),
      Body: content,
      ContentType: "application/json",
    }),
  );
  for (const end = Date.now() + MAX_WAIT_SECONDS * 1000; Date.now() < end;) {
    const row = await store.get(spec);
    const isHandled = row?.sequencer !== before?.sequencer;
    if (row !== undefined && isHandled && unquoted(row.specEtag) === unquoted(ETag)) {
      const { status, stage = "", reason = "" } = row;
      if (status === "refused") return { status, stage, reason };
      const files = row.files.map((file) => ({ ...file, key: `${folderOf(spec)}${file.name}` }));
      return { status: "built", unchanged: row.at === before?.at, files };
    }
    await sleep(connection.stage === "local" ? 100 : 1000);
  }
  throw new TaskError(
    `${specKeyOf(spec)} was neither built nor refused within ${MAX_WAIT_SECONDS} s. ` +
      `./strata logs specs-handle shows what was tried. If it failed for good, ./strata specs redrive tries it again.`,
  );
}

/**
 * Reads a package.
 *
 * @throws TaskError when it has other bytes than those that were built.
 */
export async function downloadPackage(connection: Connection, file: PackageObject): Promise<Buffer> {
  const { Body } = await connection
    .s3()
    .send(new GetObjectCommand({ Bucket: connection.outputs.specs.bucket, Key: file.key }));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  if (createHash("sha256").update(bytes).digest("hex") !== file.sha256) {
    throw new TaskError(
      `${file.key} doesn't have the hash that was recorded for it: it changed during the download, or somebody replaced it. Try again`,
    );
  }
  return bytes;
}

function unquoted(etag: string | undefined): string | undefined {
  return etag?.replaceAll('"', "");
}
