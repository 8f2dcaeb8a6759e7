import { expect } from "chai";
import { CANARY_SAYS, flyCanary, type CanaryPorts } from "../../../../runtime/specs/canary/canary";
import { NOW } from "../../shared/recorder";
import { workshop } from "../workshop";

describe("canary", () => {
  /** A canary whose uploads and removals are handled, as far as `handled` says. */
  function aviary(handled: { readonly created?: boolean; readonly removed?: boolean } = {}) {
    const { created = true, removed = true } = handled;
    const shop = workshop();
    const { bucket, records, log } = shop;
    const tried: string[] = [];
    let time = NOW.getTime();
    const ports: CanaryPorts = {
      bucket: {
        list: bucket.list,
        read: bucket.read,
        put: async (object) => {
          await bucket.put(object);
          if (created) await shop.tell(object.key);
        },
        remove: async (keys) => {
          await bucket.remove(keys);
          for (const key of removed ? keys : []) await shop.tell(key);
        },
      },
      isListed: async ({ owner, version }) =>
        (await records.built(owner, "strata-canary")).some((record) => record.version === version),
      tryOut: ({ version }) => {
        tried.push(version);
        return Promise.resolve(`${CANARY_SAYS}\n`);
      },
      log,
      now: () => new Date(time),
      pause: (milliseconds) => {
        time += milliseconds;
        return Promise.resolve();
      },
    };
    return { ...shop, ports, tried };
  }
  const VERSION = `1.${String(NOW.getTime())}`;
  const failed = async (ports: CanaryPorts) => {
    const { passed, steps } = await flyCanary(ports);
    expect(passed).to.equal(false);
    return steps.filter(({ ok }) => !ok);
  };

  it("goes all the way and leaves nothing", async () => {
    const { ports, bucket, tried, builder } = aviary();
    const { passed, steps } = await flyCanary(ports);
    expect(steps.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect([passed, steps.length]).to.deep.equal([true, 6]);
    expect(builder.requests[0]).to.include({ packageName: "strata_canary", version: VERSION });
    expect(tried).to.deep.equal([VERSION]);
    expect(bucket.keys).to.deep.equal([]);
  });

  it("takes another version each time", async () => {
    const { ports, tried } = aviary();
    await flyCanary(ports);
    await ports.pause(1);
    await flyCanary(ports);
    expect(new Set(tried).size).to.equal(2);
  });

  it("fails when no package comes, and tidies up", async () => {
    const { ports, bucket } = aviary({ created: false });
    const [step, ...more] = await failed(ports);
    expect([step?.name, more]).to.deep.equal(["wait for its package", []]);
    expect(step?.detail).to.include("within 150 s");
    expect(step?.seconds).to.be.at.least(150);
    expect(bucket.keys).to.deep.equal([]);
  });

  it("fails with the reason when its spec is refused", async () => {
    const { ports, builder, bucket } = aviary();
    builder.answer = () => ({ outcome: "refused", reason: "no birds today" });
    const [step] = await failed(ports);
    expect(step?.detail).to.include("no birds today");
    expect(bucket.keys).to.deep.equal([]);
  });

  it("fails when the package isn't in the index", async () => {
    const { ports } = aviary();
    const [step] = await failed({ ...ports, isListed: () => Promise.resolve(false) });
    expect(step?.name).to.equal("wait for its package");
  });

  for (const [name, tryOut] of [
    ["can't be installed", () => Promise.reject(new Error("uv failed"))],
    ["says something else", () => Promise.resolve("{}")],
  ] as const) {
    it(`fails when the package ${name}`, async () => {
      const { ports, bucket } = aviary();
      const [step] = await failed({ ...ports, tryOut });
      expect(step?.name).to.equal("install and use it");
      expect(bucket.keys).to.deep.equal([]);
    });
  }

  it("fails when the package stays, and takes it away itself", async () => {
    const { ports, bucket } = aviary({ removed: false });
    const [step] = await failed(ports);
    expect(step?.name).to.equal("see the package gone");
    expect(bucket.keys).to.deep.equal([]);
  });

  it("says so when it can't even tidy up", async () => {
    const { ports } = aviary();
    const remove = () => Promise.reject(new Error("AccessDenied"));
    const steps = await failed({ ...ports, bucket: { ...ports.bucket, remove } });
    expect(steps.map(({ detail }) => detail)).to.deep.equal(["AccessDenied", "AccessDenied"]);
  });

  it("removes what canaries left that died, and nothing of one that flies", async () => {
    const { ports, bucket } = aviary();
    const [old, young] = ["canary/strata_canary/1.1-spec.json", "canary/strata_canary/1.2-spec.json"];
    for (const key of [old, young, "acme/pets/1.0-spec.json"]) bucket.upload(key, "{}");
    bucket.modified.set(old, new Date(NOW.getTime() - 3_600_001));
    bucket.modified.set("acme/pets/1.0-spec.json", new Date(0));
    await flyCanary(ports);
    expect(bucket.keys).to.deep.equal(["acme/pets/1.0-spec.json", young]);
  });
});
