import { ElectroError } from "electrodb";

/** Whether a write was refused because its condition did not hold: somebody else was there first. */
export function isConditionFailed(error: unknown): boolean {
  const cause: unknown = error instanceof ElectroError ? error.cause : error;
  return cause instanceof Error && cause.name === "ConditionalCheckFailedException";
}

/** Makes a conditional write; answers whether its condition held. */
export async function tookPlace(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}
