import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PackageFile, SpecBuildAnswer, SpecBuildRequest } from "../../contracts/specs";
import { BugError } from "../../shared/errors";
import { withWorkFolder } from "../../shared/work-folder";
import { parseKey, specKeyOf } from "../key";
import { problemOfSpec } from "../spec";
import type { BuildReply, BuildTask } from "./build-driver";

export interface BuildPorts {
  /** Folder under which the work folder is created, and removed. */
  readonly scratch: string;
  /** Runs a task; the real one is `SpecBuildDriver`. */
  readonly driver: { readonly build: (task: BuildTask) => Promise<BuildReply> };
  /** @default BUILD_LIMITS */
  readonly limits?: BuildLimits;
}

/** What one build may use. */
interface BuildLimits {
  readonly seconds: number;
  /** Of each process. */
  readonly megabytes: number;
  /** Of the answer's files in base64. */
  readonly answerBytes: number;
}

/** A spec of the largest size needs half a minute and 150 MB. The answer must fit a synchronous invocation: 6 MB. Source: Lambda quotas. */
const BUILD_LIMITS: BuildLimits = { seconds: 120, megabytes: 512, answerBytes: 5_900_000 };

const PACKAGE = /\.(whl|tar\.gz)$/;

/**
 * Builds the wheel and the source archive of a spec: text in, bytes out. It works in a new folder, which is always removed afterwards.
 * @throws BugError when the failure is ours, such as a Python that doesn't run.
 */
export async function buildPackages(request: SpecBuildRequest, ports: BuildPorts): Promise<SpecBuildAnswer> {
  const reason = problemOfRequest(request);
  if (reason !== undefined) return { outcome: "refused", reason };
  return withWorkFolder(ports.scratch, async (work) => {
    const folder = join(work, "build");
    await mkdir(folder);
    await writeFile(join(folder, "spec.json"), request.spec);
    return build(request, folder, ports);
  });
}

/**
 * Why a request isn't built, in words for the spec's author; undefined if it is. Asked before any Python sees the request. The caller has
 * checked the same. Here it is checked again, because name and version come into a setup.py unescaped, and a `$ref` that points outside
 * of the document would be opened.
 */
function problemOfRequest({ packageName, version, spec }: SpecBuildRequest): string | undefined {
  const key = parseKey(specKeyOf({ owner: "any", specId: packageName, version }));
  return key.kind === "wrong" ? key.reason : problemOfSpec(spec);
}

async function build(
  { packageName: name, version }: SpecBuildRequest,
  folder: string,
  { driver, limits = BUILD_LIMITS }: BuildPorts,
): Promise<SpecBuildAnswer> {
  const { seconds, megabytes, answerBytes } = limits;
  const reply = await driver.build({ folder, name, version, seconds, megabytes });
  switch (reply.outcome) {
    case "failed":
      throw new BugError(`Building ${name} ${version} failed, and the spec isn't the cause: ${reply.reason}`);
    case "refused":
      return { outcome: "refused", reason: reply.reason };
    case "built": {
      const files = await readPackages(join(folder, "packages"));
      const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
      if (bytes > answerBytes) {
        return {
          outcome: "refused",
          reason: `The packages are larger than ${megabytesOf(answerBytes * 0.75)} MB together. Divide the spec into several.`,
        };
      }
      return { outcome: "built", files, peakMegabytes: reply.peakMegabytes };
    }
  }
}

/** Finds the packages without knowing their names: setuptools spells name and version in its own way. */
async function readPackages(folder: string): Promise<readonly PackageFile[]> {
  const names = (await readdir(folder)).filter((name) => PACKAGE.test(name)).sort();
  if (names.length !== 2) {
    throw new BugError(
      `A build made ${names.join(", ") || "nothing"} instead of a wheel and a source archive.`,
    );
  }
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      return { name, sha256, size: bytes.length, content: bytes.toString("base64") };
    }),
  );
}

function megabytesOf(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
