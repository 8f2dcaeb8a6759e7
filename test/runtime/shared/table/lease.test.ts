import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { openLeases, underLease, type Leases } from "../../../../runtime/shared/table/lease";
import { openTable } from "../../../../runtime/shared/table/open-table";
import { createTable, emulatorForSuite } from "../emulator";
import { thrownBy, NOW } from "../recorder";

const TABLE = "lease-test";

describe("leases", () => {
  emulatorForSuite();
  let time: number;
  let leases: Leases;
  let names = 0;
  let name: string;

  before(() => createTable(TABLE));

  beforeEach(() => {
    time = NOW.getTime();
    leases = openLeases(openTable(new DynamoDBClient(), TABLE), () => new Date(time));
    name = `lease-${String(names++)}`;
  });

  const taken = async (owner: string) => {
    const lease = await leases.take(name, owner);
    if (lease === undefined) throw new Error(`${owner} didn't get it.`);
    return lease;
  };

  it("have one holder at a time, and are free after they were given back", async () => {
    const lease = await taken("one");
    expect(lease.inherited).to.equal(false);
    expect(await leases.take(name, "other")).to.equal(undefined);
    await leases.take("another lease", "other");
    expect(await lease.release()).to.equal(false);
    expect(await lease.release()).to.equal(true);
    expect((await taken("other")).inherited).to.equal(false);
  });

  it("are taken by exactly one of many at once", async () => {
    const owners = Array.from({ length: 8 }, (_, index) => `owner-${String(index)}`);
    const all = await Promise.all(owners.map((owner) => leases.take(name, owner)));
    expect(all.filter((lease) => lease !== undefined)).to.have.length(1);
  });

  it("stay with a holder that was asked, so that it works again", async () => {
    const lease = await taken("one");
    await leases.take(name, "other");
    expect(await lease.release()).to.equal(false);
    expect(await leases.take(name, "third")).to.equal(undefined);
    expect(await lease.release()).to.equal(false);
    expect(await lease.release()).to.equal(true);
  });

  it("can be taken again by the retry of an invocation that crashed, which inherits the request of others", async () => {
    await taken("one");
    await leases.take(name, "other");
    const again = await taken("one");
    expect(again.inherited).to.equal(true);
    expect(await again.release()).to.equal(true);
  });

  it("run out after the longest time that a function can run", async () => {
    const lost = await taken("one");
    time += 15 * 60_000;
    expect(await leases.take(name, "other")).to.equal(undefined);
    time += 1;
    const lease = await taken("other");
    expect(lease.inherited).to.equal(true);
    expect(await lost.release()).to.equal(true);
    await lost.abandon();
    expect(await leases.take(name, "third")).to.equal(undefined);
    expect(await lease.release()).to.equal(false);
  });

  it("are inherited by the next holder after a failure", async () => {
    const lease = await taken("one");
    await leases.take(name, "other");
    await lease.abandon();
    const next = await taken("third");
    expect(next.inherited).to.equal(true);
    expect(await next.release()).to.equal(true);
    expect((await taken("fourth")).inherited).to.equal(false);
  });

  it("run the work again for others who asked meanwhile", async () => {
    const runs: boolean[] = [];
    const result = await underLease(leases, { name, owner: "one" }, async (asked) => {
      runs.push(asked);
      if (runs.length < 3) {
        expect(await underLease(leases, { name, owner: "other" }, () => Promise.resolve(1))).to.equal(
          undefined,
        );
      }
      return runs.length;
    });
    expect([result, runs]).to.deep.equal([3, [false, true, true]]);
    await taken("other");
  });

  it("are given up when the work fails, and the error of the work is thrown", async () => {
    const broken = new Error("broken");
    const error = await thrownBy(() =>
      underLease(leases, { name, owner: "one" }, () => Promise.reject(broken)),
    );
    expect(error).to.equal(broken);
    const asked: boolean[] = [];
    await underLease(leases, { name, owner: "other" }, (one) => Promise.resolve(asked.push(one)));
    expect(asked).to.deep.equal([true]);
  });
});
