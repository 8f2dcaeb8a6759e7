import { expect } from "chai";
import { Api } from "../../infra/api";
import { TEST_DEFAULTS, recordComponent, testFunction, valueOf } from "./recorded-component";
import { named, ofType } from "./recorded-queries";

const ROUTE = "aws:apigatewayv2/route:Route";
const PERMISSION = "aws:lambda/permission:Permission";

describe("the platform's API", () => {
  it("has an address, and no routes of its own", async () => {
    let api!: Api;
    const resources = await recordComponent(() => {
      api = new Api("api", { functions: TEST_DEFAULTS });
    });
    expect(named(resources, "strata:service:Api", "api").parent).to.equal(undefined);
    expect(named(resources, "strata:part:HttpApi", "api").parent).to.equal("api");
    expect(ofType(resources, ROUTE)).to.be.empty;
    expect(await valueOf(api.url)).to.equal("https://api.mock");
    expect(api.outputs).to.deep.equal({ url: api.url });
  });

  it("takes the routes of services, and one function for all other requests", async () => {
    const resources = await recordComponent(() => {
      const api = new Api("api", { functions: TEST_DEFAULTS });
      api.onRequest("packages", "ANY", "/packages/{path+}", testFunction("some"));
      api.onOtherRequests("others", testFunction("all"));
      expect(() => {
        api.onOtherRequests("again", testFunction("none"));
      }).to.throw("again");
    });
    const routes = ofType(resources, ROUTE).map(({ name, inputs }) => [name, inputs["routeKey"]]);
    expect(routes).to.have.deep.members([
      ["packages", "ANY /packages/{path+}"],
      ["others", "$default"],
    ]);
    const invoked = ofType(resources, PERMISSION).map(({ inputs }) => inputs["function"]);
    expect(invoked).to.have.members(["some", "all"]);
  });
});
