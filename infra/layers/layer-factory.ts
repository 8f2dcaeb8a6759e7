import * as pulumi from "@pulumi/pulumi";
import { catalogChanged } from "../../runtime/contracts/catalog";
import { type RunInput, layerPublished } from "../../runtime/contracts/layers";
import { mergeGrants } from "../parts/grant";
import type { FieldsOf } from "../parts/json-path";
import type { LambdaFunction } from "../parts/lambda-function";
import { Schedule, type ScheduleExpression } from "../parts/schedule";
import { StateMachine } from "../parts/state-machine";
import { ToolFunction } from "../parts/tool-function";
import type { Shared } from "../shared";
import { factoryDefinition } from "./definition";
import { type FactoryStepsArgs, createFactorySteps } from "./steps";

export interface LayerFactoryArgs extends FactoryStepsArgs, Pick<Shared, "schedules" | "toolSource"> {
  /** How many layers are built at the same time. */
  readonly layerBuildConcurrency: number;
  /** When the whole catalog is checked and built. */
  readonly layerBuildSchedule: ScheduleExpression;
}

/** Lambda allows 15 minutes at most. */
const BUILD_SECONDS = 900;
/** Room for wheels, installed files and zip of the largest layer, and for what is pruned. */
const BUILD_DISK_MEGABYTES = 4096;
/** Builders use less than 512 MB. Lambda gives processor time in proportion to memory: this much gives one processor. */
const BUILD_MEMORY_MEGABYTES = 1769;

/** Turns the catalog into layers: the build pipeline with its functions, builders and triggers. */
export class LayerFactory extends pulumi.ComponentResource {
  readonly outputs: {
    readonly machine: pulumi.Output<string>;
    readonly artifactsBucket: pulumi.Output<string>;
    readonly publicationsLog: pulumi.Output<string>;
  };
  /** Once this exists, every change of the catalog starts a run. */
  readonly ready: pulumi.Resource;
  private readonly machine: StateMachine;

  constructor(
    private readonly partName: string,
    private readonly args: LayerFactoryArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("strata:service:LayerFactory", partName, {}, opts);
    const functions = createFactorySteps(partName, args, this);
    const builders = this.builders();
    const called = [...Object.values(functions), ...builders.values()];
    this.machine = new StateMachine(
      `${partName}-build-layers`,
      {
        ...args.functions,
        definition: factoryDefinition({
          functions,
          builders,
          buildConcurrency: args.layerBuildConcurrency,
          publishConcurrency: 10,
        }),
        can: [...mergeGrants(called.map((each) => each.invoke())), args.foundation.artifacts.read("runs/*")],
        distributed: true,
      },
      { parent: this },
    );
    this.ready = this.startOnEvents();
    this.outputs = {
      machine: this.machine.arn,
      artifactsBucket: args.foundation.artifacts.name,
      publicationsLog: this.logPublications(),
    };
    this.registerOutputs(this.outputs);
  }

  private builders(): Map<string, LambdaFunction> {
    const pairs = this.args.pythons.flatMap((python) =>
      this.args.architectures.map((architecture) => ({ python, architecture })),
    );
    return new Map(
      pairs.map(({ python, architecture }) => {
        const builder = `${python}-${architecture}`;
        const tool = new ToolFunction(
          `${this.partName}-builder-${builder.replace(".", "").replace("_", "-")}`,
          {
            ...this.args.functions,
            entry: "builder/builder",
            image: "builder",
            stage: "layers",
            python,
            architecture,
            source: this.args.toolSource(builder),
            timeoutSeconds: BUILD_SECONDS,
            memoryMegabytes: BUILD_MEMORY_MEGABYTES,
            temporaryMegabytes: BUILD_DISK_MEGABYTES,
          },
          { parent: this },
        );
        return [builder, tool];
      }),
    );
  }

  private startOnEvents(): pulumi.Resource {
    const rule = this.args.foundation.bus.onStart(
      `${this.partName}-catalog-changed`,
      catalogChanged,
      this.machine,
      ({ version }): FieldsOf<RunInput> => ({ reason: "catalog", catalogVersion: version }),
    );
    if (this.args.schedules) {
      new Schedule(
        `${this.partName}-schedule`,
        {
          when: this.args.layerBuildSchedule,
          runs: this.machine,
          input: { reason: "schedule" } satisfies RunInput,
        },
        { parent: this },
      );
    }
    return rule;
  }

  /** Logs one line for each layer version that was published: what an operator searches first. */
  private logPublications(): pulumi.Output<string> {
    const log = this.args.foundation.bus.on(`${this.partName}-published`, layerPublished, {
      inline: async (event) => {
        console.log(JSON.stringify({ published: event.detail }));
        return Promise.resolve();
      },
      defaults: this.args.functions,
    });
    return log.logGroupName;
  }
}
