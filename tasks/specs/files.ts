import * as fs from "node:fs";
import * as path from "node:path";
import type { SpecKey } from "../../runtime/specs/key";
import { SPEC_BYTES } from "../../runtime/contracts/specs";
import { checkedKey } from "./builds";
import { TaskError } from "../cli/output";

/** Parts of the key that the user gave. */
interface KeyOptions {
  readonly owner: string;
  readonly name?: string;
  readonly packageVersion?: string;
}

/** A spec of the user's, and where it goes. */
interface SpecFile {
  readonly key: SpecKey;
  readonly content: Buffer;
}

/**
 * Reads a spec; what its key needs and was not given comes from the file's name and from the spec itself.
 *
 * @throws TaskError when the key can't be made, is wrong, or the file is larger than what is taken.
 */
export function readSpecFile(file: string, { owner, name, packageVersion }: KeyOptions): SpecFile {
  const content = readBytes(file);
  const specId = name ?? path.basename(file).replace(/([-_.]spec)?\.json$/, "");
  const key = checkedKey({ owner, specId, version: packageVersion ?? versionIn(file, content) });
  if (content.length > SPEC_BYTES) {
    throw new TaskError(
      `${file} has ${content.length} bytes; a spec may have ${SPEC_BYTES}. Leave examples and descriptions out, or cut it in two.`,
    );
  }
  return { key, content };
}

function readBytes(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new TaskError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

function versionIn(file: string, content: Buffer): string {
  let spec: unknown;
  try {
    spec = JSON.parse(content.toString());
  } catch (error) {
    throw new TaskError(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const version = (spec as { readonly info?: { readonly version?: unknown } } | null)?.info?.version;
  if (typeof version === "string") return version;
  throw new TaskError(`${file} has no info.version; --package-version gives the package one`);
}
