import type { Architecture, PythonVersion, TargetKey } from "../contracts/target";
import type { Build, FailedAttempt, LayerRow, Outcome, Publication, Run } from "./entities/entities";

/** How a run ended. */
export type RunEnd = Required<Pick<Run, "finishedAt" | "counts">> & Pick<Run, "status" | "error">;

/** What the functions of layers record and look up. Every write may be repeated. */
export interface LayerStore {
  putRun(run: Run): Promise<void>;
  finishRun(runId: string, end: RunEnd): Promise<void>;
  outcomes(runId: string): Promise<readonly Outcome[]>;
  publications(runId: string): Promise<readonly Publication[]>;
  /** The latest good builds of these targets, by requirement; targets that have none are left out. */
  latestBuilds(
    python: PythonVersion,
    architecture: Architecture,
    requirements: readonly string[],
  ): Promise<ReadonlyMap<string, Build>>;
  /** Any target's good build with this key: equal keys give equal bytes. */
  buildWithKey(buildKey: string): Promise<Build | undefined>;
  /** Makes `built` the latest good build of the target and clears its failure. */
  recordBuilt(
    target: TargetKey,
    built: Build,
    outcome: { runId: string; status: "built" | "unchanged" },
  ): Promise<void>;
  /** Notes a failure beside the latest good build, which stays. */
  recordFailed(target: TargetKey, failure: FailedAttempt): Promise<void>;
  /** Layer versions of a package for a Python: all regions and architectures. May lag a second behind. */
  layersOf(requirement: string, python: PythonVersion): Promise<readonly LayerRow[]>;
  /** Layer versions of one target in one region, up to date. */
  layersIn(region: string, target: TargetKey): Promise<readonly LayerRow[]>;
  /** Writes rows and publication in one transaction. */
  recordPublished(rows: readonly LayerRow[], publication: Publication): Promise<void>;
  /** Notes what became of an item in a region. An item that this run published there stays noted as published. */
  putPublication(publication: Publication): Promise<void>;
}
