import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { RealSpecBuilder, PLAIN_BUILD, model, petProperties, specOf } from "./real-spec-builder";

describe("a spec build keeps a spec's text from becoming code:", () => {
  const builder = new RealSpecBuilder();
  let proof = "";
  before(() => {
    proof = join(builder.folder, "proof");
  });
  afterEach(() => {
    expect(existsSync(proof)).to.equal(false);
  });

  /** An expression that creates a file. */
  const attack = (): string => `__import__('pathlib').Path('${proof}').touch()`;

  /** Removes the file that an attack created, and returns whether there was one. */
  function attacked(): boolean {
    return (
      builder.python(
        "import os, sys; print(os.path.exists(sys.argv[1]) and not os.remove(sys.argv[1]))",
        proof,
      ) === "True\n"
    );
  }

  /** Builds a spec as build_json does it without us. */
  function plainly(spec: string, name: string): void {
    writeFileSync(join(builder.folder, "hostile.json"), spec);
    builder.python(PLAIN_BUILD, "hostile.json", name, "hostile");
  }

  describe("versions and names", () => {
    const version = (): string => `1", description=${attack()} or "", maintainer="`;

    it("would run without us", () => {
      plainly(specOf(undefined, { version: version() }), "pets");
      expect(attacked()).to.equal(true);
      expect(() => plainly(specOf(), `pets", description=${attack()} or "", maintainer="`)).not.to.throw();
      expect(attacked()).to.equal(true);
    });

    it("are refused before any Python sees them", async () => {
      const driver = { build: () => Promise.reject(new Error("Python saw it")) };
      const names = ["pets'", 'pets"', "pets\n", "../pets", "pets/x", "", "1pets", "p".repeat(65), "{{7*7}}"];
      for (const packageName of [...names, `pets", description=${attack()} or "", maintainer="`]) {
        expect(await builder.refusal({ packageName }, { driver }), packageName).to.match(/part/);
      }
      const versions = ['1.0"', "1.0\n", " 1.0", "latest", "", "1.0\\", "{{7*7}}", "1/0", version()];
      for (const hostile of versions) {
        const request = { version: hostile, spec: specOf(undefined, { version: hostile }) };
        expect(await builder.refusal(request, { driver }), hostile).to.match(/PEP 440|three parts/);
      }
    });

    it("come from the request, whatever version the spec itself names", async () => {
      await builder.files({ spec: specOf(undefined, { version: version() }) });
    });

    it("are replaced by the driver itself, too", async () => {
      const task = builder.task(specOf(undefined, { version: version() }));
      expect(await builder.driver.build(task)).to.have.property("outcome", "built");
      expect(readdirSync(join(task.folder, "packages"))).to.include("pets-1.2.0.tar.gz");
    });
  });

  describe("descriptions and property names of a model", () => {
    const property = (name: string, changes: object): string =>
      specOf({
        Pet: model("Pet", { properties: { ...petProperties, [name]: { type: "string", ...changes } } }),
      });
    const described = (): string => specOf({ Pet: model("Pet", { description: `"""; ${attack()}; """` }) });

    it("would run without us in every program that imports the package", () => {
      plainly(described(), "victim");
      builder.python("import sys; sys.path[:0] = ['hostile/victim']; import victim");
      expect(attacked()).to.equal(true);
    });

    it("are refused, and the line is shown", async () => {
      expect(await builder.refusal({ spec: described() }))
        .to.match(/^The schema .Pet. would become Python code that isn't a model, near/)
        .and.contain("Path(")
        .and.contain("Python identifiers");
      const hostile = [
        property("x", { description: `"""\n    ${attack()}\n    """` }),
        property(`x: int = ${attack()}\n    y`, {}),
        property(`x: ${attack()} = 1, y`, {}),
        property("first-name", {}),
        property("class", {}),
        property("x", { description: "a path, C:\\users" }),
        specOf({ [`Pet: pass\n${attack()}\nclass X`]: model("Pet") }),
        specOf({ [`Pet(${attack()})`]: model("Pet") }),
        specOf({ "Small Pet": model("Pet") }),
      ];
      for (const spec of hostile) {
        expect(await builder.refusal({ spec }), spec).to.match(
          /^(The schema .* would become|OpenAlchemy refuses)/,
        );
      }
    });

    it("may contain everything that isn't code", async () => {
      const schemas = {
        Pet: model("Pet", {
          description: 'Says "hello", {{ 7 * 7 }} and {% raw %}.',
          properties: {
            ...petProperties,
            born: { type: "string", format: "date", default: "2020-01-31" },
            seen: { type: "string", format: "date-time", default: "2020-01-31T10:00:00" },
            weight: { type: "number", default: -1.5 },
            tame: { type: "boolean", default: true },
            noise: { type: "string", default: `" + ${attack()} + "` },
            owner: { $ref: "#/components/schemas/Owner" },
          },
        }),
        Owner: model("Owner", { "x-backref": "pets" }),
      };
      const title = `"""; ${attack()}`;
      const { wheel } = await builder.files({ spec: specOf(schemas, { title, description: title }) });
      const file = join(builder.folder, wheel.name);
      writeFileSync(file, Buffer.from(wheel.content, "base64"));
      const program = "import sys; sys.path[:0] = sys.argv[1:]; import pets; print(pets.TPet.__doc__)";
      // A wheel can't be imported without unpacking it, because it reads the spec from its folder.
      builder.python("import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall('harmless')", file);
      expect(builder.python(program, "harmless")).to.contain('Says "hello", {{ 7 * 7 }} and {% raw %}.');
    });
  });

  it("names that would hide a module are refused, and the module isn't imported", async () => {
    for (const packageName of ["calendar", "tokenize", "setuptools", "open_alchemy", "sqlalchemy"]) {
      expect(await builder.refusal({ packageName })).to.match(
        new RegExp(`^A package can't be called ${packageName}: `),
      );
    }
  });

  it("references to other documents are refused before any Python sees them", async () => {
    const driver = { build: () => Promise.reject(new Error("Python saw it")) };
    for (const reference of ["http://127.0.0.1:9/x.json#/Pet", "../../etc/passwd#/x", "file:///etc/passwd"]) {
      const spec = specOf({ Pet: model("Pet"), Other: { $ref: reference } });
      expect(await builder.refusal({ spec }, { driver })).to.contain(reference);
    }
  });
});
