import { parse } from "csv-parse/sync";
import { expect } from "chai";
import { createApp } from "../../../runtime/layer-index/app";
import type { Runtime } from "../../../runtime/contracts/target";
import type { LayerRow, TargetState } from "../../../runtime/layers";
import { recordingLog } from "../shared/recorder";

const SCOPE = {
  pythons: ["3.12"],
  architectures: ["x86_64", "arm64"] as const,
  regions: ["us-east-1", "eu-west-1"],
};

function layer(requirement: string, more: Partial<LayerRow> = {}): LayerRow {
  return {
    region: "us-east-1",
    python: "3.12",
    architecture: "x86_64",
    requirement,
    layerName: requirement,
    layerVersion: 1,
    arn: `arn:aws:lambda:us-east-1:1:layer:${requirement}:1`,
    packageVersion: "1.0",
    sha256: "s",
    status: "latest",
    dependencies: [`${requirement}==1.0`],
    publishedAt: "2026-01-01T00:00:00.000Z",
    runId: "r",
    ...more,
  };
}

const LAYERS = [
  layer("numpy"),
  layer("numpy", { status: "deprecated", arn: "arn:old", expiryDate: "2027-01-02T03:04:05.678Z" }),
  layer("psycopg[binary,pool]", { arn: "arn:psycopg" }),
  layer("left", { python: "3.8", arn: "arn:left" }),
  layer("odd", { architecture: "arm64", packageVersion: `1<b>",x`, arn: "arn:odd" }),
];

