import { access, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type PulumiCommand } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { ensureEngine } from "../../../local/engine/engine";
import { runStack } from "../../../local/engine/run-stack";
import { openStack, type PulumiFn, type Stack } from "../../../local/engine/stack";
import { rejection, removeHome, temporaryHome } from "../home";

describe("stack in the user's own backend", () => {
  let engine: PulumiCommand;
  let home: string;
  let backend: string;

  before(async function () {
    this.timeout(30 * 60_000);
    engine = await ensureEngine();
    home = await temporaryHome();
    backend = join(home, "backend");
    await mkdir(backend);
    await writeFile(join(home, "Pulumi.yaml"), JSON.stringify({ name: "strata", runtime: "nodejs" }));
    await writeFile(join(home, "Pulumi.real.yaml"), JSON.stringify({ config: { "strata:stage": "real" } }));
  });
  after(() => removeHome(home));

  const program: PulumiFn = () => {
    const stage: string = new pulumi.Config("strata").require("stage");
    return Promise.resolve({ stage });
  };

  interface Given {
    readonly create?: boolean;
    readonly backend?: string;
    readonly passphrase?: Readonly<Record<string, string>>;
  }

  function open(stage: string, given: Given = {}): Promise<Stack> {
    const environment = {
      PULUMI_HOME: join(home, "pulumi"),
      PULUMI_BACKEND_URL: `file://${given.backend ?? backend}`,
      ...(given.passphrase ?? { PULUMI_CONFIG_PASSPHRASE: "x" }),
    };
    const rest = { home, program, provider: "official", engine, region: "us-east-1", root: home } as const;
    const { create } = given;
    return openStack({ ...rest, stage, environment, ...(create === undefined ? {} : { create }) });
  }

  const stacks = (): Promise<string[]> => readdir(join(backend, ".pulumi/stacks/strata")).catch(() => []);

  it("is not made by looking for it", async () => {
    const error = await rejection(open("real"));
    expect(error.name).to.equal("LocalError");
    expect(error.message).to.equal(
      `stage real is not deployed (no stack real in file://${backend}); ` +
        "`pulumi stack init real` or ./strata up real creates it",
    );
    expect(await stacks()).to.deep.equal([]);
  });

  it("is not made for a stage without settings", async () => {
    const error = await rejection(open("rael", { create: true }));
    expect(error.name).to.equal("LocalError");
    expect(error.message).to.match(/^Pulumi\.rael\.yaml cannot be used:/);
    expect(await stacks()).to.deep.equal([]);
    await rejection(access(join(home, "Pulumi.rael.yaml")));
  });

  it("is made on demand, with the settings of its stage, and found from then on", async () => {
    const made = await open("real", { create: true });
    expect(made.workspace).to.have.property("workDir", home);
    const { outputs } = await runStack(made, "up");
    expect(outputs["stage"]).to.deep.equal({ value: "real", secret: false });
    expect(await stacks()).to.include("real.json");
    expect(await (await open("real")).outputs()).to.deep.equal(outputs);
  });

  it("says what the engine said and what to do when the backend can't be reached", async () => {
    for (const create of [false, true]) {
      const error = await rejection(open("real", { create, backend: join(home, "nowhere") }));
      expect(error.name).to.equal("LocalError");
      expect(error.message)
        .to.match(/^Stack real can't be opened:\nerror: unable to open bucket/)
        .and.to.contain("pulumi login")
        .and.not.to.match(/code: -2|Command failed/);
    }
  });

  it("says so when its passphrase is missing", async () => {
    await writeFile(join(home, "Pulumi.other.yaml"), "config: {}\n");
    const names = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];
    const given = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) Reflect.deleteProperty(process.env, name);
    try {
      const error = await rejection(open("other", { create: true, passphrase: {} }));
      expect(error.message)
        .to.match(/^Stack other can't be opened:\n/)
        .and.to.contain("Set PULUMI_CONFIG_PASSPHRASE");
    } finally {
      for (const [name, value] of given) if (value !== undefined) process.env[name] = value;
    }
  });

  it("says so when its passphrase is wrong", async () => {
    const opened = await open("real", { passphrase: { PULUMI_CONFIG_PASSPHRASE: "y" } });
    const error = await rejection(runStack(opened, "preview"));
    expect(error.message)
      .to.contain("incorrect passphrase")
      .and.not.to.match(/code: -2|Command failed/);
  });
});
