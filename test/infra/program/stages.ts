import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { STAGES, type Stage, recordProgram } from "../recorded-program";
import { type RecordedResource, arnOf } from "../recorded-resources";
import { environmentOf, ofType } from "../recorded-queries";

const FUNCTION = "aws:lambda/function:Function";

describe("what differs between the stages", () => {
  const program = new Map<Stage, RecordedResource[]>();
  before(async function () {
    this.timeout(60_000);
    for (const stage of STAGES) program.set(stage, await recordProgram(stage));
  });
  const of = (stage: Stage, type: string) => ofType(program.get(stage) ?? [], type);

  it("protects and retains data in prod only", () => {
    for (const type of [
      "aws:s3/bucket:Bucket",
      "aws:dynamodb/table:Table",
      "aws:ecr/repository:Repository",
      "aws:secretsmanager/secret:Secret",
    ]) {
      for (const stage of STAGES.filter((some) => some !== "local" || !type.includes("ecr"))) {
        expect(of(stage, type), `${stage} ${type}`).not.to.be.empty;
        for (const { name, protect, retainOnDelete } of of(stage, type)) {
          const kept = stage === "prod";
          expect({ protect, retainOnDelete }, `${stage} ${name}`).to.deep.equal({
            protect: kept,
            retainOnDelete: kept,
          });
        }
      }
    }
    expect(
      of("prod", "aws:s3/bucket:Bucket").every(({ inputs }) => inputs["forceDestroy"] === false),
    ).to.equal(true);
  });

  it("runs by schedule in dev and prod only", () => {
    const scheduled = STAGES.filter((stage) =>
      of(stage, "aws:cloudwatch/eventRule:EventRule").some(
        ({ inputs }) => inputs["scheduleExpression"] !== undefined,
      ),
    );
    expect(scheduled).to.deep.equal(["dev", "prod"]);
  });

  it("runs tool functions as zips locally, and as images of their own on AWS", () => {
    const counts = STAGES.map((stage) => of(stage, "strata:part:ToolFunction").length);
    expect(counts[0]).to.be.greaterThan(0);
    expect(new Set(counts).size).to.equal(1);
    for (const stage of STAGES) {
      const parents = new Set(of(stage, "strata:part:ToolFunction").map(({ name }) => name));
      const tools = of(stage, FUNCTION).filter(({ name }) => parents.has(name));
      expect(tools.length, stage).to.equal(parents.size);
      const kinds = new Set(tools.map(({ inputs }) => inputs["packageType"]));
      expect(kinds, stage).to.deep.equal(new Set([stage === "local" ? "Zip" : "Image"]));
      expect(of(stage, "aws:ecr/repository:Repository").length, stage).to.equal(stage === "local" ? 0 : 1);
      expect(of(stage, "awsx:ecr:Image").length, stage).to.equal(stage === "local" ? 0 : tools.length);
      // Each function's image is its own: they hold different handlers.
      const images = of(stage, "awsx:ecr:Image").map(({ inputs }) => inputs);
      expect(new Set(images.map(({ imageTag }) => imageTag)).size, stage).to.equal(images.length);
    }
  });

  it("gives only the images of specs what building specs takes: it has no wheels for the newest Python of layers", () => {
    const images = of("dev", "awsx:ecr:Image").map(({ inputs }) => inputs);
    for (const { imageTag, target } of images) {
      expect(target, String(imageTag)).to.equal(String(imageTag).startsWith("specs-") ? "specs" : "layers");
    }
    const folder = path.resolve(__dirname, "../../../images/builder");
    const stages = fs.readFileSync(path.join(folder, "Dockerfile"), "utf8").split(/^(?=FROM )/m);
    const named = (name: string) => stages.filter((text) => new RegExp(`^FROM .* AS ${name}\\n`).test(text));
    expect(named("layers").length).to.equal(1);
    expect(named("specs").length).to.equal(1);
    for (const text of stages) {
      const takesSpecs = /spec-requirements|\*\.py|STRATA_SPEC_REQUIREMENTS/.test(
        text.replace(/^#.*$/gm, ""),
      );
      expect(takesSpecs, text.split("\n")[0]).to.equal(named("specs").includes(text));
    }
  });

  it("stops at a setting that does not exist, before any resource", async () => {
    const error = await recordProgram("dev", { "strata:architecture": "arm64" }).catch(
      (reason: Error) => reason,
    );
    expect(error)
      .to.be.instanceOf(Error)
      .and.have.property("message")
      .that.includes("strata:architecture: no such setting");
  });

  it("keeps artifacts in every region of the stage", () => {
    const regions = (stage: Stage) =>
      of(stage, "aws:s3/bucket:Bucket")
        .filter(({ name }) => name.includes("artifacts"))
        .map(({ inputs }) => inputs["region"] ?? "home").length;
    expect(STAGES.map(regions)).to.deep.equal([2, 1, 2, 16]);
  });
});

describe("what a stage sets differently", () => {
  const uri = `mock/images@sha256:${"a".repeat(64)}`;
  let resources: RecordedResource[];
  before(async function () {
    this.timeout(60_000);
    resources = await recordProgram("dev", {
      "strata:builderImages": JSON.stringify({ "3.13-arm64": uri, "specs-build": uri }),
      "strata:layerVisibility": "organization",
      "strata:layerOrganizationId": "o-abc1234567",
      "strata:notificationEmail": "ops@example.com",
    });
  });

  it("takes images that already exist by their digest, and builds only the others", () => {
    const given = ofType(resources, FUNCTION).filter(({ inputs }) => inputs["imageUri"] === uri);
    expect(given.map(({ name, inputs }) => [name, inputs["architectures"]])).to.deep.equal([
      ["layers-builder-313-arm64", ["arm64"]],
      ["specs-build", ["x86_64"]],
    ]);
    const tools = ofType(resources, "strata:part:ToolFunction");
    expect(ofType(resources, "awsx:ecr:Image").length).to.equal(tools.length - given.length);
  });

  it("tells the publisher of the organization when layers are for it alone", () => {
    expect(environmentOf(resources, "layers-publish")).to.include({
      VISIBILITY: "organization",
      ORGANIZATION_ID: "o-abc1234567",
    });
  });

  it("sends alarms to its address", () => {
    const emails = ofType(resources, "aws:sns/topicSubscription:TopicSubscription")
      .map(({ inputs }) => inputs)
      .filter(({ protocol }) => protocol === "email");
    expect(emails).to.deep.equal([
      { topic: arnOf("aws:sns/topic:Topic", "watch-alarms"), protocol: "email", endpoint: "ops@example.com" },
    ]);
  });
});
