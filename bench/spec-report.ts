import Table from "cli-table3";
import { megabytes, seconds } from "./figures";
import type { SpecBenchResult } from "./specs";

/** The result as a table: one line for each figure, with its target. */
export function renderSpecBench({ specs, direct, build, whole, peak }: SpecBenchResult): string {
  const table = new Table({
    head: [`${String(specs)} specs`, "build_json", "strata", "ratio", "target"],
    style: { head: [], border: [] },
  });
  const times = (title: string, theirs: number, ours: number, target: string) => {
    table.push([title, seconds(theirs), seconds(ours), (ours / theirs).toFixed(2), target]);
  };
  times("one by one", direct.oneByOne, build.oneByOne, "<= 1.30");
  times("4 at once", direct.fourAtOnce, build.fourAtOnce, "<= 1.30");
  const rate = (milliseconds: number) => `${((specs * 1000) / milliseconds).toFixed(1)}/s`;
  const ratio = (direct.fourAtOnce / build.fourAtOnce).toFixed(2);
  table.push(["throughput, 4 at once", rate(direct.fourAtOnce), rate(build.fourAtOnce), ratio, ""]);
  times("upload to package, one by one", direct.oneByOne, whole.oneByOne, "");
  times("upload to package, 4 at once", direct.fourAtOnce, whole.fourAtOnce, "");
  table.push(["peak memory, largest spec", megabytes(peak.direct), megabytes(peak.build), "", ""]);
  return table.toString();
}
