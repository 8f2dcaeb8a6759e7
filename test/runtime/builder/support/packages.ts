/** Invented packages: wheels and source archives with the content that a test needs. */
import { createHash } from "node:crypto";
import { zipSync, type Zippable } from "fflate";

export interface IndexFile {
  readonly filename: string;
  readonly bytes: Buffer;
}

interface PackageParts {
  readonly name: string;
  readonly version?: string;
  /** Files by path, relative to site-packages. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly requires?: readonly string[];
  readonly tag?: string;
  readonly entryPoints?: string;
  /** False stores the members uncompressed. */
  readonly compressed?: boolean;
}

function metadata({ name, version = "1.0", requires = [] }: PackageParts): string {
  const lines = ["Metadata-Version: 2.1", `Name: ${name}`, `Version: ${version}`];
  return [...lines, ...requires.map((requirement) => `Requires-Dist: ${requirement}`), ""].join("\n");
}

function archive(files: Readonly<Record<string, string | Buffer>>, compressed: boolean): Buffer {
  const members: Zippable = {};
  for (const [path, content] of Object.entries(files)) {
    members[path] = [
      new Uint8Array(Buffer.from(content)),
      { level: compressed ? 6 : 0, mtime: "2020-02-02T00:00:00" },
    ];
  }
  return Buffer.from(zipSync(members));
}

/** A wheel; by default `py3-none-any` with one empty module named as the package. */
export function makeWheel(parts: PackageParts): IndexFile {
  const { name, version = "1.0", tag = "py3-none-any", compressed = true } = parts;
  const module = name.replaceAll("-", "_");
  const info = `${module}-${version}.dist-info`;
  const files: Record<string, string | Buffer> = {
    ...(parts.files ?? { [`${module}/__init__.py`]: "" }),
    [`${info}/METADATA`]: metadata(parts),
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
  };
  if (parts.entryPoints !== undefined) files[`${info}/entry_points.txt`] = parts.entryPoints;
  const rows = Object.entries(files).map(([path, content]) => {
    const digest = createHash("sha256").update(content).digest("base64url");
    return `${path},sha256=${digest},${String(Buffer.byteLength(content))}`;
  });
  files[`${info}/RECORD`] = [...rows, `${info}/RECORD,,`, ""].join("\n");
  return { filename: `${module}-${version}-${tag}.whl`, bytes: archive(files, compressed) };
}

/**
 * A source archive that contains its own build backend, so that building it fetches nothing. The backend runs `setup` (Python)
 * and then writes `wheel`.
 */
export function makeSourceArchive(
  name: string,
  wheel: IndexFile,
  setup = "",
  parts: Pick<PackageParts, "version" | "requires"> = {},
): IndexFile {
  const { version = "1.0", requires = [] } = parts;
  const root = `${name}-${version}`;
  const backend = `
import base64, os
WHEEL = ${JSON.stringify(wheel.filename)}
def build_wheel(folder, config_settings=None, metadata_directory=None):
${setup === "" ? "    pass" : setup.replace(/^/gm, "    ")}
    with open(os.path.join(folder, WHEEL), "wb") as file:
        file.write(base64.b64decode(${JSON.stringify(wheel.bytes.toString("base64"))}))
    return WHEEL
`;
  const project = `[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n`;
  const files = {
    [`${root}/pyproject.toml`]: `${project}[project]\nname = "${name}"\nversion = "${version}"\ndependencies = ${JSON.stringify(requires)}\n`,
    [`${root}/backend.py`]: backend,
    [`${root}/PKG-INFO`]: metadata({ ...parts, name }),
  };
  return { filename: `${root}.zip`, bytes: archive(files, true) };
}

/** A wheel with a build backend. The backend builds nothing; it fails with a message that names it and its version. */
export function makeBackend(name: string, version: string): IndexFile {
  const module = name.replaceAll("-", "_");
  const source = `
def build_wheel(folder, config_settings=None, metadata_directory=None):
    raise SystemExit("built by ${name} ${version}")
`;
  return makeWheel({ name, version, files: { [`${module}/__init__.py`]: source } });
}

/**
 * A source archive whose build backend is another distribution of the package index, `requirement`. With `declared` false the
 * project doesn't declare its dependencies, so that uv must run the backend to resolve it.
 */
export function makeProject(name: string, requirement: string, declared = true): IndexFile {
  const root = `${name}-1.0`;
  const backend = (/^[\w-]+/.exec(requirement)?.[0] ?? "").replaceAll("-", "_");
  const project = `[build-system]\nrequires = ["${requirement}"]\nbuild-backend = "${backend}"\n`;
  const files = {
    [`${root}/pyproject.toml`]: `${project}[project]\nname = "${name}"\nversion = "1.0"\n${declared ? "" : 'dynamic = ["dependencies"]\n'}`,
    [`${root}/PKG-INFO`]: metadata({ name }),
  };
  return { filename: `${root}.zip`, bytes: archive(files, true) };
}
