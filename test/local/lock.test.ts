import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { withLock } from "../../local/lock";
import { rejection, removeHome, temporaryHome } from "./home";

describe("lock", () => {
  let home: string;
  let file: string;
  beforeEach(async () => {
    home = await temporaryHome();
    file = join(home, "deep", "test.lock");
  });
  afterEach(() => removeHome(home));

  it("is held by one at a time, and free after a failure", async () => {
    const order: string[] = [];
    const hold = (name: string): Promise<void> =>
      withLock(file, async () => {
        order.push(`${name} begins`);
        await new Promise(setImmediate);
        order.push(`${name} ends`);
        throw new Error(name);
      });
    const errors = await Promise.all([rejection(hold("a")), rejection(hold("b"))]);
    expect(errors.map(({ message }) => message)).to.deep.equal(["a", "b"]);
    const [first] = order;
    const [one, other] = first === "a begins" ? ["a", "b"] : ["b", "a"];
    expect(order).to.deep.equal([`${one} begins`, `${one} ends`, `${other} begins`, `${other} ends`]);
    await rejection(access(file));
  });

  it("says once who holds it while it is waited for", async () => {
    const holder = spawn("sleep", ["60"], { stdio: "ignore" });
    await once(holder, "spawn");
    try {
      await withLock(file, () => Promise.resolve());
      await writeFile(file, String(holder.pid));
      const messages: string[] = [];
      let told = (): void => undefined;
      const waiting = new Promise<void>((resolve) => (told = resolve));
      const done = withLock(
        file,
        () => Promise.resolve("done"),
        (message) => {
          messages.push(message);
          told();
        },
      );
      await waiting;
      await rm(file);
      expect(await done).to.equal("done");
      expect(messages).to.deep.equal([
        `Waiting for process ${String(holder.pid)}: sleep 60 (it holds ${file})`,
      ]);
    } finally {
      holder.kill("SIGKILL");
    }
  });

  it("says so when the holder is another part of the same run", async () => {
    const messages: string[] = [];
    await withLock(file, async () => {
      const inner = withLock(
        file,
        () => Promise.resolve(),
        (message) => {
          messages.push(message);
          void rm(file);
        },
      );
      await inner;
    });
    expect(messages).to.deep.equal([`Waiting for another part of this run (it holds ${file})`]);
  });

  it("is taken over from a process that is gone", async () => {
    await withLock(file, () => Promise.resolve());
    await writeFile(file, "999999999");
    expect(await withLock(file, () => Promise.resolve("done"))).to.equal("done");
  });
});
