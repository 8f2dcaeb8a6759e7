import { expect } from "chai";
import { allowedTo, ofType, statementsOf } from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";
import { inEachStage } from "./each-stage";

const FUNCTION = "aws:lambda/function:Function";

/** The functions that run strangers' code, by their names. */
const STRANGERS = [/^layers-builder-/, /^specs-build$/];

/** Actions that AWS takes no resource name for. */
const NAMELESS =
  /^(lambda:List(LayerVersions|Layers)|xray:(Put|Get)\w+|logs:(Create|Get|Update|Delete|List)LogDeliver(y|ies)|logs:PutResourcePolicy|logs:Describe(ResourcePolicies|LogGroups))$/;

inEachStage("the roles", (_, recorded) => {
  let resources: RecordedResource[];
  before(() => {
    resources = recorded();
  });

  it("gives no role a `*` action, and a `*` resource only where AWS takes no name", () => {
    const policies = ofType(resources, "aws:iam/rolePolicy:RolePolicy");
    expect(policies).not.to.be.empty;
    for (const { name, inputs } of policies) {
      for (const { actions, resources: on } of statementsOf(inputs["policy"])) {
        for (const action of actions) {
          expect(action, name).to.match(/^[a-z0-9]+:[A-Za-z0-9]+$/);
          if (on.includes("*")) expect(action, name).to.match(NAMELESS);
        }
      }
    }
    // Nothing comes to a role by another way.
    expect(resources.filter(({ type }) => /^aws:iam\/(?!role:|rolePolicy:)/.test(type))).to.be.empty;
    for (const { name, inputs } of ofType(resources, "aws:iam/role:Role")) {
      expect(inputs, name).to.have.all.keys("assumeRolePolicy", "tags");
    }
  });

  it("keeps every role's policies within what IAM takes", () => {
    const lengths = new Map<unknown, number>();
    for (const { inputs } of ofType(resources, "aws:iam/rolePolicy:RolePolicy")) {
      const length = String(inputs["policy"]).length;
      lengths.set(inputs["role"], (lengths.get(inputs["role"]) ?? 0) + length);
    }
    // 10,240 characters a role; physical names are up to eight longer than here.
    for (const [role, length] of lengths) expect(length, String(role)).to.be.below(8500);
  });

  it("tells each function only of what its grants cover", () => {
    const data = resources.filter(({ type }) => /^aws:.*:(Bucket|Table|EventBus|Secret)$/.test(type));
    let told = 0;
    for (const { name, inputs } of ofType(resources, FUNCTION)) {
      const environment = inputs["environment"] as { variables?: Record<string, string> } | undefined;
      const words = Object.values(environment?.variables ?? {}).flatMap((value) => value.split(/[^\w-]+/));
      const granted = allowedTo(resources, inputs["role"]).flatMap((statement) => statement.resources);
      for (const { type, name: known } of data.filter((candidate) => words.includes(candidate.name))) {
        const arn = arnOf(type, known) ?? "";
        expect(
          granted.some((resource) => resource === arn || resource.startsWith(`${arn}/`)),
          `${name} on ${known}`,
        ).to.equal(true);
        told += 1;
      }
    }
    expect(told).to.be.greaterThan(10);
  });

  it("gives the functions that run strangers' code no access to anything but logs and traces", () => {
    const named = (pattern: RegExp) => ofType(resources, FUNCTION).filter(({ name }) => pattern.test(name));
    for (const pattern of STRANGERS) expect(named(pattern), String(pattern)).not.to.be.empty;
    const tools = STRANGERS.flatMap(named);
    for (const { name, inputs } of tools) {
      const services = allowedTo(resources, inputs["role"]).flatMap(({ actions }) =>
        actions.map((action) => action.split(":")[0]),
      );
      expect([...new Set(services)].sort(), name).to.deep.equal(["logs", "xray"]);
      expect(inputs["environment"], name).to.equal(undefined);
    }
  });
});
