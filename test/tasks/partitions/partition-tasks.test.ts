import { expect } from "chai";
import { commandLine, listTasks } from "../../../tasks/cli/main";

describe("the partition tasks", () => {
  it("are listed with what they do", () => {
    const lines = listTasks(commandLine()).filter((line) => line.startsWith("partitions "));
    expect(lines.map((line) => line.split(/ {2,}/)[0])).to.deep.equal([
      "partitions sync",
      "partitions status",
      "partitions advice",
    ]);
  });

  const refused: [string, string[], RegExp][] = [
    ["a day that does not exist", ["sync", "--from", "2026-02-30"], /from: "2026-02-30" is not a day/],
    ["an end before its start", ["sync", "--from", "2026-11-02", "--to", "2026-11-01"], /is after to/],
    ["days and everything at once", ["sync", "--full", "--to", "2026-11-01"], /not for both/],
    ["a table without its database", ["advice", "--table", "orders"], /--table needs --database/],
    ["projection of all tables at once", ["advice", "--apply"], /--apply needs --database and --table/],
  ];
  for (const [what, args, message] of refused) {
    it(`refuse ${what} before they look for a platform`, async () => {
      const failure = await commandLine()
        .parseAsync(["partitions", ...args], { from: "user" })
        .catch((error: unknown) => error as Error);
      expect(failure).to.be.an("error").with.property("message").that.matches(message);
      expect(failure)
        .to.have.property("name")
        .that.matches(/^(UserError|TaskError)$/);
    });
  }
});
