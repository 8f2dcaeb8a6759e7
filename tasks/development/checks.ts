import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { REPOSITORY } from "../../local/paths";
import { type Tools, toolEnvironment } from "../../local/tools/tools";

/** What passed and what failed of something that was run. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Checks that need no platform, each as `npm run <name>`. */
const STATIC_CHECKS = ["typecheck", "lint", "format", "boundaries"] as const;

/** Runs the static checks, two at a time; each prints only when it fails. */
export async function runStaticChecks(say: (line: string) => void): Promise<Counts> {
  const results: boolean[] = [];
  const waiting = [...STATIC_CHECKS];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const { code, output } = await run("npm", ["run", "--silent", check], { capture: true });
      say(code === 0 ? `${check}: passed` : `${check}: failed\n${output}`);
      results.push(code === 0);
    }
  };
  await Promise.all([worker(), worker()]);
  return { passed: results.filter(Boolean).length, failed: results.filter((result) => !result).length };
}

/**
 * Runs mocha over test files, with its report on the terminal.
 *
 * @param files globs below the repository.
 */
export async function runTests(
  files: readonly string[],
  grep: string | undefined,
  tools: Pick<Tools, "uv" | "pythons">,
): Promise<Counts> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "strata-counts-"));
  const counts = path.join(folder, "counts.json");
  try {
    const mocha = path.join(REPOSITORY, "node_modules", "mocha", "bin", "mocha.js");
    const { code } = await run(
      process.execPath,
      [
        mocha,
        "--no-config",
        ...["--require", "tsx", "--timeout", "120000", "--forbid-only", "--forbid-pending"],
        ...["--reporter", path.join(__dirname, "counting-reporter.cjs")],
        ...(grep === undefined ? [] : ["--grep", grep]),
        ...files,
      ],
      { environment: { STRATA_TEST_COUNTS: counts, ...toolEnvironment(tools) } },
    );
    if (!fs.existsSync(counts)) return { passed: 0, failed: 1 };
    const { passes, failures } = JSON.parse(fs.readFileSync(counts, "utf8")) as Record<
      "passes" | "failures",
      number
    >;
    // Mocha can fail without a failing test: a hook, or a promise nobody waited for.
    return { passed: passes, failed: failures === 0 && code !== 0 ? 1 : failures };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

interface RunOptions {
  /** Keep what it prints instead of showing it. */
  readonly capture?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a program in the repository to its end. A signal that ends it counts as a failure. */
function run(
  program: string,
  args: readonly string[],
  { capture = false, environment = {} }: RunOptions,
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: REPOSITORY,
      env: { ...process.env, ...environment },
      stdio: capture ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}
