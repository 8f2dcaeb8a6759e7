import { catalogEntities } from "../../../runtime/catalog/entities";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetLayerVersionPolicyCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { BuildRequest, ResolvedTarget, ResolveRequest } from "../../../runtime/contracts/builder";
import { create as load } from "../../../runtime/catalog/load.lambda";
import { create as announce } from "../../../runtime/layers/announce.lambda";
import { artifactStoreIn } from "../../../runtime/layers/clients";
import { create as compare } from "../../../runtime/layers/compare.lambda";
import { create as gather } from "../../../runtime/layers/gather.lambda";
import type { Batch, Work } from "../../../runtime/contracts/layers";
import { create as plan } from "../../../runtime/layers/plan.lambda";
import { create as publish } from "../../../runtime/layers/publish.lambda";
import { create as record } from "../../../runtime/layers/record.lambda";
import { create as sign } from "../../../runtime/layers/sign.lambda";
import { create as serve } from "../../../runtime/layer-index/api.lambda";
import { targetStatesOf, latestRuns, layersOf, runProgress } from "../../../runtime/layers";
import { openLayerStore } from "../../../runtime/layers/table-layer-store";
import { openTable, type Table } from "../../../runtime/shared/table/open-table";
import { createTable, emulatorForSuite } from "../shared/emulator";
import { recordingLog } from "../shared/recorder";
import { lockOf, sha256 } from "./fakes";

const HOME_REGION = "us-east-1";
const OTHER_REGION = "eu-west-1";
const [TABLE_NAME, BUS_NAME, HOME, OTHER] = ["factory-test", "factory-test", "factory-home", "factory-other"];
/** An empty zip archive: all that Lambda asks of a layer is that it can be read. */
const ZIP = Buffer.concat([Buffer.from("PK\x05\x06"), Buffer.alloc(18)]);

