/** Builds the packages of one spec: text in, bytes out, nothing left behind. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BugError } from "../../shared/errors";
import { withWorkFolder } from "../../shared/work-folder";
import type { BuildReply, BuildTask } from "./build-driver";
import { problemOfRequest } from "./build-request";
import type { BuildAnswer, BuildRequest, PackageFile } from "../../contracts/specs";

/** What a build takes besides its request. */
export interface BuildPorts {
  /** Folder under which the work folder is made, and removed. */
  readonly scratch: string;
  /** Runs a task; the real one is `PackageDriver`. */
  readonly driver: { readonly build: (task: BuildTask) => Promise<BuildReply> };
  /** @default BUILD_LIMITS */
  readonly limits?: BuildLimits;
}

/** What one build may take. */
interface BuildLimits {
  readonly seconds: number;
  /** Of each process. */
  readonly megabytes: number;
  /** Of the answer's files in base64. */
  readonly answerBytes: number;
}

/**
 * A spec of the largest size that is taken needs half a minute and 150 MB. The answer must fit a synchronous invocation: 6 MB.
 * Source: Lambda quotas.
 */
const BUILD_LIMITS: BuildLimits = { seconds: 120, megabytes: 512, answerBytes: 5_900_000 };

const DISTRIBUTION = /\.(whl|tar\.gz)$/;

/**
 * Builds the wheel and the source archive of a spec. Works in a folder `build` that is new, and gone afterwards, whatever happens.
 * @throws BugError when the failure is ours, such as a Python that doesn't run.
 */
export async function buildPackages(request: BuildRequest, ports: BuildPorts): Promise<BuildAnswer> {
  const reason = problemOfRequest(request);
  if (reason !== undefined) return { outcome: "refused", reason };
  return withWorkFolder(ports.scratch, async (work) => {
    const folder = join(work, "build");
    await mkdir(folder);
    await writeFile(join(folder, "spec.json"), request.spec);
    return build(request, folder, ports);
  });
}

async function build(
  { packageName: name, version }: BuildRequest,
  folder: string,
  { driver, limits = BUILD_LIMITS }: BuildPorts,
): Promise<BuildAnswer> {
  const { seconds, megabytes, answerBytes } = limits;
  const reply = await driver.build({ folder, name, version, seconds, megabytes });
  switch (reply.outcome) {
    case "failed":
      throw new BugError(`Building ${name} ${version} failed on the builder's own account: ${reply.reason}`);
    case "refused":
      return { outcome: "refused", reason: reply.reason };
    case "built": {
      const files = await collect(join(folder, "packages"));
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

/** The distributions by whatever names they have: setuptools writes package name and version its own way. */
async function collect(folder: string): Promise<readonly PackageFile[]> {
  const names = (await readdir(folder)).filter((name) => DISTRIBUTION.test(name)).sort();
  if (names.length !== 2) {
    throw new BugError(
      `A build gave ${names.join(", ") || "nothing"} instead of a wheel and a source archive.`,
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
