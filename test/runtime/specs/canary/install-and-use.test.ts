import { expect } from "chai";
import type { Server } from "node:http";
import { runCanary } from "../../../../runtime/specs/canary/canary";
import { isListed, installAndUse, type IndexAccess } from "../../../../runtime/specs/canary/install-and-use";
import { createPackageIndexApp } from "../../../../runtime/specs/package-index/app";
import { thrownBy, recordingLog } from "../../shared/recorder";
import { RealSpecBuilder } from "../build/real-spec-builder";
import { serve } from "../loopback";
import { inMemoryService } from "../in-memory-service";

describe("canary with a real builder, index and installer", function () {
  this.timeout(120_000);
  const realBuilder = new RealSpecBuilder();
  const password = "/ a password: @ 100%";
  let service: ReturnType<typeof inMemoryService>;
  let access: IndexAccess;
  let servers: readonly Server[] = [];

  before(async () => {
    const storage = await serve((request) => {
      const object = service.objects.contents.get(decodeURIComponent(new URL(request.url).pathname.slice(1)));
      return new Response(object === undefined ? null : new Uint8Array(Buffer.from(object.body)));
    });
    const sign = (key: string) => Promise.resolve(`http://localhost:${String(storage.port)}/${key}`);
    const users = () => Promise.resolve({ pip: { password, owners: ["canary"] } });
    const api = await serve((request) =>
      createPackageIndexApp({ store: service.store, objects: { sign }, users, log: recordingLog() }).fetch(
        request,
      ),
    );
    servers = [storage.server, api.server];
    access = { url: `http://127.0.0.1:${String(api.port)}/packages`, user: "pip", password };
  });

  after(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  beforeEach(() => {
    service = inMemoryService();
    service.builder.build = (request) => realBuilder.build(request);
  });

  const uv = () => process.env["STRATA_UV"] ?? "uv";
  const spec = { owner: "canary", specId: "strata_canary", version: "1.1" };

  it("builds, installs and uses a package, and sees it gone", async () => {
    const { objects, log } = service;
    const { passed, steps } = await runCanary({
      objects: {
        ...{ list: objects.list, read: objects.read },
        put: async (object) => {
          await objects.put(object);
          await service.tell(object.key);
        },
        remove: async (keys) => {
          await objects.remove(keys);
          for (const key of keys) await service.tell(key);
        },
      },
      isListed: (one) => isListed(one, access),
      installAndUse: (one) => installAndUse(one, access, { ...realBuilder.settings, uv: uv() }),
      log,
      now: () => new Date(),
      pause: () => Promise.resolve(),
    });
    expect(
      steps.filter(({ ok }) => !ok),
      JSON.stringify(steps),
    ).to.deep.equal([]);
    expect([passed, objects.keys]).to.deep.equal([true, []]);
  });

  it("tells an index without the package from one that refuses to answer", async () => {
    expect(await isListed(spec, access)).to.equal(false);
    const error = await thrownBy(() => isListed(spec, { ...access, password: "wrong" }));
    expect(error.name).to.equal("UpstreamError");
    expect(error.message).to.include("401");
  });

  it("shows the error of uv, without the password", async () => {
    const settings = { ...realBuilder.settings, uv: uv() };
    const error = await thrownBy(() => installAndUse(spec, access, settings));
    expect(error.message).to.match(/strata[-_]canary/);
    expect(error.message).to.not.include(password).and.not.include(encodeURIComponent(password));
  });
});
