import { expect } from "chai";
import { BugError, UpstreamError } from "../../../../runtime/shared/errors";
import { thrownBy } from "../../shared/recorder";
import { specText } from "../fakes";
import { workshop } from "../workshop";

const KEY = "acme/pets/1.0-spec.json";
const NOTE = "acme/pets/1.0-build-error.json";
const WHEEL = "acme/pets/pets-1.0-py3-none-any.whl";
const SDIST = "acme/pets/pets-1.0.tar.gz";
const PETS = { owner: "acme", specId: "pets", version: "1.0" };

describe("specs that can't be built", () => {
  let shop: ReturnType<typeof workshop>;
  beforeEach(() => {
    shop = workshop();
  });

  const bad: readonly [string, string, string][] = [
    ["no JSON", "openapi: 3", "JSON object"],
    ["a JSON bomb", "[".repeat(100_000), "nests"],
    ["no OpenAPI", "{}", "OpenAPI 3"],
    ["no models", '{"openapi":"3.0.0","components":{"schemas":{}}}', "no models"],
    ["10 MB", specText("x".repeat(10 * 1024 * 1024)), "10.0 MB"],
    ["a remote $ref", specText("one", { paths: { "/": { $ref: "https://example.com/a" } } }), "example.com"],
  ];
  for (const [name, text, hint] of bad) {
    it(`tells the author of ${name}, without an alarm`, async () => {
      expect(await shop.upload(KEY, text)).to.deep.equal(["settled"]);
      const note = shop.note(NOTE) as { readonly reason: string };
      expect(note).to.include({ stage: "spec", spec: KEY, at: "2026-11-21T10:00:00.000Z" });
      expect(note.reason).to.include(hint);
      expect(shop.builder.requests).to.deep.equal([]);
      expect(shop.records.row(PETS)).to.include({ status: "refused", stage: "spec", reason: note.reason });
    });
  }

  it("doesn't even download 10 MB", async () => {
    shop.bucket.refuse = (call) => (call === "read" ? new BugError("It was read.") : undefined);
    await shop.upload(KEY, specText("x".repeat(10 * 1024 * 1024)));
    expect(shop.note(NOTE)).to.have.property("stage", "spec");
  });

  it("tells what the builder said", async () => {
    shop.builder.answer = () => ({ outcome: "refused", reason: "Pet has no primary key." });
    await shop.upload(KEY, specText());
    expect(shop.note(NOTE)).to.include({ stage: "build", reason: "Pet has no primary key." });
    await shop.tell(KEY);
    expect(shop.builder.requests).to.have.length(1);
  });

  it("takes the note back with a spec that can be built, or with the spec", async () => {
    await shop.upload(KEY, "{}");
    await shop.upload(KEY, specText());
    expect(shop.bucket.keys).to.deep.equal([KEY, WHEEL, SDIST]);
    await shop.upload(KEY, "{}");
    expect(shop.bucket.keys).to.deep.equal([NOTE, KEY]);
    await shop.remove(KEY);
    expect(shop.bucket.keys).to.deep.equal([]);
  });

  it("writes the note again that somebody removed, and removes the one that isn't true any more", async () => {
    await shop.upload(KEY, "{}");
    shop.bucket.objects.delete(NOTE);
    await shop.tell(KEY);
    expect(shop.bucket.keys).to.include(NOTE);
    await shop.upload(KEY, specText());
    shop.bucket.upload(NOTE, "{}");
    await shop.tell(KEY);
    expect(shop.bucket.keys).to.not.include(NOTE);
  });

  it("builds one of two versions that are the same, the shorter, and the other when that goes", async () => {
    const longer = "acme/pets/1.0.0-spec.json";
    await shop.upload(longer, specText("longer"));
    await shop.upload(KEY, specText("shorter"));
    expect(shop.bucket.text(WHEEL)).to.include("shorter");
    const note = shop.note("acme/pets/1.0.0-build-error.json");
    expect(note).to.include({ stage: "version" }).and.have.property("reason").that.includes("1.0");
    expect(shop.bucket.keys.filter((key) => key.includes("pets-1.0.0"))).to.deep.equal([]);
    await shop.remove(KEY);
    expect(shop.bucket.text("acme/pets/pets-1.0.0.tar.gz")).to.include("longer");
    expect(shop.bucket.keys).to.have.length(3);
  });

  it("gives up the name of a spec that was good and is none now", async () => {
    await shop.upload("acme/pet_store/1.0-spec.json", specText());
    await shop.upload("acme/pet_store/1.0-spec.json", "{}");
    await shop.upload("acme/Pet-Store/1.0-spec.json", specText());
    expect(shop.bucket.keys).to.include("acme/Pet-Store/Pet_Store-1.0.tar.gz");
  });

  it("refuses a second id that is the same name, until the first is gone", async () => {
    const second = "acme/Pet-Store/2.0-spec.json";
    await shop.upload("acme/pet_store/1.0-spec.json", specText());
    await shop.upload("acme/pet_store/1.1-spec.json", specText());
    await shop.upload(second, specText());
    expect(shop.note("acme/Pet-Store/2.0-build-error.json")).to.include({ stage: "name" });
    expect(await shop.upload("other/Pet-Store/2.0-spec.json", specText())).to.deep.equal(["settled"]);
    expect(shop.bucket.keys).to.include("other/Pet-Store/Pet_Store-2.0.tar.gz");
    await shop.remove("acme/pet_store/1.0-spec.json");
    await shop.tell(second);
    expect(shop.builder.requests).to.have.length(3);
    await shop.remove("acme/pet_store/1.1-spec.json");
    await shop.tell(second);
    expect(shop.bucket.keys).to.include("acme/Pet-Store/Pet_Store-2.0.tar.gz");
    expect(shop.bucket.keys).to.not.include("acme/Pet-Store/2.0-build-error.json");
  });
});

