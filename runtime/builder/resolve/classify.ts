/** Turns what uv printed when it failed into a kind that the user understands, with what to do about it. */
import type { FailureKind } from "../../contracts/builder";

/** A kind and the sentence that goes with it. */
export interface Classified {
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
    "a file of the index is not what its hash says. Don't use it; tell who runs the index",
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

/** Classifies a resolution of `requirement` that failed. `internal` when uv's words are unknown. */
export function classifyResolution(requirement: string, output: string): Classified {
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

/** Classifies a source archive that could not be built into a wheel. */
export function classifySourceBuild(requirement: string, output: string): Classified {
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

/** Classifies an offline installation that failed. */
export function classifyInstallation(requirement: string, output: string): Classified {
  return classify(`Can't install ${requirement}`, INSTALL_RULES, output);
}

function classify(what: string, rules: readonly Rule[], output: string): Classified {
  // uv wraps and indents its explanations.
  const text = output.replace(/\s+/g, " ");
  for (const [pattern, kind, advice] of rules) {
    if (pattern.test(text)) return { kind, message: `${what}: ${advice}.` };
  }
  return {
    kind: "internal",
    message: `${what}: uv failed in a way unknown to the builder. Please report it.`,
  };
}

/** True when a wheels-only resolution failed because something has a source archive only: letting those in may help. */
export function lacksWheel(output: string): boolean {
  return /Wheels are required for `/.test(output);
}
