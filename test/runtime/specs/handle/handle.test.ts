import { expect } from "chai";
import { UpstreamError } from "../../../../runtime/shared/errors";
import { thrownBy } from "../../shared/recorder";
import { s3Event, sha256, snsEvent, specText } from "../fakes";
import { workshop } from "../workshop";

const KEY = "acme/pets/1.0-spec.json";
const NOTE = "acme/pets/1.0-build-error.json";
const WHEEL = "acme/pets/pets-1.0-py3-none-any.whl";
const SDIST = "acme/pets/pets-1.0.tar.gz";
const PETS = { owner: "acme", specId: "pets", version: "1.0" };

describe("handling a spec", () => {
  let shop: ReturnType<typeof workshop>;
  beforeEach(() => {
    shop = workshop();
  });

  it("puts the packages beside it, and records them", async () => {
    expect(await shop.upload(KEY, specText())).to.deep.equal(["settled"]);
    expect(shop.bucket.keys).to.deep.equal([KEY, WHEEL, SDIST]);
    const [request] = shop.builder.requests;
    expect(request).to.deep.equal({ packageName: "pets", version: "1.0", spec: specText() });
    const wheel = shop.bucket.objects.get(WHEEL);
    const hash = sha256(wheel?.body ?? "");
    expect(wheel?.metadata).to.deep.equal({ sha256: hash, "spec-etag": sha256(specText()) });
    const row = shop.records.row(PETS);
    expect(row).to.include({ status: "built", builder: "r1" });
    const size = wheel?.body.length;
    expect(row?.files[0]).to.deep.equal({ name: "pets-1.0-py3-none-any.whl", sha256: hash, size });
  });

  it("takes a local version, whose + S3 writes as %2B", async () => {
    const local = "acme/pets/1.0+abc-spec.json";
    await shop.upload(local, specText());
    expect(shop.bucket.keys).to.include("acme/pets/pets-1.0+abc.tar.gz");
    await shop.remove(local);
    expect(shop.bucket.keys).to.deep.equal([]);
  });

  it("refuses a + that isn't encoded, which is a space", async () => {
    shop.bucket.upload("acme/pets/1.0 abc-spec.json", specText());
    const s3 = { bucket: { name: "packages" }, object: { key: "acme/pets/1.0+abc-spec.json" } };
    expect(await shop.handle(snsEvent({ Records: [{ s3 }] }))).to.deep.equal(["refused"]);
    expect(shop.bucket.keys).to.include("acme/pets/1.0 abc-build-error.json");
  });

  it("builds nothing anew that is unchanged, and all that another builder built", async () => {
    await shop.upload(KEY, specText());
    await shop.upload(KEY, specText());
    expect(shop.builder.requests).to.have.length(1);
    await shop.handle(snsEvent(s3Event({ key: KEY })), "other", "r2");
    expect(shop.builder.requests).to.have.length(2);
  });

  it("builds anew what was taken away, and drops what an earlier build left", async () => {
    await shop.upload(KEY, specText());
    shop.bucket.objects.delete(WHEEL);
    shop.bucket.upload("acme/pets/pets-1.0.0.tar.gz", "old");
    shop.bucket.upload("acme/pets/pets-1.0.1.tar.gz", "of another version");
    await shop.tell(KEY);
    expect(shop.bucket.keys).to.deep.equal([KEY, WHEEL, SDIST, "acme/pets/pets-1.0.1.tar.gz"].sort());
  });

  it("replaces the packages of a spec that changed", async () => {
    await shop.upload(KEY, specText("one"));
    await shop.upload(KEY, specText("two"));
    expect(shop.bucket.text(WHEEL)).to.include('"two"');
  });

  it("removes the packages of a spec that is gone, and no others", async () => {
    await shop.upload(KEY, specText());
    await shop.upload("acme/pets/1.1-spec.json", specText());
    await shop.remove(KEY);
    expect(shop.bucket.keys.filter((key) => key.includes("1.0"))).to.deep.equal([]);
    expect(shop.bucket.keys).to.have.length(3);
    expect(shop.records.row(PETS)).to.include({ status: "removed" });
  });

  it("doesn't take a spec for there because of a sibling", async () => {
    shop.bucket.upload(`${KEY}.bak`, specText());
    expect(await shop.upload(`${KEY}.bak`, specText())).to.deep.equal(["ignored"]);
    await shop.upload(KEY, specText());
    await shop.remove(KEY);
    expect(shop.bucket.keys).to.deep.equal([`${KEY}.bak`]);
  });

  it("leaves no packages of a spec that was deleted while they were built", async () => {
    shop.builder.during = () => {
      shop.bucket.objects.delete(KEY);
    };
    await shop.upload(KEY, specText());
    expect(shop.bucket.keys).to.deep.equal([]);
    expect(shop.records.row(PETS)?.status).to.equal("removed");
  });

  it("builds the newer spec when it changes while the older is built", async () => {
    shop.builder.during = ({ spec }) => {
      if (spec.includes('"one"')) shop.bucket.upload(KEY, specText("two"));
    };
    await shop.upload(KEY, specText("one"));
    expect(shop.bucket.text(SDIST)).to.include('"two"');
    expect(shop.builder.requests).to.have.length(2);
  });

  it("leaves a spec that never rests to a retry", async () => {
    let change = 0;
    shop.builder.during = () => {
      shop.bucket.upload(KEY, specText(String(change++)));
    };
    const error = await thrownBy(() => shop.upload(KEY, specText()));
    expect(error.name).to.equal("UpstreamError");
    expect(shop.builder.requests).to.have.length(5);
  });

  it("drops events that are older than what was handled, and repeats", async () => {
    shop.bucket.upload(KEY, specText());
    expect(await shop.tell(KEY, "0A")).to.deep.equal(["settled"]);
    expect(await shop.tell(KEY, "0A")).to.deep.equal(["outdated"]);
    expect(await shop.tell(KEY, "09")).to.deep.equal(["outdated"]);
    expect(await shop.tell(KEY, "0B")).to.deep.equal(["settled"]);
    expect(shop.builder.requests).to.have.length(1);
  });

  it("doesn't take its own event for handled when it is tried again", async () => {
    shop.bucket.upload(KEY, specText());
    let broken = true;
    shop.bucket.refuse = (call, key) => {
      const last = call === "remove" && key === NOTE && broken;
      if (last) broken = false;
      return last ? new UpstreamError("busy") : undefined;
    };
    await thrownBy(() => shop.tell(KEY, "0A"));
    shop.bucket.objects.delete(KEY);
    expect(await shop.tell(KEY, "0A")).to.deep.equal(["settled"]);
    expect(shop.bucket.keys).to.deep.equal([]);
  });

  it("leaves a spec to the invocation that is at work on it, which looks again", async () => {
    let inner: readonly string[] = [];
    shop.builder.during = async ({ spec }) => {
      if (spec.includes('"one"')) inner = await shop.upload(KEY, specText("two"));
    };
    await shop.upload(KEY, specText("one"));
    expect(inner).to.deep.equal(["left"]);
    expect(shop.bucket.text(WHEEL)).to.include('"two"');
    expect(shop.leases.held).to.deep.equal([]);
  });

  it("looks although its event was handled, when an attempt died that others relied on", async () => {
    shop.bucket.upload(KEY, specText());
    await shop.tell(KEY, "0A");
    const event = snsEvent(s3Event({ key: KEY, sequencer: "0A" }));
    await shop.leases.take("package/acme/pets/1", "dead");
    expect(await shop.remove(KEY)).to.deep.equal(["left"]);
    expect(await shop.handle(event, "dead")).to.deep.equal(["settled"]);
    expect(shop.bucket.keys).to.deep.equal([]);
  });

  it("looks again for an event that came after its last look", async () => {
    let done = false;
    shop.records.noteHandled = () => Promise.resolve();
    const take = shop.leases.take;
    shop.leases.take = async (name, owner) => {
      const lease = await take(name, owner);
      if (lease === undefined || done) return lease;
      return {
        ...lease,
        release: async () => {
          if (!done) {
            done = true;
            expect(await shop.remove(KEY)).to.deep.equal(["left"]);
          }
          return lease.release();
        },
      };
    };
    await shop.upload(KEY, specText());
    expect(shop.bucket.keys).to.deep.equal([]);
  });
});
