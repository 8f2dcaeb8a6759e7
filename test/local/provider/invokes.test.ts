import { expect } from "chai";
import { contexts } from "../../../local/provider/clients";
import { invokes } from "../../../local/provider/invokes";
import { rejection } from "../home";

describe("provider invokes", () => {
  const context = contexts("")("us-east-1");

  async function password(args: Readonly<Record<string, unknown>>): Promise<string> {
    const invoke = invokes["aws:secretsmanager/getRandomPassword:getRandomPassword"];
    if (invoke === undefined) throw new Error("The function is gone.");
    return String((await invoke(args, context))["randomPassword"]);
  }

  it("draw a password without an emulator, another one each time", async () => {
    const drawn = await password({ passwordLength: 40, excludePunctuation: true });
    expect(drawn).to.match(/^[A-Za-z0-9]{40}$/);
    expect(await password({ passwordLength: 40, excludePunctuation: true })).not.to.equal(drawn);
  });

  it("draw from the characters that are left", async () => {
    const onlyNumbers = { excludeLowercase: true, excludePunctuation: true, excludeUppercase: true };
    expect(await password({ ...onlyNumbers, excludeCharacters: "013456789" })).to.equal("2".repeat(32));
  });

  it("refuse what they don't do", async () => {
    const error = await rejection(Promise.resolve().then(() => password({ includeSpace: true })));
    expect(error.message).to.contain("includeSpace");
  });
});
