import { ensureEngine } from "../../local/engine/engine";
import { ensureTools } from "../../local/tools/tools";
import { Steps, TaskError } from "../cli/output";
import { type Counts, runStaticChecks, runTests } from "./checks";

const UNIT = ["test/!(e2e)/**/*.test.ts"];
const END_TO_END = ["test/e2e/**/*.test.ts"];

interface TestOptions {
  readonly unit?: boolean;
  readonly e2e?: boolean;
  readonly grep?: string;
}

/** `test`: runs static checks and tests, and ends with how many passed and failed. */
export async function test(options: TestOptions): Promise<void> {
  const { say } = new Steps();
  const [tools] = await Promise.all([ensureTools({ progress: say }), ensureEngine({ progress: say })]);
  const everything = options.unit !== true && options.e2e !== true;
  const counts: Counts[] = [];
  if (options.e2e !== true && options.grep === undefined) counts.push(await runStaticChecks(say));
  const files = [
    ...(everything || options.unit === true ? UNIT : []),
    ...(everything || options.e2e === true ? END_TO_END : []),
  ];
  counts.push(await runTests(files, options.grep, tools));
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

/** `lint`: the static checks alone. */
export async function lint(): Promise<void> {
  const counts = await runStaticChecks(new Steps().say);
  if (counts.failed > 0) throw new TaskError(`${counts.failed} of the static checks failed; see above`);
}
