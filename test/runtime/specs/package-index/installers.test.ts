import { expect } from "chai";
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import { devNull } from "node:os";
import { join } from "node:path";
import { type Tools } from "../../../../local/tools/tools";
import { testTools } from "../../../local/home";
import { createPackageIndexApp } from "../../../../runtime/specs/package-index/app";
import { runCommand } from "../../../../runtime/shared/child-process";
import { suiteFolder } from "../../builder/support/machine";
import { makeWheel } from "../../builder/support/packages";
import { NOW, recordingLog } from "../../shared/recorder";
import { FakeSpecStore, sha256 } from "../fakes";
import { serve } from "../loopback";

const USERS = { pip: { password: "a /password: that's @odd + 100%", owners: ["acme"] } };
/** The emulator serves the index below this path, which the index doesn't know. */
const PREFIX = "/_aws/execute-api/a1/$default";

describe("package index with real installers", function () {
  this.timeout(120_000);
  const folder = suiteFolder();
  const wheel = makeWheel({
    name: "Pet-Store",
    version: "1.0+abc",
    files: { "pet_store/__init__.py": "legs = 4" },
  });
  let served = wheel.bytes;
  let refused = 0;
  let tools: Tools;
  let servers: readonly Server[] = [];
  let index = "";

  before(async () => {
    tools = await testTools();
    const store = new FakeSpecStore();
    const { filename: name, bytes } = wheel;
    const files = [{ name, sha256: sha256(bytes), size: bytes.length }];
    const version = "1.0+abc";
    await store.put({
      owner: "acme",
      specId: "Pet-Store",
      version,
      status: "built",
      files,
      at: NOW.toISOString(),
    });
    // Like S3, which accepts only one kind of credentials, and has another host name than the index.
    const storage = await serve((request) => {
      if (request.headers.has("authorization")) {
        refused++;
        return new Response("Only one auth mechanism allowed", { status: 400 });
      }
      return new Response(request.method === "HEAD" ? null : new Uint8Array(served), {
        headers: { "content-length": String(served.length) },
      });
    });
    const at = `http://localhost:${String(storage.port)}`;
    const objects = { sign: (key: string) => Promise.resolve(`${at}/${encodeURIComponent(key)}`) };
    const app = createPackageIndexApp({
      store,
      objects,
      users: () => Promise.resolve(USERS),
      log: recordingLog(),
    });
    const api = await serve((request) => {
      const url = new URL(request.url);
      // pip writes the dollar sign as %24.
      url.pathname = url.pathname.replace("%24", "$").replace(PREFIX, "");
      return app.fetch(new Request(url, { method: request.method, headers: request.headers }));
    });
    servers = [storage.server, api.server];
    const credentials = `pip:${encodeURIComponent(USERS.pip.password)}`;
    index = `http://${credentials}@127.0.0.1:${String(api.port)}${PREFIX}/packages/acme/simple/`;
  });

  after(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  beforeEach(() => {
    served = wheel.bytes;
    refused = 0;
  });

  const run = (program: string, args: readonly string[]) => {
    const environment = { PATH: "/usr/bin:/bin", HOME: folder, PIP_CONFIG_FILE: devNull, LANG: "C.UTF-8" };
    return runCommand({ program, args, environment, folder, milliseconds: 60_000 });
  };
  const pip = (...args: string[]) =>
    run(tools.python, ["-m", "pip", "--disable-pip-version-check", "--no-cache-dir", "--no-input", ...args]);
  const uv = (...args: string[]) =>
    run(tools.uv, ["pip", "install", "--no-config", "--no-cache", "--python", tools.python, ...args]);
  const installed = (target: string) => existsSync(join(folder, target, "pet_store", "__init__.py"));

  it("lets pip install", async () => {
    const { succeeded, stderr } = await pip(
      "install",
      "--target",
      "by-pip",
      "--index-url",
      index,
      "pet-store",
    );
    expect(stderr, stderr).to.not.match(/error/i);
    expect([succeeded, installed("by-pip"), refused]).to.deep.equal([true, true, 0]);
  });

  it("lets pip download by any spelling of the name", async () => {
    const { succeeded, stderr } = await pip(
      "download",
      "-d",
      "downloads",
      "--index-url",
      index,
      "Pet.Store==1.0+abc",
    );
    expect(succeeded, stderr).to.equal(true);
    expect(existsSync(join(folder, "downloads", wheel.filename))).to.equal(true);
  });

  it("lets uv install", async () => {
    const { succeeded, stderr } = await uv("--target", "by-uv", "--index-url", index, "pet_store");
    expect(succeeded, stderr).to.equal(true);
    expect([installed("by-uv"), refused]).to.deep.equal([true, 0]);
  });

  it("lets neither install other bytes than those that were built", async () => {
    served = makeWheel({
      name: "Pet-Store",
      version: "1.0+abc",
      files: { "pet_store/__init__.py": "evil" },
    }).bytes;
    const byPip = await pip("install", "--target", "evil-pip", "--index-url", index, "pet-store");
    expect([byPip.succeeded, installed("evil-pip")]).to.deep.equal([false, false]);
    expect(byPip.stderr).to.match(/hash/i);
    const byUv = await uv("--target", "evil-uv", "--index-url", index, "pet-store");
    expect([byUv.succeeded, installed("evil-uv")]).to.deep.equal([false, false]);
    expect(byUv.stderr).to.match(/hash/i);
  });

  it("lets neither in without the password", async () => {
    const stranger = index.replace(/:[^:@]*@/, ":wrong@");
    expect((await pip("install", "--target", "no", "--index-url", stranger, "pet-store")).succeeded).to.equal(
      false,
    );
    expect((await uv("--target", "no", "--index-url", stranger, "pet-store")).succeeded).to.equal(false);
  });
});
