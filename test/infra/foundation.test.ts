import { expect } from "chai";
import { Foundation, type FoundationArgs } from "../../infra/foundation";
import { tableDefinition } from "../../runtime/contracts/table";
import { recordComponent, valueOf } from "./recorded-component";
import { named, ofType } from "./recorded-queries";
import type { RecordedResource } from "./recorded-resources";

const BUCKET = "aws:s3/bucket:Bucket";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const REPOSITORY = "strata:part:ImageRepository";
const TABLE = "aws:dynamodb/table:Table";

describe("the foundation", () => {
  let foundation: Foundation;
  const recordFoundation = (
    args: Partial<FoundationArgs> = {},
    use: (built: Foundation) => void = () => undefined,
  ): Promise<RecordedResource[]> =>
    recordComponent(() => {
      foundation = new Foundation("strata", {
        regions: ["us-east-1", "eu-west-1"],
        retainData: false,
        tlsOnly: true,
        ...args,
      });
      use(foundation);
    });

  it("is a table, a bus, and a bucket of artifacts in each region", async () => {
    const children = (await recordFoundation()).filter(({ parent }) => parent === "strata");
    expect(children.map(({ type, name }) => `${type} ${name}`).sort()).to.deep.equal([
      "strata:part:DataBucket strata-artifacts",
      "strata:part:DataBucket strata-artifacts-eu-west-1",
      "strata:part:DataTable strata-table",
      "strata:part:EventBus strata-bus",
    ]);
    const regions = [...foundation.artifactsByRegion];
    const names = await Promise.all(regions.map(async ([region, { name }]) => [region, await valueOf(name)]));
    expect(names).to.deep.equal([
      ["us-east-1", "strata-artifacts"],
      ["eu-west-1", "strata-artifacts-eu-west-1"],
    ]);
  });

  it("puts buckets in their regions, and keeps a run's notes for 30 days and what is staged for one", async () => {
    const resources = await recordFoundation();
    const [home, other] = ["strata-artifacts", "strata-artifacts-eu-west-1"];
    expect(named(resources, BUCKET, home).inputs).not.to.have.property("region");
    expect(named(resources, BUCKET, other).inputs["region"]).to.equal("eu-west-1");
    const rules = (name: string) => named(resources, LIFECYCLE, name).inputs["rules"] as { id: string }[];
    expect(rules(home)).to.deep.include.members([
      { id: "expire-runs", status: "Enabled", filter: { prefix: "runs/" }, expiration: { days: 30 } },
      { id: "expire-staging", status: "Enabled", filter: { prefix: "staging/" }, expiration: { days: 1 } },
    ]);
    expect(rules(other).map(({ id }) => id)).to.deep.equal(["abandoned-uploads"]);
  });

  it("has a table with as many indexes as the model", async () => {
    const { globalSecondaryIndexes } = named(await recordFoundation(), TABLE, "strata-table").inputs;
    expect(globalSecondaryIndexes).to.have.length(tableDefinition.indexes.length);
  });

  it("makes a registry only when images are asked for, and one for all", async () => {
    expect(ofType(await recordFoundation(), REPOSITORY)).to.be.empty;
    const resources = await recordFoundation({}, (built) => {
      expect(built.images()).to.equal(built.images());
    });
    expect(named(resources, REPOSITORY, "strata-builder").parent).to.equal("strata");
  });

  it("treats all data as the stage says", async () => {
    for (const stage of [
      { retainData: true, tlsOnly: true },
      { retainData: false, tlsOnly: false },
    ]) {
      const resources = await recordFoundation(stage, (built) => {
        built.images();
      });
      expect(foundation.data).to.deep.equal({ retain: stage.retainData, tlsOnly: stage.tlsOnly });
      for (const type of [BUCKET, TABLE, "aws:ecr/repository:Repository"]) {
        for (const { name, protect, retainOnDelete } of ofType(resources, type)) {
          expect([protect, retainOnDelete], name).to.deep.equal([stage.retainData, stage.retainData]);
        }
      }
      const policies = ofType(resources, "aws:s3/bucketPolicy:BucketPolicy");
      expect(policies).to.have.length(stage.tlsOnly ? 2 : 0);
    }
  });
});
