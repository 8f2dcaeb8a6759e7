import { expect } from "chai";
import fc from "fast-check";
import { gatherWork, orderWork } from "../../../../runtime/layers/run/gather";
import { FakeArtifactStore, itemOf } from "../fakes";

describe("gatherWork", () => {
  it("lists a run's items, and no other's: what only needs publishing, then small builds before big ones", async () => {
    const artifacts = new FakeArtifactStore();
    const put = (run: string, item: string, more: object) =>
      artifacts.writeJson(`runs/${run}/items/${item}.json`, itemOf({ runId: run, item, ...more }));
    await put("run", "small", { expectedBytes: 1 });
    await put("run", "unknown", {});
    await put("run", "big", { expectedBytes: 90_000_000 });
    await put("run", "shelf", { next: "publish", expectedBytes: 99_000_000 });
    await put("run-2", "other", {});
    const answer = await gatherWork({ runId: "run" }, artifacts);
    expect(answer).to.deep.equal({ runId: "run", bucket: "home", workKey: "runs/run/work.json", count: 4 });
    const work = (await artifacts.readJson(answer.workKey)) as { item: string }[];
    expect(work.map(({ item }) => item)).to.deep.equal(["shelf", "small", "unknown", "big"]);
    const first = {
      runId: "run",
      item: "shelf",
      builder: "3.12-x86_64",
      next: "publish",
    };
    expect(work[0]).to.deep.equal(first);
  });

  it("writes an empty list when there is nothing to do", async () => {
    const artifacts = new FakeArtifactStore();
    expect(await gatherWork({ runId: "run" }, artifacts)).to.include({ count: 0 });
    expect(await artifacts.readJson("runs/run/work.json")).to.deep.equal([]);
  });

  it("gives the same order whatever the order of the items", () => {
    const entry = fc.record({
      name: fc.stringMatching(/^[a-z0-9]{1,6}$/),
      bytes: fc.option(fc.nat(), { nil: undefined }),
    });
    const entries = fc.uniqueArray(entry, { selector: ({ name }) => name });
    fc.assert(
      fc.property(entries, (all) => {
        const items = all.map(({ name, bytes }) => itemOf({ item: name, expectedBytes: bytes }));
        expect(orderWork([...items].reverse())).to.deep.equal(orderWork(items));
      }),
    );
  });
});
