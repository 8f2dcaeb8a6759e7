/**
 * The records of a zip file, byte by byte. Times are 1980-01-01 00:00, the oldest that the format allows.
 * Source: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT)
 */

/** The fields of one member in the records. `method` is 0 (stored) or 8 (deflated). */
export interface ZipMember {
  readonly path: string;
  readonly crc32: number;
  readonly method: 0 | 8;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly executable: boolean;
}

/** More members would need zip64. No layer should need that. */
export const MAX_MEMBERS = 65_534;

const VERSION_NEEDED = 20;
const MADE_BY_UNIX = 3 << 8;
const UTF8_NAME = 1 << 11;
const DOS_TIME = 0;
const DOS_DATE = (1 << 5) | 1;
const REGULAR_FILE = 0o100000;

/** Writes the fields that the local header and the central record have in common, in the same order. */
function writeCommonFields(record: Buffer, at: number, member: ZipMember, nameBytes: number): void {
  record.writeUInt16LE(VERSION_NEEDED, at);
  record.writeUInt16LE(nameBytes === member.path.length ? 0 : UTF8_NAME, at + 2);
  record.writeUInt16LE(member.method, at + 4);
  record.writeUInt16LE(DOS_TIME, at + 6);
  record.writeUInt16LE(DOS_DATE, at + 8);
  record.writeUInt32LE(member.crc32, at + 10);
  record.writeUInt32LE(member.compressedBytes, at + 14);
  record.writeUInt32LE(member.bytes, at + 18);
  record.writeUInt16LE(nameBytes, at + 22);
}

/** The local file header. The member's bytes follow it. */
export function localHeader(member: ZipMember): Buffer {
  const name = Buffer.from(member.path);
  const record = Buffer.alloc(30);
  record.writeUInt32LE(0x04034b50, 0);
  writeCommonFields(record, 4, member, name.length);
  return Buffer.concat([record, name]);
}

/** The member's record in the central directory. The mode is 0755 for an executable file and 0644 for all others. */
export function centralRecord(member: ZipMember, offset: number): Buffer {
  const name = Buffer.from(member.path);
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(MADE_BY_UNIX | VERSION_NEEDED, 4);
  writeCommonFields(record, 6, member, name.length);
  const mode = REGULAR_FILE | (member.executable ? 0o755 : 0o644);
  record.writeUInt32LE(mode * 0x10000, 38);
  record.writeUInt32LE(offset, 42);
  return Buffer.concat([record, name]);
}

/** The record at the end of the central directory. It is also the end of the file. */
export function endRecord(members: number, directoryBytes: number, directoryOffset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(members, 8);
  record.writeUInt16LE(members, 10);
  record.writeUInt32LE(directoryBytes, 12);
  record.writeUInt32LE(directoryOffset, 16);
  return record;
}
