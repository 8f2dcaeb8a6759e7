import { expect } from "chai";
import { BugError, UpstreamError } from "../../../../runtime/shared/errors";
import { thrownBy } from "../../shared/recorder";
import { specText } from "../fakes";
import { inMemoryService } from "../in-memory-service";

const KEY = "acme/pets/1.0-spec.json";
const NOTE = "acme/pets/1.0-build-error.json";
const WHEEL = "acme/pets/pets-1.0-py3-none-any.whl";
const SDIST = "acme/pets/pets-1.0.tar.gz";
const PETS = { owner: "acme", specId: "pets", version: "1.0" };

describe("specs that can't be built", () => {
  let service: ReturnType<typeof inMemoryService>;
  beforeEach(() => {
    service = inMemoryService();
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
    it(`refuses ${name} with a note, and without an alarm`, async () => {
      expect(await service.upload(KEY, text)).to.deep.equal(["reconciled"]);
      const note = service.note(NOTE) as { readonly reason: string };
      expect(note).to.include({ stage: "spec", spec: KEY, at: "2026-11-21T10:00:00.000Z" });
      expect(note.reason).to.include(hint);
      expect(service.builder.requests).to.deep.equal([]);
      expect(service.store.row(PETS)).to.include({ status: "refused", stage: "spec", reason: note.reason });
    });
  }

  it("doesn't even download 10 MB", async () => {
    service.objects.refuse = (call) => (call === "read" ? new BugError("It was read.") : undefined);
    await service.upload(KEY, specText("x".repeat(10 * 1024 * 1024)));
    expect(service.note(NOTE)).to.have.property("stage", "spec");
  });

  it("writes what the builder said into the note", async () => {
    service.builder.answer = () => ({ outcome: "refused", reason: "Pet has no primary key." });
    await service.upload(KEY, specText());
    expect(service.note(NOTE)).to.include({ stage: "build", reason: "Pet has no primary key." });
    await service.tell(KEY);
    expect(service.builder.requests).to.have.length(1);
  });

  it("removes the note when the spec can be built, or is gone", async () => {
    await service.upload(KEY, "{}");
    await service.upload(KEY, specText());
    expect(service.objects.keys).to.deep.equal([KEY, WHEEL, SDIST]);
    await service.upload(KEY, "{}");
    expect(service.objects.keys).to.deep.equal([NOTE, KEY]);
    await service.remove(KEY);
    expect(service.objects.keys).to.deep.equal([]);
  });

  it("writes a note again that somebody removed, and removes one that is no longer true", async () => {
    await service.upload(KEY, "{}");
    service.objects.contents.delete(NOTE);
    await service.tell(KEY);
    expect(service.objects.keys).to.include(NOTE);
    await service.upload(KEY, specText());
    service.objects.upload(NOTE, "{}");
    await service.tell(KEY);
    expect(service.objects.keys).to.not.include(NOTE);
  });

  it("builds the shorter of two equal versions, and the other one when that is gone", async () => {
    const longer = "acme/pets/1.0.0-spec.json";
    await service.upload(longer, specText("longer"));
    await service.upload(KEY, specText("shorter"));
    expect(service.objects.text(WHEEL)).to.include("shorter");
    const note = service.note("acme/pets/1.0.0-build-error.json");
    expect(note).to.include({ stage: "version" }).and.have.property("reason").that.includes("1.0");
    expect(service.objects.keys.filter((key) => key.includes("pets-1.0.0"))).to.deep.equal([]);
    await service.remove(KEY);
    expect(service.objects.text("acme/pets/pets-1.0.0.tar.gz")).to.include("longer");
    expect(service.objects.keys).to.have.length(3);
  });

  it("gives up the name of a spec that became wrong", async () => {
    await service.upload("acme/pet_store/1.0-spec.json", specText());
    await service.upload("acme/pet_store/1.0-spec.json", "{}");
    await service.upload("acme/Pet-Store/1.0-spec.json", specText());
    expect(service.objects.keys).to.include("acme/Pet-Store/Pet_Store-1.0.tar.gz");
  });

  it("refuses a second id with the same name, until the first is gone", async () => {
    const second = "acme/Pet-Store/2.0-spec.json";
    await service.upload("acme/pet_store/1.0-spec.json", specText());
    await service.upload("acme/pet_store/1.1-spec.json", specText());
    await service.upload(second, specText());
    expect(service.note("acme/Pet-Store/2.0-build-error.json")).to.include({ stage: "name" });
    expect(await service.upload("other/Pet-Store/2.0-spec.json", specText())).to.deep.equal(["reconciled"]);
    expect(service.objects.keys).to.include("other/Pet-Store/Pet_Store-2.0.tar.gz");
    await service.remove("acme/pet_store/1.0-spec.json");
    await service.tell(second);
    expect(service.builder.requests).to.have.length(3);
    await service.remove("acme/pet_store/1.1-spec.json");
    await service.tell(second);
    expect(service.objects.keys).to.include("acme/Pet-Store/Pet_Store-2.0.tar.gz");
    expect(service.objects.keys).to.not.include("acme/Pet-Store/2.0-build-error.json");
  });
});

describe("failures that aren't the fault of a spec", () => {
  let service: ReturnType<typeof inMemoryService>;
  beforeEach(() => {
    service = inMemoryService();
  });

  for (const [name, call, error] of [
    ["the bucket is gone", "list", new BugError("NoSuchBucket")],
    ["the upload is refused", "put", new BugError("AccessDenied")],
    ["S3 is busy", "read", new UpstreamError("SlowDown")],
  ] as const) {
    it(`throws when ${name}, so that the event is tried again; then it works`, async () => {
      let broken = true;
      service.objects.refuse = (called) => (broken && called === call ? error : undefined);
      expect(await thrownBy(() => service.upload(KEY, specText()))).to.equal(error);
      expect(service.objects.keys).to.not.include(NOTE);
      expect(service.leases.held).to.deep.equal([]);
      broken = false;
      await service.tell(KEY);
      expect(service.objects.keys).to.deep.equal([KEY, WHEEL, SDIST]);
    });
  }

  it("throws when the builder is busy", async () => {
    service.builder.during = () => Promise.reject(new UpstreamError("TooManyRequests"));
    expect((await thrownBy(() => service.upload(KEY, specText()))).name).to.equal("UpstreamError");
    expect(service.objects.keys).to.deep.equal([KEY]);
  });

  for (const [name, change] of [
    ["of another name", { name: "pets-1.1.tar.gz" }],
    ["in a folder", { name: "../pets-1.0.tar.gz" }],
    ["with other bytes", { content: "AAAA" }],
    ["of another size", { size: 1 }],
  ] as const) {
    it(`puts no files ${name} beside a spec`, async () => {
      service.builder.answer = (request) => {
        const answer = service.builder.built(request);
        if (answer.outcome !== "built") return answer;
        const [first, ...rest] = answer.files;
        return { ...answer, files: first === undefined ? [] : [...rest, { ...first, ...change }] };
      };
      expect((await thrownBy(() => service.upload(KEY, specText()))).name).to.equal("BugError");
      expect(service.objects.keys).to.deep.equal([KEY]);
    });
  }

  it("doesn't accept an answer without files", async () => {
    service.builder.answer = () => ({ outcome: "built", files: [], peakMegabytes: 1 });
    expect((await thrownBy(() => service.upload(KEY, specText()))).name).to.equal("BugError");
  });
});