describe("layer index API", () => {
  let broken = false;
  let asked: string[] = [];
  const ofRuntime = (runtime: Runtime) =>
    LAYERS.filter((row) => row.python === runtime.python && row.architecture === runtime.architecture);
  const app = createApp(SCOPE, {
    latestLayers: (region, runtime) => {
      if (broken) return Promise.reject(new Error("secret"));
      const rows = ofRuntime(runtime).filter((row) => row.region === region && row.status === "latest");
      return Promise.resolve(rows);
    },
    layerVersions: (region, runtime, requirement) => {
      asked.push(requirement);
      return Promise.resolve(
        ofRuntime(runtime).filter((row) => row.region === region && row.requirement === requirement),
      );
    },
    latestBuilds: ({ python, architecture }) => {
      const target = { python, architecture };
      const importTest = { status: "passed" as const, modules: [] };
      const sizes = { sha256: "s", zipBytes: 1, unzippedBytes: 1 };
      const about = { version: "2.0", buildKey: "k", runId: "r", createdAt: "2026-11-21T10:00:00.123Z" };
      const built = { ...sizes, ...about, importTest, dependencies: ["numpy==2.0"] };
      const rows: TargetState[] = [
        { ...target, requirement: "psycopg[binary]", built },
        { ...target, requirement: "never" },
      ];
      return Promise.resolve(python === "3.12" ? rows : []);
    },
    log: recordingLog(),
  });
  const get = async (path: string, init: RequestInit = {}) => app.request(path, init);
  const json = async (path: string) => (await get(path)).json();
  const V2 = "/api/v2/p3.12/layers";

  beforeEach(() => {
    broken = false;
    asked = [];
  });

  const LATEST = [
    { package: "numpy", packageVersion: "1.0", arn: "arn:aws:lambda:us-east-1:1:layer:numpy:1" },
    { package: "psycopg__binary_pool", packageVersion: "1.0", arn: "arn:psycopg" },
  ];

  for (const end of ["", "/", "/json", "/json/"]) {
    it(`lists a region's latest layers at …/us-east-1${end}`, async () => {
      const response = await get(`${V2}/latest/us-east-1${end}`);
      expect(response.status).to.equal(200);
      expect(response.headers.get("content-type")).to.match(/^application\/json/);
      expect(await response.json()).to.deep.equal(LATEST);
    });
  }

  it("gives the same list as CSV, quoted where necessary", async () => {
    const response = await get(`${V2}/latest/us-east-1/csv`);
    expect(response.headers.get("content-type")).to.match(/^text\/csv/);
    const rows = LATEST.map(({ package: name, packageVersion, arn }) => [name, packageVersion, arn]);
    expect(parse(await response.text())).to.deep.equal([["Package", "Package Version", "arn"], ...rows]);
    const odd = await (await get("/api/v2/p3.12-arm64/layers/latest/us-east-1/csv/")).text();
    expect(parse(odd)[1]?.[1]).to.equal(`1<b>",x`);
  });

  it("gives the same list as HTML, escaped", async () => {
    const response = await get("/api/v2/p3.12-arm64/layers/latest/us-east-1/html");
    expect(response.headers.get("content-type")).to.match(/^text\/html/);
    const page = await response.text();
    expect(page).to.include("<th>Package Version</th>").and.include("arn:odd").and.not.include("<b>");
  });

  const VERSIONS = [
    {
      arn: "arn:aws:lambda:us-east-1:1:layer:numpy:1",
      packageVersion: "1.0",
      deployStatus: "latest",
      dependencies: ["numpy==1.0"],
    },
    {
      arn: "arn:old",
      packageVersion: "1.0",
      deployStatus: "deprecated",
      dependencies: ["numpy==1.0"],
      expiryDate: "2027-01-02T03:04:05",
    },
  ];

  for (const path of ["numpy", "numpy/", "NumPy"]) {
    it(`lists a package's layer versions at …/us-east-1/${path}`, async () => {
      expect(await json(`${V2}/us-east-1/${path}`)).to.deep.equal(VERSIONS);
    });
  }

  for (const name of [
    "psycopg[binary,pool]",
    "psycopg%5Bbinary%2Cpool%5D",
    "psycopg%5bpool,binary%5d",
    "psycopg__binary_pool",
  ]) {
    it(`knows a package with extras as ${name}`, async () => {
      expect(await json(`${V2}/us-east-1/${name}`)).to.have.nested.property("[0].arn", "arn:psycopg");
      expect(asked).to.deep.equal(["psycopg[binary,pool]"]);
    });
  }

  it("lists the latest builds, without targets that were never built", async () => {
    const dependencies = ["numpy==2.0"];
    const createdDateTime = "2026-11-21T10:00:00";
    const build = { package: "psycopg__binary", packageVersion: "2.0", dependencies, createdDateTime };
    expect(await json("/api/v2/p3.12/builds/latest")).to.deep.equal([build]);
    expect(await json("/api/v2/p3.12-arm64/builds/latest/")).to.have.length(1);
  });

  for (const [path, hint] of [
    [`${V2}/us-east-1/unknown`, "/layers/latest/us-east-1"],
    [`${V2}/moon-1/numpy`, "eu-west-1"],
    [`${V2}/us-east-1/..%2Fx`, "package name"],
    [`${V2}/us-east-1/%zz`, "package name"],
    [`${V2}/latest/moon-1`, "eu-west-1"],
    ["/api/v2/p3.9/layers/latest/us-east-1", "p3.12-arm64"],
    ["/api/v2/p3.9/builds/latest", "p3.12"],
    ["/api/v2/python3.12/layers/latest/us-east-1", "p3.13"],
    ["/api/v2/p3.12-x86_64/layers/latest/us-east-1", "p3.13"],
    ["/nowhere", "/ lists"],
  ] as const) {
    it(`answers 404 with advice for ${path}`, async () => {
      const response = await get(path);
      expect(response.status).to.equal(404);
      expect(response.headers.get("cache-control")).to.equal("no-store");
      expect(((await response.json()) as { message: string }).message).to.include(hint);
    });
  }

  it("answers an empty list where nothing is published yet", async () => {
    expect(await json(`${V2}/latest/eu-west-1`)).to.deep.equal([]);
  });

  it("keeps answering for a Python that the stage no longer builds for", async () => {
    expect(await json("/api/v2/p3.8/layers/latest/us-east-1")).to.have.length(1);
  });

  it("allows GET and HEAD from any origin", async () => {
    const headers = { origin: "https://example.com" };
    const response = await get(`${V2}/latest/us-east-1/`, { headers });
    expect(response.headers.get("access-control-allow-origin")).to.equal("*");
    const preflight = await get(`${V2}/latest/us-east-1/`, {
      method: "OPTIONS",
      headers: { ...headers, "access-control-request-method": "GET" },
    });
    expect(preflight.headers.get("access-control-allow-methods")).to.equal("GET,HEAD");
    const head = await get(`${V2}/latest/us-east-1/`, { method: "HEAD", headers });
    expect([head.status, await head.text()]).to.deep.equal([200, ""]);
    expect((await get(`${V2}/latest/us-east-1/`, { method: "POST" })).status).to.equal(404);
  });

  it("may be cached, and answers 304 to a client that has the answer already", async () => {
    const first = await get(`${V2}/latest/us-east-1`);
    expect(first.headers.get("cache-control")).to.equal("public, max-age=300");
    const tag = first.headers.get("etag") ?? "";
    expect(tag).to.match(/^"/);
    const second = await get(`${V2}/latest/us-east-1`, { headers: { "if-none-match": tag } });
    expect([second.status, second.headers.get("cache-control")]).to.deep.equal([304, "public, max-age=300"]);
  });

  it("does not show an internal error", async () => {
    broken = true;
    const response = await get(`${V2}/latest/us-east-1`);
    expect(response.status).to.equal(500);
    expect(await response.text()).to.not.include("secret");
  });

  it("describes itself", async () => {
    expect(await json("/")).to.deep.include({ runtimes: ["p3.12", "p3.12-arm64"], regions: SCOPE.regions });
    expect(await json("/health")).to.deep.equal({ status: "ok" });
  });
});
