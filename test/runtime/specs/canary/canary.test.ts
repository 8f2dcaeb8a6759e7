import { expect } from "chai";
import { CANARY_OUTPUT, runCanary, type CanaryPorts } from "../../../../runtime/specs/canary/canary";
import { NOW } from "../../shared/recorder";
import { inMemoryService } from "../in-memory-service";

describe("canary", () => {
  /** A canary, with a service that handles its uploads and removals unless `handled` says otherwise. */
  function setUp(handled: { readonly created?: boolean; readonly removed?: boolean } = {}) {
    const { created = true, removed = true } = handled;
    const service = inMemoryService();
    const { objects, store, log } = service;
    const tried: string[] = [];
    let time = NOW.getTime();
    const ports: CanaryPorts = {
      objects: {
        list: objects.list,
        read: objects.read,
        put: async (object) => {
          await objects.put(object);
          if (created) await service.tell(object.key);
        },
        remove: async (keys) => {
          await objects.remove(keys);
          for (const key of removed ? keys : []) await service.tell(key);
        },
      },
      isListed: async ({ owner, version }) =>
        (await store.ofOwner(owner, "strata-canary")).some(
          (row) => row.status === "built" && row.version === version,
        ),
      installAndUse: ({ version }) => {
        tried.push(version);
        return Promise.resolve(`${CANARY_OUTPUT}\n`);
      },
      log,
      now: () => new Date(time),
      pause: (milliseconds) => {
        time += milliseconds;
        return Promise.resolve();
      },
    };
    return { ...service, ports, tried };
  }
  const VERSION = `1.${String(NOW.getTime())}`;
  const failed = async (ports: CanaryPorts) => {
    const { passed, steps } = await runCanary(ports);
    expect(passed).to.equal(false);
    return steps.filter(({ ok }) => !ok);
  };

  it("does all steps and leaves nothing", async () => {
    const { ports, objects, tried, builder } = setUp();
    const { passed, steps } = await runCanary(ports);
    expect(steps.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect([passed, steps.length]).to.deep.equal([true, 6]);
    expect(builder.requests[0]).to.include({ packageName: "strata_canary", version: VERSION });
    expect(tried).to.deep.equal([VERSION]);
    expect(objects.keys).to.deep.equal([]);
  });

  it("uses a new version each time", async () => {
    const { ports, tried } = setUp();
    await runCanary(ports);
    await ports.pause(1);
    await runCanary(ports);
    expect(new Set(tried).size).to.equal(2);
  });

  it("fails when no package comes, and tidies up", async () => {
    const { ports, objects } = setUp({ created: false });
    const [step, ...more] = await failed(ports);
    expect([step?.name, more]).to.deep.equal(["wait for its package", []]);
    expect(step?.detail).to.include("within 150 s");
    expect(step?.seconds).to.be.at.least(150);
    expect(objects.keys).to.deep.equal([]);
  });

  it("fails with the reason when its spec is refused", async () => {
    const { ports, builder, objects } = setUp();
    builder.answer = () => ({ outcome: "refused", reason: "The model has no key." });
    const [step] = await failed(ports);
    expect(step?.detail).to.include("The model has no key.");
    expect(objects.keys).to.deep.equal([]);
  });

  it("fails when the package isn't in the index", async () => {
    const { ports } = setUp();
    const [step] = await failed({ ...ports, isListed: () => Promise.resolve(false) });
    expect(step?.name).to.equal("wait for its package");
  });

  for (const [name, installAndUse] of [
    ["can't be installed", () => Promise.reject(new Error("uv failed"))],
    ["says something else", () => Promise.resolve("{}")],
  ] as const) {
    it(`fails when the package ${name}`, async () => {
      const { ports, objects } = setUp();
      const [step] = await failed({ ...ports, installAndUse });
      expect(step?.name).to.equal("install and use it");
      expect(objects.keys).to.deep.equal([]);
    });
  }

  it("fails when the package stays, and removes it", async () => {
    const { ports, objects } = setUp({ removed: false });
    const [step] = await failed(ports);
    expect(step?.name).to.equal("see the package gone");
    expect(objects.keys).to.deep.equal([]);
  });

  it("reports it when it can't even tidy up", async () => {
    const { ports } = setUp();
    const remove = () => Promise.reject(new Error("AccessDenied"));
    const steps = await failed({ ...ports, objects: { ...ports.objects, remove } });
    expect(steps.map(({ detail }) => detail)).to.deep.equal(["AccessDenied", "AccessDenied"]);
  });

  it("removes what crashed canaries left, and nothing of one that runs", async () => {
    const { ports, objects } = setUp();
    const [old, young] = ["canary/strata_canary/1.1-spec.json", "canary/strata_canary/1.2-spec.json"];
    for (const key of [old, young, "acme/pets/1.0-spec.json"]) objects.upload(key, "{}");
    objects.modified.set(old, new Date(NOW.getTime() - 3_600_001));
    objects.modified.set("acme/pets/1.0-spec.json", new Date(0));
    await runCanary(ports);
    expect(objects.keys).to.deep.equal(["acme/pets/1.0-spec.json", young]);
  });
});
