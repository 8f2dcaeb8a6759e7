import { expect } from "chai";
import { z } from "zod";
import { planEnvironment, publishEnvironment } from "../../../runtime/contracts/layers";
import { readEnvironment } from "../../../runtime/shared/environment";
import { thrownBy } from "./recorder";

const { PYTHONS, BATCH_SIZE } = planEnvironment.shape;
const { ARTIFACT_BUCKETS, EXPIRY_DAYS, LAYER_PREFIX, VISIBILITY } = publishEnvironment.shape;

describe("readEnvironment", () => {
  it("reads JSON, numbers and defaults", () => {
    const schema = z.object({ PYTHONS, ARTIFACT_BUCKETS, BATCH_SIZE, EXPIRY_DAYS });
    const environment = { PYTHONS: '["3.12"]', ARTIFACT_BUCKETS: '{"r":"b"}', EXPIRY_DAYS: "30", OTHER: "x" };
    const read = { PYTHONS: ["3.12"], ARTIFACT_BUCKETS: { r: "b" }, EXPIRY_DAYS: 30, BATCH_SIZE: 8 };
    expect(readEnvironment(schema, environment)).to.deep.equal(read);
  });

  for (const environment of [
    { PYTHONS: "[]" },
    { PYTHONS: '["2.7"]' },
    { PYTHONS: "{" },
    { ARTIFACT_BUCKETS: "{}" },
    { BATCH_SIZE: "0" },
    { EXPIRY_DAYS: "soon" },
    { LAYER_PREFIX: "has space" },
    { LAYER_PREFIX: "sixteen-letters-" },
    { VISIBILITY: "everyone" },
  ] as Record<string, string>[]) {
    const [[name, value] = ["", ""]] = Object.entries(environment);
    it(`refuses ${name} of ${value}, by name`, async () => {
      const all = { PYTHONS, ARTIFACT_BUCKETS, BATCH_SIZE, EXPIRY_DAYS, LAYER_PREFIX, VISIBILITY };
      const schema = z.object(all).partial();
      const error = await thrownBy(() => readEnvironment(schema, environment));
      expect(error.name).to.equal("BugError");
      expect(error.message).to.include(name);
    });
  }
});
