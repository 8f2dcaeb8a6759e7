import { leaseEntity } from "../../runtime/shared/table/lease";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { versionSlotName } from "../../runtime/specs/handle/version-slot";
import { EXAMPLE_SPEC, keysUnder } from "./spec-bucket";
import { type TestPlatform, eventually } from "./running-platform";

const OWNER = "keys";

/** Specs with unusual keys, as S3 really spells them in its events, and a spec that is deleted while it is built. */
export function specKeyTests(platform: () => TestPlatform): void {
  const at = (Key: string) => ({ Bucket: platform().connection().outputs.specs.bucket, Key });
  const put = (key: string, Body = EXAMPLE_SPEC) =>
    platform()
      .connection()
      .s3()
      .send(new PutObjectCommand({ ...at(key), Body }));
  const remove = (key: string) =>
    platform()
      .connection()
      .s3()
      .send(new DeleteObjectCommand(at(key)));
  const appears = (key: string) =>
    eventually(key, 30, async () => (await keysUnder(platform(), key)).includes(key) || undefined);
  const isEmpty = (prefix: string) =>
    eventually(
      `the end of ${prefix}`,
      30,
      async () => (await keysUnder(platform(), prefix)).length === 0 || undefined,
    );

  describe("the key of a spec", () => {
    it("may have a + in its version, which S3 sends as %2B", async () => {
      const spec = `${OWNER}/plus/1.0+abc-spec.json`;
      await put(spec);
      await appears(`${OWNER}/plus/plus-1.0+abc-py3-none-any.whl`);
      await remove(spec);
      await isEmpty(`${OWNER}/plus/`);
    });

    for (const [what, key] of [
      ["two parts", `${OWNER}/1.0-spec.json`],
      ["four parts", `${OWNER}/a/b/1.0-spec.json`],
      ["%2B itself", `${OWNER}/plus/1.0%2Babc-spec.json`],
      ["a space", `${OWNER}/plus/1.0 abc-spec.json`],
    ] as const) {
      it(`is refused with ${what}, in a note that goes with the spec`, async () => {
        const note = key.replace(/spec\.json$/, "build-error.json");
        await put(key);
        await appears(note);
        const { Body } = await platform()
          .connection()
          .s3()
          .send(new GetObjectCommand(at(note)));
        expect(JSON.parse((await Body?.transformToString()) ?? "")).to.include({ stage: "key", spec: key });
        await remove(key);
        await isEmpty(note);
      });
    }
  });

  describe("a spec that is deleted while it is built", () => {
    it("leaves nothing behind", async () => {
      const spec = { owner: OWNER, specId: "short_lived", version: "1.0" };
      const folder = `${OWNER}/short_lived/`;
      const Model = { type: "object", properties: { id: { type: "integer", "x-primary-key": true } } };
      const names = Array.from({ length: 1500 }, (_, index) => `Model${String(index)}`);
      const schemas = Object.fromEntries(
        names.map((name) => [name, { ...Model, "x-tablename": name.toLowerCase() }]),
      );
      await put(`${folder}1.0-spec.json`, JSON.stringify({ openapi: "3.0.3", components: { schemas } }));
      const lease = leaseEntity(platform().connection().table());
      const isHeld = async () => (await lease.get({ name: versionSlotName(spec) }).go()).data !== null;
      await eventually("the build", 30, async () => (await isHeld()) || undefined);
      await remove(`${folder}1.0-spec.json`);
      await eventually("the end of the build", 60, async () => !(await isHeld()) || undefined);
      expect(await keysUnder(platform(), folder)).to.deep.equal([]);
      const rows = await platform().json<{ spec: string }[]>(["specs", "list", "--owner", OWNER]);
      expect(rows.filter((row) => row.spec === "short_lived")).to.deep.equal([]);
    });
  });
}
