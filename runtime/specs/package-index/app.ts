import { Hono, type Context, type MiddlewareHandler } from "hono";
import { accepts } from "hono/accepts";
import { etag } from "hono/etag";
import { INDEX_JSON_TYPE, PACKAGES_PATH } from "../../contracts/specs";
import { normalizeName } from "../../contracts/target";
import type { Log } from "../../shared/log";
import type { SpecRow } from "../entities";
import { folderOf, isOwner, isSpecId } from "../key";
import { maySee, userOf, type IndexUsers } from "../package-index-users";
import type { SpecObjectStore } from "../spec-object-store";
import type { SpecStore } from "../spec-store";
import {
  projectNames,
  renderProjectHtml,
  renderProjectJson,
  renderProjectsHtml,
  renderProjectsJson,
} from "./pages";

interface PackageIndexPorts {
  readonly store: Pick<SpecStore, "ofOwner">;
  readonly objects: Pick<SpecObjectStore, "sign">;
  /** Who may read the index. @default everybody */
  readonly users?: () => Promise<IndexUsers>;
  readonly log: Log;
}

/** Media type of the HTML pages, which are also answered as text/html. */
const INDEX_HTML_TYPE = "application/vnd.pypi.simple.v1+html";
const SIMPLE = `${PACKAGES_PATH}/:owner/simple`;

/**
 * The package index of each owner at `/packages/{owner}/simple/`: requests in, responses out. A request for a file is redirected to
 * an address in the bucket that is valid for a few minutes.
 */
export function createPackageIndexApp(ports: PackageIndexPorts): Hono {
  const app = new Hono();
  app.use(isPrivate(), etag());
  if (ports.users !== undefined) app.use(`${PACKAGES_PATH}/:owner/*`, authorized(ports.users));
  app.use(`${PACKAGES_PATH}/:owner/*`, onlyOwners());
  // Without the last slash of the address, the relative links of the page would be wrong.
  app.get(SIMPLE, (context) => context.redirect("simple/", 301));
  app.get(`${SIMPLE}/`, async (context) => {
    const names = projectNames(await builtRows(ports, context.req.param("owner")));
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
    const rows = await builtRows(ports, owner, name);
    if (rows.length === 0) return notFound(context);
    return answer(
      context,
      () => renderProjectJson(name, rows),
      () => renderProjectHtml(name, rows),
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

function addFiles(app: Hono, ports: PackageIndexPorts): void {
  app.get(`${PACKAGES_PATH}/:owner/files/:specId/:file`, async (context) => {
    const { owner, specId, file } = context.req.param();
    // Only files of a row: never specs or notes, nor objects that somebody else put into the bucket.
    const rows = isSpecId(specId) ? await builtRows(ports, owner, normalizeName(specId)) : [];
    const files = rows.filter((row) => row.specId === specId).flatMap((row) => row.files);
    if (!files.some(({ name }) => name === file)) return notFound(context);
    const method = context.req.method === "HEAD" ? "HEAD" : "GET";
    return context.redirect(await ports.objects.sign(folderOf({ owner, specId }) + file, method), 302);
  });
}

async function builtRows(
  { store }: PackageIndexPorts,
  owner: string,
  normalizedName?: string,
): Promise<readonly SpecRow[]> {
  const rows = await store.ofOwner(owner, normalizedName);
  return rows.filter(({ status }) => status === "built");
}

/** Answers JSON to clients that prefer it, HTML to all others. */
function answer(
  context: Context,
  json: () => string,
  page: () => ReturnType<typeof renderProjectsHtml>,
): Response | Promise<Response> {
  const supports = [INDEX_JSON_TYPE, INDEX_HTML_TYPE, "text/html"];
  const type = accepts(context, { header: "Accept", supports, default: "text/html" });
  context.header("vary", "Accept, Authorization");
  if (type === INDEX_JSON_TYPE) return context.body(json(), 200, { "content-type": INDEX_JSON_TYPE });
  return context.html(page(), 200, { "content-type": `${type}; charset=utf-8` });
}

/** A text that can't be an owner isn't looked up in the table. */
function onlyOwners(): MiddlewareHandler {
  return async (context, next) => (isOwner(context.req.param("owner") ?? "") ? next() : notFound(context));
}

/** Asks for a user and a password. An owner that the user may not see doesn't exist for that user. */
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

/** A client may keep a page, if it asks each time whether the page has changed. Nobody may keep redirects and errors. */
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
