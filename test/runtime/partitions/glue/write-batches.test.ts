import { expect } from "chai";
import fc from "fast-check";
import { Pace } from "../../../../runtime/partitions/glue/throttle";
import {
  writeBatches,
  type EntryError,
  type Written,
} from "../../../../runtime/partitions/glue/write-batches";

interface Entry {
  readonly values: readonly string[];
}

const entriesOf = (count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => ({ values: [`v${index}`] }));

/** Writes entries by a call of 10 that answers as `send` does, without waiting in between. */
async function write(
  entries: readonly Entry[],
  send: (batch: readonly Entry[]) => readonly EntryError[],
): Promise<{ written: Written<Entry>; sent: string[][]; pauses: number[] }> {
  const sent: string[][] = [];
  const pauses: number[] = [];
  const pace = new Pace(3, { pause: (wait) => Promise.resolve(pauses.push(wait)), random: () => 1 });
  const call = {
    entriesPerCall: 10,
    send: (batch: readonly Entry[]) => {
      sent.push(batch.map(({ values }) => values.join()));
      return Promise.resolve().then(() => send(batch));
    },
  };
  const written = await writeBatches(entries, call, { pace, isOver: () => false });
  return { written, sent, pauses };
}

const errorsFor = (batch: readonly Entry[], code: string): readonly EntryError[] =>
  batch.map(({ values }) => ({ values, code, message: code }));

describe("writeBatches", () => {
  it("accounts for every entry exactly once, whatever AWS answers", async () => {
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
          const { done, exists, absent, failed, left } = written;
          expect(done + exists.length + absent.length + failed.length + left).to.equal(count);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("never sends again what is done", async () => {
    const entries = entriesOf(25);
    const { sent, written } = await write(entries, (batch) =>
      batch.length > 1 ? errorsFor(batch.slice(0, Math.floor(batch.length / 2)), "ThrottlingException") : [],
    );
    expect(written.done).to.equal(25);
    const last = sent.flat().filter((id) => id === "v9");
    expect(last).to.have.length(1);
  });

  it("does not take an error without a known entry for success", async () => {
    const strange = { values: ["07"], code: "Other", message: "" };
    const { written } = await write(entriesOf(5), () => [strange]);
    expect(written).to.include({ done: 4 });
    expect(written.failed).to.deep.equal([strange]);
  });

  it("gives an entry up after a bounded number of attempts", async () => {
    const { written, sent, pauses } = await write(entriesOf(1), (batch) =>
      errorsFor(batch, "ThrottlingException"),
    );
    expect(written.failed).to.have.length(1);
    expect(sent).to.have.length(10);
    expect(Math.max(...pauses)).to.be.at.most(20_000);
  });
});

describe("Pace", () => {
  it("waits longer while AWS is busy, and not at all once it isn't", async () => {
    const pauses: number[] = [];
    const pace = new Pace(1, { pause: (wait) => Promise.resolve(pauses.push(wait)), random: () => 1 });
    for (const busy of [true, true, true, false, false, false, false]) {
      await pace.run(() => Promise.resolve(busy), Boolean);
    }
    expect(pauses).to.deep.equal([200, 400, 800, 400, 200]);
  });

  it("spreads its waits", async () => {
    const pauses: number[] = [];
    let random = 0;
    const clock = {
      pause: (wait: number) => Promise.resolve(pauses.push(wait)),
      random: () => (random += 0.3),
    };
    const pace = new Pace(3, clock);
    await pace.run(() => Promise.resolve(true), Boolean);
    await Promise.all([1, 2, 3].map(() => pace.run(() => Promise.resolve(true), Boolean)));
    expect(new Set(pauses).size).to.equal(3);
  });

  it("counts calls that went out together as one sign", async () => {
    const pauses: number[] = [];
    const pace = new Pace(8, { pause: (wait) => Promise.resolve(pauses.push(wait)), random: () => 1 });
    await Promise.all(Array.from({ length: 8 }, () => pace.run(() => Promise.resolve(true), Boolean)));
    await pace.run(() => Promise.resolve(false), Boolean);
    expect(pauses).to.deep.equal([200]);
  });

  it("runs no more calls at once than it may", async () => {
    const pace = new Pace(4);
    let [running, most] = [0, 0];
    const call = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    };
    await Promise.all(Array.from({ length: 20 }, () => pace.run(call, () => false)));
    expect(most).to.equal(4);
  });
});
