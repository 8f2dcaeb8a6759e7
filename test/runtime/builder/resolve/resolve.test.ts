import { expect } from "chai";
import { makeSourceArchive, makeWheel } from "../support/packages";
import { spec, Workbench } from "../support/workbench";

const ALWAYS = 1000;

describe("resolving, against an index that is busy", () => {
  const retries = 2;
  const bench = new Workbench(() => ({ UV_HTTP_RETRIES: String(retries) }));
  const { index } = bench;

  it("asks again while resolving, and then builds", async () => {
    index.add("patient", makeWheel({ name: "patient" }));
    index.busy.set("/simple/patient/", 2);
    expect(await bench.build(spec("patient"))).to.have.property("status", "built");
    expect(index.timesAsked("/simple/patient/")).to.equal(3);
  });

  it("calls it network when resolving stays refused, after a bounded number of attempts", async () => {
    index.busy.set("/simple/stubborn/", ALWAYS);
    const failure = await bench.resolveFailure(spec("stubborn"));
    expect(failure).to.have.property("kind", "network");
    expect(failure.message).to.include("Try again later");
    expect(index.timesAsked("/simple/stubborn/")).to.equal(1 + retries);
  });
});

describe("resolving, against an index that goes down", () => {
  const bench = new Workbench();
  const { index } = bench;

  it("doesn't take silence for a no, which would give another lock for the same question", async () => {
    const newest = { version: "2.0" };
    index.add("part", makeWheel({ name: "part" }));
    index.add("part", makeSourceArchive("part", makeWheel({ name: "part", ...newest }), "", newest));
    const requires = ["part"];
    const wheel = makeWheel({ name: "whole", requires });
    index.add("whole", makeSourceArchive("whole", wheel, "", { requires }));
    const { lock } = await bench.resolveOne(spec("whole"));
    expect(lock.packages).to.have.deep.nested.property("[0].version", "1.0");
    index.dying.set("/simple/part/", index.timesAsked("/simple/part/") + 1);
    expect(await bench.resolveFailure(spec("whole"))).to.have.property("kind", "network");
  });
});
