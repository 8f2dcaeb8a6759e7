import { expect } from "chai";
import {
  READ_ROWS,
  WRITE_ROWS,
  environmentOf,
  grantsOf,
  named,
  ofType,
  pairsOf,
  servicesOf,
} from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";
import { recordLayerFactory } from "./recorded-layers";

const FUNCTION = "aws:lambda/function:Function";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const HOME = "arn:aws:s3:::strata-artifacts";
const OTHER = "arn:aws:s3:::strata-artifacts-eu-west-1";
const MACHINE = arnOf("aws:sfn/stateMachine:StateMachine", "layers-build-layers");

const s3 = (action: string, ...resources: readonly string[]) => pairsOf([`s3:${action}`], resources);

const TABLE_ROWS = [...READ_ROWS, ...WRITE_ROWS];
const READ_RUNS = [...s3("GetObject", `${HOME}/runs/*`), ...s3("ListBucket", HOME)];
const RUNS = [...READ_RUNS, ...s3("PutObject", `${HOME}/runs/*`)];
const READ_ARTIFACTS = [...s3("GetObject", `${HOME}/artifacts/*`), ...s3("ListBucket", HOME)];

/** What each function may do, beside writing its log and its traces. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  plan: [...TABLE_ROWS, ...s3("PutObject", `${HOME}/runs/*`)],
  sign: [...RUNS, ...s3("PutObject", `${HOME}/staging/*`)],
  compare: [...TABLE_ROWS, ...RUNS, ...READ_ARTIFACTS],
  gather: RUNS,
  record: [
    ...TABLE_ROWS,
    ...RUNS,
    ...s3("GetObject", `${HOME}/staging/*`),
    ...s3("DeleteObject", `${HOME}/staging/*`),
    ...READ_ARTIFACTS,
    ...s3("PutObject", `${HOME}/artifacts/*`),
  ],
  publish: [
    ...TABLE_ROWS,
    ...READ_RUNS,
    ...s3("GetObject", `${HOME}/artifacts/*`, `${OTHER}/artifacts/*`),
    ...s3("PutObject", `${HOME}/artifacts/*`, `${OTHER}/artifacts/*`),
    ...s3("ListBucket", HOME, OTHER),
    ...pairsOf(
      ["lambda:PublishLayerVersion", "lambda:GetLayerVersion", "lambda:AddLayerVersionPermission"],
      ["us-east-1", "eu-west-1"].flatMap((region) => {
        const layer = `arn:aws:lambda:${region}:123456789012:layer:strata-*`;
        return [layer, `${layer}:*`];
      }),
    ),
    ...pairsOf(["lambda:ListLayerVersions", "lambda:ListLayers"], ["*"]),
  ],
  announce: [
    ...TABLE_ROWS,
    ...pairsOf(["events:PutEvents"], [arnOf("aws:cloudwatch/eventBus:EventBus", "strata-bus") ?? ""]),
  ],
};

const STRATA = { TABLE_NAME: "strata-table" };
const BUCKET = { ARTIFACTS_BUCKET: "strata-artifacts" };
const REGIONS = { REGIONS: '["us-east-1","eu-west-1"]' };
const ENVIRONMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plan: { ...STRATA, ...BUCKET, PYTHONS: '["3.12","3.13"]', ARCHITECTURES: '["x86_64","arm64"]' },
  sign: BUCKET,
  compare: { ...STRATA, ...BUCKET, ...REGIONS },
  gather: BUCKET,
  record: { ...STRATA, ...BUCKET, ...REGIONS },
  publish: {
    ...STRATA,
    ...BUCKET,
    ARTIFACT_BUCKETS: '{"us-east-1":"strata-artifacts","eu-west-1":"strata-artifacts-eu-west-1"}',
    LAYER_PREFIX: "strata",
    VISIBILITY: "private",
    EXPIRY_DAYS: "30",
  },
  announce: { ...STRATA, BUS_NAME: "strata-bus" },
};

describe("the layer factory", () => {
  let resources: RecordedResource[];
  before(async () => {
    resources = await recordLayerFactory();
  });
  const get = (type: string, name: string) => named(resources, type, name).inputs;

  it("is made of seven functions, a builder for each Python and architecture, and a state machine", () => {
    const children = resources.filter(({ parent }) => parent === "layers");
    expect(children.map(({ type, name }) => `${type} ${name}`).sort()).to.deep.equal([
      "strata:part:NodeFunction layers-announce",
      "strata:part:NodeFunction layers-compare",
      "strata:part:NodeFunction layers-gather",
      "strata:part:NodeFunction layers-plan",
      "strata:part:NodeFunction layers-publish",
      "strata:part:NodeFunction layers-record",
      "strata:part:NodeFunction layers-sign",
      "strata:part:StateMachine layers-build-layers",
      "strata:part:ToolFunction layers-builder-312-arm64",
      "strata:part:ToolFunction layers-builder-312-x86-64",
      "strata:part:ToolFunction layers-builder-313-arm64",
      "strata:part:ToolFunction layers-builder-313-x86-64",
    ]);
  });

  for (const [name, may] of Object.entries(MAY)) {
    it(`lets ${name} do its work, and nothing else`, () => {
      expect(grantsOf(resources, `layers-${name}`)).to.deep.equal([...new Set(may)].sort());
    });
  }

  it("tells each function what it reads from its environment", () => {
    for (const [name, environment] of Object.entries(ENVIRONMENTS)) {
      expect(environmentOf(resources, `layers-${name}`), name).to.deep.equal(environment);
    }
  });

  it("names the organization where layers are for one", async () => {
    const organizationId = "o-a1b2c3d4e5";
    const other = await recordLayerFactory({
      layerVisibility: "organization",
      layerOrganizationId: organizationId,
    });
    expect(environmentOf(other, "layers-publish")).to.include({
      VISIBILITY: "organization",
      ORGANIZATION_ID: organizationId,
    });
  });

  it("gives builders, which run strangers' code, room and time, and nothing to read", () => {
    const builders = ofType(resources, FUNCTION).filter(({ name }) => name.startsWith("layers-builder-"));
    expect(builders).to.have.length(4);
    for (const { name, inputs } of builders) {
      expect(inputs, name).to.deep.include({
        timeout: 900,
        memorySize: 1769,
        ephemeralStorage: { size: 4096 },
      });
      expect(inputs["environment"], name).to.equal(undefined);
      expect(servicesOf(resources, name), name).to.deep.equal(["logs", "xray"]);
    }
  });

  it("runs builders where the stage says, each from the image of its Python and architecture", async () => {
    const images = await recordLayerFactory({
      pythons: ["3.13"],
      architectures: ["arm64"],
      toolSource: (builder) => ({ kind: "image", uri: `registry/${builder}` }),
    });
    expect(named(images, FUNCTION, "layers-builder-313-arm64").inputs).to.deep.include({
      packageType: "Image",
      imageUri: "registry/3.13-arm64",
      architectures: ["arm64"],
    });
  });

  it("lets the state machine call every function, read the lists of a run and run its own children", () => {
    const can = ofType(resources, "aws:iam/rolePolicy:RolePolicy").filter(({ inputs }) =>
      String(inputs["role"]).startsWith("layers-build-layers"),
    );
    const text = can.map(({ inputs }) => String(inputs["policy"])).join();
    const called = ofType(resources, FUNCTION).filter(({ name }) => name !== "layers-published");
    expect(called).to.have.length(11);
    for (const { name } of called) expect(text, name).to.include(`"${arnOf(FUNCTION, name) ?? ""}"`);
    for (const part of ["s3:GetObject", `${HOME}/runs/*`, "states:StartExecution"]) {
      expect(text).to.include(part);
    }
  });

  it("starts a run for each catalog that becomes active, and keeps the events that start none", () => {
    expect(
      JSON.parse(String(get("aws:cloudwatch/eventRule:EventRule", "layers-catalog-changed")["eventPattern"])),
    ).to.deep.equal({ source: ["strata.catalog"], "detail-type": ["CatalogChanged"] });
    expect(get(TARGET, "layers-catalog-changed")).to.deep.include({
      arn: MACHINE,
      eventBusName: "strata-bus",
      inputTransformer: {
        inputPaths: { catalogVersion: "$.detail.version" },
        inputTemplate: '{"reason": "catalog", "catalogVersion": <catalogVersion>}',
      },
      deadLetterConfig: { arn: arnOf("aws:sqs/queue:Queue", "layers-catalog-changed-undelivered") },
    });
  });

  it("starts runs on its schedule only in a stage with schedules", async () => {
    expect(ofType(resources, TARGET).map(({ name }) => name)).not.to.include("layers-schedule");
    const scheduled = await recordLayerFactory({ schedules: true, layerBuildSchedule: "rate(1 day)" });
    const rule = named(scheduled, "aws:cloudwatch/eventRule:EventRule", "layers-schedule").inputs;
    expect(rule["scheduleExpression"]).to.equal("rate(1 day)");
    expect(named(scheduled, TARGET, "layers-schedule").inputs).to.deep.include({
      arn: MACHINE,
      input: '{"reason":"schedule"}',
    });
  });

  it("logs each layer version that the bus tells of", () => {
    expect(
      JSON.parse(String(get("aws:cloudwatch/eventRule:EventRule", "layers-published")["eventPattern"])),
    ).to.deep.equal({ source: ["strata.layers"], "detail-type": ["LayerPublished"] });
    expect(get(TARGET, "layers-published")["arn"]).to.equal(arnOf(FUNCTION, "layers-published"));
  });
});
