import { expect } from "chai";
import { UpstreamError } from "../../../../runtime/shared/errors";
import { thrownBy } from "../../shared/recorder";
import { s3Event, sha256, snsEvent, specText } from "../fakes";
import { inMemoryService } from "../in-memory-service";

const KEY = "acme/pets/1.0-spec.json";
const NOTE = "acme/pets/1.0-build-error.json";
const WHEEL = "acme/pets/pets-1.0-py3-none-any.whl";
const SDIST = "acme/pets/pets-1.0.tar.gz";
const PETS = { owner: "acme", specId: "pets", version: "1.0" };

describe("handling a spec", () => {
  let service: ReturnType<typeof inMemoryService>;
  beforeEach(() => {
    service = inMemoryService();
  });

  it("puts the packages beside it, and writes its row", async () => {
    expect(await service.upload(KEY, specText())).to.deep.equal(["reconciled"]);
    expect(service.objects.keys).to.deep.equal([KEY, WHEEL, SDIST]);
    const [request] = service.builder.requests;
    expect(request).to.deep.equal({ packageName: "pets", version: "1.0", spec: specText() });
    const wheel = service.objects.contents.get(WHEEL);
    const hash = sha256(wheel?.body ?? "");
    expect(wheel?.metadata).to.deep.equal({ sha256: hash, "spec-etag": sha256(specText()) });
    const row = service.store.row(PETS);
    expect(row).to.include({ status: "built", builder: "r1" });
    const size = wheel?.body.length;
    expect(row?.files[0]).to.deep.equal({ name: "pets-1.0-py3-none-any.whl", sha256: hash, size });
  });

  it("takes a local version, whose + is %2B in events of S3", async () => {
    const local = "acme/pets/1.0+abc-spec.json";
    await service.upload(local, specText());
    expect(service.objects.keys).to.include("acme/pets/pets-1.0+abc.tar.gz");
    await service.remove(local);
    expect(service.objects.keys).to.deep.equal([]);
  });

  it("refuses a + that isn't encoded, because it means a space", async () => {
    service.objects.upload("acme/pets/1.0 abc-spec.json", specText());
    const s3 = { bucket: { name: "specs" }, object: { key: "acme/pets/1.0+abc-spec.json" } };
    expect(await service.handle(snsEvent({ Records: [{ s3 }] }))).to.deep.equal(["refused"]);
    expect(service.objects.keys).to.include("acme/pets/1.0 abc-build-error.json");
  });

  it("doesn't build an unchanged spec again, unless the builder changed", async () => {
    await service.upload(KEY, specText());
    await service.upload(KEY, specText());
    expect(service.builder.requests).to.have.length(1);
    await service.handle(snsEvent(s3Event({ key: KEY })), "other", "r2");
    expect(service.builder.requests).to.have.length(2);
  });

  it("builds a missing package again, and removes what an earlier build left", async () => {
    await service.upload(KEY, specText());
    service.objects.contents.delete(WHEEL);
    service.objects.upload("acme/pets/pets-1.0.0.tar.gz", "old");
    service.objects.upload("acme/pets/pets-1.0.1.tar.gz", "of another version");
    await service.tell(KEY);
    expect(service.objects.keys).to.deep.equal([KEY, WHEEL, SDIST, "acme/pets/pets-1.0.1.tar.gz"].sort());
  });

  it("replaces the packages of a spec that changed", async () => {
    await service.upload(KEY, specText("one"));
    await service.upload(KEY, specText("two"));
    expect(service.objects.text(WHEEL)).to.include('"two"');
  });

  it("removes the packages of a spec that is gone, and no others", async () => {
    await service.upload(KEY, specText());
    await service.upload("acme/pets/1.1-spec.json", specText());
    await service.remove(KEY);
    expect(service.objects.keys.filter((key) => key.includes("1.0"))).to.deep.equal([]);
    expect(service.objects.keys).to.have.length(3);
    expect(service.store.row(PETS)).to.include({ status: "removed" });
  });

  it("isn't confused by a key that begins like the spec's", async () => {
    service.objects.upload(`${KEY}.bak`, specText());
    expect(await service.upload(`${KEY}.bak`, specText())).to.deep.equal(["ignored"]);
    await service.upload(KEY, specText());
    await service.remove(KEY);
    expect(service.objects.keys).to.deep.equal([`${KEY}.bak`]);
  });

  it("leaves no packages of a spec that was deleted while they were built", async () => {
    service.builder.during = () => {
      service.objects.contents.delete(KEY);
    };
    await service.upload(KEY, specText());
    expect(service.objects.keys).to.deep.equal([]);
    expect(service.store.row(PETS)?.status).to.equal("removed");
  });

  it("builds the newer spec when the spec changes during a build", async () => {
    service.builder.during = ({ spec }) => {
      if (spec.includes('"one"')) service.objects.upload(KEY, specText("two"));
    };
    await service.upload(KEY, specText("one"));
    expect(service.objects.text(SDIST)).to.include('"two"');
    expect(service.builder.requests).to.have.length(2);
  });

  it("leaves a spec that changes all the time to a retry", async () => {
    let change = 0;
    service.builder.during = () => {
      service.objects.upload(KEY, specText(String(change++)));
    };
    const error = await thrownBy(() => service.upload(KEY, specText()));
    expect(error.name).to.equal("UpstreamError");
    expect(service.builder.requests).to.have.length(5);
  });

  it("ignores repeated events, and older ones than it has handled", async () => {
    service.objects.upload(KEY, specText());
    expect(await service.tell(KEY, "0A")).to.deep.equal(["reconciled"]);
    expect(await service.tell(KEY, "0A")).to.deep.equal(["outdated"]);
    expect(await service.tell(KEY, "09")).to.deep.equal(["outdated"]);
    expect(await service.tell(KEY, "0B")).to.deep.equal(["reconciled"]);
    expect(service.builder.requests).to.have.length(1);
  });

  it("handles an event again whose first attempt failed", async () => {
    service.objects.upload(KEY, specText());
    let broken = true;
    service.objects.refuse = (call, key) => {
      const last = call === "remove" && key === NOTE && broken;
      if (last) broken = false;
      return last ? new UpstreamError("busy") : undefined;
    };
    await thrownBy(() => service.tell(KEY, "0A"));
    service.objects.contents.delete(KEY);
    expect(await service.tell(KEY, "0A")).to.deep.equal(["reconciled"]);
    expect(service.objects.keys).to.deep.equal([]);
  });

  it("leaves a spec to the invocation that works on it, which looks again", async () => {
    let inner: readonly string[] = [];
    service.builder.during = async ({ spec }) => {
      if (spec.includes('"one"')) inner = await service.upload(KEY, specText("two"));
    };
    await service.upload(KEY, specText("one"));
    expect(inner).to.deep.equal(["deferred"]);
    expect(service.objects.text(WHEEL)).to.include('"two"');
    expect(service.leases.held).to.deep.equal([]);
  });

  it("looks again, although its event was handled, when an attempt crashed that others relied on", async () => {
    service.objects.upload(KEY, specText());
    await service.tell(KEY, "0A");
    const event = snsEvent(s3Event({ key: KEY, sequencer: "0A" }));
    await service.leases.take("spec/acme/pets/1", "dead");
    expect(await service.remove(KEY)).to.deep.equal(["deferred"]);
    expect(await service.handle(event, "dead")).to.deep.equal(["reconciled"]);
    expect(service.objects.keys).to.deep.equal([]);
  });

  it("looks again for an event that came after its last look", async () => {
    let done = false;
    service.store.markHandled = () => Promise.resolve();
    const take = service.leases.take;
    service.leases.take = async (name, owner) => {
      const lease = await take(name, owner);
      if (lease === undefined || done) return lease;
      return {
        ...lease,
        release: async () => {
          if (!done) {
            done = true;
            expect(await service.remove(KEY)).to.deep.equal(["deferred"]);
          }
          return lease.release();
        },
      };
    };
    await service.upload(KEY, specText());
    expect(service.objects.keys).to.deep.equal([]);
  });
});
