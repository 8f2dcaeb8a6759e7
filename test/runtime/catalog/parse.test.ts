import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { CatalogError } from "../../../runtime/catalog/catalog";
import { catalogFiles, parseCatalog } from "../../../runtime/catalog/parse";
import { requirementOf } from "../../../runtime/contracts/target";

const HEADER = "Package_Name,License,Authors/Maintainers";
const REGIONS = "Code,Name\nus-east-1,US East\neu-west-1,Ireland\n";

function filesOf(packages: string, more: Record<string, string> = {}): Record<string, string> {
  const config = { python_versions: ["3.12"], "3.12": { packages_file: "p.csv" } };
  return { "config.json": JSON.stringify(config), "p.csv": packages, "regions.csv": REGIONS, ...more };
}

function problemsOf(files: Record<string, string>, pythons = ["3.12"], regions: string[] = []): string[] {
  try {
    parseCatalog(files, pythons, regions);
  } catch (error) {
    if (error instanceof CatalogError) {
      return error.problems.map(({ file, line, reason }) => `${file}:${line}: ${reason}`);
    }
  }
  throw new Error("The catalog was expected to be refused.");
}

describe("parseCatalog", () => {
  it("reads which modules other layers bring, and refuses what is not a module name", () => {
    const catalog = (needs: string) =>
      parseCatalog(filesOf(`${HEADER},Needs\nimutils,MIT,A,${needs}\n`), ["3.12"]);
    expect(catalog("cv2  numpy").packages[0]?.needs).to.deep.equal(["cv2", "numpy"]);
    expect(catalog("").packages[0]).not.to.have.property("needs");
    expect(() => catalog("../cv2")).to.throw(/Needs holds "\.\.\/cv2"/);
  });

  it("reads names, extras, specifiers and prune policies", () => {
    const csv =
      `\uFEFF${HEADER},Version,Prune\nRequests, Apache-2.0 ,K. Reitz,"<3,>=2",\n\n` +
      `"psycopg[pool,binary]",LGPL,"A, B",,keep-tests\nboto3,x,y,,keep-runtime\nidna,x,y,,none\n`;
    const { packages, regions } = parseCatalog(filesOf(csv), ["3.12"]);
    expect(packages.map(requirementOf)).to.deep.equal(["boto3", "idna", "psycopg[binary,pool]", "requests"]);
    expect(packages[3]).to.deep.equal({
      python: "3.12",
      name: "requests",
      extras: [],
      specifier: "<3,>=2",
      prune: { tests: true, runtime: true },
      license: "Apache-2.0",
      authors: "K. Reitz",
    });
    expect(packages.map(({ prune }) => prune)).to.deep.equal([
      { tests: true, runtime: false },
      { tests: false, runtime: false },
      { tests: false, runtime: true },
      { tests: true, runtime: true },
    ]);
    expect(packages[2]?.authors).to.equal("A, B");
    expect(regions.map(({ code }) => code)).to.deep.equal(["eu-west-1", "us-east-1"]);
  });

  it("gives a Python that config.json does not name the default packages file", () => {
    const config = {
      python_versions: ["3.12"],
      "3.12": { packages_file: "p.csv" },
      default_packages_file: "d.csv",
    };
    const files = filesOf(`${HEADER}\na,,\n`, {
      "config.json": JSON.stringify(config),
      "d.csv": `${HEADER}\nb,,\n`,
    });
    const { packages } = parseCatalog(files, ["3.12", "3.14"]);
    expect(packages.map(({ python, name }) => `${python} ${name}`)).to.deep.equal(["3.12 a", "3.14 b"]);
    expect(catalogFiles(files["config.json"] ?? "", ["3.12", "3.14"])).to.deep.equal([
      "p.csv",
      "d.csv",
      "regions.csv",
    ]);
  });

  it("skips a Python that another stage builds for, and says so", () => {
    const config = { python_versions: ["3.12", "3.13"], default_packages_file: "p.csv" };
    const files = filesOf(`${HEADER}\na,,\n`, { "config.json": JSON.stringify(config) });
    expect(parseCatalog(files, ["3.12"]).skippedPythons).to.deep.equal(["3.13"]);
  });

  it("has a digest that depends on content, not on order or spacing", () => {
    const one = parseCatalog(filesOf(`${HEADER}\na,,\nb,,\n`), ["3.12"]).digest;
    expect(parseCatalog(filesOf(`${HEADER}\n\nB , ,\na,,\n`), ["3.12"]).digest).to.equal(one);
    expect(parseCatalog(filesOf(`${HEADER},Version\na,,,==1\nb,,,\n`), ["3.12"]).digest).to.not.equal(one);
  });

  const refusals: readonly [string, Record<string, string>, string][] = [
    ["a missing header", filesOf("requests,Apache,K\n"), "p.csv:1: the header is missing Package_Name"],
    [
      "an unknown column",
      filesOf(`${HEADER},Colour\na,,,\n`),
      "p.csv:1: the header has unknown columns: Colour",
    ],
    ["a wrong column count", filesOf(`${HEADER}\na,,\npsycopg[binary,pool],x,y\n`), "p.csv:3: has 4 columns"],
    ["a broken quote", filesOf(`${HEADER}\na,,\n"b,,\n`), "p.csv:3: is not CSV"],
    [
      "a duplicate after normalisation",
      filesOf(`${HEADER}\nA.b,,\na_B,,\n`),
      "p.csv:3: a-b is already on line 2",
    ],
    [
      "extras that are the same",
      filesOf(`${HEADER}\n"a[x,y]",,\n"A[Y,X]",,\n`),
      "p.csv:3: a[x,y] is already on line 2",
    ],
    ["a path as a name", filesOf(`${HEADER}\n../x,,\n`), 'p.csv:2: "../x" is not a package name'],
    ["a command as a name", filesOf(`${HEADER}\na; rm -rf,,\n`), 'p.csv:2: "a; rm -rf" is not'],
    [
      "a version behind the name",
      filesOf(`${HEADER}\na==1,,\n`),
      "p.csv:2: a: write the version in the column Version",
    ],
    [
      "a bad specifier",
      filesOf(`${HEADER},Version\na,,,latest\n`),
      'p.csv:2: "latest" is not a version specifier',
    ],
    [
      "an unknown prune policy",
      filesOf(`${HEADER},Prune\na,,,constructor\n`),
      'p.csv:2: Prune is "constructor"',
    ],
    ["an empty file", filesOf(""), "p.csv:1: is empty"],
    ["an empty catalog", filesOf(`${HEADER}\n`), "p.csv:1: lists no package"],
    ["a layer name that is too long", filesOf(`${HEADER}\n${"a".repeat(120)},,\n`), "p.csv:2: "],
    [
      "a bad region code",
      filesOf(`${HEADER}\na,,\n`, { "regions.csv": "Code,Name\nmoon,M\n" }),
      'regions.csv:2: "moon"',
    ],
    [
      "a region twice",
      filesOf(`${HEADER}\na,,\n`, { "regions.csv": `${REGIONS}us-east-1,again\n` }),
      "regions.csv:4: us-east-1 is listed twice",
    ],
    [
      "an unknown Python",
      filesOf(`${HEADER}\na,,\n`, {
        "config.json": `{\n"python_versions": ["3.12",\n"2.7"],\n"default_packages_file": "p.csv"}`,
      }),
      'config.json:3: "2.7" is not a Python version',
    ],
    ["a config that is not JSON", filesOf("", { "config.json": "{\n  nope" }), "config.json:2: is not JSON"],
    [
      "a packages file somewhere else",
      filesOf("", { "config.json": `{"python_versions": ["3.12"],\n"3.12": {"packages_file": "../p.csv"}}` }),
      'config.json:2: "3.12": must be the plain name',
    ],
    [
      "a Python without packages file",
      filesOf("", { "config.json": `{"python_versions": ["3.12"]}` }),
      "config.json:1: Python 3.12 has no packages file",
    ],
  ];
  for (const [what, files, expected] of refusals) {
    it(`refuses ${what} with file, line and reason`, () => {
      expect(problemsOf(files)).to.satisfy(
        (all: string[]) => all.some((problem) => problem.startsWith(expected)),
        expected,
      );
    });
  }

  it("refuses a file that is not there", () => {
    const files = filesOf("");
    delete files["p.csv"];
    expect(problemsOf(files)).to.deep.equal(["p.csv:1: is missing. Upload it beside config.json."]);
    expect(problemsOf({})).to.include("config.json:1: is missing. Upload it beside config.json.");
  });

  it("refuses a catalog that is missing a region of the stage", () => {
    const problems = problemsOf(filesOf(`${HEADER}\na,,\n`), ["3.12"], ["us-east-1", "sa-east-1"]);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include("is missing sa-east-1");
  });

  it("names every problem at once", () => {
    const files = filesOf(`${HEADER}\n../x,,\nok,,\nok,,\n`, { "regions.csv": "Code,Name\nmoon,M\n" });
    expect(problemsOf(files)).to.have.length(3);
  });

  it("accepts or refuses any text, and never throws another error", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (packages, regions, config) => {
        for (const files of [
          filesOf(`${HEADER}\n${packages}`, { "regions.csv": `Code,Name\n${regions}` }),
          filesOf(packages, { "config.json": config }),
        ]) {
          try {
            parseCatalog(files, ["3.12"]);
          } catch (error) {
            expect(error).to.be.instanceOf(CatalogError);
            expect((error as CatalogError).problems).to.not.have.length(0);
            for (const { line } of (error as CatalogError).problems) expect(line).to.be.at.least(1);
          }
        }
      }),
    );
  });
});

describe("the catalogs of the stages", () => {
  const folder = join(__dirname, "../../../stacks/catalog");
  for (const stage of readdirSync(folder)) {
    it(`${stage} is valid for Python 3.12 and 3.13`, () => {
      const names = readdirSync(join(folder, stage));
      const files = Object.fromEntries(
        names.map((name) => [name, readFileSync(join(folder, stage, name), "utf8")]),
      );
      const { packages, regions } = parseCatalog(files, ["3.12", "3.13"], ["us-east-1", "eu-west-1"]);
      for (const python of ["3.12", "3.13"]) {
        const rows = packages.filter((row) => row.python === python);
        expect(rows.length).to.be.at.least(12);
        expect(rows.map(requirementOf)).to.include.members([
          "requests",
          "psycopg[binary,pool]",
          "awswrangler",
        ]);
      }
      expect(regions.length).to.be.at.least(2);
    });
  }
});
