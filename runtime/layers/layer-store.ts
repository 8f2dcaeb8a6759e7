import type { Failure } from "../contracts/builder";
import type { LayerStatus } from "./entities/layers";
import type { RunStatus } from "./entities/runs";
import type { Architecture, PythonVersion } from "../contracts/target";
import type { Artifact } from "../contracts/layers";

/** A target by its coordinates in the table. */
export interface TargetKey {
  readonly python: PythonVersion;
  readonly architecture: Architecture;
  /** The package with extras, `psycopg[binary,pool]`. */
  readonly requirement: string;
}

/** A good build. */
export interface Built extends Artifact {
  readonly version: string;
  readonly buildKey: string;
  /** The run that built it, and when (ISO 8601). */
  readonly runId: string;
  readonly createdAt: string;
}

/** The failure of an attempt; without version and build key if the target never resolved. */
export interface FailedAttempt extends Failure {
  readonly runId: string;
  readonly at: string;
  readonly version?: string | undefined;
  readonly buildKey?: string | undefined;
}

export interface Run {
  readonly runId: string;
  readonly startedAt: string;
  readonly status: RunStatus;
  readonly targets: number;
  readonly reason?: string | undefined;
}

export interface RunCounts {
  /** Targets. */
  readonly built: number;
  readonly unchanged: number;
  readonly failed: number;
  /** Layer versions, over all regions. */
  readonly published: number;
  /** Items that a region did not take. */
  readonly refused: number;
}

export interface RunEnd {
  readonly status: RunStatus;
  readonly finishedAt: string;
  readonly counts: RunCounts;
  readonly error?: string | undefined;
}

export interface Outcome extends TargetKey {
  readonly runId: string;
  readonly status: "built" | "unchanged" | "failed";
  readonly version?: string | undefined;
  readonly failure?: Failure | undefined;
}

export interface Publication {
  readonly runId: string;
  readonly region: string;
  readonly item: string;
  readonly status: "published" | "existing" | "refused";
  readonly python: PythonVersion;
  readonly architectures: readonly Architecture[];
  readonly requirement: string;
  readonly packageVersion: string;
  readonly sha256: string;
  readonly arn?: string | undefined;
  readonly error?: string | undefined;
}

/** A layer version in a region, for one architecture. */
export interface LayerRow extends TargetKey {
  readonly region: string;
  readonly layerName: string;
  readonly layerVersion: number;
  readonly arn: string;
  readonly packageVersion: string;
  readonly sha256: string;
  readonly status: LayerStatus;
  readonly dependencies: readonly string[];
  readonly publishedAt: string;
  readonly expiryDate?: string | undefined;
  readonly runId: string;
}

/** What the factory writes down and looks up. Every write may be repeated. */
export interface Ledger {
  putRun(run: Run): Promise<void>;
  finishRun(runId: string, end: RunEnd): Promise<void>;
  outcomes(runId: string): Promise<readonly Outcome[]>;
  publications(runId: string): Promise<readonly Publication[]>;
  /** The latest good builds of these targets, by requirement; targets that have none are left out. */
  latestBuilds(
    python: PythonVersion,
    architecture: Architecture,
    requirements: readonly string[],
  ): Promise<ReadonlyMap<string, Built>>;
  /** Any target's good build with this key: equal keys give equal bytes. */
  buildWithKey(buildKey: string): Promise<Built | undefined>;
  /** Makes `built` the latest good build of the target and clears its failure. */
  recordBuilt(
    target: TargetKey,
    built: Built,
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
  /** Notes what became of an item in a region. What this run published stays noted as published. */
  putPublication(publication: Publication): Promise<void>;
}
