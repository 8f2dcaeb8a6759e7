import type { Architecture, PythonVersion } from "../contracts/target";

/** Where a run's files and the artifacts lie in the artifacts bucket. */
export const keys = {
  batches: (runId: string) => `runs/${runId}/batches.json`,
  /** The builder's answer to a batch. */
  resolved: (runId: string, batch: string) => `runs/${runId}/resolved/${batch}.json`,
  items: (runId: string) => `runs/${runId}/items/`,
  item: (runId: string, item: string) => `runs/${runId}/items/${item}.json`,
  work: (runId: string) => `runs/${runId}/work.json`,
  /** Where the builder, which nobody trusts, puts a zip. */
  staged: (runId: string, item: string) => `staging/${runId}/${item}.zip`,
  artifact: (sha256: string) => `artifacts/${sha256}.zip`,
} as const;

/** The tool function for a Python and an architecture, as in the state machine: `3.12-x86_64`. */
export function builderOf(python: PythonVersion, architecture: Architecture): string {
  return `${python}-${architecture}`;
}
