import { expect } from "chai";
import type { Connection } from "../../../tasks/platform/connection";
import { buildSpec } from "../../../tasks/specs/build-spec";
import type { SpecRow } from "../../../runtime/specs/entities";

const PETS = { owner: "team", specId: "pets", version: "1.0" };
const ETAG = '"e"';

/** A stage whose table answers these records, one a look and the last for ever, and whose bucket answers `ETAG`. */
function stageWith(...records: readonly (SpecRow | undefined)[]) {
  const looks = [...records];
  const get = () => Promise.resolve(looks.length > 1 ? looks.shift() : looks[0]);
  const uploads: unknown[] = [];
  const s3 = {
    send: ({ input }: { readonly input: unknown }) => {
      uploads.push(input);
      return Promise.resolve({ ETag: ETAG });
    },
  };
  const connection = {
    stage: "local",
    outputs: { specs: { bucket: "packages" } },
    s3: () => s3,
  } as unknown as Connection;
  return { build: () => buildSpec(connection, PETS, "{}", { get }), uploads };
}

describe("building a spec from the command line", () => {
  const built: SpecRow = {
    ...PETS,
    status: "built",
    specEtag: ETAG,
    files: [{ name: "pets-1.0.tar.gz", sha256: "s", size: 1 }],
    at: "2026-11-21T10:00:00.000Z",
    sequencer: "01",
  };
  const files = [{ name: "pets-1.0.tar.gz", sha256: "s", size: 1, key: "team/pets/pets-1.0.tar.gz" }];
  const result = (...records: readonly (SpecRow | undefined)[]) => stageWith(...records).build();

  it("uploads the spec, and waits for its record", async () => {
    const { build, uploads } = stageWith(undefined, undefined, built);
    expect(await build()).to.deep.equal({
      status: "built",
      unchanged: false,
      files,
    });
    expect(uploads).to.have.lengthOf(1);
    expect(uploads[0]).to.include({ Bucket: "packages", Key: "team/pets/1.0-spec.json", Body: "{}" });
  });

  it("tells what stood there already, once its own event has been handled", async () => {
    const again = { ...built, sequencer: "02" };
    expect(await result(built, built, again)).to.deep.equal({ status: "built", unchanged: true, files });
  });

  it("takes nothing from before for its result: another builder builds the same spec anew", async () => {
    const anew = { ...built, sequencer: "02", at: "2026-11-21T11:00:00.000Z" };
    expect(await result(built, built, built, anew)).to.include({ unchanged: false });
    const refused = {
      ...built,
      status: "refused",
      stage: "name",
      reason: "Taken.",
      files: [],
    } satisfies SpecRow;
    expect(await result(refused, refused, anew)).to.include({ status: "built" });
  });

  it("takes no other spec's result for its own", async () => {
    const other = { ...built, specEtag: '"other"', sequencer: "02" };
    expect(await result(built, other, { ...built, sequencer: "03" })).to.include({ unchanged: true });
  });

  it("tells a refusal with its stage and reason", async () => {
    const refused = {
      ...built,
      status: "refused",
      stage: "spec",
      reason: "No models.",
      files: [],
    } satisfies SpecRow;
    expect(await result(undefined, refused)).to.deep.equal({
      status: "refused",
      stage: "spec",
      reason: "No models.",
    });
  });
});
