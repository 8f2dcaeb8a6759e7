import { ensureEngine } from "../../local/engine/engine";
import { ensureTools } from "../../local/tools/tools";
import { Steps, TaskError } from "../cli/output";
import { changedFiles, planTests } from "./changes";
import { type Counts, runStaticChecks, runTests } from "./checks";
import { readImports } from "./import-graph";
import { allModules, allTestFiles, isEndToEnd, selectTests } from "./test-files";

interface TestOptions {
  readonly unit?: boolean;
  readonly e2e?: boolean;
  readonly changed?: boolean;
  readonly grep?: string;
}

/** What a run of `test` consists of. */
interface Selection {
  readonly files: readonly string[];
  readonly staticChecks: boolean;
  /** Told once everything ran. */
  readonly advice?: string;
}

/** `test`: runs static checks and tests, and ends with how many passed and failed. */
export async function test(patterns: readonly string[], options: TestOptions): Promise<void> {
  const { say } = new Steps();
  const { files, staticChecks, advice } = await select(patterns, options, say);
  const [tools] = await Promise.all([ensureTools({ progress: say }), ensureEngine({ progress: say })]);
  const checked: string[] = [];
  const [checks, unit] = await Promise.all([
    // One at a time, since the tests take all cores; and told after the tests, whose report would hide it.
    staticChecks ? runStaticChecks((line) => checked.push(line), 1) : NOTHING,
    runTests(
      files.filter((file) => !isEndToEnd(file)),
      { grep: options.grep, parallel: true, tools },
    ),
  ]);
  for (const line of checked) console.log(line);
  const endToEnd = await runTests(files.filter(isEndToEnd), { grep: options.grep, parallel: false, tools });
  const passed = checks.passed + unit.passed + endToEnd.passed;
  const failed = checks.failed + unit.failed + endToEnd.failed;
  if (advice !== undefined) console.log(advice);
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

const NOTHING: Counts = { passed: 0, failed: 0 };

/** @throws TaskError when what was asked for is nothing, or two things. */
async function select(
  patterns: readonly string[],
  { unit = false, e2e = false, changed = false, grep }: TestOptions,
  say: (line: string) => void,
): Promise<Selection> {
  const tests = allTestFiles();
  if ([patterns.length > 0, unit, e2e, changed].filter(Boolean).length > 1) {
    throw new TaskError("give tests, or one of --unit, --e2e and --changed");
  }
  if (patterns.length > 0) {
    const files = await selectTests(patterns, tests, () => readImports(allModules()));
    return { files, staticChecks: false };
  }
  if (changed) return selectChanged(tests, say);
  const files = tests.filter((file) => !(unit && isEndToEnd(file)) && !(e2e && !isEndToEnd(file)));
  return { files, staticChecks: !e2e && grep === undefined };
}

async function selectChanged(tests: readonly string[], say: (line: string) => void): Promise<Selection> {
  const files = await changedFiles();
  const plan = planTests(files, tests, await readImports(allModules()));
  say(`${files.length} files differ from main; ${plan.tests.length} test files need one of them`);
  for (const file of plan.unknown) say(`every unit test runs, since any may need ${file}`);
  const advice = "End-to-end tests need what changed, too: ./strata test --e2e runs them.";
  return { files: plan.tests, staticChecks: true, ...(plan.needsEndToEnd ? { advice } : {}) };
}

/** `lint`: the static checks alone. */
export async function lint(): Promise<void> {
  const { failed } = await runStaticChecks(new Steps().say);
  if (failed > 0) throw new TaskError(`${failed} of the static checks failed; see above`);
}
