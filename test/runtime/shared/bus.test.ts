import type { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import fc from "fast-check";
import { openBus, planBatches } from "../../../runtime/shared/bus";
import { thrownBy } from "./recorder";

describe("planBatches", () => {
  it("keeps order, loses nothing, and stays within ten entries and the bytes of a call", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 60 }), (sizes) => {
        const batches = planBatches(sizes, (size) => size);
        expect(batches.flat()).to.deep.equal(sizes);
        for (const batch of batches) {
          expect(batch.length).to.be.within(1, 10);
          expect(batch.reduce((sum, size) => sum + size, 0)).to.be.at.most(250_000);
        }
      }),
    );
  });
});

describe("openBus", () => {
  /** A client that refuses each of the given details that many times. */
  function clientRefusing(refusals: Map<string, number>): { client: EventBridgeClient; calls: string[][] } {
    const calls: string[][] = [];
    const send = ({ input }: PutEventsCommand) => {
      const details = (input.Entries ?? []).map(({ Detail }) => Detail ?? "");
      calls.push(details);
      const Entries = details.map((detail) => {
        const left = refusals.get(detail) ?? 0;
        refusals.set(detail, left - 1);
        return left > 0 ? { ErrorCode: "ThrottlingException", ErrorMessage: "slow" } : { EventId: "e" };
      });
      return Promise.resolve({ Entries });
    };
    return { client: { send } as unknown as EventBridgeClient, calls };
  }
  const events = [1, 2, 3].map((detail) => ({ source: "s", type: "t", detail }));

  it("sends refused entries again, without the others", async () => {
    const { client, calls } = clientRefusing(new Map([["2", 1]]));
    await openBus(client, "bus")(events);
    expect(calls).to.deep.equal([["1", "2", "3"], ["2"]]);
  });

  it("gives up with the bus's reason", async () => {
    const { client } = clientRefusing(new Map([["2", 100]]));
    const error = await thrownBy(() => openBus(client, "bus")(events));
    expect(error.name).to.equal("UpstreamError");
    expect(error.message).to.include("1 of 3").and.include("ThrottlingException");
  });

  it("makes no call without events", async () => {
    const { client, calls } = clientRefusing(new Map());
    await openBus(client, "bus")([]);
    expect(calls).to.deep.equal([]);
  });
});