describe("what is nobody's spec's fault", () => {
  let shop: ReturnType<typeof workshop>;
  beforeEach(() => {
    shop = workshop();
  });

  for (const [name, call, error] of [
    ["the bucket is gone", "list", new BugError("NoSuchBucket")],
    ["the upload is refused", "put", new BugError("AccessDenied")],
    ["S3 is busy", "read", new UpstreamError("SlowDown")],
  ] as const) {
    it(`throws when ${name}, so that the event is tried again and kept; then it works`, async () => {
      let broken = true;
      shop.bucket.refuse = (called) => (broken && called === call ? error : undefined);
      expect(await thrownBy(() => shop.upload(KEY, specText()))).to.equal(error);
      expect(shop.bucket.keys).to.not.include(NOTE);
      expect(shop.leases.held).to.deep.equal([]);
      broken = false;
      await shop.tell(KEY);
      expect(shop.bucket.keys).to.deep.equal([KEY, WHEEL, SDIST]);
    });
  }

  it("throws when the builder is busy", async () => {
    shop.builder.during = () => Promise.reject(new UpstreamError("TooManyRequests"));
    expect((await thrownBy(() => shop.upload(KEY, specText()))).name).to.equal("UpstreamError");
    expect(shop.bucket.keys).to.deep.equal([KEY]);
  });

  for (const [name, change] of [
    ["of another name", { name: "pets-1.1.tar.gz" }],
    ["that lie in a folder", { name: "../pets-1.0.tar.gz" }],
    ["with other bytes", { content: "AAAA" }],
    ["of another size", { size: 1 }],
  ] as const) {
    it(`puts no files ${name} beside a spec`, async () => {
      shop.builder.answer = (request) => {
        const answer = shop.builder.built(request);
        if (answer.outcome !== "built") return answer;
        const [first, ...rest] = answer.files;
        return { ...answer, files: first === undefined ? [] : [...rest, { ...first, ...change }] };
      };
      expect((await thrownBy(() => shop.upload(KEY, specText()))).name).to.equal("BugError");
      expect(shop.bucket.keys).to.deep.equal([KEY]);
    });
  }

  it("doesn't take no files for a package", async () => {
    shop.builder.answer = () => ({ outcome: "built", files: [], peakMegabytes: 1 });
    expect((await thrownBy(() => shop.upload(KEY, specText()))).name).to.equal("BugError");
  });
});
