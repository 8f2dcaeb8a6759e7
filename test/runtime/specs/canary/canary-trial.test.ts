import { expect } from "chai";
import type { Server } from "node:http";
import { flyCanary } from "../../../../runtime/specs/canary/canary";
import { isListed, tryOut, type IndexAccess } from "../../../../runtime/specs/canary/canary-trial";
import { createIndexApp } from "../../../../runtime/specs/package-index/index-app";
import { thrownBy, recordingLog } from "../../shared/recorder";
import { PackageMachine } from "../build/build-machine";
import { serve } from "../loopback";
import { workshop } from "../workshop";

describe("canary with a real builder, index and installer", function () {
  this.timeout(120_000);
  const machine = new PackageMachine();
  const password = "/ a password: @ 100%";
  let shop: ReturnType<typeof workshop>;
  let access: IndexAccess;
  let servers: readonly Server[] = [];

  before(async () => {
    const storage = await serve((request) => {
      const object = shop.bucket.objects.get(decodeURIComponent(new URL(request.url).pathname.slice(1)));
      return new Response(object === undefined ? null : new Uint8Array(Buffer.from(object.body)));
    });
    const sign = (key: string) => Promise.resolve(`http://localhost:${String(storage.port)}/${key}`);
    const users = () => Promise.resolve({ pip: { password, owners: ["canary"] } });
    const api = await serve((request) =>
      createIndexApp({ records: shop.records, bucket: { sign }, users, log: recordingLog() }).fetch(request),
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
    shop = workshop();
    shop.builder.build = (request) => machine.build(request);
  });

  const uv = () => process.env["STRATA_UV"] ?? "uv";
  const spec = { owner: "canary", specId: "strata_canary", version: "1.1" };

  it("builds, installs and uses a package, and sees it go", async () => {
    const { bucket, log } = shop;
    const { passed, steps } = await flyCanary({
      bucket: {
        ...{ list: bucket.list, read: bucket.read },
        put: async (object) => {
          await bucket.put(object);
          await shop.tell(object.key);
        },
        remove: async (keys) => {
          await bucket.remove(keys);
          for (const key of keys) await shop.tell(key);
        },
      },
      isListed: (one) => isListed(one, access),
      tryOut: (one) => tryOut(one, access, { ...machine.settings, uv: uv() }),
      log,
      now: () => new Date(),
      pause: () => Promise.resolve(),
    });
    expect(
      steps.filter(({ ok }) => !ok),
      JSON.stringify(steps),
    ).to.deep.equal([]);
    expect([passed, bucket.keys]).to.deep.equal([true, []]);
  });

  it("knows that there is nothing from that there is no answer", async () => {
    expect(await isListed(spec, access)).to.equal(false);
    const error = await thrownBy(() => isListed(spec, { ...access, password: "wrong" }));
    expect(error.name).to.equal("UpstreamError");
    expect(error.message).to.include("401");
  });

  it("tells what uv said, without the password", async () => {
    const settings = { ...machine.settings, uv: uv() };
    const error = await thrownBy(() => tryOut(spec, access, settings));
    expect(error.message).to.match(/strata[-_]canary/);
    expect(error.message).to.not.include(password).and.not.include(encodeURIComponent(password));
  });
});
