import { PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { EXAMPLE_SPEC, acceptUploads, keysUnder, refuseUploads } from "./spec-bucket";
import { type TestPlatform, eventually } from "./running-platform";

const OWNER = "stuck";

/** A failure that isn't the fault of a spec: its events go through all retries into the queue, and are redriven after the repair. */
export function specDeadLetterTests(platform: () => TestPlatform): void {
  describe("specs, while the bucket refuses their packages", () => {
    const specs = ["stuck_a", "stuck_b"].map((name) => `${OWNER}/${name}/1.0.0-spec.json`);
    const bucket = () => platform().connection().outputs.specs.bucket;

    const waiting = async (): Promise<number> => {
      const connection = platform().connection();
      const { Attributes } = await connection.sqs().send(
        new GetQueueAttributesCommand({
          QueueUrl: connection.outputs.specs.deadLetterQueue,
          AttributeNames: ["ApproximateNumberOfMessages"],
        }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages);
    };
    const bothWait = () =>
      eventually("two dead letters", 60, async () => (await waiting()) === 2 || undefined);
    const redrive = async (...args: string[]) => {
      const redriven = await platform().json<{ outcome: string }[]>(["specs", "redrive", ...args]);
      return redriven.map(({ outcome }) => outcome);
    };

    // Specs and notes may be written, but no wheels.
    before(() => refuseUploads(platform(), `${OWNER}/*.whl`));
    after(() => acceptUploads(platform()));

    it("end as messages in the queue after all retries, and aren't refused", async () => {
      const s3 = platform().connection().s3();
      for (const Key of specs)
        await s3.send(new PutObjectCommand({ Bucket: bucket(), Key, Body: EXAMPLE_SPEC }));
      await bothWait();
      expect(await keysUnder(platform(), `${OWNER}/`)).to.deep.equal(specs);
      expect(await platform().json(["specs", "list", "--owner", OWNER])).to.deep.equal([]);
    });

    it("come back into the queue when they are redriven before the repair", async () => {
      expect(await redrive("--dry-run")).to.deep.equal(["would be redriven", "would be redriven"]);
      expect(await redrive()).to.deep.equal(["redriven", "redriven"]);
      await bothWait();
    });

    it("are built by specs redrive after the repair, and the queue is empty", async () => {
      await acceptUploads(platform());
      expect(await redrive()).to.deep.equal(["redriven", "redriven"]);
      const files = specs.flatMap((spec) => {
        const name = spec.split("/")[1] ?? "";
        const beside = [`${name}-1.0.0-py3-none-any.whl`, `${name}-1.0.0.tar.gz`];
        return [spec, ...beside.map((file) => `${OWNER}/${name}/${file}`)];
      });
      await eventually("the packages", 30, async () => {
        const keys = await keysUnder(platform(), `${OWNER}/`);
        return keys.length === files.length ? keys : undefined;
      }).then((keys) => {
        expect(keys).to.deep.equal(files);
      });
      expect(await waiting()).to.equal(0);
      expect(await redrive()).to.deep.equal([]);
    });
  });
}
