/**
 * Finds the compressed bytes of installed files in the wheels that they came from. Wheels are strangers' zips, so nothing here
 * decides where a file goes: a member is only compared with a file that uv has installed.
 */
import { readSync } from "node:fs";
import { openPromise, type Entry, type ZipFile } from "yauzl";

/** One compressed member of a wheel, ready to be copied. */
export interface WheelMember {
  readonly wheel: string;
  /** As it is written in the wheel. */
  readonly name: Buffer;
  /** Position of its local file header in the wheel. */
  readonly headerOffset: number;
  readonly crc32: number;
  readonly bytes: number;
  readonly compressedBytes: number;
}

/** Members by the path that they are installed to. Several wheels may have the same path. */
export type WheelMembers = ReadonlyMap<string, readonly WheelMember[]>;

const DEFLATED = 8;
const ENCRYPTED = 1;
const HEADER_BYTES = 30;
const HEADER_SIGNATURE = 0x04034b50;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
/** Checksum and sizes come after the data, in a descriptor. */
const HAS_DESCRIPTOR = 8;
/** Signature, checksum and two sizes, in their zip64 form. */
const DESCRIPTOR_BYTES = 24;

/** Where a member is installed: `x-1.data/purelib/y` is installed as `y` (PEP 427). */
function installedPath(member: string): string {
  const moved = /^[^/]+\.data\/(?:purelib|platlib|data|scripts)\/(.+)$/.exec(member);
  if (moved?.[1] === undefined) return member;
  return /^[^/]+\.data\/scripts\//.test(member) ? `bin/${moved[1]}` : moved[1];
}

/** Reads the central directories of the wheels. Members that are stored without compression are left out. */
export async function readWheelMembers(wheels: readonly string[]): Promise<WheelMembers> {
  const members = new Map<string, WheelMember[]>();
  for (const wheel of wheels) {
    // Names are only looked up, never used as a path on disk. So they are not decoded or validated, which could throw.
    const zip: ZipFile = await openPromise(wheel, { lazyEntries: true, decodeStrings: false });
    try {
      for await (const entry of zip.eachEntry()) {
        const member = memberOf(wheel, entry);
        if (member === undefined) continue;
        const path = installedPath(entry.fileNameRaw.toString("utf8"));
        const same = members.get(path);
        if (same === undefined) members.set(path, [member]);
        else same.push(member);
      }
    } finally {
      zip.close();
    }
  }
  return members;
}

function memberOf(wheel: string, entry: Entry): WheelMember | undefined {
  if (entry.compressionMethod !== DEFLATED || (entry.generalPurposeBitFlag & ENCRYPTED) !== 0)
    return undefined;
  return {
    wheel,
    name: entry.fileNameRaw,
    headerOffset: entry.relativeOffsetOfLocalHeader,
    crc32: entry.crc32,
    bytes: entry.uncompressedSize,
    compressedBytes: entry.compressedSize,
  };
}

/**
 * Where a member's compressed bytes begin, in bytes from the start of the wheel. uv has checked each file that it installed.
 * But a crafted wheel can hold more than one central directory, and the one that we read may point to other data than the one
 * that uv read. So the member's own header must agree with our directory.
 * Source: APPNOTE.TXT 6.3.10, sections 4.3.7 and 4.3.9 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT)
 *
 * @returns `undefined` unless the header, or the descriptor, has the same name, method, checksum and sizes as the directory.
 */
export function locateData(wheel: number, member: WheelMember): number | undefined {
  const header = readBytes(wheel, member.headerOffset, HEADER_BYTES + member.name.length);
  if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== HEADER_SIGNATURE) return undefined;
  if (header.readUInt16LE(8) !== DEFLATED || header.readUInt16LE(26) !== member.name.length) return undefined;
  if (!header.subarray(HEADER_BYTES).equals(member.name)) return undefined;
  const start = member.headerOffset + header.length + header.readUInt16LE(28);
  // The central directory comes after all data, so there are always bytes after a member.
  const after = readBytes(wheel, start + member.compressedBytes, DESCRIPTOR_BYTES);
  const agrees =
    (header.readUInt16LE(6) & HAS_DESCRIPTOR) === 0
      ? after.length > 0 && describes(header.subarray(14, 26), member, 4)
      : descriptorAgrees(after, member);
  return agrees ? start : undefined;
}

/** The descriptor's signature is optional, and its sizes have eight bytes in zip64. */
function descriptorAgrees(descriptor: Buffer, member: WheelMember): boolean {
  const signed = descriptor.length >= 4 && descriptor.readUInt32LE(0) === DESCRIPTOR_SIGNATURE;
  const candidates = signed ? [descriptor.subarray(4), descriptor] : [descriptor];
  return candidates.some((fields) => describes(fields, member, 4) || describes(fields, member, 8));
}

/** Whether `fields` hold the member's checksum, compressed size and size, the sizes `width` bytes wide. */
function describes(fields: Buffer, member: WheelMember, width: 4 | 8): boolean {
  if (fields.length < 4 + 2 * width) return false;
  const size = (at: number) => (width === 4 ? fields.readUInt32LE(at) : Number(fields.readBigUInt64LE(at)));
  return (
    fields.readUInt32LE(0) === member.crc32 &&
    size(4) === member.compressedBytes &&
    size(4 + width) === member.bytes
  );
}

/** Returns fewer bytes than `length` when the file ends before. */
function readBytes(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, at));
}
