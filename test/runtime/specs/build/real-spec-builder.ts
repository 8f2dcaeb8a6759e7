import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureSpecRequirements } from "../../../../local/tools/spec-requirements";
import { buildPackages, type BuildPorts } from "../../../../runtime/specs/build/build";
import { SpecBuildDriver, type BuildTask } from "../../../../runtime/specs/build/build-driver";
import { specBuildSettings, type SpecBuildSettings } from "../../../../runtime/specs/build-settings";
import type { SpecBuildAnswer, SpecBuildRequest, PackageFile } from "../../../../runtime/contracts/specs";
import { machineSettings, suiteFolder } from "../../builder/support/machine";

type Json = Readonly<Record<string, unknown>>;

/** Properties with a primary key, as a model needs it. */
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

/** The text of a spec with so many models. */
export function manyModels(count: number): string {
  const names = Array.from({ length: count }, (_, number) => `Pet${String(number)}`);
  return specOf(Object.fromEntries(names.map((name) => [name, model(name)])));
}

/** Builds specs with a real Python. Call the constructor inside `describe`. */
export class RealSpecBuilder {
  readonly folder = suiteFolder();
  #settings: SpecBuildSettings | undefined;
  #driver: SpecBuildDriver | undefined;

  constructor() {
    before(async () => {
      const tools = machineSettings(this.folder);
      // A path of this suite alone: it tells the processes of this driver from those of other suites.
      const STRATA_SPEC_REQUIREMENTS = join(this.folder, "requirements");
      symlinkSync(await ensureSpecRequirements({ tools }), STRATA_SPEC_REQUIREMENTS);
      const settings = specBuildSettings({ ...process.env, STRATA_SPEC_REQUIREMENTS });
      this.#settings = { ...settings, scratch: join(this.folder, "scratch") };
      mkdirSync(this.#settings.scratch);
      this.#driver = new SpecBuildDriver(this.#settings);
    });
    after(() => this.#driver?.stop());
  }

  get settings(): SpecBuildSettings {
    if (this.#settings === undefined) throw new Error("asked before the suite began");
    return this.#settings;
  }

  get driver(): SpecBuildDriver {
    if (this.#driver === undefined) throw new Error("asked before the suite began");
    return this.#driver;
  }

  build(request: Partial<SpecBuildRequest>, ports: Partial<BuildPorts> = {}): Promise<SpecBuildAnswer> {
    return buildPackages(
      { packageName: "pets", version: "1.2.0", spec: specOf(), ...request },
      { scratch: this.settings.scratch, driver: this.driver, ...ports },
    );
  }

  /** Why a build was refused. */
  async refusal(request: Partial<SpecBuildRequest>, ports: Partial<BuildPorts> = {}): Promise<string> {
    const answer = await this.build(request, ports);
    if (answer.outcome !== "refused") throw new Error("the build should have been refused");
    return answer.reason;
  }

  async files(
    request: Partial<SpecBuildRequest> = {},
  ): Promise<{ wheel: PackageFile; archive: PackageFile }> {
    const answer = await this.build(request);
    if (answer.outcome !== "built") throw new Error(answer.reason);
    const [wheel, archive] = [".whl", ".tar.gz"].map((end) =>
      answer.files.find(({ name }) => name.endsWith(end)),
    );
    if (wheel === undefined || archive === undefined) throw new Error("a file is missing");
    return { wheel, archive };
  }

  /** A task for the driver itself, without the checks that a request passes before. */
  task(spec: string, changes: Partial<BuildTask> = {}): BuildTask {
    const folder = mkdtempSync(join(this.folder, "task-"));
    writeFileSync(join(folder, "spec.json"), spec);
    return { folder, name: "pets", version: "1.2.0", seconds: 60, megabytes: 768, ...changes };
  }

  /** Runs Python code with the requirements on its path, as a user without us would. */
  python(program: string, ...args: readonly string[]): string {
    const { python, requirements } = this.settings;
    return execFileSync(python, ["-c", program, ...args], {
      cwd: this.folder,
      env: { PATH: process.env["PATH"], PYTHONPATH: requirements, SOURCE_DATE_EPOCH: "315532800" },
      encoding: "utf8",
    });
  }
}

/** What a user without us would run, with the spec's file, the package's name and the folder for the result as arguments. */
export const PLAIN_BUILD = `
import sys
from open_alchemy import PackageFormat, build_json
build_json(sys.argv[1], sys.argv[2], sys.argv[3], PackageFormat.SDIST | PackageFormat.WHEEL)
`;
