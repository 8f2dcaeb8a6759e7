import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** What a stage exports: what a person or a task needs to use it. A group for the stage, and one for each service. */
export const outputsSchema = z.object({
  stage: z.object({
    tableName: z.string(),
    busName: z.string(),
    pythons: z.array(z.string()).readonly(),
    architectures: z.array(z.string()).readonly(),
    /** Home first. */
    regions: z.array(z.string()).min(1).readonly(),
  }),
  api: z.object({
    /** Without a trailing slash. */
    url: z.string(),
  }),
  catalog: z.object({ bucket: z.string() }),
  layers: z.object({
    /** ARN of the state machine that builds layers. */
    machine: z.string(),
    artifactsBucket: z.string(),
    /** Log group with one line for each published layer version. */
    publicationsLog: z.string(),
  }),
  specs: z.object({
    bucket: z.string(),
    /** ARN of the function that handles a spec. It takes what SNS sends. */
    handler: z.string(),
    /** URL of the queue with the events that could not be delivered or handled. */
    deadLetterQueue: z.string(),
    /** Name of the function that tests the whole service. */
    canary: z.string(),
    /** Base address of the owners' package indexes, without a trailing slash. */
    packageIndexUrl: z.string(),
    /** ARN of the secret with the users of the package indexes. */
    packageIndexSecret: z.string(),
  }),
  partitions: z.object({
    /** ARN of the state machine that syncs tables. */
    machine: z.string(),
    /** Name of the function that tells a table what would serve it better. */
    advisor: z.string(),
    /** URL of the queue of new objects; empty where events aren't followed. */
    queue: z.string(),
    /** Hours after which a table's newest partition counts as stale. */
    freshnessHours: z.number(),
  }),
});

/** The outputs of a deployed stage. */
export type StageOutputs = z.infer<typeof outputsSchema>;

type Group<T> = { readonly [Name in keyof T]: pulumi.Input<T[Name]> };

/** The same as the program gives them to Pulumi, while much of it is still to come. */
export type ProgramOutputs = { readonly [Name in keyof StageOutputs]: Group<StageOutputs[Name]> };