describe("the functions of layers on the emulator", () => {
  const log = recordingLog();
  let table: Table;

  emulatorForSuite({
    ...{ TABLE_NAME, BUS_NAME, PYTHONS: '["3.12"]', ARCHITECTURES: '["x86_64","arm64"]' },
    ...{ ARTIFACTS_BUCKET: HOME, REGIONS: JSON.stringify([HOME_REGION, OTHER_REGION]) },
    ARTIFACT_BUCKETS: JSON.stringify({ [HOME_REGION]: HOME, [OTHER_REGION]: OTHER }),
    ...{ LAYER_PREFIX: "strata", VISIBILITY: "public", EXPIRY_DAYS: "10" },
  });

  before(async () => {
    await createTable(TABLE_NAME);
    const s3 = { forcePathStyle: true };
    await new S3Client(s3).send(new CreateBucketCommand({ Bucket: HOME }));
    const elsewhere = { LocationConstraint: OTHER_REGION } as const;
    const create = new CreateBucketCommand({ Bucket: OTHER, CreateBucketConfiguration: elsewhere });
    await new S3Client({ ...s3, region: OTHER_REGION }).send(create);
    await new EventBridgeClient().send(new CreateEventBusCommand({ Name: BUS_NAME }));
    table = openTable(new DynamoDBClient(), TABLE_NAME);
  });

  async function loadCatalog(rows: string) {
    const files = {
      "packages.csv": `Package_Name,License,Authors/Maintainers\n${rows}`,
      "regions.csv": `Code,Name\n${HOME_REGION},V\n${OTHER_REGION},I\n`,
      "config.json": '{"python_versions": ["3.12"], "default_packages_file": "packages.csv"}',
    };
    for (const [name, Body] of Object.entries(files)) {
      const s3 = new S3Client({ forcePathStyle: true });
      await s3.send(new PutObjectCommand({ Bucket: HOME, Key: `catalog/${name}`, Body }));
    }
    const s3 = { bucket: { name: HOME }, object: { key: "catalog/config.json" } };
    return load(process.env, log)({ Records: [{ s3 }] });
  }

  /** What the builder would answer: requests is pure, idna has no wheel, all else differs by architecture. */
  function resolve({ packages, architectures }: ResolveRequest): ResolvedTarget[] {
    return packages.flatMap((spec) =>
      architectures.map((architecture): ResolvedTarget => {
        const target = { package: spec, architecture };
        const failure = { kind: "no-wheel" as const, message: "There is no wheel.", lastLines: ["no wheel"] };
        if (spec.name === "idna") return { ...target, status: "failed", failure };
        const pure = spec.name === "requests";
        const buildKey = sha256(`${spec.name} ${pure ? "" : architecture}`);
        return { ...target, status: "resolved", version: "1.0", lock: lockOf(spec.name), pure, buildKey };
      }),
    );
  }

  const ANSWER = {
    ...{ status: "built", sha256: sha256(ZIP.toString("latin1")), zipBytes: ZIP.length, unzippedBytes: 0 },
    ...{ importTest: { status: "passed", modules: ["x"] }, dependencies: ["x==1.0"] },
    members: { spliced: 0, deflated: 0 },
    milliseconds: { fetch: 0, install: 0, import: 0, zip: 0, upload: 0 },
  };

  /** Runs what the state machine runs; `refused` is a region that takes nothing. */
  async function run(runId: string, refused?: string) {
    const artifacts = artifactStoreIn(HOME, process.env);
    const { batchesKey } = await plan(
      process.env,
      log,
    )({ execution: `arn:aws:states:x:1:execution:m:${runId}` });
    for (const batch of (await artifacts.readJson(batchesKey)) as Batch[]) {
      const request = (await sign(process.env)({ operation: "sign-resolve", batch })) as ResolveRequest;
      const body = JSON.stringify({ targets: resolve(request) });
      expect((await fetch(request.outputUrl, { method: "PUT", body })).status).to.equal(200);
      await compare(process.env, log)({ batch });
    }
    const { workKey } = await gather(process.env)({ runId });
    for (const item of (await artifacts.readJson(workKey)) as Work[]) await work(item, refused);
    return announce(process.env, log)({ runId });
  }

  async function work(item: Work, refused?: string): Promise<void> {
    const step = record(process.env, log);
    let list;
    if (item.next === "build") {
      const request = (await sign(process.env)({ operation: "sign-build", item })) as BuildRequest;
      expect(await (await fetch(request.itemUrl)).json()).to.include({ item: item.item });
      expect((await fetch(request.uploadUrl, { method: "PUT", body: ZIP })).status).to.equal(200);
      list = await step({ operation: "accept-artifact", item, answer: ANSWER });
    } else {
      list = await step({ operation: "list-publications", item });
    }
    for (const publication of list.publish) {
      if (publication.region === refused) {
        await step({ operation: "note-refusal", publication, error: { Error: "UserError", Cause: "off" } });
      } else {
        await publish(process.env, log)(publication);
      }
    }
  }

  async function get(path: string): Promise<unknown> {
    const http = { method: "GET", path };
    const requestContext = { stage: "$default", domainName: "example.com", http };
    const event = { version: "2.0", rawPath: path, rawQueryString: "", headers: {}, requestContext };
    return JSON.parse((await serve(process.env, log)(event)).body);
  }

  it("loads a catalog whole, once, and refuses a wrong one whole", async () => {
    expect(await loadCatalog("old,,\n")).to.deep.equal([{ status: "loaded", version: 1, packages: 1 }]);
    const good = 'requests,Apache-2.0,me\n"psycopg[pool,binary]",LGPL,me\nidna,BSD,me\n';
    expect(await loadCatalog(good)).to.deep.equal([{ status: "loaded", version: 2, packages: 3 }]);
    expect(await loadCatalog(good)).to.deep.equal([{ status: "unchanged", version: 2, packages: 3 }]);
    expect(await loadCatalog("../x,,\n")).to.have.nested.property("[0].status", "refused");
    const { catalogState, catalogPackage, catalogRefusal } = catalogEntities(table);
    const { data: state } = await catalogState.get({ name: "catalog" }).go();
    expect(state).to.include({ version: 2, announced: true });
    const rows = await catalogPackage.query.byCatalog({ digest: state?.digest ?? "" }).go({ pages: "all" });
    const requirements = rows.data.map(({ requirement }) => requirement);
    expect(requirements).to.deep.equal(["idna", "psycopg[binary,pool]", "requests"]);
    const refusals = await catalogRefusal.query.byTime({ name: "catalog" }).go();
    expect(refusals.data[0]?.problems[0]).to.include({ file: "packages.csv", line: 2 });
  });

  it("builds and publishes what it can, and a second run only what is missing", async () => {
    const first = await run("run-1", OTHER_REGION);
    const counts = { built: 4, unchanged: 0, failed: 2, published: 3, refused: 3 };
    expect(first).to.deep.equal({ runId: "run-1", status: "partial", ...counts });
    const second = await run("run-2");
    expect(second).to.deep.include({ built: 0, unchanged: 4, failed: 2, published: 3, refused: 0 });
    expect(await run("run-3")).to.deep.include({ built: 0, unchanged: 4, published: 0, refused: 0 });
  });

  it("keeps the outcome of each target and region for the command line", async () => {
    const { run: first, outcomes, publications } = await runProgress(table, "run-1");
    expect(first).to.include({ status: "partial", targets: 6 });
    expect([outcomes.length, publications.length]).to.deep.equal([6, 6]);
    const newest = (await latestRuns(table, 2)).map(({ runId }) => runId);
    expect(newest).to.deep.equal(["run-3", "run-2"]);
    const [failed] = await targetStatesOf(table, "idna");
    expect(failed?.failure).to.deep.include({ kind: "no-wheel", lastLines: ["no wheel"], runId: "run-3" });
    const layers = await layersOf(table, "requests");
    expect(layers.map(({ region, architecture }) => `${region} ${architecture}`).sort()).to.deep.equal([
      "eu-west-1 arm64",
      "eu-west-1 x86_64",
      "us-east-1 arm64",
      "us-east-1 x86_64",
    ]);
    expect(new Set(layers.map(({ arn }) => arn)).size).to.equal(2);
  });

  it("finds the bytes of a key, without the target that they were built for", async () => {
    const found = await openLayerStore(table, () => new Date()).buildWithKey(sha256("requests "));
    expect(found).to.include({ version: "1.0", sha256: ANSWER.sha256 }).and.not.have.property("requirement");
  });

  it("shows it in the index", async () => {
    const arn = (name: string) => `arn:aws:lambda:eu-west-1:000000000000:layer:strata-p312-arm64-${name}:1`;
    const latest = (await get("/api/v2/p3.12-arm64/layers/latest/eu-west-1/")) as {
      package: string;
      arn: string;
    }[];
    expect(latest.map((row) => row.package)).to.deep.equal(["psycopg__binary_pool", "requests"]);
    expect(latest[0]?.arn).to.equal(arn("psycopg__binary_pool"));
    const [version] = (await get("/api/v2/p3.12/layers/us-east-1/psycopg[binary,pool]")) as object[];
    expect(version).to.include({ deployStatus: "latest", packageVersion: "1.0" });
    expect(await get("/api/v2/p3.12/builds/latest")).to.have.length(2);
  });

  it("lets everybody use each layer", async () => {
    const name = { LayerName: "strata-p312-requests", VersionNumber: 1 };
    const lambda = new LambdaClient({ region: OTHER_REGION });
    const { Policy = "{}" } = await lambda.send(new GetLayerVersionPolicyCommand(name));
    const { Statement } = JSON.parse(Policy) as { Statement: { Sid: string; Principal: unknown }[] };
    expect(Statement).to.have.length(1);
    expect(Statement[0]).to.deep.include({ Sid: "strata-visibility", Principal: "*" });
  });
});
