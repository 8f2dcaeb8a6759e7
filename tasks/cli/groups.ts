/**
 * Finds the groups of tasks: each folder of `tasks/` that holds a `commands.ts` is one. No list names them, so a service's folder
 * is all that its tasks need.
 */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Command } from "commander";

const TASKS = join(__dirname, "..");

/** The groups that are no service: the first is listed before all services, the last after them. */
const FIRST = "platform";
const LAST = "development";

/**
 * Adds a group's tasks to the command line. It is loaded at every start, so its `commands.ts` imports the code of a task only when
 * that task runs.
 */
export type AddTasks = (program: Command) => void;

/**
 * Loads one file of each group that has it, and gives what it exports by a name: the platform's first, then the services' by name,
 * development's last.
 *
 * @param file its name without extension, such as `commands`.
 */
export function exportsOfGroups<Value>(file: string, name: string, folder = TASKS): readonly Value[] {
  const load = createRequire(__filename);
  return groupNames(folder)
    .map((group) => join(folder, group, `${file}.ts`))
    .filter((path) => existsSync(path))
    .map((path) => {
      const exported = load(path) as Readonly<Record<string, Value>>;
      const value = exported[name];
      if (value === undefined) throw new Error(`${path} exports no ${name}`);
      return value;
    });
}

function groupNames(folder: string): string[] {
  const place = (name: string): number => (name === FIRST ? 0 : name === LAST ? 2 : 1);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((one, other) => place(one) - place(other) || (one < other ? -1 : 1));
}
