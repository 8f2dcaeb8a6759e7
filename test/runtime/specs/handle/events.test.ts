import { expect } from "chai";
import * as fc from "fast-check";
import { messagesOf, newestObjectEvents, objectEventsOf } from "../../../../runtime/specs/handle/events";
import { thrownBy } from "../../shared/recorder";
import { BUCKET, s3Event, snsEvent } from "../fakes";

const KEY = "acme/pets/1.0-spec.json";

describe("events about specs", () => {
  it("reads several messages about several objects", () => {
    const event = snsEvent(s3Event({ key: "a" }, { key: "b" }), s3Event(), s3Event({ key: "c" }));
    const events = messagesOf(event).flatMap(objectEventsOf);
    expect(events.map(({ key }) => key)).to.deep.equal(["a", "b", "c"]);
    expect(events[0]?.bucket).to.equal(BUCKET);
    expect(messagesOf({ Records: [] })).to.deep.equal([]);
  });

  it("finds no object in s3:TestEvent", () => {
    const test = {
      Service: "Amazon S3",
      Event: "s3:TestEvent",
      Time: "2026-11-21T10:00:00.000Z",
      Bucket: BUCKET,
    };
    expect(objectEventsOf(JSON.stringify(test))).to.deep.equal([]);
  });

  for (const name of [
    "ObjectCreated:CompleteMultipartUpload",
    "ObjectRemoved:Delete",
    "ObjectRemoved:DeleteMarkerCreated",
    "LifecycleExpiration:Delete",
    "LifecycleExpiration:DeleteMarkerCreated",
  ]) {
    it(`finds the object of ${name}`, () => {
      const [record] = s3Event({ key: KEY }).Records;
      const message = JSON.stringify({ Records: [{ ...record, eventName: name }] });
      expect(objectEventsOf(message)).to.deep.equal([{ bucket: BUCKET, key: KEY }]);
    });
  }

  for (const message of ["hello", "{}", '{"Event":"s3:Other"}', '{"Records":[{"s3":{}}]}', "null"]) {
    it(`doesn't take ${message} for an S3 event`, async () => {
      expect((await thrownBy(() => objectEventsOf(message))).name).to.equal("BugError");
    });
  }

  it("refuses an event that isn't from SNS", async () => {
    expect((await thrownBy(() => messagesOf(s3Event({ key: KEY })))).name).to.equal("BugError");
  });

  it("keeps the newest event of each object, whatever their order", () => {
    const sequencers = fc.uniqueArray(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(sequencers, (numbers) => {
        // Sequencers are compared with the shorter filled up on its right, so equal lengths compare as numbers.
        const texts = numbers.map((number) => number.toString(16).padStart(16, "0"));
        const event = s3Event(...texts.map((sequencer) => ({ key: KEY, sequencer })));
        const [newest, ...rest] = newestObjectEvents(objectEventsOf(JSON.stringify(event)));
        const largest = numbers.reduce((one, other) => (one > other ? one : other));
        expect(rest).to.have.length(0);
        expect(newest?.sequencer).to.match(new RegExp(`^${largest.toString(16).padStart(16, "0")}$`, "i"));
      }),
    );
  });

  it("compares sequencers of different lengths from the left, in upper and lower case", () => {
    const event = s3Event(
      { key: KEY, sequencer: "55AED6DCD90281E5" },
      { key: KEY, sequencer: "55AED6DCD90281E501" },
    );
    const [newest] = newestObjectEvents(objectEventsOf(JSON.stringify(event)));
    expect(newest?.sequencer).to.match(/^55AED6DCD90281E501$/);
    const lower = s3Event(
      { key: KEY, sequencer: "0f" },
      { key: KEY, sequencer: "1" },
      { key: KEY, sequencer: "0A" },
    );
    expect(newestObjectEvents(objectEventsOf(JSON.stringify(lower)))[0]?.sequencer).to.match(/^1$/);
  });
});
