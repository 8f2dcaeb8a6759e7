import type { GlueClient } from "@aws-sdk/client-glue";
import type { S3Client } from "@aws-sdk/client-s3";

/** Counts the requests of clients, every attempt of a retried one too; answers how many there were so far. */
export function countCalls(glue: GlueClient, s3: S3Client): () => number {
  let calls = 0;
  const options = { step: "deserialize", name: "count-calls", priority: "low" } as const;
  glue.middlewareStack.add(
    (next) => (request) => {
      calls++;
      return next(request);
    },
    options,
  );
  s3.middlewareStack.add(
    (next) => (request) => {
      calls++;
      return next(request);
    },
    options,
  );
  return () => calls;
}
