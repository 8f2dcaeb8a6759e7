import { expect } from "chai";
import * as fc from "fast-check";
import { UpstreamError } from "../../../../runtime/shared/errors";
import { s3Event, snsEvent, specText } from "../fakes";
import { inMemoryService } from "../in-memory-service";

/** Two spellings of one version, and another version. */
const VERSIONS = ["1.0", "1.0.0", "2.0"] as const;
const CONTENTS = { a: specText("a"), b: specText("b"), bad: "{}" } as const;
const keyOf = (version: string): string => `acme/pets/${version}-spec.json`;

/** A change of the bucket, and the deliveries of its event. Each comes after so many turns of other work. */
const happening = fc.record({
  version: fc.constantFrom(...VERSIONS),
  content: fc.constantFrom("a" as const, "b" as const, "bad" as const, "gone" as const),
  turns: fc.nat({ max: 12 }),
  deliveries: fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 3 }),
});

const pass = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
};

type Service = ReturnType<typeof inMemoryService>;

/** What the bucket must contain in the end. It depends only on the specs. */
function expected(specs: ReadonlyMap<string, string>): Map<string, string> {
  const files = new Map<string, string>();
  for (const [version, text] of specs) {
    files.set(keyOf(version), "spec");
    const rules = version === "1.0.0" && specs.has("1.0");
    if (rules || text === CONTENTS.bad) {
      files.set(`acme/pets/${version}-build-error.json`, rules ? "version" : "spec");
    } else {
      const marker = text === CONTENTS.a ? "a" : "b";
      files
        .set(`acme/pets/pets-${version}-py3-none-any.whl`, marker)
        .set(`acme/pets/pets-${version}.tar.gz`, marker);
    }
  }
  return files;
}

function found({ objects, note }: Service): Map<string, string> {
  const describe = (key: string): string => {
    if (key.endsWith("-spec.json")) return "spec";
    if (key.endsWith("-build-error.json")) return (note(key) as { readonly stage: string }).stage;
    return /"title":"(\w)"/.exec(objects.text(key) ?? "")?.[1] ?? "?";
  };
  return new Map(objects.keys.map((key) => [key, describe(key)]));
}

/** Delivers an event as Lambda does, with one request id for all attempts. Further attempts stand for redriving. */
async function deliver(service: Service, event: object, owner: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await service.handle(event, owner);
      return;
    } catch (error) {
      if (attempt === 13) throw error;
      await pass(10);
    }
  }
}

describe("events in any order, repeated, at the same time", () => {
  it("end with the packages that the bucket's specs ask for", async () => {
    const property = fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 6 }),
      fc.uniqueArray(fc.nat({ max: 120 }), { maxLength: 12 }),
      fc.boolean(),
      async (happenings, breakdowns, crashes) => {
        const service = inMemoryService();
        let calls = 0;
        const refuse = () => (breakdowns.includes(calls++) ? new UpstreamError("busy") : undefined);
        service.objects.refuse = refuse;
        service.leases.refuse = refuse;
        if (crashes) crashHoldingLeases(service);
        const specs = new Map<string, string>();
        const deliveries: Promise<void>[] = [];
        for (const [index, { version, content, turns, deliveries: delays }] of happenings.entries()) {
          await pass(turns);
          const key = keyOf(version);
          if (content === "gone") {
            specs.delete(version);
            service.objects.contents.delete(key);
          } else {
            specs.set(version, CONTENTS[content]);
            service.objects.upload(key, CONTENTS[content]);
          }
          const event = snsEvent(s3Event({ key, sequencer: `00${String(index)}` }));
          deliveries.push(
            ...delays.map(async (delay, copy) => {
              await pass(delay);
              await deliver(service, event, `${String(index)}-${String(copy)}`);
            }),
          );
        }
        await Promise.all(deliveries);
        expect([...found(service)].sort()).to.deep.equal([...expected(specs)].sort());
        const built = [...service.store.rows.values()].filter(({ status }) => status === "built");
        const files = built.flatMap((row) => row.files.map(({ name }) => `acme/pets/${name}`));
        expect(files.sort()).to.deep.equal(service.objects.keys.filter((key) => /whl|gz/.test(key)));
        expect(service.leases.held).to.deep.equal([]);
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });
});

/** Makes failing invocations crash: they don't release their leases. */
function crashHoldingLeases({ leases }: Service): void {
  const take = leases.take;
  leases.take = async (name, owner) => {
    const lease = await take(name, owner);
    return lease === undefined ? undefined : { ...lease, abandon: () => Promise.resolve() };
  };
}
