import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings, type BuilderSettings } from "../../../../runtime/builder/settings";

/** The builder's settings on this machine, with the test's own cache and scratch folder and very short waits. */
export function machineSettings(folder: string): BuilderSettings {
  if (process.env["STRATA_UV"] === undefined) {
    throw new Error(
      "These tests need uv and Python: run them through `./strata test`, which sets STRATA_UV.",
    );
  }
  const settings = parseSettings({ ...process.env, STRATA_CACHE: join(folder, "cache") });
  return { ...settings, scratch: folder, retries: { retries: 3, minTimeout: 1 } };
}

/** A folder that is removed after the suite. Call it at the top of `describe`. */
export function suiteFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "strata-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The Python that real and generated packages are built for. */
export function testPython(settings: BuilderSettings): string {
  const [first] = ["3.12", "3.13", ...Object.keys(settings.pythons)].filter(
    (version) => settings.pythons[version] !== undefined,
  );
  if (first === undefined) throw new Error("STRATA_PYTHONS names no interpreter.");
  return first;
}

export const nativeArchitecture = process.arch === "arm64" ? "arm64" : "x86_64";
