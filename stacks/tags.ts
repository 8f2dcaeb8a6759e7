import * as pulumi from "@pulumi/pulumi";

/** Tags every resource of the stack that takes tags, to show cost and owner by stage. */
export function tagEverything(tags: Readonly<Record<string, string>>): void {
  pulumi.runtime.registerStackTransformation(({ props, opts }) => {
    const inputs = props as Readonly<Record<string, unknown>>;
    // A resource class names all inputs of its type, also those that are not given. Types with `tagsAll` take a map of tags.
    if (!("tagsAll" in inputs)) return undefined;
    return { props: { ...inputs, tags: { ...tags, ...(inputs["tags"] as object | undefined) } }, opts };
  });
}
