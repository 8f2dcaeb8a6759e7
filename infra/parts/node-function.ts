import type * as pulumi from "@pulumi/pulumi";
import { type InlineHandler, NODE_RUNTIME, entryCode, inlineCode } from "./handler-code";
import { type ServiceDefaults, type FunctionSettings, LambdaFunction } from "./lambda-function";

export interface NodeFunctionArgs extends FunctionSettings {
  /** `<service>/<name>` of a file `runtime/<service>/<name>.lambda.ts`, or an async function of a few lines. */
  readonly entry: string | InlineHandler;
}

/** A Lambda function on Node, bundled into one file. */
export class NodeFunction extends LambdaFunction {
  constructor(name: string, args: NodeFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    const code = typeof args.entry === "string" ? entryCode(args.entry) : inlineCode(args.entry);
    super("strata:part:NodeFunction", name, args, { kind: "zip", runtime: NODE_RUNTIME, ...code }, opts);
  }
}

/** What handles an event: a function that already exists, or a few lines that become one. */
export type EventHandler<Event = never> =
  | LambdaFunction
  | { readonly inline: (event: Event) => Promise<unknown>; readonly defaults: ServiceDefaults };

/** The function that handles an event; an inline handler becomes one named `name`. */
export function functionOf(name: string, handler: EventHandler, parent: pulumi.Resource): LambdaFunction {
  if (handler instanceof LambdaFunction) return handler;
  return new NodeFunction(name, { entry: handler.inline, ...handler.defaults }, { parent });
}
