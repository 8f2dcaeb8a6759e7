/** Installs what packages of specs are built with, and the driver that builds them, under `.strata/tools`. */
import { createHash } from "node:crypto";
import { copyFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LocalError } from "../errors";
import { ensureInstalled, type Progress, runInstaller } from "./installation";
import { REPOSITORY, toolPaths } from "../paths";
import { comparePythons, probePython } from "./pythons";
import type { Tools } from "./tools";

interface SpecRequirementsOptions {
  readonly tools: Pick<Tools, "uv" | "pythons">;
  /** `.strata` is made below. @default the checkout */
  readonly root?: string;
  /** Holds `spec-requirements.txt` and the driver's `.py` files. @default images/builder */
  readonly source?: string;
  readonly progress?: Progress;
}

/** The requirements have hashes for Python 3.10 and later; OpenAlchemy is known to work up to Python 3.13. */
const OLDEST = "3.10";
const NEWEST_TRIED = "3.13";

/**
 * Installs the requirements, unless they are installed, into a folder for one interpreter, since some have compiled parts.
 * @returns its absolute path. The file `installed` in it holds the minor version of its interpreter.
 * @throws LocalError when there is no suitable Python, or the installation fails.
 */
export async function ensureSpecRequirements(options: SpecRequirementsOptions): Promise<string> {
  const { tools, source = join(REPOSITORY, "images/builder"), progress = () => undefined } = options;
  const paths = toolPaths(options.root ?? REPOSITORY);
  const version = chooseSpecPython(Object.keys(tools.pythons));
  const python = tools.pythons[version] ?? "";
  const drivers = (await readdir(source)).filter((name) => name.endsWith(".py")).sort();
  const requirements = join(source, "spec-requirements.txt");
  const digest = createHash("sha256").update(python);
  for (const file of [requirements, ...drivers.map((name) => join(source, name))]) {
    digest.update(await readFile(file));
  }
  const directory = paths.specRequirements(digest.digest("hex"));
  await ensureInstalled({
    what: "what packages of specs are built with",
    directory,
    lock: paths.lock,
    install: async () => {
      progress(`Installing what packages of specs are built with for Python ${version} (${python})`);
      await install(tools.uv, python, requirements, directory);
      await Promise.all(drivers.map((name) => copyFile(join(source, name), join(directory, name))));
      return version;
    },
    works: async (installed) => (await probePython(python))?.version === installed,
    progress,
  });
  return directory;
}

/**
 * The newest Python that OpenAlchemy is known to work with, else the newest there is.
 * @throws LocalError when all are too old.
 */
export function chooseSpecPython(versions: readonly string[]): string {
  const able = versions
    .filter((version) => comparePythons(version, OLDEST) >= 0)
    .sort((one, other) => comparePythons(other, one));
  const choice = able.find((version) => comparePythons(version, NEWEST_TRIED) <= 0) ?? able[0];
  if (choice !== undefined) return choice;
  throw new LocalError(
    `Python ${OLDEST} or later is needed to build packages of specs; found ${versions.join(", ") || "none"}. Install Python ${NEWEST_TRIED}.`,
  );
}

async function install(uv: string, python: string, requirements: string, directory: string): Promise<void> {
  await runInstaller(
    uv,
    [
      ...["pip", "install", "--quiet", "--no-config", "--no-python-downloads", "--python", python],
      ...["--no-deps", "--require-hashes", "--requirements", requirements, "--target", directory],
      // SQLAlchemy's source archive is built with the setuptools that is pinned for building packages, too.
      ...["--build-constraints", requirements, "--compile-bytecode"],
    ],
    // The same bytes on every machine, with or without a compiler.
    { DISABLE_SQLALCHEMY_CEXT: "1" },
  );
}
