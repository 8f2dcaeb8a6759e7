/** Which wheel fits a target best: PEP 425 compatibility tags, in the order in which installers prefer them. */
import type { Lock } from "../contracts/lock";
import type { Architecture, PythonVersion } from "../contracts/target";

/** The name of the architecture in wheel tags and in uv. */
function machineOf(architecture: Architecture): "x86_64" | "aarch64" {
  return architecture === "x86_64" ? "x86_64" : "aarch64";
}

/** The minor part: 13 for `3.13`. */
function minorOf(python: PythonVersion): number {
  return Number(python.slice(python.indexOf(".") + 1));
}

/**
 * The newest glibc 2 minor version in wheel tags that the Lambda runtime can run. Python 3.12 and newer run on Amazon Linux
 * 2023, which has glibc 2.34. Python 3.11 and older run on Amazon Linux 2, which has glibc 2.26; wheels for it are published
 * as manylinux_2_17.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
function glibcMinorOf(python: PythonVersion): 17 | 34 {
  return minorOf(python) <= 11 ? 17 : 34;
}

/** The platform as uv's `--python-platform` takes it: `x86_64-manylinux_2_34`. */
export function uvPlatform(python: PythonVersion, architecture: Architecture): string {
  return `${machineOf(architecture)}-manylinux_2_${String(glibcMinorOf(python))}`;
}

/** The parts of a wheel's file name. `build` is the optional build tag: a number and a suffix. */
interface WheelName {
  readonly distribution: string;
  readonly version: string;
  readonly build: readonly [number, string];
  readonly pythons: readonly string[];
  readonly abis: readonly string[];
  readonly platforms: readonly string[];
}

const LEGACY_ALIASES: Readonly<Record<number, string>> = {
  17: "manylinux2014",
  12: "manylinux2010",
  5: "manylinux1",
};

/** Parses `name-version(-build)?-python-abi-platform.whl`; `undefined` when it is not the name of a wheel. */
export function parseWheelName(filename: string): WheelName | undefined {
  if (!filename.endsWith(".whl")) return undefined;
  const parts = filename.slice(0, -".whl".length).split("-");
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  const [distribution, version] = parts;
  const [pythons, abis, platforms] = parts.slice(-3);
  const build = /^(\d+)(.*)$/.exec(parts.length === 6 ? (parts[2] ?? "") : "0");
  if (!distribution || !version || !pythons || !abis || !platforms || build === null) return undefined;
  return {
    distribution,
    version,
    build: [Number(build[1]), build[2] ?? ""],
    pythons: pythons.split("."),
    abis: abis.split("."),
    platforms: platforms.split("."),
  };
}

function platformTags(python: PythonVersion, architecture: Architecture): string[] {
  const machine = machineOf(architecture);
  // manylinux1 and manylinux2010 exist for x86_64 only; aarch64 starts with manylinux2014 (PEP 599).
  const oldest = architecture === "x86_64" ? 5 : 17;
  const tags: string[] = [];
  for (let minor: number = glibcMinorOf(python); minor >= oldest; minor -= 1) {
    tags.push(`manylinux_2_${String(minor)}_${machine}`);
    const alias = LEGACY_ALIASES[minor];
    if (alias !== undefined) tags.push(`${alias}_${machine}`);
  }
  return [...tags, `linux_${machine}`];
}

/** All tags that the target accepts, as `python-abi-platform`, best first. */
export function supportedTags(python: PythonVersion, architecture: Architecture): string[] {
  const minor = minorOf(python);
  const platforms = platformTags(python, architecture);
  const on = (prefix: string) => platforms.map((platform) => `${prefix}-${platform}`);
  const own = `cp3${String(minor)}`;
  const older = Array.from({ length: minor }, (_, step) => String(minor - 1 - step));
  const generic = [`py3${String(minor)}`, "py3", ...older.map((version) => `py3${version}`)];
  return [
    ...on(`${own}-${own}`),
    ...on(`${own}-abi3`),
    ...on(`${own}-none`),
    // The stable ABI exists since 3.2 (PEP 384).
    ...older.filter((version) => Number(version) >= 2).flatMap((version) => on(`cp3${version}-abi3`)),
    ...generic.flatMap((tag) => on(`${tag}-none`)),
    `${own}-none-any`,
    ...generic.map((tag) => `${tag}-none-any`),
  ];
}

/** True for wheels without compiled parts: `py3-none-any`. */
export function isPureWheel(filename: string): boolean {
  const name = parseWheelName(filename);
  return name !== undefined && name.abis.includes("none") && name.platforms.includes("any");
}

/** True when every locked file runs on every architecture. Of a source archive this is only known once it is built: false. */
export function isPureLock(lock: Lock): boolean {
  return lock.packages.every((entry) => entry.kind === "wheel" && isPureWheel(entry.file.filename));
}

/** Position of the wheel's best tag in `tags`; 0 is the best. `undefined` when the wheel doesn't fit. */
function wheelRank(name: WheelName, tags: ReadonlyMap<string, number>): number | undefined {
  let best: number | undefined;
  for (const python of name.pythons) {
    for (const abi of name.abis) {
      for (const platform of name.platforms) {
        const rank = tags.get(`${python}-${abi}-${platform}`);
        if (rank !== undefined && (best === undefined || rank < best)) best = rank;
      }
    }
  }
  return best;
}

/** The best of several wheels of one release: best tag first, then highest build tag. `undefined` when none fits. */
export function pickWheel<File extends { readonly filename: string }>(
  files: readonly File[],
  python: PythonVersion,
  architecture: Architecture,
): File | undefined {
  const tags = new Map(supportedTags(python, architecture).map((tag, rank) => [tag, rank]));
  const fitting = files.flatMap((file) => {
    const name = parseWheelName(file.filename);
    const rank = name === undefined ? undefined : wheelRank(name, tags);
    return name === undefined || rank === undefined ? [] : [{ file, rank, build: name.build }];
  });
  fitting.sort(
    (one, other) =>
      one.rank - other.rank ||
      other.build[0] - one.build[0] ||
      compareText(other.build[1], one.build[1]) ||
      compareText(one.file.filename, other.file.filename),
  );
  return fitting[0]?.file;
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
