import { expect } from "chai";
import { LayerIndex } from "../../infra/layer-index";
import { recordComponent, testShared } from "./recorded-component";
import { READ_ROWS, environmentOf, grantsOf, named, ofType, placesOf } from "./recorded-queries";
import type { RecordedResource } from "./recorded-resources";

describe("the layer index", () => {
  let resources: RecordedResource[];
  before(async () => {
    resources = await recordComponent(() => new LayerIndex("layer-index", testShared()));
  });

  it("is one function that answers the API's requests that have no route", () => {
    expect(placesOf(resources).filter((place) => place.startsWith("strata:"))).to.deep.equal([
      "strata:part:NodeFunction layer-index-api in layer-index",
      "strata:part:ServiceRole layer-index-api-role in layer-index-api",
      "strata:service:LayerIndex layer-index in the stack",
    ]);
    expect(
      ofType(resources, "aws:apigatewayv2/route:Route").map(({ inputs }) => inputs["routeKey"]),
    ).to.deep.equal(["$default"]);
    expect(named(resources, "aws:lambda/permission:Permission", "layer-index").inputs).to.include({
      function: "layer-index-api",
      principal: "apigateway.amazonaws.com",
    });
  });

  it("may read the table, and nothing else", () => {
    expect(grantsOf(resources, "layer-index-api")).to.deep.equal([...READ_ROWS].sort());
  });

  it("is told what layers there can be", () => {
    expect(environmentOf(resources, "layer-index-api")).to.deep.equal({
      TABLE_NAME: "strata-table",
      PYTHONS: '["3.12","3.13"]',
      ARCHITECTURES: '["x86_64"]',
      REGIONS: '["us-east-1"]',
    });
    expect(named(resources, "aws:lambda/function:Function", "layer-index-api").inputs).to.include({
      timeout: 15,
      memorySize: 512,
    });
  });
});
