import { Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import type { Log } from "../shared/log";
import { NotFoundError, runtimeTagsOf, type LayerIndexScope } from "./scope";
import { addV2Routes, V2_ENDPOINTS, type V2Ports } from "./v2/routes";

/** What the API reads. */
export interface LayerIndexPorts extends V2Ports {
  readonly log: Log;
}

/** How many seconds an answer may be cached: a new layer is visible within five minutes. */
const CACHE_SECONDS = 300;

/** The HTTP API: requests in, responses out. */
export function createApp(scope: LayerIndexScope, ports: LayerIndexPorts): Hono {
  const app = new Hono({ strict: false });
  app.use(cors({ origin: "*", allowMethods: ["GET", "HEAD"] }), cacheable(), etag());
  app.get("/", (context) => context.json(describeApi(scope)));
  app.get("/health", (context) => context.json({ status: "ok" }));
  addV2Routes(app, scope, ports);
  app.notFound((context) =>
    context.json(
      { message: `There is nothing at ${context.req.path}. The path / lists the endpoints.` },
      404,
    ),
  );
  app.onError((error, context) => {
    if (error instanceof NotFoundError) return context.json({ message: error.message }, 404);
    ports.log.error("request failed", { path: context.req.path, error: error.message, stack: error.stack });
    return context.json({ message: "Something failed on our side. Please try again." }, 500);
  });
  return app;
}

function describeApi(scope: LayerIndexScope) {
  return {
    service: "strata layer index",
    runtimes: runtimeTagsOf(scope),
    regions: scope.regions,
    endpoints: { ...V2_ENDPOINTS, health: "/health" },
  };
}

/** Good answers may be cached for a while. Errors may not, since a layer may be published the next minute. */
function cacheable(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const good = [200, 304].includes(context.res.status) && context.req.path !== "/health";
    context.header("cache-control", good ? `public, max-age=${CACHE_SECONDS}` : "no-store");
  };
}
