import { expect } from "chai";
import { LayerIndex } from "../../infra/layer-index";
import { recordComponent, testShared } from "./recorded-component";
import { environmentOf, functionMay, named, ofType, placesOf } from "./recorded-queries";
import { type RecordedResource, arnOf } from "./recorded-resources";

describe("the layer index", () => {
  let resources: RecordedResource[];
  before(async () => {
    resources = await recordComponent(() => new LayerIndex("index", testShared()));
  });

  it("is one function that answers the API's requests that have no route", () => {
    expect(placesOf(resources).filter((place) => place.startsWith("strata:"))).to.deep.equal([
      "strata:part:NodeFunction index-api in index",
      "strata:part:ServiceRole index-api-role in index-api",
      "strata:service:LayerIndex index in the stack",
    ]);
    expect(
      ofType(resources, "aws:apigatewayv2/route:Route").map(({ inputs }) => inputs["routeKey"]),
    ).to.deep.equal(["$default"]);
    expect(named(resources, "aws:lambda/permission:Permission", "index").inputs).to.include({
      function: "index-api",
      principal: "apigateway.amazonaws.com",
    });
  });

  it("may read the table, and nothing else", () => {
    const table = arnOf("aws:dynamodb/table:Table", "strata-table") ?? "";
    const may = functionMay(resources, "index-api").filter(
      ({ actions }) => !actions.some((action) => /^(logs|xray):/.test(action)),
    );
    expect(may).to.deep.equal([
      {
        actions: ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
        resources: [table, `${table}/index/*`],
      },
    ]);
  });

  it("is told what layers there can be", () => {
    expect(environmentOf(resources, "index-api")).to.deep.equal({
      TABLE_NAME: "strata-table",
      PYTHONS: '["3.12","3.13"]',
      ARCHITECTURES: '["x86_64"]',
      REGIONS: '["us-east-1"]',
    });
    expect(named(resources, "aws:lambda/function:Function", "index-api").inputs).to.include({
      timeout: 15,
      memorySize: 512,
    });
  });
});
