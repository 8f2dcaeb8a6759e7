import type { Architecture, PythonVersion } from "../contracts/target";

/** Keys in the artifacts bucket, of a run's files and of artifacts. */
export const keys = {
  batches: (runId: string) => `runs/${runId}/batches.json`,
  /** The builder's answer to a batch. */
  resolved: (runId: string, batch: string) => `runs/${runId}/resolved/${batch}.json`,
  items: (runId: string) => `runs/${runId}/items/`,
  item: (runId: string, item: string) => `runs/${runId}/items/${item}.json`,
  work: (runId: string) => `runs/${runId}/work.json`,
  /** Where the builder uploads a zip. Nobody trusts the builder, so the zip is checked before it becomes an artifact. */
  staged: (runId: string, item: string) => `staging/${runId}/${item}.zip`,
  artifact: (sha256: string) => `artifacts/${sha256}.zip`,
} as const;

/** The tool function for a Python and an architecture, as in the state machine: `3.12-x86_64`. */
export function builderOf(python: PythonVersion, architecture: Architecture): string {
  return `${python}-${architecture}`;
}
