import { appendFile, chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { startEmulator } from "../../../local/emulator/emulator";
import { emulatorProgram } from "../../../local/emulator/program";
import { REPOSITORY } from "../../../local/paths";
import { type Tools } from "../../../local/tools/tools";
import { freePort, homeForEachTest, rejection, testTools } from "../home";

const ADDITIONS = join(REPOSITORY, "local/emulator/additions");

describe("the emulator's program", () => {
  let tools: Tools;
  let home: string;
  const newHome = homeForEachTest();
  before(async function () {
    this.timeout(10 * 60_000);
    tools = await testTools();
  });
  beforeEach(() => {
    home = newHome();
  });

  it("has another digest when the additions, the pinned or the package requirements change", async () => {
    const copy = join(home, "additions");
    await cp(ADDITIONS, copy, { recursive: true });
    const { digest } = await emulatorProgram(tools);
    const others = { additions: copy };
    expect((await emulatorProgram(tools, others)).digest).to.equal(digest);
    expect((await emulatorProgram({ python: "/of/another/pin" }, others)).digest).not.to.equal(digest);
    const specRequirements = "/of/another/driver";
    expect((await emulatorProgram(tools, { ...others, specRequirements })).digest).not.to.equal(digest);
    await appendFile(join(copy, "pinned.py"), "# changed\n");
    expect((await emulatorProgram(tools, others)).digest).not.to.equal(digest);
  });

  describe("with another emulator than the additions were written for", () => {
    /** Tools with a MiniStack of that version, in which the files of services are as given. */
    async function toolsWith(version: string, services: Readonly<Record<string, string>>): Promise<Tools> {
      const packages = join(home, "packages");
      await mkdir(join(packages, "ministack/services"), { recursive: true });
      await mkdir(join(packages, `ministack-${version}.dist-info`));
      const metadata = `Metadata-Version: 2.1\nName: ministack\nVersion: ${version}\n`;
      await writeFile(join(packages, `ministack-${version}.dist-info/METADATA`), metadata);
      for (const [service, code] of Object.entries(services)) {
        await writeFile(join(packages, `ministack/services/${service}.py`), code);
      }
      await writeFile(join(packages, "ministack/__init__.py"), "");
      const python = join(home, "python.sh");
      await writeFile(python, `#!/bin/sh\nPYTHONPATH='${packages}' exec '${tools.python}' "$@"\n`);
      await chmod(python, 0o755);
      return { ...tools, python };
    }

    const ANYTHING = "def __getattr__(name): return None\n";
    const ALL = { eventbridge: ANYTHING, glue: ANYTHING, lambda_svc: ANYTHING, sns: ANYTHING };

    async function refusal(other: Tools): Promise<string> {
      return (await rejection(startEmulator({ home, tools: other, port: await freePort() }))).message;
    }

    it("doesn't start, and says what goes together", async () => {
      expect(await refusal(await toolsWith("9.8.7", ALL)))
        .to.contain("installed is 9.8.7.")
        .and.to.contain("local/tools/requirements.txt and the additions go together")
        .and.to.contain("0008-emulator-additions.md");
    });

    it("names what is gone, a function or a whole service", async () => {
      const [, version = ""] =
        /^VERSION = "(.+)"$/m.exec(await readFile(join(ADDITIONS, "pinned.py"), "utf8")) ?? [];
      const glue = "def _handle_request_sync(): pass\n_tables = _partitions = {}\n";
      const services = { eventbridge: ANYTHING, glue, lambda_svc: ANYTHING };
      expect(await refusal(await toolsWith(version, services))).to.contain(
        `installed is ${version}, in which glue.error_response_json, glue.get_account_id, glue.json_response, sns._deliver_to_lambda is missing.`,
      );
    });
  });

  it("replaces an emulator that runs an earlier program, or other package requirements, on its port", async () => {
    const specRequirements = join(home, "requirements");
    const first = await startEmulator({ home, tools, specRequirements, port: await freePort() });
    const again = await startEmulator({ home, tools, specRequirements });
    expect(again).to.include({ started: false, instance: first.instance });
    const messages: string[] = [];
    const progress = (message: string) => messages.push(message);
    const second = await startEmulator({ home, tools, specRequirements: `${home}/others`, progress });
    expect(second).to.include({ started: true, port: first.port });
    expect(second.instance).not.to.equal(first.instance);
    expect(messages[0]).to.contain("of an older version of Strata");
  });
});
