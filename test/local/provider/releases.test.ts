import {
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { codeOf, LAMBDA_TRUST, type Made, openWorkbench, type Properties, type Workbench } from "./workbench";

const FUNCTION = "aws:lambda/function:Function";
const ALIAS = "aws:lambda/alias:Alias";

describe("provider releases of a function", () => {
  let bench: Workbench;
  let inputs: Properties;
  let made: Made;

  before(async function () {
    this.timeout(10 * 60_000);
    bench = await openWorkbench();
    const role = await bench.create("aws:iam/role:Role", { name: "role", assumeRolePolicy: LAMBDA_TRUST });
    inputs = {
      name: "handle",
      role: String(role.outs["arn"]),
      runtime: "nodejs20.x",
      handler: "index.handler",
      code: codeOf("exports.handler = async () => 1;"),
      publish: true,
      reservedConcurrentExecutions: 5,
    };
    made = await bench.create(FUNCTION, inputs);
  });
  after(() => bench.close());

  const lambda = (): LambdaClient => bench.client(LambdaClient);

  async function versions(): Promise<readonly (string | undefined)[]> {
    const { Versions } = await lambda().send(new ListVersionsByFunctionCommand({ FunctionName: made.id }));
    return (Versions ?? []).map(({ Version }) => Version);
  }

  async function update(change: Properties): Promise<void> {
    inputs = { ...inputs, ...change };
    made = await bench.update(made, inputs);
  }

  it("publish a version with it, and say which", async () => {
    expect(made.outs["version"]).to.equal("1");
    expect(made.outs["qualifiedArn"]).to.equal(`${String(made.outs["arn"])}:1`);
    expect(await versions()).to.deep.equal(["$LATEST", "1"]);
  });

  it("publish one version for a change of code and configuration", async () => {
    await update({ code: codeOf("exports.handler = async () => 2;"), memorySize: 256 });
    expect(made.outs["version"]).to.equal("2");
    expect(await versions()).to.deep.equal(["$LATEST", "1", "2"]);
  });

  it("publish none for what no version holds", async () => {
    await update({ tags: { purpose: "test" }, reservedConcurrentExecutions: 3 });
    expect(made.outs["version"]).to.equal("2");
    expect(await versions()).to.have.length(3);
    const { ReservedConcurrentExecutions } = await lambda().send(
      new GetFunctionConcurrencyCommand({ FunctionName: made.id }),
    );
    expect(ReservedConcurrentExecutions).to.equal(3);
  });

  it("are none of a function that isn't published, and begin when it is", async () => {
    const plain = { ...inputs, name: "plain", publish: false };
    const unpublished = await bench.create(FUNCTION, plain);
    expect(unpublished.outs["version"]).to.equal("$LATEST");
    const published = await bench.update(unpublished, { ...plain, publish: true });
    expect(published.outs["version"]).to.equal("1");
  });

  it("split calls between two versions, and stop to", async () => {
    const of = { functionName: made.id, name: "live", functionVersion: "1" };
    const routing = async (): Promise<unknown> =>
      (await lambda().send(new GetAliasCommand({ FunctionName: made.id, Name: "live" }))).RoutingConfig
        ?.AdditionalVersionWeights;
    const routingConfig = { additionalVersionWeights: { 2: 0.1 } };
    const alias = await bench.create(ALIAS, { ...of, routingConfig });
    expect(alias.outs["arn"]).to.equal(`${String(made.outs["arn"])}:live`);
    expect(await routing()).to.deep.equal({ 2: 0.1 });
    await bench.update(alias, { ...of, routingConfig: { additionalVersionWeights: { 2: 0.5 } } });
    expect(await routing()).to.deep.equal({ 2: 0.5 });
    await bench.update(alias, { ...of, functionVersion: "2" });
    expect(await routing()).to.equal(undefined);
  });

  it("have permissions and failure settings of their own", async () => {
    await bench.create(ALIAS, { functionName: made.id, name: "tried", functionVersion: "2" });
    const of = { FunctionName: made.id, Qualifier: "tried" };
    const permission = await bench.create("aws:lambda/permission:Permission", {
      function: made.id,
      qualifier: "tried",
      statementId: "topic",
      action: "lambda:InvokeFunction",
      principal: "sns.amazonaws.com",
      sourceArn: "arn:aws:sns:us-east-1:000000000000:specs",
    });
    const { Policy } = await lambda().send(new GetPolicyCommand(of));
    expect(Policy).to.contain(`${made.id}:tried`).and.to.contain("arn:aws:sns:us-east-1:000000000000:specs");
    const settings = await bench.create("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", {
      functionName: made.id,
      qualifier: "tried",
      maximumRetryAttempts: 1,
    });
    expect(settings.id).to.equal(`${made.id}:tried`);
    const live = await lambda().send(new GetFunctionEventInvokeConfigCommand(of));
    expect(live.MaximumRetryAttempts).to.equal(1);
    for (const one of [permission, settings]) {
      expect(await bench.isThere(one)).to.equal(true);
      await bench.remove(one);
      expect(await bench.isThere(one)).to.equal(false);
    }
  });
});
