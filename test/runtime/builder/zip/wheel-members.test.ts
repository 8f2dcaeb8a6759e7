import { expect } from "chai";
import { strToU8, Zip, ZipDeflate } from "fflate";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import {
  locateData,
  readWheelMembers,
  type WheelMember,
} from "../../../../runtime/builder/zip/wheel-members";
import { suiteFolder } from "../support/machine";
import { makeWheel } from "../support/packages";

const SOURCE = "value = 1\n".repeat(100);

/** Offsets of fields in a local file header. */
const FIELDS = { signature: 0, method: 8, checksum: 14, compressed: 18, size: 22, nameLength: 26, name: 30 };

describe("local header of a wheel's member", () => {
  const folder = suiteFolder();

  async function memberOf(bytes: Buffer): Promise<{ path: string; member: WheelMember }> {
    const path = join(folder, "x-1.0-py3-none-any.whl");
    writeFileSync(path, bytes);
    const [member] = (await readWheelMembers([path])).get("x.py") ?? [];
    if (member === undefined) throw new Error("no such member");
    return { path, member };
  }

  function locate(path: string, member: WheelMember): number | undefined {
    const file = openSync(path, "r");
    try {
      return locateData(file, member);
    } finally {
      closeSync(file);
    }
  }

  function expectSource(path: string, member: WheelMember): void {
    const start = locate(path, member) ?? NaN;
    const data = readFileSync(path).subarray(start, start + member.compressedBytes);
    expect(inflateRawSync(data).toString()).to.equal(SOURCE);
  }

  it("leads to the data", async () => {
    const { path, member } = await memberOf(makeWheel({ name: "x", files: { "x.py": SOURCE } }).bytes);
    expectSource(path, member);
  });

  it("may have checksum and sizes in a descriptor after the data", async () => {
    const { path, member } = await memberOf(streamed(SOURCE));
    expectSource(path, member);
  });

  for (const [field, offset] of Object.entries(FIELDS)) {
    it(`leads nowhere when its ${field} differs from the directory's`, async () => {
      const { path, member } = await memberOf(makeWheel({ name: "x", files: { "x.py": SOURCE } }).bytes);
      const bytes = readFileSync(path);
      const at = member.headerOffset + offset;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      expect(locate(path, member)).to.equal(undefined);
    });
  }

  for (const [field, offset] of [
    ["checksum", 4],
    ["compressed", 8],
    ["size", 12],
  ] as const) {
    it(`leads nowhere when the descriptor's ${field} differs from the directory's`, async () => {
      const { path, member } = await memberOf(streamed(SOURCE));
      const bytes = readFileSync(path);
      const at = (locate(path, member) ?? NaN) + member.compressedBytes + offset;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      expect(locate(path, member)).to.equal(undefined);
    });
  }

  it("leads nowhere when it is beyond the end of the file", async () => {
    const { path, member } = await memberOf(makeWheel({ name: "x", files: { "x.py": SOURCE } }).bytes);
    expect(locate(path, { ...member, headerOffset: 1_000_000 })).to.equal(undefined);
    writeFileSync(path, readFileSync(path).subarray(0, member.headerOffset + 40));
    expect(locate(path, member)).to.equal(undefined);
  });
});

/** A zip that was written as a stream, so that the sizes come after the data. */
function streamed(source: string): Buffer {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  const file = new ZipDeflate("x.py");
  zip.add(file);
  file.push(strToU8(source), true);
  zip.end();
  return Buffer.concat(chunks);
}
