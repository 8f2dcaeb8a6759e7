import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureSpecRequirements } from "../../../../local/tools/spec-requirements";
import { buildPackages, type BuildPorts } from "../../../../runtime/specs/build/build";
import { PackageDriver, type BuildTask } from "../../../../runtime/specs/build/build-driver";
import {
  packageBuildSettings,
  type PackageBuildSettings,
} from "../../../../runtime/specs/build/build-settings";
import type { BuildAnswer, BuildRequest, PackageFile } from "../../../../runtime/contracts/specs";
import { machineSettings, suiteFolder } from "../../builder/support/machine";

type Json = Readonly<Record<string, unknown>>;

/** A property list with a key, as a model needs it. */
export const petProperties: Json = {
  id: { type: "integer", "x-primary-key": true },
  name: { type: "string", description: "What it is called." },
};

/** A model. `changes` replace parts of it. */
export function model(name: string, changes: Json = {}): Json {
  return { type: "object", "x-tablename": name.toLowerCase(), properties: petProperties, ...changes };
}

/** The text of a spec with the given schemas. */
export function specOf(schemas: Json = { Pet: model("Pet") }, info: Json = {}): string {
  return JSON.stringify({
    openapi: "3.0.3",
    info: { title: "Pets", version: "1.2.0", ...info },
    paths: {},
    components: { schemas },
  });
}

/** So many models. */
export function manyModels(count: number): string {
  const names = Array.from({ length: count }, (_, number) => `Pet${String(number)}`);
  return specOf(Object.fromEntries(names.map((name) => [name, model(name)])));
}

/** Builds packages with a real Python. Call the constructor inside `describe`. */
export class PackageMachine {
  readonly folder = suiteFolder();
  #settings: PackageBuildSettings | undefined;
  #driver: PackageDriver | undefined;

  constructor() {
    before(async () => {
      const tools = machineSettings(this.folder);
      const STRATA_SPEC_REQUIREMENTS = await ensureSpecRequirements({ tools });
      const settings = packageBuildSettings({ ...process.env, STRATA_SPEC_REQUIREMENTS });
      this.#settings = { ...settings, scratch: join(this.folder, "scratch") };
      mkdirSync(this.#settings.scratch);
      this.#driver = new PackageDriver(this.#settings);
    });
    after(() => this.#driver?.stop());
  }

  get settings(): PackageBuildSettings {
    if (this.#settings === undefined) throw new Error("asked before the suite began");
    return this.#settings;
  }

  get driver(): PackageDriver {
    if (this.#driver === undefined) throw new Error("asked before the suite began");
    return this.#driver;
  }

  build(request: Partial<BuildRequest>, ports: Partial<BuildPorts> = {}): Promise<BuildAnswer> {
    return buildPackages(
      { packageName: "pets", version: "1.2.0", spec: specOf(), ...request },
      { scratch: this.settings.scratch, driver: this.driver, ...ports },
    );
  }

  /** Why a build was refused. */
  async refusal(request: Partial<BuildRequest>, ports: Partial<BuildPorts> = {}): Promise<string> {
    const answer = await this.build(request, ports);
    if (answer.outcome !== "refused") throw new Error("the build should have been refused");
    return answer.reason;
  }

  async files(request: Partial<BuildRequest> = {}): Promise<{ wheel: PackageFile; archive: PackageFile }> {
    const answer = await this.build(request);
    if (answer.outcome !== "built") throw new Error(answer.reason);
    const [wheel, archive] = [".whl", ".tar.gz"].map((end) =>
      answer.files.find(({ name }) => name.endsWith(end)),
    );
    if (wheel === undefined || archive === undefined) throw new Error("a file is missing");
    return { wheel, archive };
  }

  /** A task for the driver itself, past everything that is checked before it. */
  task(spec: string, changes: Partial<BuildTask> = {}): BuildTask {
    const folder = mkdtempSync(join(this.folder, "task-"));
    writeFileSync(join(folder, "spec.json"), spec);
    return { folder, name: "pets", version: "1.2.0", seconds: 60, megabytes: 768, ...changes };
  }

  /** Runs a program text with the requirements on the path and a harmless clock, as a user without us would. */
  python(program: string, ...args: readonly string[]): string {
    const { python, requirements } = this.settings;
    return execFileSync(python, ["-c", program, ...args], {
      cwd: this.folder,
      env: { PATH: process.env["PATH"], PYTHONPATH: requirements, SOURCE_DATE_EPOCH: "315532800" },
      encoding: "utf8",
    });
  }
}

/** What a user without us would run, with the spec's file, the package's name and the folder for the result. */
export const PLAIN_BUILD = `
import sys
from open_alchemy import PackageFormat, build_json
build_json(sys.argv[1], sys.argv[2], sys.argv[3], PackageFormat.SDIST | PackageFormat.WHEEL)
`;
