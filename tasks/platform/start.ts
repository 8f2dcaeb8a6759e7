import { Steps } from "../cli/output";
import { deployLocal } from "./deploy";
import { type Shown, findShowcases, merged, runShowcases, throwFailures } from "./showcases";
import { prepareLocal } from "./stack";

interface StartOptions {
  readonly port?: number;
  readonly build: boolean;
  readonly json?: boolean;
}

/** `start`: the platform on this machine, from nothing to something to look at. */
export async function start({ port, build, json = false }: StartOptions): Promise<void> {
  const { say } = new Steps();
  const platform = await prepareLocal(say, port === undefined ? {} : { port });
  const deployed = await deployLocal(platform, say);
  const { connection } = deployed;
  const apiUrl = connection.outputs.api.url;
  if (!build) {
    console.log(json ? JSON.stringify({ apiUrl }) : `API: '${apiUrl}'`);
    return;
  }
  const shown = await runShowcases(findShowcases(), { platform, connection, deployed, progress: say });
  console.log(json ? asJson(apiUrl, shown) : asText(shown));
  throwFailures(shown.failures);
  if (shown.presentations.some(({ needsAttention = false }) => needsAttention)) process.exitCode = 2;
}

function asJson(apiUrl: string, { presentations, failures }: Shown): string {
  const failed = Object.entries(failures).map(([part, { message }]) => [part, message] as const);
  const shown = {
    apiUrl,
    ...merged(presentations.map(({ json }) => json)),
    ...(failed.length === 0 ? {} : { failures: Object.fromEntries(failed) }),
  };
  return JSON.stringify(shown, undefined, 2);
}

function asText({ presentations }: Shown): string {
  const next = [...presentations.flatMap(({ next = [] }) => next), "./strata stop"];
  return [
    ...presentations.flatMap(({ tables = [] }) => tables),
    ...presentations.flatMap(({ lines = [] }) => lines),
    ...next.map((command, at) => `${at === 0 ? "Next:" : "     "} ${command}`),
  ].join("\n");
}
