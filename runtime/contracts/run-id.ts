/** A run's id is the last part of its execution's name or ARN. */
export function runIdOf(execution: string): string {
  return execution.slice(execution.lastIndexOf(":") + 1);
}
