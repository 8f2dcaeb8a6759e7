import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { BuildTask } from "../../../../runtime/specs/build/build-driver";
import { RealSpecBuilder, PLAIN_BUILD, manyModels, model, petProperties, specOf } from "./real-spec-builder";

describe("a spec build", () => {
  const builder = new RealSpecBuilder();
  const leftovers = (): string[] => readdirSync(builder.settings.scratch);

  it("gives a wheel and a source archive with their hashes and sizes, and leaves nothing behind", async () => {
    const answer = await builder.build({});
    if (answer.outcome !== "built") throw new Error(answer.reason);
    expect(answer.files.map(({ name }) => name)).to.deep.equal([
      "pets-1.2.0-py3-none-any.whl",
      "pets-1.2.0.tar.gz",
    ]);
    for (const { content, sha256, size } of answer.files) {
      const bytes = Buffer.from(content, "base64");
      expect(size).to.equal(bytes.length);
      expect(sha256).to.equal(createHash("sha256").update(bytes).digest("hex"));
    }
    expect(answer.peakMegabytes).to.be.within(10, 500);
    expect(leftovers()).to.be.empty;
  });

  it("finds its packages, whatever names setuptools gives them", async () => {
    const { wheel, archive } = await builder.files({
      packageName: "My-Pets",
      version: "1.0-RC1",
      spec: specOf(),
    });
    expect([wheel.name, archive.name]).to.deep.equal([
      "my_pets-1.0rc1-py3-none-any.whl",
      "my_pets-1.0rc1.tar.gz",
    ]);
  });

  it("gives the same bytes for the same spec, also from another process", async () => {
    const first = await builder.files();
    builder.driver.stop();
    expect(await builder.files()).to.deep.equal(first);
  });

  it("gives the wheel that build_json gives without us", async () => {
    const spec = manyModels(3);
    writeFileSync(join(builder.folder, "plain.json"), spec);
    builder.python(PLAIN_BUILD, "plain.json", "pets", "plain");
    const { wheel } = await builder.files({ spec });
    const plain = readFileSync(join(builder.folder, "plain/pets/dist", wheel.name));
    expect(wheel.sha256).to.equal(createHash("sha256").update(plain).digest("hex"));
  });

  it("gives the contents of build_json's source archive, without times and owners", async () => {
    const { archive } = await builder.files();
    const file = join(builder.folder, archive.name);
    writeFileSync(file, Buffer.from(archive.content, "base64"));
    const listing = `
import sys, tarfile
for member in tarfile.open(sys.argv[1]):
    print(member.mtime, member.uid, member.gid, oct(member.mode), member.name)
`;
    const lines = builder.python(listing, file).trim().split("\n");
    expect(lines).to.include("315532800 0 0 0o644 pets-1.2.0/pets/spec.json");
    expect(lines).to.include("315532800 0 0 0o755 pets-1.2.0/pets");
    const names = lines.map((line) => line.split(" ").at(-1) ?? "");
    expect(names).to.deep.equal([...names].sort());
    expect(names).to.include.members(["pets-1.2.0/setup.py", "pets-1.2.0/PKG-INFO"]);
    // The header of gzip has a time too: bytes 4 to 7.
    expect([...readFileSync(file).subarray(4, 8)]).to.deep.equal([0, 0, 0, 0]);
  });

  it("leaves the numbers of a spec as they were written, and adds the info that is missing", async () => {
    const numbers = { big: { type: "integer", default: "BIG" }, whole: { type: "number", default: "WHOLE" } };
    const Pet = model("Pet", { properties: { ...petProperties, ...numbers } });
    const bare = JSON.parse(specOf({ Pet })) as Record<string, unknown>;
    delete bare["info"];
    // 2^53 + 1: the first whole number that a double can't hold.
    const spec = JSON.stringify(bare).replace('"BIG"', "9007199254740993").replace('"WHOLE"', "1.0");
    const { wheel } = await builder.files({ spec });
    const file = join(builder.folder, "numbers.whl");
    writeFileSync(file, Buffer.from(wheel.content, "base64"));
    const show = "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())";
    expect(builder.python(show, file, "pets/spec.json")).to.match(
      /"default": ?9007199254740993\b.*"default": ?1\.0\b/,
    );
    expect(builder.python(show, file, "pets/__init__.py"))
      .to.include("9007199254740993")
      .and.include("1.0");
  });

  it("gives a wheel that pip installs into a new environment, with models that work", async () => {
    const description = "Ein Tier, auch ein größeres: 🐘";
    const { wheel } = await builder.files({ spec: specOf({ Pet: model("Pet", { description }) }) });
    const file = join(builder.folder, wheel.name);
    writeFileSync(file, Buffer.from(wheel.content, "base64"));
    const venv = join(builder.folder, "venv");
    builder.python("import sys, venv; venv.create(sys.argv[1], with_pip=True)", venv);
    const program = `
import sqlalchemy, sys
from sqlalchemy.orm import Session
from pets import Base, Pet, TPet
engine = sqlalchemy.create_engine("sqlite://")
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add(Pet(id=1, name="Rex"))
    session.commit()
    print(session.query(Pet).one().name, sys.argv[1] in TPet.__doc__)
`;
    const environment = { PATH: process.env["PATH"], PYTHONPATH: builder.settings.requirements };
    const options = { env: environment, encoding: "utf8", cwd: venv } as const;
    const python = join(venv, "bin/python");
    execFileSync(python, ["-m", "pip", "install", "--quiet", "--no-index", "--no-deps", file], options);
    expect(execFileSync(python, ["-c", program, "größeres: 🐘"], options)).to.equal("Rex True\n");
  });

  it("starts in a new folder, without the files of a killed run", async () => {
    const left = join(builder.settings.scratch, `strata-work-${String(process.pid)}-killed`, "build");
    mkdirSync(left, { recursive: true });
    await builder.build({});
    expect(leftovers()).to.be.empty;
  });

  it("cleans up after refusals and failures too", async () => {
    await builder.refusal({ spec: specOf({ Pet: model("Pet", { "x-tablename": 1 }) }) });
    expect(leftovers()).to.be.empty;
    const seen: string[] = [];
    const broken = {
      build: (): Promise<never> => {
        seen.push(...leftovers());
        return Promise.reject(new Error("no Python"));
      },
    };
    const error = await builder.build({}, { driver: broken }).catch((caught: unknown) => caught);
    expect(error).to.have.property("message", "no Python");
    expect(seen).to.have.lengthOf(1);
    expect(leftovers()).to.be.empty;
  });

  it("shows the message of OpenAlchemy to the spec's author", async () => {
    const wrong = specOf({ Pet: model("Pet", { properties: { id: { type: "none" } } }) });
    expect(await builder.refusal({ spec: wrong })).to.match(/^OpenAlchemy refuses it: Pet :: id :: .+/);
    const twice = specOf({ Pet: model("Pet"), Dog: model("Pet", { properties: petProperties }) });
    expect(await builder.refusal({ spec: twice })).to.match(/^OpenAlchemy refuses it: duplicate/);
  });

  it("says what is wrong with text that can't be written to a file", async () => {
    const spec = specOf({ Pet: model("Pet", { description: "half a pair: \ud800" }) });
    expect(await builder.refusal({ spec })).to.contain("'Pet' contains half a character");
  });

  it("calls it a bug when it gives other files than the two packages", async () => {
    const driver = {
      build: ({ folder }: BuildTask) => {
        mkdirSync(join(folder, "packages"));
        return Promise.resolve({ outcome: "built", reason: "", peakMegabytes: 1 } as const);
      },
    };
    const error = await builder.build({}, { driver }).catch((caught: unknown) => caught);
    expect(error).to.have.property("name", "BugError");
    expect(error).to.have.property("message").that.contains("nothing instead of a wheel");
  });

  it("is refused when the packages are too large for an answer", async () => {
    const limits = { seconds: 60, megabytes: 768, answerBytes: 1000 };
    expect(await builder.refusal({}, { limits })).to.match(/larger than 0\.0 MB/);
  });
});
