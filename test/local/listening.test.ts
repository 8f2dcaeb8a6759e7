import { createServer } from "node:net";
import { expect } from "chai";
import { isLoopback, listenersOf, parseTables } from "./listening";

describe("listening", () => {
  it("finds the sockets of a process where it really listens", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as { readonly port: number };
      expect(await listenersOf(process.pid)).to.deep.include({ address: "127.0.0.1", port });
    } finally {
      server.close();
    }
  });

  it("tells every address from loopback", () => {
    const line = (address: string, state = "0A"): string =>
      `  0: ${address}:1F90 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 0 0 4711 1 0`;
    const table = [
      "  sl  local_address rem_address   st",
      line("0100007F"),
      line("00000000"),
      line("0100007F", "01"),
    ];
    const table6 = [
      "0".repeat(32),
      "0".repeat(24) + "01000000",
      "0000000000000000FFFF00000100007F",
      "0".repeat(16) + "FFFF0000" + "0200000A",
    ];
    const found = parseTables([...table, ...table6.map((address) => line(address))].join("\n"));
    expect(found.map(({ address }) => address)).to.deep.equal([
      "127.0.0.1",
      "0.0.0.0",
      "::",
      "::1",
      "::ffff:127.0.0.1",
      "::ffff:10.0.0.2",
    ]);
    expect(found[0]).to.include({ port: 8080, inode: "4711" });
    expect(found.map(({ address }) => isLoopback(address))).to.deep.equal([
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
    expect(isLoopback("*")).to.equal(false);
  });
});
