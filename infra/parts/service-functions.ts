import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { ServiceDefaults, FunctionSettings, LambdaFunction } from "./lambda-function";
import { NodeFunction } from "./node-function";
import { ToolFunction, type ToolFunctionArgs } from "./tool-function";

/** What the program must set for a function that reads this from its environment: each variable as text. */
export type EnvironmentOf<Reads extends z.ZodObject> = {
  readonly [Variable in keyof z.input<Reads>]: pulumi.Input<string>;
};

/** A function's environment: what its contract in `runtime/contracts` says that it reads, and the values. */
export interface ContractEnvironment<Reads extends z.ZodObject> {
  readonly reads: Reads;
  readonly environment: EnvironmentOf<Reads>;
  /** Options of Node itself, for a handler that needs other ones than Lambda's. */
  readonly nodeOptions?: string;
}

/** What a function has for itself, beside what all of its service share. */
type OwnSettings = Omit<FunctionSettings, keyof ServiceDefaults | "environment">;
type ToolSettings = Omit<ToolFunctionArgs, keyof FunctionSettings | "entry">;

export interface ServiceFunctionsArgs {
  /** The service's folder below `runtime/`. */
  readonly service: string;
  readonly defaults: ServiceDefaults;
  /** The service's component, which the functions belong to. */
  readonly parent: pulumi.Resource;
}

/**
 * The functions of one service: `<which>` is `runtime/<service>/<which>.lambda.ts`, and is named `<service's name>-<which>`.
 *
 * @example
 * functions.node("load", { reads: loadEnvironment, environment: { TABLE_NAME: table.name }, can: [table.read()] });
 */
export class ServiceFunctions {
  constructor(
    private readonly name: string,
    private readonly args: ServiceFunctionsArgs,
  ) {}

  /** A function on Node. */
  node<Reads extends z.ZodObject>(
    which: string,
    settings: OwnSettings & ContractEnvironment<Reads>,
  ): LambdaFunction {
    return new NodeFunction(`${this.name}-${which}`, this.settingsOf(which, settings), {
      parent: this.args.parent,
    });
  }

  /** A function that runs programs such as uv and Python, and reads what its image has besides. */
  tool<Reads extends z.ZodObject>(
    which: string,
    settings: OwnSettings & ToolSettings & Partial<ContractEnvironment<Reads>>,
  ): LambdaFunction {
    return new ToolFunction(
      `${this.name}-${which}`,
      { ...settings, ...this.settingsOf(which, settings) },
      { parent: this.args.parent },
    );
  }

  private settingsOf<Reads extends z.ZodObject>(
    which: string,
    settings: OwnSettings & Partial<ContractEnvironment<Reads>>,
  ): FunctionSettings & { readonly entry: string } {
    const { environment, nodeOptions, ...own } = settings;
    const variables: Record<string, pulumi.Input<string>> = {
      ...environment,
      ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }),
    };
    return {
      ...own,
      ...this.args.defaults,
      ...(Object.keys(variables).length === 0 ? {} : { environment: variables }),
      entry: `${this.args.service}/${which}`,
    };
  }
}
