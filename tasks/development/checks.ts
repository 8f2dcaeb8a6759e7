/** What `test` consists of: static checks, and mocha over test files. Each is a program that runs to its end. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../../local/paths";
import { type Tools, toolEnvironment } from "../../local/tools/tools";

/** What passed and what failed of something that was run. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Checks that need no platform, each as `npm run <name>`; the slowest first. They keep caches in .strata/checks. ESLint's looks at
 * each file alone, so it may miss what a change does to other files: a checkout without a cache, as in CI, finds that.
 */
const STATIC_CHECKS = ["lint", "typecheck", "format", "boundaries", "unused"] as const;

/**
 * Runs the static checks.
 *
 * @param say told of each check, with all it printed when it failed.
 * @param atOnce how many run at the same time.
 */
export async function runStaticChecks(say: (line: string) => void, atOnce = 2): Promise<Counts> {
  let passed = 0;
  const waiting = [...STATIC_CHECKS];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const { code, output } = await run("npm", ["run", "--silent", check], { capture: true });
      say(code === 0 ? `${check}: passed` : `${check}: failed\n${output}`);
      if (code === 0) passed += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { passed, failed: STATIC_CHECKS.length - passed };
}

export interface MochaOptions {
  /** Only tests whose name matches. */
  readonly grep?: string | undefined;
  /** Whether files run at the same time, one process a core. */
  readonly parallel: boolean;
  readonly tools: Pick<Tools, "uv" | "pythons">;
  /** Keeps the report off the terminal. */
  readonly quiet?: boolean;
}

/**
 * Runs mocha over test files, with its report on the terminal. A test that is left out, or that leaves out the others, fails.
 *
 * @param files paths relative to the checkout.
 */
export async function runTests(files: readonly string[], options: MochaOptions): Promise<Counts> {
  if (files.length === 0) return { passed: 0, failed: 0 };
  const folder = mkdtempSync(join(tmpdir(), "strata-counts-"));
  const counts = join(folder, "counts.json");
  try {
    const { code } = await run(process.execPath, mochaArguments(files, options), {
      capture: options.quiet === true,
      environment: {
        ...toolEnvironment(options.tools),
        STRATA_TEST_COUNTS: counts,
        // What the code under test logs is none of the report; tests that look at it have a log of their own.
        POWERTOOLS_LOG_LEVEL: "SILENT",
      },
    });
    return readCounts(counts, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mochaArguments(files: readonly string[], { grep, parallel }: MochaOptions): string[] {
  const jobs = availableParallelism();
  return [
    join(REPOSITORY, "node_modules/mocha/bin/mocha.js"),
    ...["--no-config", "--require", "tsx", "--timeout", "120000", "--forbid-only", "--forbid-pending"],
    ...["--reporter", join(__dirname, "counting-reporter.cjs")],
    ...(parallel && files.length > 1 && jobs > 1 ? ["--parallel", "--jobs", String(jobs)] : []),
    ...(grep === undefined ? [] : ["--grep", grep]),
    ...files,
  ];
}

function readCounts(file: string, code: number): Counts {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    // Mocha ended before its report did.
    return { passed: 0, failed: 1 };
  }
  const { passes, failures } = JSON.parse(text) as Record<"passes" | "failures", number>;
  // Its exit code counts more: what fails outside tests, such as files that don't load.
  return { passed: passes, failed: Math.max(failures, code) };
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
