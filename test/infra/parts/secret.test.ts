import { expect } from "chai";
import { Secret } from "../../../infra/parts/secret";
import { allowedBy, recordComponent } from "../recorded-component";
import { named, placesOf } from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

describe("a secret", () => {
  let secret: Secret;
  const recordSecret = (retain: boolean): Promise<RecordedResource[]> =>
    recordComponent(() => {
      secret = new Secret("users", { retain, initially: (password) => ({ pip: { password } }) });
    });

  it("holds JSON made of a random password, as a secret, and keeps what is changed later", async () => {
    const resources = await recordSecret(false);
    expect(placesOf(resources)).to.deep.equal([
      `${SECRET} users in users`,
      `${VERSION} users in users`,
      "strata:part:Secret users in the stack",
    ]);
    const { inputs, ignoreChanges } = named(resources, VERSION, "users");
    expect(inputs["secretId"]).to.equal("users-id");
    expect(inputs["secretString"]).to.have.property("value", '{"pip":{"password":"a-random-password"}}');
    expect(ignoreChanges).to.deep.equal(["secretString"]);
  });

  it("is protected and kept where data is retained, and else deleted at once", async () => {
    for (const retain of [true, false]) {
      const resources = await recordSecret(retain);
      expect(named(resources, SECRET, "users").inputs).to.deep.equal(
        retain ? {} : { recoveryWindowInDays: 0 },
      );
      for (const type of [SECRET, VERSION]) {
        const { protect, retainOnDelete } = named(resources, type, "users");
        expect([protect, retainOnDelete], type).to.deep.equal([retain, retain]);
      }
    }
  });

  it("grants reading", async () => {
    await recordSecret(false);
    expect(await allowedBy(secret.read())).to.deep.equal([
      { actions: ["secretsmanager:GetSecretValue"], resources: [arnOf(SECRET, "users")] },
    ]);
  });
});
