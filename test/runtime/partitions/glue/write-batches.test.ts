import fc from "fast-check";
import { expect } from "chai";
import type { EntryError } from "../../../../runtime/partitions/glue/glue-errors";
import {
  CREATES_PER_CALL,
  DELETES_PER_CALL,
  inBatches,
} from "../../../../runtime/partitions/glue/glue-table";
import { Throttle } from "../../../../runtime/partitions/glue/throttle";
import { type BatchResult, writeBatches } from "../../../../runtime/partitions/glue/write-batches";

interface Entry {
  readonly values: readonly string[];
}

const entriesOf = (count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => ({ values: [`v${index}`] }));

/** Writes entries in calls of 10. `send` answers the calls. It does not really wait between them. */
async function write(
  entries: readonly Entry[],
  send: (batch: readonly Entry[]) => readonly EntryError[],
): Promise<{ written: BatchResult<Entry>; sent: string[][]; pauses: number[] }> {
  const sent: string[][] = [];
  const pauses: number[] = [];
  const throttle = new Throttle(3, { pause: (wait) => Promise.resolve(pauses.push(wait)), random: () => 1 });
  const call = {
    entriesPerCall: 10,
    send: (batch: readonly Entry[]) => {
      sent.push(batch.map(({ values }) => values.join()));
      return Promise.resolve().then(() => send(batch));
    },
  };
  const written = await writeBatches(entries, call, { throttle, isOver: () => false });
  return { written, sent, pauses };
}

const errorsFor = (batch: readonly Entry[], code: string): readonly EntryError[] =>
  batch.map(({ values }) => ({ values, code, message: code }));

describe("writeBatches", () => {
  it("counts every entry exactly once, whatever AWS answers", async () => {
    const codes = ["", "ThrottlingException", "AlreadyExistsException", "EntityNotFoundException", "Other"];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.array(fc.constantFrom(...codes), { minLength: 1, maxLength: 50 }),
        async (count, answers) => {
          let at = 0;
          const next = () => answers[at++ % answers.length] ?? "";
          const { written } = await write(entriesOf(count), (batch) =>
            batch.flatMap((entry) => {
              const code = next();
              return code === "" ? [] : errorsFor([entry], code);
            }),
          );
          const { done, existing, missing, failed, remaining } = written;
          expect(done + existing.length + missing.length + failed.length + remaining).to.equal(count);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("does not send again what is done", async () => {
    const entries = entriesOf(25);
    const { sent, written } = await write(entries, (batch) =>
      batch.length > 1 ? errorsFor(batch.slice(0, Math.floor(batch.length / 2)), "ThrottlingException") : [],
    );
    expect(written.done).to.equal(25);
    const last = sent.flat().filter((id) => id === "v9");
    expect(last).to.have.length(1);
  });

  it("counts an error that names no entry as a failure", async () => {
    const strange = { values: ["07"], code: "Other", message: "" };
    const { written } = await write(entriesOf(5), () => [strange]);
    expect(written).to.include({ done: 4 });
    expect(written.failed).to.deep.equal([strange]);
  });

  it("stops after a limited number of attempts", async () => {
    const { written, sent, pauses } = await write(entriesOf(1), (batch) =>
      errorsFor(batch, "ThrottlingException"),
    );
    expect(written.failed).to.have.length(1);
    expect(sent).to.have.length(10);
    expect(Math.max(...pauses)).to.be.at.most(20_000);
  });
});

describe("Throttle", () => {
  it("waits longer while AWS is busy, and no longer when it is not", async () => {
    const pauses: number[] = [];
    const throttle = new Throttle(1, {
      pause: (wait) => Promise.resolve(pauses.push(wait)),
      random: () => 1,
    });
    for (const busy of [true, true, true, false, false, false, false]) {
      await throttle.run(() => Promise.resolve(busy), Boolean);
    }
    expect(pauses).to.deep.equal([200, 400, 800, 400, 200]);
  });

  it("waits for partly random times", async () => {
    const pauses: number[] = [];
    let random = 0;
    const clock = {
      pause: (wait: number) => Promise.resolve(pauses.push(wait)),
      random: () => (random += 0.3),
    };
    const throttle = new Throttle(3, clock);
    await throttle.run(() => Promise.resolve(true), Boolean);
    await Promise.all([1, 2, 3].map(() => throttle.run(() => Promise.resolve(true), Boolean)));
    expect(new Set(pauses).size).to.equal(3);
  });

  it("lets only the first of calls that started together change the wait", async () => {
    const pauses: number[] = [];
    const throttle = new Throttle(8, {
      pause: (wait) => Promise.resolve(pauses.push(wait)),
      random: () => 1,
    });
    await Promise.all(Array.from({ length: 8 }, () => throttle.run(() => Promise.resolve(true), Boolean)));
    await throttle.run(() => Promise.resolve(false), Boolean);
    expect(pauses).to.deep.equal([200]);
  });

  it("runs no more calls at the same time than allowed", async () => {
    const throttle = new Throttle(4);
    let [running, most] = [0, 0];
    const call = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    };
    await Promise.all(Array.from({ length: 20 }, () => throttle.run(call, () => false)));
    expect(most).to.equal(4);
  });
});

describe("inBatches", () => {
  it("gives no call more than Glue accepts, and loses none", () => {
    const items = Array.from({ length: 10_000 }, (_, index) => index);
    const batches = inBatches(items, CREATES_PER_CALL);
    expect(batches).to.have.length(100);
    expect(batches.flat()).to.deep.equal(items);
    expect(inBatches(items.slice(0, 26), DELETES_PER_CALL).map((batch) => batch.length)).to.deep.equal([
      25, 1,
    ]);
    expect(inBatches([], 5)).to.deep.equal([]);
  });
});
