import { expect } from "chai";
import { makeSourceArchive, makeWheel } from "../support/packages";
import { spec, Workbench } from "../support/workbench";

const ALWAYS = 1000;

describe("resolving, with a package index that is busy", () => {
  const retries = 2;
  const bench = new Workbench(() => ({ UV_HTTP_RETRIES: String(retries) }));
  const { packageIndex } = bench;

  it("asks again while resolving, and then builds", async () => {
    packageIndex.add("patient", makeWheel({ name: "patient" }));
    packageIndex.busy.set("/simple/patient/", 2);
    expect(await bench.build(spec("patient"))).to.have.property("status", "built");
    expect(packageIndex.timesAsked("/simple/patient/")).to.equal(3);
  });

  it("fails as network when the index stays busy, after a limited number of attempts", async () => {
    packageIndex.busy.set("/simple/stubborn/", ALWAYS);
    const failure = await bench.resolveFailure(spec("stubborn"));
    expect(failure).to.have.property("kind", "network");
    expect(failure.message).to.include("Try again later");
    expect(packageIndex.timesAsked("/simple/stubborn/")).to.equal(1 + retries);
  });
});

describe("resolving, with a package index that goes down", () => {
  const bench = new Workbench();
  const { packageIndex } = bench;

  it("doesn't take a missing answer for a no, which would give another lock for the same input", async () => {
    const newest = { version: "2.0" };
    packageIndex.add("part", makeWheel({ name: "part" }));
    packageIndex.add("part", makeSourceArchive("part", makeWheel({ name: "part", ...newest }), "", newest));
    const requires = ["part"];
    const wheel = makeWheel({ name: "whole", requires });
    packageIndex.add("whole", makeSourceArchive("whole", wheel, "", { requires }));
    const { lock } = await bench.resolveOne(spec("whole"));
    expect(lock.packages).to.have.deep.nested.property("[0].version", "1.0");
    packageIndex.dying.set("/simple/part/", packageIndex.timesAsked("/simple/part/") + 1);
    expect(await bench.resolveFailure(spec("whole"))).to.have.property("kind", "network");
  });
});
