import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { openWorkbench, type Workbench } from "./workbench";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

describe("provider secrets", () => {
  let bench: Workbench;
  before(async function () {
    this.timeout(10 * 60_000);
    bench = await openWorkbench();
  });
  after(() => bench.close());

  const secrets = (): SecretsManagerClient => bench.client(SecretsManagerClient);
  const value = async (SecretId: string): Promise<string | undefined> =>
    (await secrets().send(new GetSecretValueCommand({ SecretId }))).SecretString;

  it("hold what their newest version holds", async () => {
    const secret = await bench.create(SECRET, { name: "held" });
    const version = await bench.create(VERSION, { secretId: secret.id, secretString: "first" });
    expect(await value(secret.id)).to.equal("first");
    expect(version.id).to.equal(`${secret.id}|${String(version.outs["versionId"])}`);
    await bench.create(VERSION, { secretId: secret.id, secretString: "second" });
    // What replaced it was made first, as the engine does.
    await bench.remove(version);
    expect(await value(secret.id)).to.equal("second");
  });

  it("are not changed back after another change", async () => {
    const secret = await bench.create(SECRET, { name: "changed" });
    const version = await bench.create(VERSION, { secretId: secret.id, secretString: "ours" });
    for (const SecretString of ["theirs", "theirs again"])
      await secrets().send(new PutSecretValueCommand({ SecretId: secret.id, SecretString }));
    expect(await bench.isThere(version)).to.equal(true);
    expect(await value(secret.id)).to.equal("theirs again");
  });

  it("are described and tagged in place", async () => {
    const of = { name: "described" };
    const secret = await bench.create(SECRET, { ...of, description: "old", tags: { a: "1", b: "2" } });
    await bench.update(secret, { ...of, description: "new", tags: { b: "3" } });
    const live = await secrets().send(new DescribeSecretCommand({ SecretId: secret.id }));
    expect(live).to.deep.include({ Description: "new", Tags: [{ Key: "b", Value: "3" }] });
  });

  it("are gone with their versions once deleted, though they can be taken back for a while", async () => {
    const secret = await bench.create(SECRET, { name: "deleted", recoveryWindowInDays: 7 });
    const version = await bench.create(VERSION, { secretId: secret.id, secretString: "x" });
    await bench.remove(secret);
    expect(await bench.isThere(secret)).to.equal(false);
    expect(await bench.isThere(version)).to.equal(false);
    const live = await secrets().send(new DescribeSecretCommand({ SecretId: secret.id }));
    expect(live.DeletedDate).to.be.instanceOf(Date);
  });

  it("can be made again at once when nothing is to be taken back", async () => {
    for (let time = 0; time < 2; time++) {
      const secret = await bench.create(SECRET, { name: "again", recoveryWindowInDays: 0 });
      await bench.remove(secret);
      expect(await bench.isThere(secret)).to.equal(false);
    }
  });
});
