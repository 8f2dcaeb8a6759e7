/** How uv is run, and what its errors mean: a failure kind for the user, and a sentence that says what to do. */
import type { FailureKind } from "../contracts/failure";

/** Options of every uv command: no configuration files, no downloaded interpreters, and plain output. */
export const UV_OPTIONS = [
  ...["--no-config", "--no-python-downloads"],
  ...["--no-progress", "--color", "never"],
] as const;

/** What an error of uv means. */
interface UvFailure {
  readonly kind: FailureKind;
  readonly message: string;
}

type Rule = readonly [pattern: RegExp, kind: FailureKind, advice: string];

const UNREACHABLE: Rule = [
  /Request failed after|Failed to fetch|error sending request|HTTP status (server error|client error)|dns error|operation timed out|Network connectivity is disabled/i,
  "network",
  "the package index could not be reached or refused to answer. Try again later; check the index address and its certificate",
];

const RESOLVE_RULES: readonly Rule[] = [
  UNREACHABLE,
  [
    /Hash mismatch|hash .* does(n't| not) match/i,
    "hash",
    "a file of the package index does not match its hash. Don't use it; tell whoever runs the index",
  ],
  [
    /Failed to build|build backend returned an error|Failed to (download and )?build/i,
    "no-wheel",
    "there is no wheel, and the source archive can't be built here: sources that need a compiler or system libraries aren't supported. Ask for a version with wheels, or drop this target",
  ],
  [
    /no usable wheels|no wheels with a matching|Wheels are required for|no source distribution/i,
    "no-wheel",
    "no wheel fits this Python and architecture. Ask for a version with wheels, or drop this target",
  ],
  [
    /was not found in the package registry|there (is|are) no versions? of/i,
    "not-found",
    "the package index doesn't have it. Check the name and the version",
  ],
  [
    /does not satisfy Python/i,
    "conflict",
    "it doesn't support this Python. Ask for another version, or drop this target",
  ],
  [
    /depends on|are incompatible|requirements are unsatisfiable/i,
    "conflict",
    "its requirements contradict each other. Loosen the version asked for",
  ],
];

/** What a failed resolution of `requirement` means. `internal` when the text of uv is unknown to us. */
export function classifyResolution(requirement: string, output: string): UvFailure {
  return classify(`Can't resolve ${requirement}`, RESOLVE_RULES, output);
}

const BUILD_RULES: readonly Rule[] = [
  UNREACHABLE,
  [
    /[\s\S]*/,
    "no-wheel",
    "there is no wheel, and the source archive doesn't build: sources that need a compiler or system libraries aren't supported. Ask for a version with wheels, or drop this target",
  ],
];

/** What it means that a source archive could not be built into a wheel. */
export function classifySourceBuild(requirement: string, output: string): UvFailure {
  return classify(`Can't build ${requirement}`, BUILD_RULES, output);
}

const INSTALL_RULES: readonly Rule[] = [
  [/Hash mismatch/i, "hash", "a fetched file is not what the lock says. Resolve again"],
  [
    /not a valid wheel|invalid wheel|Failed to (extract|read|unzip)|invalid zip|The wheel is invalid|zip/i,
    "no-wheel",
    "one of its wheels is damaged. Ask for another version, and tell its authors",
  ],
];

/** What a failed offline installation means. */
export function classifyInstallation(requirement: string, output: string): UvFailure {
  return classify(`Can't install ${requirement}`, INSTALL_RULES, output);
}

function classify(what: string, rules: readonly Rule[], output: string): UvFailure {
  // uv wraps and indents its explanations, so line breaks count as spaces.
  const text = output.replace(/\s+/g, " ");
  for (const [pattern, kind, advice] of rules) {
    if (pattern.test(text)) return { kind, message: `${what}: ${advice}.` };
  }
  return {
    kind: "internal",
    message: `${what}: uv failed in a way that the builder doesn't know. Please report it.`,
  };
}

/** True when a resolution with wheels only failed because some package has only a source archive. Allowing those may help. */
export function needsSourceArchive(output: string): boolean {
  return /Wheels are required for `/.test(output);
}
