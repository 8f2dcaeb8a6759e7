/** Gets a Pulumi CLI that fits our SDK, in the first way that works on this machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";
import { LocalError } from "../errors";
import { LONGEST_WORK, withLock } from "../lock";
import { REPOSITORY, toolPaths } from "../paths";
import { endGroup } from "../processes";
import { type Progress } from "../tools/tools";

/** One way to get an engine. It rejects with the reason why this way does not work. */
export interface EngineSource {
  /** Shown when this way worked. */
  readonly name: string;
  /** Shown before it is tried, when that takes time. */
  readonly announcement?: string;
  readonly get: () => Promise<PulumiCommand>;
}

export interface EngineOptions {
  /** `.strata` is made below. @default the checkout */
  readonly root?: string;
  readonly progress?: Progress;
  /** @default PATH, cache, official installer, Go build */
  readonly sources?: readonly EngineSource[];
}

/** The official installer downloads about 100 MB. Milliseconds. */
const INSTALL_TIMEOUT = 5 * 60_000;
/** The Go build takes about 3 minutes on 2 cores. Milliseconds. */
const BUILD_TIMEOUT = LONGEST_WORK;

/**
 * The first engine that works of: `pulumi` on PATH, the one installed earlier, the official installer, a build with Go.
 * @throws LocalError naming why each way failed, and what to do.
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<PulumiCommand> {
  const progress = options.progress ?? (() => undefined);
  const root = options.root ?? REPOSITORY;
  const sources = options.sources ?? engineSources(root, await sdkVersion(), progress);
  const reasons: string[] = [];
  for (const source of sources) {
    if (source.announcement !== undefined) progress(source.announcement);
    try {
      const engine = await source.get();
      progress(`Engine: Pulumi ${engine.version?.version ?? "of unknown version"} (${source.name})`);
      return engine;
    } catch (error) {
      reasons.push(`- ${source.name}: ${reasonOf(error)}`);
    }
  }
  throw new LocalError(
    [
      "There is no Pulumi CLI, and none could be installed:",
      ...reasons,
      "Put a recent `pulumi` on PATH (https://www.pulumi.com/docs/install), or install Go 1.25 or later, then try again.",
    ].join("\n"),
  );
}

/** The ways to an engine, best first. */
export function engineSources(root: string, version: string, progress?: Progress): readonly EngineSource[] {
  const paths = toolPaths(root);
  const directory = paths.engine(version);
  const atLeast = new SemVer(version);
  atLeast.patch = 0;
  const cached = (): Promise<PulumiCommand> =>
    PulumiCommand.get({ root: directory, version: new SemVer(atLeast.format()) });
  const installing = (work: (partial: string) => Promise<void>) => (): Promise<PulumiCommand> =>
    withLock(
      paths.lock,
      async () => {
        // Another process may have installed it while this one waited for the lock.
        const ready = await cached().catch(() => undefined);
        if (ready !== undefined) return ready;
        const partial = `${directory}.partial`;
        await rm(partial, { recursive: true, force: true });
        await work(partial);
        await rm(directory, { recursive: true, force: true });
        await rename(partial, directory);
        return cached();
      },
      progress,
    );
  return [
    { name: "PATH", get: () => PulumiCommand.get({ version: new SemVer(atLeast.format()) }) },
    { name: "installed earlier", get: cached },
    {
      name: "official installer",
      announcement: `Installing Pulumi ${version} with its official installer`,
      get: installing((partial) => runInstaller(partial, version)),
    },
    {
      name: "built with Go",
      announcement: `Building Pulumi ${version} with Go (about 3 minutes, once)`,
      get: installing((partial) => buildEngine(partial, version)),
    },
  ];
}

/** The version of the SDK that the program uses, and so the version of the engine to install. */
export async function sdkVersion(): Promise<string> {
  const manifest = await readFile(require.resolve("@pulumi/pulumi/package.json"), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** In a process group of its own, because the SDK's installer has no time limit and leaves its children running. */
async function runInstaller(directory: string, version: string): Promise<void> {
  const script =
    'const { PulumiCommand } = require("@pulumi/pulumi/automation"); const { SemVer } = require("semver");' +
    `PulumiCommand.install({ root: ${JSON.stringify(directory)}, version: new SemVer(${JSON.stringify(version)}) })` +
    ".catch((error) => { console.error(error.message); process.exit(1); });";
  await runInGroup(process.execPath, ["-e", script], REPOSITORY, INSTALL_TIMEOUT, {});
}

async function buildEngine(directory: string, version: string): Promise<void> {
  // Without this stamp the engine doesn't know its version, and the Automation API refuses it.
  const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  const output = join(directory, "bin", "pulumi");
  const command = ["build", "-mod=readonly", "-ldflags", stamp, "-o", output];
  const target = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
  const engineModule = join(REPOSITORY, "local/engine");
  // No C compiler is needed this way.
  await runInGroup("go", [...command, target], engineModule, BUILD_TIMEOUT, {
    CGO_ENABLED: "0",
    GOWORK: "off",
  });
}

async function runInGroup(
  file: string,
  args: readonly string[],
  cwd: string,
  timeout: number,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const output: Buffer[] = [];
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  const end = (): void => {
    if (child.pid !== undefined) void endGroup(child.pid);
  };
  const timer = setTimeout(end, timeout);
  // Ctrl-C doesn't reach a detached process.
  const interrupt = (): void => {
    end();
    process.kill(process.pid, "SIGINT");
  };
  process.once("SIGINT", interrupt);
  try {
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    if (signal !== null) throw new Error(`ended after ${String(timeout / 60_000)} minutes`);
    if (code !== 0) throw new Error(Buffer.concat(output).toString());
  } finally {
    clearTimeout(timer);
    process.off("SIGINT", interrupt);
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes("ENOENT")) return "not found";
  const lines = message
    .split("\n")
    .map((line) => line.trim().replace(/^(stderr|err\?):\s*/, ""))
    .filter((line) => line !== "");
  const telling = lines.find((line) => /error|requirement|mismatch|ended after/i.test(line)) ?? lines[0];
  return (telling ?? "without a reason").slice(0, 300);
}
