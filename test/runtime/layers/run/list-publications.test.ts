import { expect } from "chai";
import { artifactSchema } from "../../../../runtime/contracts/builder";
import { listPublications } from "../../../../runtime/layers/run/list-publications";
import { builtOf, FakeArtifactStore, itemOf, sha256, workOf } from "../fakes";

describe("listPublications", () => {
  const artifacts = new FakeArtifactStore();
  const list = async (item: ReturnType<typeof itemOf>) => {
    await artifacts.writeJson("runs/run/items/numpy-item.json", item);
    return listPublications({ item: workOf(item) }, { artifacts });
  };

  it("lists the regions that are missing an artifact which needs no build", async () => {
    const artifact = artifactSchema.parse(builtOf("zip"));
    expect(await list(itemOf({ next: "publish", regions: ["eu-west-1"], artifact }))).to.deep.equal({
      publish: [{ runId: "run", item: "numpy-item", region: "eu-west-1", sha256: sha256("zip") }],
    });
  });

  it("lists nothing of an item that has no artifact", async () => {
    expect(await list(itemOf())).to.deep.equal({ publish: [] });
  });
});
