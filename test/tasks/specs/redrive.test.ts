import { expect } from "chai";
import { type DeadLetter, type RedrivePorts, originalEvent, redrive } from "../../../tasks/specs/redrive";

const MESSAGE = JSON.stringify({ Records: [{ s3: { object: { key: "team/pets/1.0.0-spec.json" } } }] });
const EVENT = { Records: [{ EventSource: "aws:sns", Sns: { Message: MESSAGE } }] };
const FAILED = {
  version: "1.0",
  requestContext: {
    functionArn: "arn:aws:lambda:us-east-1:1:function:handle:live",
    condition: "RetriesExhausted",
  },
  requestPayload: EVENT,
  responsePayload: { errorType: "UpstreamError" },
};
const UNDELIVERED = {
  Type: "Notification",
  MessageId: "n1",
  TopicArn: "arn:aws:sns:us-east-1:1:specs",
  Message: MESSAGE,
};

describe("the event in a message of the dead-letter queue", () => {
  it("is the payload that a function failed on", () => {
    expect(originalEvent(JSON.stringify(FAILED))).to.deep.equal(EVENT);
  });

  it("is made from a message that the topic could not deliver", () => {
    expect(originalEvent(JSON.stringify(UNDELIVERED)))
      .to.have.nested.property("Records[0].Sns")
      .that.deep.equals(UNDELIVERED);
    expect(originalEvent(JSON.stringify(UNDELIVERED)))
      .to.have.nested.property("Records[0].EventSource")
      .that.equals("aws:sns");
  });

  it("may have no envelope", () => {
    expect(originalEvent(JSON.stringify(EVENT))).to.deep.equal(EVENT);
  });

  it("is missing in other messages", () => {
    for (const body of ["", "{", "null", "[]", "{}", '{"Records":1}', '{"Type":"Notification"}']) {
      expect(originalEvent(body), body).to.equal(undefined);
    }
  });
});

/** A queue that hides received messages until they are released, as SQS does. */
class FakeQueue implements RedrivePorts {
  readonly invoked: unknown[] = [];
  readonly hidden = new Set<string>();
  readonly order: string[] = [];
  refuse: string | undefined;

  constructor(readonly messages: DeadLetter[]) {}

  readonly receive = (): Promise<readonly DeadLetter[]> => {
    const batch = this.messages.filter(({ id }) => !this.hidden.has(id)).slice(0, 2);
    for (const { id } of batch) this.hidden.add(id);
    return Promise.resolve(batch);
  };
  readonly invoke = (event: unknown): Promise<void> => {
    if (this.refuse !== undefined) return Promise.reject(new Error(this.refuse));
    this.order.push("accepted");
    this.invoked.push(event);
    return Promise.resolve();
  };
  readonly remove = ({ id }: DeadLetter): Promise<void> => {
    this.order.push("removed");
    this.hidden.delete(id);
    this.messages.splice(
      this.messages.findIndex((message) => message.id === id),
      1,
    );
    return Promise.resolve();
  };
  readonly release = ({ id }: DeadLetter): Promise<void> => {
    this.hidden.delete(id);
    return Promise.resolve();
  };
}

const message = (id: string, body: unknown, sentAt = 0): DeadLetter => ({
  id,
  receipt: `receipt of ${id}`,
  body: JSON.stringify(body),
  sentAt,
});

const NOW = { before: 1000, dryRun: false };

describe("redrive", () => {
  it("sends every event again and removes its message only after it was accepted", async () => {
    const queue = new FakeQueue([message("a", FAILED), message("b", UNDELIVERED), message("c", EVENT)]);
    const results = await redrive(queue, NOW);
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(["redriven", "redriven", "redriven"]);
    expect(queue.invoked.length).to.equal(3);
    expect(queue.invoked[0]).to.deep.equal(EVENT);
    expect(queue.messages).to.deep.equal([]);
    expect(queue.order).to.deep.equal(["accepted", "removed", "accepted", "removed", "accepted", "removed"]);
  });

  it("keeps and releases what is not accepted, and returns the reason", async () => {
    const queue = new FakeQueue([message("a", FAILED)]);
    queue.refuse = "Rate exceeded";
    expect(await redrive(queue, NOW)).to.deep.equal([
      {
        messageId: "a",
        sentAt: "1970-01-01T00:00:00.000Z",
        outcome: "not accepted",
        reason: "Rate exceeded",
      },
    ]);
    expect(queue.messages.length).to.equal(1);
    expect(queue.hidden.size).to.equal(0);
  });

  it("keeps what it does not understand, and continues", async () => {
    const queue = new FakeQueue([message("a", "hello"), message("b", FAILED)]);
    const results = await redrive(queue, NOW);
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(["not understood", "redriven"]);
    expect(queue.messages.map(({ id }) => id)).to.deep.equal(["a"]);
  });

  it("changes nothing in a dry run", async () => {
    const queue = new FakeQueue([message("a", FAILED), message("b", FAILED), message("c", FAILED)]);
    const results = await redrive(queue, { ...NOW, dryRun: true });
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(Array(3).fill("would be redriven"));
    expect(queue.invoked).to.deep.equal([]);
    expect(queue.messages.length).to.equal(3);
    expect(queue.hidden.size).to.equal(0);
  });

  it("ignores what failed after it began, so that nothing is sent in circles", async () => {
    const queue = new FakeQueue([message("old", FAILED, 999), message("new", FAILED, 1000)]);
    expect((await redrive(queue, NOW)).map(({ messageId }) => messageId)).to.deep.equal(["old"]);
    expect(queue.messages.map(({ id }) => id)).to.deep.equal(["new"]);
    expect(queue.hidden.size).to.equal(0);
  });

  it("ends when the queue gives a released message again", async () => {
    const stuck = message("a", "hello");
    const ports = { ...new FakeQueue([]), receive: () => Promise.resolve([stuck]) };
    expect((await redrive(ports, NOW)).length).to.equal(1);
  });
});
