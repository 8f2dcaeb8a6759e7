import { GetLayerVersionPolicyCommand, ListLayerVersionsCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { importInLambda } from "../../tasks/layers/import-check";
import type { ListedTarget } from "../../tasks/layers/layer-table";
import { type TestPlatform, eventually } from "./running-platform";

/** What `start` and `layers build` print as JSON, in part. */
interface Started {
  readonly apiUrl: string;
  readonly counts: Readonly<
    Record<"targets" | "built" | "unchanged" | "failed" | "published" | "refused", number>
  >;
  readonly layers: readonly ListedTarget[];
  readonly imports: readonly { readonly imported: Readonly<Record<string, unknown>> }[];
}

const PACKAGES = [
  ...["awswrangler", "cryptography", "idna", "imutils", "jinja2", "numpy", "orjson", "psycopg[binary,pool]"],
  ...["pydantic", "python-dateutil", "pyyaml", "requests", "tabulate"],
];

/** The emulator runs Python Lambdas with the interpreter it runs on itself; `start` imports with that one. */
const machine = process.arch === "arm64" ? "arm64" : "x86_64";

/** From an empty machine to layers that import. */
export function layerTests(platform: () => TestPlatform): void {
  describe("start", () => {
    let started: Started;
    before(async function () {
      this.timeout(900_000);
      started = await platform().json<Started>(["start", "--port", String(platform().port)]);
    });

    it("builds every package of the catalog for both Pythons and architectures, and fails none", () => {
      const targets = PACKAGES.flatMap((name) =>
        ["3.12", "3.13"].flatMap((python) => ["x86_64", "arm64"].map((arch) => `${name} ${python} ${arch}`)),
      );
      const rows = started.layers.map((row) => `${row.package} ${row.python} ${row.architecture}`);
      expect(rows.sort()).to.deep.equal(targets.sort());
      expect(started.counts).to.include({
        targets: targets.length,
        built: targets.length,
        failed: 0,
        refused: 0,
      });
    });

    it("publishes each of them in both regions", () => {
      for (const { package: name, arns } of started.layers) {
        expect(Object.keys(arns).sort(), name).to.deep.equal(["eu-west-1", "us-east-1"]);
        for (const [region, arn] of Object.entries(arns))
          expect(arn).to.match(new RegExp(`:${region}:.*:layer:strata-p`));
      }
    });

    it("publishes the bytes of a pure package once for both architectures", () => {
      const arns = (name: string) =>
        new Set(
          started.layers
            .filter((row) => row.package === name && row.python === "3.13")
            .map(({ arns }) => arns["us-east-1"]),
        );
      expect(arns("idna").size).to.equal(1);
      expect(arns("numpy").size).to.equal(2);
    });

    it("imports on its own machine's architecture, and says what it could not verify", () => {
      for (const row of started.layers) {
        const verified = row.architecture === machine || !/numpy|orjson|cryptography/.test(row.package);
        if (!verified) expect(row.importTest, row.package).to.equal("unverified");
        if (row.package !== "imutils" && row.architecture === machine) {
          expect(row.importTest, `${row.package} ${row.python}`).to.equal("passed");
        }
      }
    });

    it("brings awswrangler below the limit by pruning", () => {
      const rows = started.layers.filter((row) => row.package === "awswrangler");
      expect(rows.length).to.equal(4);
      for (const { unzippedBytes } of rows)
        expect(unzippedBytes).to.be.greaterThan(150e6).and.at.most(262_144_000);
    });

    it("shows a Lambda that imported layers", () => {
      expect(started.imports.flatMap(({ imported }) => Object.keys(imported))).to.have.members([
        "requests",
        "numpy",
      ]);
    });

    it("lets a Lambda import native packages with extras from their layer in the other region", async () => {
      const connection = platform().connection();
      const shown = started.imports[0] === undefined ? "3.12" : pythonOf(started);
      for (const [name, modules] of [
        ["psycopg[binary,pool]", ["psycopg", "psycopg_binary", "psycopg_pool"]],
        ["orjson", ["orjson"]],
      ] as const) {
        const row = started.layers.find(
          (layer) => layer.package === name && layer.python === shown && layer.architecture === machine,
        );
        const layerArn = row?.arns["eu-west-1"] ?? "";
        const imported = await importInLambda(connection, {
          python: shown,
          architecture: machine,
          layerArn,
          modules,
        });
        expect(Object.keys(imported)).to.deep.equal([...modules]);
      }
    });

    it("keeps private layers private", async () => {
      const connection = platform().connection();
      const { LayerVersions } = await connection
        .lambda()
        .send(new ListLayerVersionsCommand({ LayerName: "strata-p313-idna" }));
      const policy = await connection
        .lambda()
        .send(
          new GetLayerVersionPolicyCommand({
            LayerName: "strata-p313-idna",
            VersionNumber: LayerVersions?.[0]?.Version,
          }),
        )
        .catch((error: Error) => error.name);
      expect(policy).to.equal("ResourceNotFoundException");
    });

    it("calls the inline handler for each published layer version", async () => {
      const published = await eventually("a line for every layer version", 30, async () => {
        const { stdout } = await platform().strata(["logs", "layers-published"]);
        const arns = new Set(stdout.match(/arn:aws:lambda:[\w-]+:\d+:layer:strata-[\w-]+:\d+/g) ?? []);
        return arns.size >= started.counts.published ? arns : undefined;
      });
      expect(published.size).to.equal(started.counts.published);
    });
  });

  describe("start again", () => {
    it("rebuilds nothing and says so", async () => {
      const { code, stdout, stderr } = await platform().strata(["start"]);
      expect(code, stderr).to.equal(0);
      expect(stderr).to.match(/nothing to change/);
      expect(stdout).to.match(
        /Nothing to rebuild: 52\/52 targets, 0 built, 52 unchanged, 0 layer versions published/,
      );
      expect(stdout).to.match(/numpy .*passed .*2\/2 .*arn:aws:lambda/);
      expect(stdout).to.match(/Spec: pets 1\.0\.0 is already built/);
      expect(stdout).to.match(/API: curl 'http:.*\/api\/v2\/p3\.12\/layers\/latest\/us-east-1'/);
    });
  });

  describe("layers build --force", () => {
    it("gives the same bytes from the same lock", async () => {
      const before = await shaOf(platform(), "orjson");
      const { counts } = await platform().json<Started>(["layers", "build", "orjson", "imutils", "--force"]);
      expect(counts).to.include({ built: 8, failed: 0, published: 0 });
      expect(await shaOf(platform(), "orjson")).to.deep.equal(before);
      expect(new Set(before).size).to.equal(4);
    });
  });
}

/** The Python that `start` imported with: the only one whose layers the emulator's Lambdas can load. */
function pythonOf(started: Started): string {
  const [first] = started.imports as readonly { readonly layerArn?: string }[];
  return first?.layerArn?.includes("-p312-") === true ? "3.12" : "3.13";
}

async function shaOf(platform: TestPlatform, name: string): Promise<string[]> {
  const shown = await platform.json<{
    readonly targets: readonly { readonly built: { readonly sha256: string } }[];
  }>(["layers", "show", name]);
  return shown.targets.map(({ built }) => built.sha256);
}
