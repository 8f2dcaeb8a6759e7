import { Hono, type Context, type MiddlewareHandler } from "hono";
import { accepts } from "hono/accepts";
import { etag } from "hono/etag";
import type { Log } from "../../shared/log";
import { normalizeName } from "../../contracts/target";
import type { PackageBucket } from "../bucket";
import { maySee, userOf, type IndexUsers } from "./credentials";
import {
  HTML_TYPE,
  JSON_TYPE,
  projectNames,
  renderProjectHtml,
  renderProjectJson,
  renderProjectsHtml,
  renderProjectsJson,
} from "./index-pages";
import { folderOf, isOwner, isSpecId } from "../key";
import type { PackageRecords } from "../spec-store";

/** What the index reads. */
interface PackageIndexPorts {
  readonly records: Pick<PackageRecords, "built">;
  readonly bucket: Pick<PackageBucket, "sign">;
  /** Who may come in; without it, everybody may. */
  readonly users?: () => Promise<IndexUsers>;
  readonly log: Log;
}

const SIMPLE = "/packages/:owner/simple";

/**
 * The package index of each owner at `/packages/{owner}/simple/`: requests in, responses out. Files are answered by a redirect to
 * where they lie, with an address that is good for a few minutes.
 */
export function createIndexApp(ports: PackageIndexPorts): Hono {
  const app = new Hono();
  app.use(isPrivate(), etag());
  if (ports.users !== undefined) app.use("/packages/:owner/*", authorized(ports.users));
  app.use("/packages/:owner/*", onlyOwners());
  // An address without its last slash would make the links of the page lead elsewhere.
  app.get(SIMPLE, (context) => context.redirect("simple/", 301));
  app.get(`${SIMPLE}/`, async (context) => {
    const names = projectNames(await ports.records.built(context.req.param("owner")));
    return answer(
      context,
      () => renderProjectsJson(names),
      () => renderProjectsHtml(names),
    );
  });
  app.get(`${SIMPLE}/:project`, (context) => {
    const name = normalizeName(context.req.param("project"));
    return isSpecId(name) ? context.redirect(`${name}/`, 301) : notFound(context);
  });
  app.get(`${SIMPLE}/:project/`, async (context) => {
    const { owner, project } = context.req.param();
    const name = normalizeName(project);
    if (!isSpecId(name)) return notFound(context);
    if (name !== project) return context.redirect(`../${name}/`, 301);
    const records = await ports.records.built(owner, name);
    if (records.length === 0) return notFound(context);
    return answer(
      context,
      () => renderProjectJson(name, records),
      () => renderProjectHtml(name, records),
    );
  });
  addFiles(app, ports);
  app.notFound(notFound);
  app.onError((error, context) => {
    ports.log.error("request failed", { path: context.req.path, error });
    return context.text("Something broke on our side. Please try again.", 500);
  });
  return app;
}

function addFiles(app: Hono, { records, bucket }: PackageIndexPorts): void {
  app.get("/packages/:owner/files/:specId/:file", async (context) => {
    const { owner, specId, file } = context.req.param();
    // Only what is recorded is given out: neither specs nor notes, nor what somebody else put into the bucket.
    const built = isSpecId(specId) ? await records.built(owner, normalizeName(specId)) : [];
    const files = built.filter((record) => record.specId === specId).flatMap((record) => record.files);
    if (!files.some(({ name }) => name === file)) return notFound(context);
    const method = context.req.method === "HEAD" ? "HEAD" : "GET";
    return context.redirect(await bucket.sign(folderOf({ owner, specId }) + file, method), 302);
  });
}

/** JSON to whoever prefers it, HTML to everybody else. */
function answer(
  context: Context,
  json: () => string,
  page: () => ReturnType<typeof renderProjectsHtml>,
): Response | Promise<Response> {
  const supports = [JSON_TYPE, HTML_TYPE, "text/html"];
  const type = accepts(context, { header: "Accept", supports, default: "text/html" });
  context.header("vary", "Accept, Authorization");
  if (type === JSON_TYPE) return context.body(json(), 200, { "content-type": JSON_TYPE });
  return context.html(page(), 200, { "content-type": `${type}; charset=utf-8` });
}

/** What can't be an owner isn't looked for in the table. */
function onlyOwners(): MiddlewareHandler {
  return async (context, next) => (isOwner(context.req.param("owner") ?? "") ? next() : notFound(context));
}

/** Lets in who has a password; to them, what they may not see isn't there. */
function authorized(users: () => Promise<IndexUsers>): MiddlewareHandler {
  return async (context, next) => {
    const user = userOf(context.req.header("authorization"), await users());
    if (user === undefined) {
      context.header("www-authenticate", 'Basic realm="packages", charset="UTF-8"');
      return context.text(
        "This index asks for a user and a password: https://<user>:<password>@<the index>",
        401,
      );
    }
    if (!maySee(user, context.req.param("owner") ?? "")) return notFound(context);
    return next();
  };
}

/** Pages may be kept by whoever asked, if they ask again whether they still hold; redirects and errors by nobody. */
function isPrivate(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const isPage = [200, 304].includes(context.res.status);
    context.header("cache-control", isPage ? "private, no-cache" : "private, no-store");
  };
}

function notFound(context: Context): Response {
  return context.text(
    "There is nothing here. The packages of an owner are at /packages/<owner>/simple/.",
    404,
  );
}
