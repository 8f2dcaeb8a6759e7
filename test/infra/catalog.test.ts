import { expect } from "chai";
import { Catalog } from "../../infra/catalog";
import { recordComponent, testShared } from "./recorded-component";
import {
  READ_ROWS,
  WRITE_ROWS,
  environmentOf,
  functionMay,
  grantsOf,
  named,
  ofType,
  placesOf,
} from "./recorded-queries";
import { type RecordedResource, arnOf } from "./recorded-resources";

const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";
const BUCKET = "arn:aws:s3:::catalog-files";

const FILES = new Map([
  ["config.json", "{}"],
  ["packages.csv", "name\nrequests\n"],
  ["regions.csv", "region\nus-east-1\n"],
]);

describe("the catalog", () => {
  let resources: RecordedResource[];
  const recordCatalog = (files: ReadonlyMap<string, string>): Promise<RecordedResource[]> =>
    recordComponent(() => new Catalog("catalog", { ...testShared(), files }));
  before(async () => {
    resources = await recordCatalog(FILES);
  });

  it("is a bucket that keeps old versions, and a function that keeps the events it fails on", () => {
    expect(placesOf(resources).filter((place) => place.startsWith("strata:"))).to.deep.equal([
      "strata:part:Alarm catalog-load-failed in catalog-load-failed",
      "strata:part:DataBucket catalog-files in catalog",
      "strata:part:DeadLetterQueue catalog-load-failed in catalog-load",
      "strata:part:NodeFunction catalog-load in catalog",
      "strata:part:ServiceRole catalog-load-role in catalog-load",
      "strata:service:Catalog catalog in the stack",
    ]);
    named(resources, "aws:s3/bucketVersioning:BucketVersioning", "catalog-files");
  });

  it("loads what is uploaded as config.json", () => {
    expect(named(resources, NOTIFICATION, "catalog-changed").inputs).to.deep.equal({
      bucket: "catalog-files",
      lambdaFunctions: [
        {
          lambdaFunctionArn: arnOf("aws:lambda/function:Function", "catalog-load"),
          events: ["s3:ObjectCreated:*"],
          filterPrefix: "catalog/",
          filterSuffix: "config.json",
        },
      ],
    });
  });

  it("lets the function read the files, write the table and tell the bus, and nothing else", () => {
    expect(grantsOf(resources, "catalog-load")).to.deep.equal(
      [
        ...READ_ROWS,
        ...WRITE_ROWS,
        `s3:GetObject ${BUCKET}/catalog/*`,
        `s3:ListBucket ${BUCKET}`,
        `events:PutEvents ${arnOf("aws:cloudwatch/eventBus:EventBus", "strata-bus") ?? ""}`,
        `sqs:SendMessage ${arnOf("aws:sqs/queue:Queue", "catalog-load-failed") ?? ""}`,
      ].sort(),
    );
    const listing = functionMay(resources, "catalog-load").find(({ actions }) =>
      actions.includes("s3:ListBucket"),
    );
    expect(listing?.condition).to.deep.equal({ StringLike: { "s3:prefix": ["catalog/*"] } });
  });

  it("tells the function where things are and what a catalog may name", () => {
    expect(environmentOf(resources, "catalog-load")).to.deep.equal({
      TABLE_NAME: "strata-table",
      BUS_NAME: "strata-bus",
      PYTHONS: '["3.12","3.13"]',
      REGIONS: '["us-east-1"]',
    });
  });

  it("uploads config.json last, and anew with any change in any file", async () => {
    const uploaded = ofType(resources, OBJECT).map(({ inputs }) => inputs["key"]);
    expect(uploaded).to.have.members([...FILES.keys()].map((file) => `catalog/${file}`));
    const config = (of: readonly RecordedResource[]) =>
      named(of, OBJECT, "catalog-files/catalog/config.json");
    expect(config(resources).dependsOn).to.include.members([
      `${NOTIFICATION} catalog-changed`,
      `${OBJECT} catalog-files/catalog/packages.csv`,
      `${OBJECT} catalog-files/catalog/regions.csv`,
    ]);
    const { sourceHash } = config(resources).inputs;
    const same = await recordCatalog(new Map(FILES));
    expect(config(same).inputs["sourceHash"]).to.equal(sourceHash);
    const other = await recordCatalog(new Map([...FILES, ["regions.csv", "region\neu-west-1\n"]]));
    expect(config(other).inputs["sourceHash"]).not.to.equal(sourceHash);
  });

  it("refuses to be without config.json", async () => {
    const error = await recordCatalog(new Map()).catch((reason: Error) => reason);
    expect(error).to.be.instanceOf(Error).and.have.property("message", "the catalog has no config.json");
  });
});
