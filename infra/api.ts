import * as pulumi from "@pulumi/pulumi";
import { HttpApi } from "./parts/http-api";
import type { LambdaFunction, ServiceDefaults } from "./parts/lambda-function";

export interface ApiArgs {
  readonly functions: ServiceDefaults;
}

/** The platform's HTTP API. It has no routes of its own: services add theirs. */
export class Api extends pulumi.ComponentResource {
  /** Base address without a trailing slash. */
  readonly url: pulumi.Output<string>;
  readonly outputs: { readonly url: pulumi.Output<string> };
  private readonly http: HttpApi;

  constructor(name: string, args: ApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:service:Api", name, {}, opts);
    this.http = new HttpApi(name, args.functions, { parent: this });
    this.url = this.http.url;
    this.outputs = { url: this.url };
    this.registerOutputs(this.outputs);
  }

  /** Has a function answer requests such as `ANY /packages/{path+}`. */
  onRequest(name: string, method: string, path: `/${string}`, handler: LambdaFunction): void {
    this.http.onRequest(name, method, path, handler);
  }

  /**
   * Has a function answer every request that no route is for.
   *
   * @throws Error on the second call.
   */
  onOtherRequests(name: string, handler: LambdaFunction): void {
    this.http.onOtherRequests(name, handler);
  }
}
