import { z } from "zod";
import { connect } from "../platform/connection";
import { invokeFunction } from "../platform/functions";
import type { StageOption } from "../cli/options";
import { Steps, TaskError } from "../cli/output";

const report = z.object({
  passed: z.boolean(),
  steps: z.array(
    z.object({ name: z.string(), seconds: z.number(), ok: z.boolean(), detail: z.string().optional() }),
  ),
});

/** What a canary did, step by step. */
type CanaryReport = z.infer<typeof report>;

/** `specs canary`: tests a stage that is in use, as a user of it would notice. */
export async function canary(options: StageOption): Promise<void> {
  const connection = await connect(options.stage);
  new Steps().say("Running the canary; this takes some seconds");
  const flown = await fly(() => invokeFunction(connection, connection.outputs.specs.canary, {}));
  if (options.json === true) console.log(JSON.stringify(flown, undefined, 2));
  else console.log(renderCanary(flown));
  if (!flown.passed) process.exitCode = 1;
}

/**
 * The report of a canary. One that failed throws, so that its alarm sees it, with the report in its message.
 *
 * @throws TaskError when it did not come as far as a report.
 */
export async function fly(invoke: () => Promise<unknown>): Promise<CanaryReport> {
  try {
    return report.parse(await invoke());
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    const { errorMessage = "" } = error.cause as { readonly errorMessage?: string };
    const [text] = /\{.*\}$/s.exec(errorMessage) ?? [];
    if (text === undefined) throw error;
    return report.parse(JSON.parse(text));
  }
}

/** One line a step, and one for the whole. */
export function renderCanary({ passed, steps }: CanaryReport): string {
  const lines = steps.map(({ name, seconds, ok, detail = "" }) =>
    `${ok ? "passed" : "FAILED"} ${seconds.toFixed(1).padStart(6)} s  ${name}  ${detail}`.trimEnd(),
  );
  return [...lines, passed ? "the canary passed" : "the canary failed"].join("\n");
}
