/**
 * Where the compressed bytes of installed files are to be had: the members of the wheels they came from. Wheels are
 * strangers' zips, so nothing here decides where a file goes; a member is only ever matched against a file that uv installed.
 */
import { openPromise, type Entry, type ZipFile } from "yauzl";

/** One compressed member of a wheel, ready to be copied. */
export interface WheelMember {
  readonly wheel: string;
  /** As the wheel spells it. */
  readonly name: Buffer;
  /** Position of its local file header in the wheel. */
  readonly headerOffset: number;
  readonly crc32: number;
  readonly bytes: number;
  readonly compressedBytes: number;
}

/** Members by the path that they install to; several wheels may bring the same path. */
export type WheelMembers = ReadonlyMap<string, readonly WheelMember[]>;

const DEFLATED = 8;
const ENCRYPTED = 1;

/** Where a member is installed: `x-1.data/purelib/y` lands at `y` (PEP 427). */
export function installedPath(member: string): string {
  const moved = /^[^/]+\.data\/(?:purelib|platlib|data|scripts)\/(.+)$/.exec(member);
  if (moved?.[1] === undefined) return member;
  return /^[^/]+\.data\/scripts\//.test(member) ? `bin/${moved[1]}` : moved[1];
}

/** Reads the central directories of the wheels. Only deflated members are listed: stored ones are better deflated anew. */
export async function readWheelMembers(wheels: readonly string[]): Promise<WheelMembers> {
  const members = new Map<string, WheelMember[]>();
  for (const wheel of wheels) {
    // Names are only looked up, never used as a path on disk, so they need no validation that could throw.
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
