import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import {
  type Emulator,
  emulatorStatus,
  resetHome,
  startEmulator,
  stopEmulator,
} from "../../../local/emulator/emulator";
import { emulatorEnvironment } from "../../../local/emulator/environment";
import { homePaths } from "../../../local/paths";
import { isAlive } from "../../../local/processes";
import { type Tools } from "../../../local/tools/tools";
import { freePort, homeForEachTest, rejection, testTools } from "../home";
import { isLoopback, listenersOf } from "../listening";

describe("emulator", () => {
  let tools: Tools;
  let home: string;
  const newHome = homeForEachTest();
  before(async function () {
    this.timeout(10 * 60_000);
    tools = await testTools();
  });
  beforeEach(() => {
    home = newHome();
  });

  const start = async (port?: number): Promise<Emulator & { readonly started: boolean }> =>
    startEmulator({ home, tools, port: port ?? (await freePort()) });

  it("listens on loopback and on no other address", async () => {
    const emulator = await start();
    const listeners = await listenersOf(emulator.pid);
    expect(listeners).to.deep.include({ address: "127.0.0.1", port: emulator.port });
    expect(listeners.filter(({ address }) => !isLoopback(address))).to.deep.equal([]);
  });

  it("enforces IAM: a role without a policy may do nothing", async () => {
    const { endpoint } = await start();
    const health = (await (await fetch(`${endpoint}/_ministack/health`)).json()) as { auth: string };
    expect(health.auth).to.equal("enabled");
    const root = { accessKeyId: "test", secretAccessKey: "test" };
    const settings = { endpoint, region: "us-east-1", forcePathStyle: true };
    const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "*" } };
    const created = await new IAMClient({ ...settings, credentials: root }).send(
      new CreateRoleCommand({
        RoleName: "powerless",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
      }),
    );
    const assumed = await new STSClient({ ...settings, credentials: root }).send(
      new AssumeRoleCommand({ RoleArn: created.Role?.Arn, RoleSessionName: "test" }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken } = assumed.Credentials ?? {};
    const credentials = {
      accessKeyId: AccessKeyId ?? "",
      secretAccessKey: SecretAccessKey ?? "",
      sessionToken: SessionToken ?? "",
    };
    const list = (as: typeof root): Promise<unknown> =>
      new S3Client({ ...settings, credentials: as }).send(new ListBucketsCommand());
    await list(root);
    expect((await rejection(list(credentials))).name).to.equal("AccessDenied");
  });

  describe("that is alive but doesn't answer", () => {
    it("is waited for, and keeps what it holds", async () => {
      const first = await start();
      process.kill(first.pid, "SIGSTOP");
      const messages: string[] = [];
      const second = await startEmulator({
        home,
        tools,
        progress: (message) => {
          messages.push(message);
          if (message.includes("alive but doesn't answer")) process.kill(first.pid, "SIGCONT");
        },
      });
      expect(second).to.deep.equal({ ...first, started: false });
      expect(messages[0]).to.contain(String(first.pid)).and.to.contain("30 s");
    });

    it("counts as dead when it never does", async () => {
      const first = await start();
      process.kill(first.pid, "SIGSTOP");
      const messages: string[] = [];
      const second = await startEmulator({
        home,
        tools,
        port: first.port,
        patience: 200,
        progress: (message) => messages.push(message),
      });
      expect(second.started).to.equal(true);
      expect(second.instance).not.to.equal(first.instance);
      expect(messages).to.include("Emulator: the old one didn't answer and was ended");
      expect(isAlive(-first.pid)).to.equal(false);
    });
  });

  it("is found again instead of started twice, and is gone after stop", async () => {
    const first = await start();
    const second = await startEmulator({ home, tools });
    expect(first.started).to.equal(true);
    expect(second).to.deep.equal({ ...first, started: false });
    expect(await emulatorStatus(home)).to.include({ instance: first.instance, port: first.port });
    expect(await stopEmulator(home)).to.equal(true);
    expect(isAlive(-first.pid)).to.equal(false);
    expect(await emulatorStatus(home)).to.equal(undefined);
    expect(await stopEmulator(home)).to.equal(false);
    await rejection(access(homePaths(home).temporary));
  });

  it("refuses another port while it runs", async () => {
    const { port } = await start();
    const error = await rejection(start(await freePort()));
    expect(error.message)
      .to.contain(`already runs on port ${String(port)}`)
      .and.to.contain("./strata stop");
  });

  describe("on a port that is taken", () => {
    let server: Server;
    afterEach(() => {
      server.close();
    });

    it("says which port, and what to do", async () => {
      const port = await freePort();
      server = createServer();
      await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
      const error = await rejection(start(port));
      expect(error.name).to.equal("LocalError");
      expect(error.message)
        .to.contain(`Port ${String(port)}`)
        .and.to.contain("--port");
    });
  });

  it("never touches a process that merely has the id of an earlier run", async () => {
    const stranger = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    const pid = stranger.pid ?? 0;
    try {
      const record = { pid, port: await freePort(), instance: "an-instance-of-yesterday" };
      await writeFile(homePaths(home).record, JSON.stringify(record));
      expect(await emulatorStatus(home)).to.equal(undefined);
      expect(await stopEmulator(home)).to.equal(false);
      await writeFile(homePaths(home).record, JSON.stringify(record));
      expect((await start()).started).to.equal(true);
      expect(isAlive(pid)).to.equal(true);
    } finally {
      stranger.kill("SIGKILL");
    }
  });

  it("ends what a killed emulator's functions left running", async () => {
    const { record, temporary } = homePaths(home);
    await mkdir(temporary);
    const script = join(temporary, "worker.sh");
    await writeFile(script, `echo $$ > ${home}/worker.pid; while :; do sleep 1; done`);
    const leader = spawn("sh", ["-c", `sh ${script} & sleep 0.3`], { detached: true, stdio: "ignore" });
    await once(leader, "exit");
    const worker = Number(await readFile(join(home, "worker.pid"), "utf8"));
    expect(isAlive(worker)).to.equal(true);
    await writeFile(record, JSON.stringify({ pid: leader.pid, port: 1, instance: "one-that-was-killed" }));
    await stopEmulator(home);
    while (isAlive(worker)) await setTimeout(20);
  });

  it("starts again after it was killed", async () => {
    const port = await freePort();
    const first = await start(port);
    process.kill(first.pid, "SIGKILL");
    const second = await start(port);
    expect(second.started).to.equal(true);
    expect(second.instance).not.to.equal(first.instance);
  });

  it("shows the end of its log when it doesn't come up", async () => {
    const broken = { ...tools, python: "/bin/false" };
    const error = await rejection(startEmulator({ home, tools: broken, port: await freePort() }));
    expect(error.message).to.contain("didn't come up").and.to.contain("emulator.log");
    expect(await emulatorStatus(home)).to.equal(undefined);
  });

  it("leaves no trace of a home that was never used", async () => {
    const unused = join(home, "unused");
    expect(await stopEmulator(unused)).to.equal(false);
    expect(await emulatorStatus(unused)).to.equal(undefined);
    await rejection(access(unused));
  });

  it("forgets everything on reset", async () => {
    await start();
    await resetHome(home);
    await rejection(access(home));
  });

  it("sees of the user's environment only the way to the network", () => {
    const network = {
      SSL_CERT_FILE: "/ca.pem",
      UV_HTTP_RETRIES: "5",
      UV_HTTP_TIMEOUT: "60",
      UV_INDEX_STRATEGY: "unsafe-best-match",
      UV_INSECURE_HOST: "packages.internal",
      UV_SYSTEM_CERTS: "true",
      https_proxy: "http://proxy",
    };
    const environment = emulatorEnvironment({
      port: 1,
      paths: homePaths(home),
      tools,
      environment: {
        AWS_ACCESS_KEY_ID: "AKIAREAL",
        AWS_SESSION_TOKEN: "real",
        AWS_PROFILE: "production",
        GITHUB_TOKEN: "secret",
        HOME: "/home/user",
        ...network,
      },
    });
    expect(environment).to.include({ AWS_ACCESS_KEY_ID: "test", ...network });
    expect(environment).not.to.have.any.keys("AWS_SESSION_TOKEN", "AWS_PROFILE", "GITHUB_TOKEN");
    expect(environment["HOME"]).to.equal(homePaths(home).emptyHome);
    expect(JSON.parse(environment["STRATA_PYTHONS"] ?? "")).to.deep.equal(tools.pythons);
    expect(environment["STRATA_UV"]).to.equal(tools.uv);
  });

  it("keeps a log in its home", async () => {
    const { log } = await start();
    expect(log.startsWith(home)).to.equal(true);
    expect(await readFile(log, "utf8")).to.contain("Ready");
  });
});
