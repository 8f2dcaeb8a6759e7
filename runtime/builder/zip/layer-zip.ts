/**
 * Writes the layer's zip. The same tree always gives the same bytes: members are sorted, times and modes are fixed. If a wheel
 * has a member with the same path, size and CRC-32, its compressed bytes are copied. Only the other files are deflated here.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32, createDeflateRaw } from "node:zlib";
import { targetFailure } from "../failure";
import type { TreeFile } from "../tree";
import { locateData, type WheelMember, type WheelMembers } from "./wheel-members";
import { centralRecord, endRecord, localHeader, MAX_MEMBERS, type ZipMember } from "./zip-records";

/** The folder of a layer's Python packages: Lambda unpacks the zip to /opt, and /opt/python is on the path. */
const PREFIX = "python/";
const CHUNK_BYTES = 1 << 20;
/** The event loop gets a turn each time this many bytes were written. */
const TURN_BYTES = 8 << 20;

interface ZipRequest {
  readonly tree: string;
  /** Sorted by the bytes of their paths. */
  readonly files: readonly TreeFile[];
  readonly members: WheelMembers;
  /** File to write. A second file, `<output>.part`, is used while writing. */
  readonly output: string;
}

interface ZipResult {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly zipBytes: number;
  /** Members copied compressed from wheels. */
  readonly spliced: number;
  /** Members deflated, or stored where deflating gains nothing. */
  readonly deflated: number;
}

/** Writes synchronously, one buffer at a time. For thousands of small files this is several times faster than promises. */
class ZipOutput {
  readonly #file: number;
  readonly #digest = createHash("sha256");
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #filled = 0;
  bytes = 0;

  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const taken = chunk.copy(this.#buffer, this.#filled, at);
      at += taken;
      this.#filled += taken;
      if (this.#filled === CHUNK_BYTES) this.#flush();
    }
    this.bytes += chunk.length;
  }

  finish(): string {
    this.#flush();
    return this.#digest.digest("hex");
  }

  close(): void {
    closeSync(this.#file);
  }

  #flush(): void {
    const chunk = this.#buffer.subarray(0, this.#filled);
    this.#digest.update(chunk);
    for (let at = 0; at < chunk.length;) at += writeSync(this.#file, chunk, at);
    this.#filled = 0;
  }
}

/** Opens each wheel once. */
class WheelFiles {
  readonly #open = new Map<string, number>();

  file(path: string): number {
    const file = this.#open.get(path) ?? openSync(path, "r");
    this.#open.set(path, file);
    return file;
  }

  close(): void {
    for (const file of this.#open.values()) closeSync(file);
  }
}

/**
 * @throws {TargetFailure} `size` when there are more members than a plain zip can hold.
 */
export async function writeLayerZip(request: ZipRequest): Promise<ZipResult> {
  if (request.files.length > MAX_MEMBERS) {
    const count = String(request.files.length);
    throw targetFailure(
      "size",
      `The layer would hold ${count} files, more than ${String(MAX_MEMBERS)}. Split it.`,
    );
  }
  const output = new ZipOutput(request.output);
  const wheels = new WheelFiles();
  const directory: Buffer[] = [];
  let spliced = 0;
  let nextTurn = TURN_BYTES;
  try {
    for (const file of request.files) {
      const offset = output.bytes;
      const { member, copied } = await writeMember(request, file, output, wheels);
      directory.push(centralRecord(member, offset));
      if (copied) spliced += 1;
      if (output.bytes < nextTurn) continue;
      nextTurn = output.bytes + TURN_BYTES;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const directoryOffset = output.bytes;
    for (const record of directory) output.write(record);
    output.write(endRecord(directory.length, output.bytes - directoryOffset, directoryOffset));
    const sha256 = output.finish();
    return { sha256, zipBytes: output.bytes, spliced, deflated: request.files.length - spliced };
  } finally {
    wheels.close();
    output.close();
  }
}

async function writeMember(
  request: ZipRequest,
  file: TreeFile,
  output: ZipOutput,
  wheels: WheelFiles,
): Promise<{ member: ZipMember; copied: boolean }> {
  const source = join(request.tree, file.path);
  const checksum = checksumOf(source);
  const plain = { path: PREFIX + file.path, crc32: checksum, bytes: file.bytes, executable: file.executable };
  const copy = findWheelCopy(request.members.get(file.path) ?? [], plain, wheels);
  if (copy !== undefined) {
    const member: ZipMember = { ...plain, method: 8, compressedBytes: copy.compressedBytes };
    output.write(localHeader(member));
    copyRange(copy.wheel, copy.start, copy.compressedBytes, output);
    return { member, copied: true };
  }
  return { member: await writeDeflated(request, source, plain, output), copied: false };
}

/** Where a wheel has the compressed bytes of a file. */
interface WheelCopy {
  readonly wheel: number;
  readonly start: number;
  readonly compressedBytes: number;
}

/** The compressed bytes of a wheel's member with this content, if there is one whose headers agree. */
function findWheelCopy(
  members: readonly WheelMember[],
  wanted: Pick<ZipMember, "bytes" | "crc32">,
  wheels: WheelFiles,
): WheelCopy | undefined {
  for (const member of members) {
    if (member.bytes !== wanted.bytes || member.crc32 !== wanted.crc32) continue;
    const wheel = wheels.file(member.wheel);
    const start = locateData(wheel, member);
    if (start !== undefined) return { wheel, start, compressedBytes: member.compressedBytes };
  }
  return undefined;
}

async function writeDeflated(
  request: ZipRequest,
  source: string,
  plain: Omit<ZipMember, "method" | "compressedBytes">,
  output: ZipOutput,
): Promise<ZipMember> {
  // The header comes before the bytes and contains their length. So the deflated bytes go to a file first, to save memory.
  const part = `${request.output}.part`;
  await pipeline(createReadStream(source), createDeflateRaw(), createWriteStream(part));
  const compressedBytes = statSync(part).size;
  const smaller = compressedBytes < plain.bytes;
  const member: ZipMember = smaller
    ? { ...plain, method: 8, compressedBytes }
    : { ...plain, method: 0, compressedBytes: plain.bytes };
  output.write(localHeader(member));
  withFile(smaller ? part : source, (file) => copyRange(file, 0, member.compressedBytes, output));
  rmSync(part);
  return member;
}

function checksumOf(path: string): number {
  let checksum = 0;
  withFile(path, (file) => {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      checksum = crc32(buffer.subarray(0, read), checksum);
    }
  });
  return checksum;
}

/** One buffer for all synchronous copying. Nothing keeps a reference to it. */
const buffer = Buffer.allocUnsafe(CHUNK_BYTES);

function copyRange(file: number, start: number, length: number, output: ZipOutput): void {
  for (let at = 0; at < length;) {
    const read = readSync(file, buffer, 0, Math.min(CHUNK_BYTES, length - at), start + at);
    if (read === 0) throw new Error(`A file ended ${String(length - at)} bytes early`);
    output.write(buffer.subarray(0, read));
    at += read;
  }
}

function withFile(path: string, work: (file: number) => void): void {
  const file = openSync(path, "r");
  try {
    work(file);
  } finally {
    closeSync(file);
  }
}
