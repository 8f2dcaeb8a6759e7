import type { Architecture, PythonVersion } from "../../contracts/target";

/** The machine word of wheel tags and of uv. */
export function machineOf(architecture: Architecture): "x86_64" | "aarch64" {
  return architecture === "x86_64" ? "x86_64" : "aarch64";
}

/** The minor part: 13 for `3.13`. */
export function minorOf(python: PythonVersion): number {
  return Number(python.slice(python.indexOf(".") + 1));
}

/**
 * The newest glibc 2 minor version that the Lambda runtime offers: Python 3.11 and older run on Amazon Linux 2, for whose
 * 2.26 wheels are published as manylinux_2_17; 3.12 and newer on Amazon Linux 2023 with 2.34.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
export function glibcMinorOf(python: PythonVersion): 17 | 34 {
  return minorOf(python) <= 11 ? 17 : 34;
}

/** The platform as uv's `--python-platform` takes it: `x86_64-manylinux_2_34`. */
export function uvPlatform(python: PythonVersion, architecture: Architecture): string {
  return `${machineOf(architecture)}-manylinux_2_${String(glibcMinorOf(python))}`;
}
