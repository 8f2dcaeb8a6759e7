import { z } from "zod";
import { TaskError } from "../cli/output";

const reportSchema = z.object({
  passed: z.boolean(),
  steps: z.array(
    z.object({ name: z.string(), seconds: z.number(), ok: z.boolean(), detail: z.string().optional() }),
  ),
});

/** What the canary did, step by step. */
type CanaryReport = z.infer<typeof reportSchema>;

/**
 * Invokes the canary and reads its report. A canary that fails throws, so that its alarm sees it; its message contains the report.
 *
 * @throws TaskError when the canary ended without a report.
 */
export async function canaryReport(invoke: () => Promise<unknown>): Promise<CanaryReport> {
  try {
    return reportSchema.parse(await invoke());
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    const { errorMessage = "" } = error.cause as { readonly errorMessage?: string };
    const [text] = /\{.*\}$/s.exec(errorMessage) ?? [];
    if (text === undefined) throw error;
    return reportSchema.parse(JSON.parse(text));
  }
}

/** One line for each step, and one for the result. */
export function renderCanaryReport({ passed, steps }: CanaryReport): string {
  const lines = steps.map(({ name, seconds, ok, detail = "" }) =>
    `${ok ? "passed" : "FAILED"} ${seconds.toFixed(1).padStart(6)} s  ${name}  ${detail}`.trimEnd(),
  );
  return [...lines, passed ? "the canary passed" : "the canary failed"].join("\n");
}
