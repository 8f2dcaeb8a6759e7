import { expect } from "chai";
import type { Connection } from "../../../tasks/platform/connection";
import { buildSpec } from "../../../tasks/specs/build-spec";
import type { SpecRow } from "../../../runtime/specs/entities";

const PETS = { owner: "team", specId: "pets", version: "1.0" };
const ETAG = '"e"';

/** A stage whose table answers these rows one after the other, the last one again and again, and whose bucket answers `ETAG`. */
function stageWith(...rows: readonly (SpecRow | undefined)[]) {
  const answers = [...rows];
  const get = () => Promise.resolve(answers.length > 1 ? answers.shift() : answers[0]);
  const uploads: unknown[] = [];
  const s3 = {
    send: ({ input }: { readonly input: unknown }) => {
      uploads.push(input);
      return Promise.resolve({ ETag: ETAG });
    },
  };
  const connection = {
    stage: "local",
    outputs: { specs: { bucket: "specs" } },
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
  const result = (...rows: readonly (SpecRow | undefined)[]) => stageWith(...rows).build();

  it("uploads the spec, and waits for its row", async () => {
    const { build, uploads } = stageWith(undefined, undefined, built);
    expect(await build()).to.deep.equal({
      status: "built",
      unchanged: false,
      files,
    });
    expect(uploads).to.have.lengthOf(1);
    expect(uploads[0]).to.include({ Bucket: "specs", Key: "team/pets/1.0-spec.json", Body: "{}" });
  });

  it("says that packages already existed, after its own event was handled", async () => {
    const again = { ...built, sequencer: "02" };
    expect(await result(built, built, again)).to.deep.equal({ status: "built", unchanged: true, files });
  });

  it("doesn't take an earlier row for its result: another builder builds the same spec again", async () => {
    const rebuilt = { ...built, sequencer: "02", at: "2026-11-21T11:00:00.000Z" };
    expect(await result(built, built, built, rebuilt)).to.include({ unchanged: false });
    const refused = {
      ...built,
      status: "refused",
      stage: "name",
      reason: "Taken.",
      files: [],
    } satisfies SpecRow;
    expect(await result(refused, refused, rebuilt)).to.include({ status: "built" });
  });

  it("doesn't take another spec's row for its result", async () => {
    const other = { ...built, specEtag: '"other"', sequencer: "02" };
    expect(await result(built, other, { ...built, sequencer: "03" })).to.include({ unchanged: true });
  });

  it("returns a refusal with its stage and reason", async () => {
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
