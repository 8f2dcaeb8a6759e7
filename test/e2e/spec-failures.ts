import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetFunctionConfigurationCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { BuildErrorNote } from "../../runtime/contracts/specs";
import { EXAMPLE_SPEC, keysUnder } from "./spec-bucket";
import { type TestPlatform, eventually } from "./running-platform";

const OWNER = "wrong";

/** Specs that are refused, events that fail, and attacks by a spec. */
export function specFailureTests(platform: () => TestPlatform): void {
  const folder = mkdtempSync(join(tmpdir(), "strata-specs-"));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const put = async (Key: string, Body: string) => {
    const connection = platform().connection();
    await connection.s3().send(new PutObjectCommand({ Bucket: connection.outputs.specs.bucket, Key, Body }));
  };
  const remove = async (Key: string) => {
    const connection = platform().connection();
    await connection.s3().send(new DeleteObjectCommand({ Bucket: connection.outputs.specs.bucket, Key }));
  };
  /** Waits for the note at a key. */
  const noteAt = (Key: string) =>
    eventually(`a note at ${Key}`, 30, async () => {
      if (!(await keysUnder(platform(), Key)).includes(Key)) return undefined;
      const connection = platform().connection();
      const { Body } = await connection
        .s3()
        .send(new GetObjectCommand({ Bucket: connection.outputs.specs.bucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? "") as BuildErrorNote;
    });
  const wheelOf = (name: string) =>
    eventually(`the wheel of ${name}`, 30, async () =>
      (await keysUnder(platform(), `${OWNER}/${name}/`)).find((key) => key.endsWith(".whl")),
    );

  describe("a spec that cannot be built", () => {
    const model = { type: "object", properties: { id: { type: "integer", "x-primary-key": true } } };
    const withSchemas = (schemas: object) =>
      JSON.stringify({ openapi: "3.0.3", info: { title: "Wrong" }, components: { schemas } });
    const far = { ...model, "x-tablename": "far", $ref: "https://example.org/far.json#/Far" };
    const cases = {
      no_document: '{"swagger": "2.0"}',
      bomb: `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
      far: withSchemas({ Far: far }),
      no_models: withSchemas({ Plain: model }),
    };

    it("is refused with stage and reason: on the command line", async () => {
      const file = join(folder, "not_json.json");
      writeFileSync(file, "{ openapi");
      const args = ["specs", "build", file, "--owner", OWNER, "--package-version", "1.0.0"];
      const said = await platform().json<BuildErrorNote>(args, { code: 1 });
      expect(said).to.include({ status: "refused", stage: "spec" });
      const { stage, reason } = await noteAt(`${OWNER}/not_json/1.0.0-build-error.json`);
      expect({ stage, reason }).to.deep.equal({ stage: said.stage, reason: said.reason });
    });

    it("is refused with stage and reason: in a note beside it, whatever is wrong", async () => {
      for (const [name, text] of Object.entries(cases)) await put(`${OWNER}/${name}/1.0.0-spec.json`, text);
      for (const name of Object.keys(cases)) {
        const { stage, reason } = await noteAt(`${OWNER}/${name}/1.0.0-build-error.json`);
        expect(stage, name).to.equal("spec");
        expect(reason, name).to.have.length.greaterThan(20);
      }
    });

    it("that is too large is refused in a note, and on the command line before the upload", async () => {
      const text = JSON.stringify({ openapi: "3.0.3", padding: "x".repeat(10 * 1024 * 1024) });
      const file = join(folder, "large.json");
      writeFileSync(file, text);
      const args = ["specs", "build", file, "--owner", OWNER, "--package-version", "1.0.0"];
      const { code, stderr } = await platform().strata(args);
      expect(code).to.equal(1);
      expect(stderr).to.match(/a spec may have \d+/);
      await put(`${OWNER}/large/1.0.0-spec.json`, text);
      expect((await noteAt(`${OWNER}/large/1.0.0-build-error.json`)).stage).to.equal("spec");
    });

    it("loses its note when it can be built", async () => {
      await put(`${OWNER}/not_json/1.0.0-spec.json`, EXAMPLE_SPEC);
      await wheelOf("not_json");
      await eventually("the end of the note", 30, async () => {
        const keys = await keysUnder(platform(), `${OWNER}/not_json/`);
        return keys.some((key) => key.endsWith("-build-error.json")) ? undefined : true;
      });
    });
  });

  describe("a spec that tries to run code where it is built", () => {
    const marker = join(folder, "was-here");
    const code = `1",a=open(bytes.fromhex("${Buffer.from(marker).toString("hex")}"),"w"),b="`;

    for (const [what, key] of [
      ["its version", `${OWNER}/hostile/${code}`],
      ["its id", `${OWNER}/${code}/1.0.0`],
      ["two dots", `${OWNER}/../1.0.0`],
    ] as const) {
      it(`is refused by ${what}, and no file appears`, async () => {
        await put(`${key}-spec.json`, EXAMPLE_SPEC);
        if (what === "two dots") {
          // No note can be written beside it, so only the log tells.
          await eventually("a line about it", 30, async () => {
            const { stdout } = await platform().strata(["logs", "specs-handle"]);
            return stdout.includes(`${key}-spec.json`) ? true : undefined;
          });
        } else {
          expect((await noteAt(`${key}-build-error.json`)).stage).to.equal("key");
        }
        expect(existsSync(marker)).to.equal(false);
        const keys = await keysUnder(platform(), `${OWNER}/`);
        expect(keys.filter((other) => /hostile.*(whl|gz)$/.test(other))).to.deep.equal([]);
      });
    }

    it("is refused on the command line before it is uploaded, by the same rules", async () => {
      const file = join(folder, "pets.json");
      writeFileSync(file, EXAMPLE_SPEC);
      const { code: exit, stderr } = await platform().strata(["specs", "build", file, "--name", code]);
      expect(exit).to.equal(1);
      expect(stderr).to.match(/nothing was uploaded/);
    });

    it("gets its version from its key, whatever version it names itself", async () => {
      const spec = JSON.parse(EXAMPLE_SPEC) as { info: { version: string } };
      spec.info.version = code;
      await put(`${OWNER}/sly/2.0.0-spec.json`, JSON.stringify(spec));
      expect(await wheelOf("sly")).to.equal(`${OWNER}/sly/sly-2.0.0-py3-none-any.whl`);
      expect(existsSync(marker)).to.equal(false);
    });

    it("is refused by the function that builds, too", async () => {
      const connection = platform().connection();
      const builder = await builderOf(platform());
      for (const [packageName, version] of [
        ["pets", code],
        [code, "1.0.0"],
      ]) {
        const Payload = Buffer.from(JSON.stringify({ spec: EXAMPLE_SPEC, packageName, version }));
        const answer = await connection.lambda().send(new InvokeCommand({ FunctionName: builder, Payload }));
        expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).to.include({ outcome: "refused" });
      }
      expect(existsSync(marker)).to.equal(false);
    });
  });

  describe("events about specs", () => {
    const eventAbout = (key: string, sequencer?: string) => {
      const { bucket } = platform().connection().outputs.specs;
      const object = { key: encodeURIComponent(key).replaceAll("%2F", "/"), sequencer };
      return JSON.stringify({
        Records: [
          {
            eventSource: "aws:s3",
            eventName: "ObjectCreated:Put",
            s3: { bucket: { name: bucket }, object },
          },
        ],
      });
    };
    const asFunctionGetsIt = (message: string) => ({
      Records: [{ EventSource: "aws:sns", Sns: { Type: "Notification", Message: message } }],
    });

    it("may come twice, late, and all at the same time", async () => {
      await put(`${OWNER}/often/1.0.0-spec.json`, EXAMPLE_SPEC);
      await wheelOf("often");
      const stand = () => platform().json<{ at: string }[]>(["specs", "list", "--owner", OWNER]);
      const before = await stand();
      const connection = platform().connection();
      const event = asFunctionGetsIt(eventAbout(`${OWNER}/often/1.0.0-spec.json`, "0000000000000001"));
      const answers = await Promise.all(
        [event, event, event].map((each) =>
          connection.lambda().send(
            new InvokeCommand({
              FunctionName: connection.outputs.specs.handler,
              Payload: Buffer.from(JSON.stringify(each)),
            }),
          ),
        ),
      );
      expect(answers.map(({ FunctionError }) => FunctionError)).to.deep.equal(Array(3).fill(undefined));
      expect(await stand()).to.deep.equal(before);
    });

    it("that failed for good wait in the queue, and specs redrive sends them again", async () => {
      const names = ["lost_a", "lost_b"];
      const connection = platform().connection();
      const bodies: string[] = [];
      for (const name of names) {
        const key = `${OWNER}/${name}/1.0.0-spec.json`;
        await put(key, EXAMPLE_SPEC);
        await remove(await wheelOf(name));
        const event = asFunctionGetsIt(eventAbout(key));
        bodies.push(
          JSON.stringify(
            name === "lost_a"
              ? {
                  requestContext: { condition: "RetriesExhausted" },
                  requestPayload: event,
                  responsePayload: {},
                }
              : { ...event.Records[0]?.Sns, TopicArn: "arn:aws:sns:us-east-1:000000000000:specs" },
          ),
        );
      }
      const QueueUrl = connection.outputs.specs.deadLetterQueue;
      for (const MessageBody of bodies)
        await connection.sqs().send(new SendMessageCommand({ QueueUrl, MessageBody }));

      const outcomes = async (...args: string[]) =>
        (await platform().json<{ outcome: string }[]>(["specs", "redrive", ...args])).map(
          ({ outcome }) => outcome,
        );
      expect(await outcomes("--dry-run")).to.deep.equal(["would be redriven", "would be redriven"]);
      expect(await outcomes()).to.deep.equal(["redriven", "redriven"]);
      for (const name of names) await wheelOf(name);
      const { Messages = [] } = await connection.sqs().send(new ReceiveMessageCommand({ QueueUrl }));
      expect(Messages).to.deep.equal([]);
      const { stdout } = await platform().strata(["specs", "redrive"]);
      expect(stdout).to.equal("nothing to redrive: the queue is empty\n");
    });
  });
}

/** ARN of the builder that the handler calls. */
export async function builderOf(platform: TestPlatform): Promise<string> {
  const connection = platform.connection();
  const { Environment } = await connection
    .lambda()
    .send(new GetFunctionConfigurationCommand({ FunctionName: connection.outputs.specs.handler }));
  return Environment?.Variables?.["SPEC_BUILDER"] ?? "";
}
