/**
 * Compares a wheel's local file headers with its central directory. uv has inflated and checked each file that it installed, but
 * a crafted wheel can hold more than one directory; one that we read and uv didn't may point to other data than what it describes.
 * Source: APPNOTE.TXT 6.3.10, sections 4.3.7 and 4.3.9 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT)
 */
import { readSync } from "node:fs";
import type { WheelMember } from "./wheel-members";

const HEADER_BYTES = 30;
const HEADER_SIGNATURE = 0x04034b50;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
const DEFLATED = 8;
/** Checksum and sizes come after the data, in a descriptor. */
const HAS_DESCRIPTOR = 8;
/** Signature, checksum and two sizes, in their zip64 form. */
const DESCRIPTOR_BYTES = 24;

/**
 * Where a member's compressed bytes begin, in bytes from the start of the wheel.
 * @returns `undefined` unless header, or descriptor, agrees with the central directory in name, method, checksum and sizes.
 */
export function locateData(wheel: number, member: WheelMember): number | undefined {
  const header = readBytes(wheel, member.headerOffset, HEADER_BYTES + member.name.length);
  if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== HEADER_SIGNATURE) return undefined;
  if (header.readUInt16LE(8) !== DEFLATED || header.readUInt16LE(26) !== member.name.length) return undefined;
  if (!header.subarray(HEADER_BYTES).equals(member.name)) return undefined;
  const start = member.headerOffset + header.length + header.readUInt16LE(28);
  // The central directory comes after all data, so a member never reaches the end of the file.
  const after = readBytes(wheel, start + member.compressedBytes, DESCRIPTOR_BYTES);
  const agrees =
    (header.readUInt16LE(6) & HAS_DESCRIPTOR) === 0
      ? after.length > 0 && describes(header.subarray(14, 26), member, 4)
      : descriptorAgrees(after, member);
  return agrees ? start : undefined;
}

/** The signature is optional, and sizes have eight bytes in zip64. */
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

/** Fewer bytes than asked for when the file ends before. */
function readBytes(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, at));
}
