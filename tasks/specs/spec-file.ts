import * as fs from "node:fs";
import * as path from "node:path";
import { MAX_SPEC_BYTES } from "../../runtime/contracts/specs";
import { type SpecKey, isOwner, parseKey, specKeyOf } from "../../runtime/specs/key";
import { TaskError } from "../cli/output";

/** Parts of the key that the user gave. */
interface KeyOptions {
  readonly owner: string;
  readonly name?: string;
  readonly packageVersion?: string;
}

/** A spec on this machine, and the key that it gets in the bucket. */
interface SpecFile {
  readonly key: SpecKey;
  readonly content: Buffer;
}

/**
 * Reads a spec. The parts of its key that were not given come from the file's name and from the spec itself.
 *
 * @throws TaskError when a part of the key is missing or wrong, or the file is too large.
 */
export function readSpecFile(file: string, { owner, name, packageVersion }: KeyOptions): SpecFile {
  const content = readBytes(file);
  const specId = name ?? path.basename(file).replace(/([-_.]spec)?\.json$/, "");
  const key = checkedKey({ owner, specId, version: packageVersion ?? versionIn(file, content) });
  if (content.length > MAX_SPEC_BYTES) {
    throw new TaskError(
      `${file} has ${content.length} bytes; a spec may have ${MAX_SPEC_BYTES}. Leave out examples and descriptions, or split it.`,
    );
  }
  return { key, content };
}

/**
 * The key of a spec, checked by the same rules as in the function that handles specs.
 *
 * @throws TaskError that says which part is wrong.
 */
export function checkedKey(key: SpecKey): SpecKey {
  const parsed = parseKey(specKeyOf(key));
  if (parsed.kind === "spec") return parsed.spec;
  const reason = parsed.kind === "wrong" ? parsed.reason : "It doesn't end like the key of a spec.";
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
  throw new TaskError(`${file} has no info.version; --package-version sets the version`);
}
