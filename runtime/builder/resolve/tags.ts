/** Which wheel fits a target best: PEP 425 compatibility tags, in the order in which installers prefer them. */
import type { Architecture, PythonVersion } from "../../contracts/target";
import { glibcMinorOf, machineOf, minorOf } from "./platform";

/** A wheel's file name taken apart. `build` is the optional build tag: a number and a suffix. */
export interface WheelName {
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

/** Takes `name-version(-build)?-python-abi-platform.whl` apart; `undefined` when it is no wheel's name. */
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

/** Position of the wheel's best tag in `tags`, 0 being the best; `undefined` when it doesn't fit. */
export function wheelRank(name: WheelName, tags: ReadonlyMap<string, number>): number | undefined {
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

/** The file to take of several wheels of one release: best tag, then highest build tag; `undefined` when none fits. */
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
