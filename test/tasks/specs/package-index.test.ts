import { expect } from "chai";
import type { Connection } from "../../../tasks/platform/connection";
import {
  packageIndexInstructions,
  packageIndexUrl,
  indexCredentials,
} from "../../../tasks/specs/package-index";

/** A connection to a stage whose secret holds `users`. */
function connectionTo(users: object): Connection {
  const outputs = {
    specs: { packageIndexUrl: "https://api.example.org/packages", packageIndexSecret: "arn:secret" },
  };
  const send = () => Promise.resolve({ SecretString: JSON.stringify(users) });
  return { outputs, secrets: () => ({ send }) } as unknown as Connection;
}

const PIP = { password: "p/w:@ and so on!", owners: ["*"] };

describe("the package index of an owner", () => {
  it("has its own address, which contains credentials only on request", () => {
    const connection = connectionTo({});
    expect(packageIndexUrl(connection, "a@b")).to.equal("https://api.example.org/packages/a%40b/simple/");
    expect(packageIndexUrl(connection, "team", { name: "pip", password: PIP.password })).to.equal(
      "https://pip:p%2Fw%3A%40%20and%20so%20on!@api.example.org/packages/team/simple/",
    );
  });

  it("is read by a user of the secret who may see the owner", async () => {
    const users = { other: { password: "another password", owners: ["others"] }, pip: PIP };
    expect(await indexCredentials(connectionTo(users), "team")).to.deep.equal({
      name: "pip",
      password: PIP.password,
    });
    expect((await indexCredentials(connectionTo(users), "others")).name).to.equal("other");
  });

  it("can't be read when the secret is wrong", async () => {
    const told = await indexCredentials(connectionTo({ pip: "short" }), "team").catch(String);
    expect(told).to.match(/^TaskError: .*Wrong: pip/);
  });

  it("can't be read when no user may see the owner", async () => {
    const users = { other: { password: "another password", owners: ["others"] } };
    const refusal = await indexCredentials(connectionTo(users), "team").catch(
      (error: Error) => error.message,
    );
    expect(refusal).to.match(/no user of the secret arn:secret may see the owner team/);
  });

  it("is explained for pip and uv, with a password only on request", () => {
    const connection = connectionTo({});
    const lines = packageIndexInstructions(connection, "team", { requirement: "pets==1.0.0" });
    expect(lines).to.deep.equal([
      "pip install --no-deps --index-url 'https://pip:<password>@api.example.org/packages/team/simple/' pets==1.0.0",
      "uv pip install --no-deps --index-url 'https://pip:<password>@api.example.org/packages/team/simple/' pets==1.0.0",
      "packages also need this, once, from your usual index: pip install OpenAlchemy 'setuptools<81'",
    ]);
    const credentials = { name: "me", password: "secret" };
    expect(packageIndexInstructions(connection, "team", { credentials })[0]).to.include("//me:secret@");
  });
});
