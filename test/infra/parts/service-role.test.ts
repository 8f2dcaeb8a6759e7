import { expect } from "chai";
import { trustOf } from "../../../infra/parts/grant";
import { ServiceRole } from "../../../infra/parts/service-role";
import { recordComponent } from "../recorded-component";
import { allowedTo, named, placesOf } from "../recorded-queries";
import { arnOf } from "../recorded-resources";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const SERVICE = "lambda.amazonaws.com";

const read = { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::data/*"] };
const send = { actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:us-east-1:123456789012:failed"] };

describe("a service role", () => {
  it("allows exactly its grants, to one service, and is ready with its policy", async () => {
    let ready = 0;
    const resources = await recordComponent(() => {
      ready = new ServiceRole("load", { service: SERVICE, can: [read, send] }).ready.length;
    });
    expect(placesOf(resources)).to.deep.equal([
      `${ROLE} load in load`,
      `${POLICY} load in load`,
      "strata:part:ServiceRole load in the stack",
    ]);
    expect(named(resources, ROLE, "load").inputs).to.deep.equal({ assumeRolePolicy: trustOf(SERVICE) });
    expect(allowedTo(resources, arnOf(ROLE, "load"))).to.deep.equal([read, send]);
    expect(ready).to.equal(2);
  });

  it("has no policy without grants", async () => {
    let ready = 0;
    const resources = await recordComponent(() => {
      ready = new ServiceRole("load", { service: SERVICE, can: [] }).ready.length;
    });
    expect(placesOf(resources)).to.deep.equal([
      `${ROLE} load in load`,
      "strata:part:ServiceRole load in the stack",
    ]);
    expect(ready).to.equal(1);
  });

  it("takes further grants as a policy of their own", async () => {
    const resources = await recordComponent(() => {
      new ServiceRole("load", { service: SERVICE, can: [read] }).allow("load-failed", [send]);
    });
    expect(named(resources, POLICY, "load-failed").parent).to.equal("load");
    expect(allowedTo(resources, arnOf(ROLE, "load"))).to.deep.equal([read, send]);
  });
});
