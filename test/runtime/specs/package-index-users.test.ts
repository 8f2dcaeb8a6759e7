import { expect } from "chai";
import { openIndexUsers, readIndexUsers, userOf } from "../../../runtime/specs/package-index-users";
import { thrownBy, NOW } from "../shared/recorder";

const USERS = {
  pip: { password: "a-password-that-is-long", owners: ["*"] },
  acme: { password: "another-password: long", owners: ["acme"] },
};

describe("users of the package index", () => {
  let asked: number;
  let secret: string;
  beforeEach(() => {
    asked = 0;
    secret = JSON.stringify(USERS);
  });
  const client = {
    send: () => {
      asked++;
      return Promise.resolve({ SecretString: secret });
    },
  } as never;

  it("are remembered for five minutes", async () => {
    let time = NOW.getTime();
    const users = openIndexUsers(client, "arn", () => new Date(time));
    expect(await users()).to.deep.equal(USERS);
    time += 5 * 60_000 - 1;
    await users();
    expect(asked).to.equal(1);
    time += 1;
    secret = "{}";
    expect(await users()).to.deep.equal({});
    expect(asked).to.equal(2);
  });

  it("are read again after a failure", async () => {
    secret = "nonsense";
    const users = openIndexUsers(client, "arn", () => NOW);
    await thrownBy(users);
    secret = "{}";
    expect(await users()).to.deep.equal({});
  });

  it("must have passwords and owners; an error names the place, and doesn't show the secret", async () => {
    secret = JSON.stringify({ pip: { password: "short-secret", owners: ["*"] } });
    const error = await thrownBy(() => readIndexUsers(client, "arn"));
    expect(error.name).to.equal("BugError");
    expect(error.message).to.include("pip.password").and.not.include("short-secret");
  });

  it("may have colons in their passwords", () => {
    const encoded = Buffer.from(`acme:${USERS.acme.password}`).toString("base64");
    expect(userOf(`Basic ${encoded}`, USERS)).to.equal(USERS.acme);
  });
});
