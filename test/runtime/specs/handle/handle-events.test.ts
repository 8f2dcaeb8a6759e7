import { expect } from "chai";
import { UpstreamError } from "../../../../runtime/shared/errors";
import { thrownBy } from "../../shared/recorder";
import { s3Event, snsEvent, specText } from "../fakes";
import { inMemoryService } from "../in-memory-service";

const KEY = "acme/pets/1.0-spec.json";
const WHEEL = "acme/pets/pets-1.0-py3-none-any.whl";

describe("events with errors in them", () => {
  let service: ReturnType<typeof inMemoryService>;
  beforeEach(() => {
    service = inMemoryService();
  });

  it("handles the good records of an event, and throws for the bad ones", async () => {
    service.objects.upload(KEY, specText());
    const elsewhere = { s3: { bucket: { name: "other" }, object: { key: KEY } } };
    const event = snsEvent("nonsense", { Records: [elsewhere] }, s3Event({ key: KEY }));
    const error = await thrownBy(() => service.handle(event));
    expect(error.name).to.equal("BugError");
    expect(error.message).to.include("2 objects failed").and.include("other");
    expect(service.objects.keys).to.include(WHEEL);
  });

  it("handles the other specs when one fails", async () => {
    service.objects.upload(KEY, specText());
    service.objects.upload("acme/cats/1.0-spec.json", specText());
    service.builder.during = ({ packageName }) => {
      if (packageName === "pets") throw new UpstreamError("throttled");
    };
    const event = snsEvent(s3Event({ key: KEY }, { key: "acme/cats/1.0-spec.json" }));
    expect((await thrownBy(() => service.handle(event))).name).to.equal("UpstreamError");
    expect(service.objects.keys).to.include("acme/cats/cats-1.0.tar.gz");
  });

  it("does nothing for s3:TestEvent", async () => {
    expect(await service.handle(snsEvent({ Event: "s3:TestEvent" }))).to.deep.equal([]);
    expect(service.log.lines).to.deep.equal([]);
  });

  it("only logs a key that isn't encoded", async () => {
    const s3 = { bucket: { name: "specs" }, object: { key: "acme/%zz/1.0-spec.json" } };
    expect(await service.handle(snsEvent({ Records: [{ s3 }] }))).to.deep.equal(["refused"]);
    expect(service.objects.keys).to.deep.equal([]);
    expect(service.log.lines[0]).to.include({ level: "warn" });
  });

  for (const [key, note] of [
    ['acme/pets"+evil+"/1.0-spec.json', 'acme/pets"+evil+"/1.0-build-error.json'],
    ['acme/pets/1.0");evil("-spec.json', 'acme/pets/1.0");evil("-build-error.json'],
    ["acme/pets/latest-spec.json", "acme/pets/latest-build-error.json"],
    ["pets/1.0-spec.json", "pets/1.0-build-error.json"],
    ["a/acme/pets/1.0-spec.json", "a/acme/pets/1.0-build-error.json"],
  ] as const) {
    it(`writes a note for the author of ${key}, reads nothing and builds nothing`, async () => {
      const calls: string[] = [];
      service.objects.refuse = (call) => {
        calls.push(call);
        return undefined;
      };
      expect(await service.upload(key, specText())).to.deep.equal(["refused"]);
      expect(service.note(note)).to.deep.include({ stage: "key", spec: key });
      expect(calls).to.not.include("read");
      expect(service.builder.requests).to.deep.equal([]);
      await service.remove(key);
      expect(service.objects.keys).to.deep.equal([]);
    });
  }

  for (const key of ["../pets/1.0-spec.json", "acme//1.0-spec.json", "/acme/pets/1.0-spec.json"]) {
    it(`writes no note beside ${key}`, async () => {
      await service.upload(key, specText());
      expect(service.objects.keys).to.deep.equal([key]);
      expect(service.builder.requests).to.deep.equal([]);
    });
  }

  it("removes the note when the object goes while the note is written", async () => {
    service.objects.refuse = (call) => {
      if (call === "put") service.objects.contents.delete("pets/1.0-spec.json");
      return undefined;
    };
    await service.upload("pets/1.0-spec.json", specText());
    expect(service.objects.keys).to.deep.equal([]);
  });
});
