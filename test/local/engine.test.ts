import { type PulumiCommand } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { SemVer } from "semver";
import { engineSources, ensureEngine, type EngineSource, sdkVersion } from "../../local/engine";
import { rejection } from "./home";

const engine = { command: "pulumi", version: new SemVer("3.230.0") } as PulumiCommand;

function source(name: string, tried: string[], outcome: PulumiCommand | Error): EngineSource {
  return {
    name,
    announcement: `trying ${name}`,
    get: () => {
      tried.push(name);
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    },
  };
}

describe("engine", () => {
  it("takes the first way that works, tries none after it, and says which it was", async () => {
    const tried: string[] = [];
    const messages: string[] = [];
    const found = await ensureEngine({
      sources: [source("a", tried, new Error("no")), source("b", tried, engine), source("c", tried, engine)],
      progress: (message) => messages.push(message),
    });
    expect(found).to.equal(engine);
    expect(tried).to.deep.equal(["a", "b"]);
    expect(messages).to.deep.equal(["trying a", "trying b", "Engine: Pulumi 3.230.0 (b)"]);
  });

  it("tells why each way failed, and what to do", async () => {
    const tried: string[] = [];
    const missing = new Error("spawn go ENOENT");
    const installer = new Error("code: -2\n stdout: \n stderr: getaddrinfo error: no such host\n");
    const error = await rejection(
      ensureEngine({
        sources: [source("PATH", tried, missing), source("official installer", tried, installer)],
      }),
    );
    expect(error.name).to.equal("LocalError");
    expect(error.message).to.contain("- PATH: not found");
    expect(error.message).to.contain("- official installer: getaddrinfo error: no such host");
    expect(error.message).to.contain("install Go");
  });

  it("tries PATH, what is installed, the official installer, and Go, in this order", () => {
    const names = engineSources("/nowhere", "3.230.0").map(({ name }) => name);
    expect(names).to.deep.equal(["PATH", "installed earlier", "official installer", "built with Go"]);
  });

  it("asks for the version of the SDK", async () => {
    expect(await sdkVersion()).to.match(/^3\.\d+\.\d+$/);
  });
});
