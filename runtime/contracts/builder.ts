/**
 * What the tool function is asked and what it answers. It runs strangers' code, so it holds no credentials of ours:
 * everything it reads or writes goes through URLs that somebody else signed.
 */
import type { Architecture, PackageSpec, PythonVersion } from "./target";

/** Why a target failed, in the words shown to the user. `internal` is ours to fix, all others the user's or the network's. */
export const FAILURE_KINDS = [
  "not-found",
  "no-wheel",
  "conflict",
  "hash",
  "import",
  "size",
  "network",
  "internal",
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

export interface Failure {
  readonly kind: FailureKind;
  /** One sentence that says what is wrong and what to do. */
  readonly message: string;
  /** The last lines the tool printed, at most 20, at most 500 characters each. */
  readonly lastLines: string[];
}

/** A file on the package index, pinned by hash. */
export interface LockedFile {
  readonly url: string;
  readonly filename: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** One distribution of a lock: exactly one file, the wheel that fits the target, or a source archive where there is none. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly kind: "wheel" | "sdist";
  readonly file: LockedFile;
}

/** The resolved, hash-pinned requirements of a target, sorted by name. */
export interface Lock {
  readonly packages: readonly LockedPackage[];
}

export interface ResolveRequest {
  readonly operation: "resolve";
  readonly python: PythonVersion;
  readonly packages: readonly PackageSpec[];
  readonly architectures: readonly Architecture[];
  /** Presigned PUT for the `ResolveResult` as JSON. */
  readonly outputUrl: string;
}

export type ResolvedTarget = {
  readonly package: PackageSpec;
  readonly architecture: Architecture;
} & (
  | {
      readonly status: "resolved";
      /** Version of the requested package itself. */
      readonly version: string;
      readonly lock: Lock;
      /** True when every locked file is a `none-any` wheel: then all architectures share one artifact. */
      readonly pure: boolean;
      /** sha256 over lock and recipe: equal keys give equal bytes. */
      readonly buildKey: string;
    }
  | { readonly status: "failed"; readonly failure: Failure }
);

export interface ResolveResult {
  readonly targets: readonly ResolvedTarget[];
}

/** What one build needs, written to S3 for the tool function to fetch. */
export interface BuildItem {
  readonly package: PackageSpec;
  readonly version: string;
  readonly python: PythonVersion;
  /** More than one only when the lock is pure. The first one's interpreter runs the import test. */
  readonly architectures: readonly Architecture[];
  readonly lock: Lock;
  readonly buildKey: string;
}

export interface BuildRequest {
  readonly operation: "build";
  /** Presigned GET of the `BuildItem` as JSON. */
  readonly itemUrl: string;
  /** Presigned PUT for the zip. */
  readonly uploadUrl: string;
}

/** `unverified`: this machine has no interpreter for the target, so nothing was imported. */
export interface ImportTest {
  readonly status: "passed" | "unverified";
  readonly modules: readonly string[];
  /** Why it is unverified, in a sentence; absent when passed. */
  readonly reason?: string;
}

export type BuildResult =
  | {
      readonly status: "built";
      /** Lower-case hex digest of the zip: the artifact's name. */
      readonly sha256: string;
      readonly zipBytes: number;
      readonly unzippedBytes: number;
      readonly importTest: ImportTest;
      /** What the layer contains, `name==version`, sorted. */
      readonly dependencies: readonly string[];
      /** Members copied compressed from wheels, and members deflated here. */
      readonly members: { readonly spliced: number; readonly deflated: number };
      /** Milliseconds each step took. */
      readonly milliseconds: Readonly<Record<"fetch" | "install" | "import" | "zip" | "upload", number>>;
    }
  | { readonly status: "failed"; readonly failure: Failure };

export type BuilderRequest = ResolveRequest | BuildRequest;
/** `resolve` writes its result to `outputUrl` and answers only how many it did: a state may hold 256 KiB at most. */
export type BuilderAnswer = { readonly resolved: number; readonly failed: number } | BuildResult;
