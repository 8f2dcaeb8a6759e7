import type { Handled } from "../../../runtime/specs/handle/handle";
import { handleEvent } from "../../../runtime/specs/handle/handle";
import { now, recordingLog } from "../shared/recorder";
import { FakeSpecObjectStore, FakeBuilder, FakeLeases, FakeSpecStore, s3Event, snsEvent } from "./fakes";

/** The function that handles specs, with bucket, table, leases and builder in memory. */
export function inMemoryService() {
  const parts = {
    objects: new FakeSpecObjectStore(),
    store: new FakeSpecStore(),
    leases: new FakeLeases(),
    builder: new FakeBuilder(),
    log: recordingLog(),
  };
  let invocations = 0;
  const handle = async (event: unknown, invocation = `request-${String(invocations++)}`, revision = "r1") => {
    const { builder, ...rest } = parts;
    return handleEvent(event, invocation, { ...rest, build: builder.build, builder: revision, now });
  };
  return {
    ...parts,
    handle,
    /** Sends an event about one key. */
    tell: (key: string, sequencer?: string): Promise<readonly Handled[]> =>
      handle(snsEvent(s3Event({ key, ...(sequencer === undefined ? {} : { sequencer }) }))),
    /** Puts a spec into the bucket and sends an event. */
    upload: async (key: string, text: string): Promise<readonly Handled[]> => {
      parts.objects.upload(key, text);
      return handle(snsEvent(s3Event({ key })));
    },
    /** Removes an object from the bucket and sends an event. */
    remove: async (key: string): Promise<readonly Handled[]> => {
      parts.objects.contents.delete(key);
      return handle(snsEvent(s3Event({ key })));
    },
    note: (key: string): unknown => {
      const text = parts.objects.text(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
  };
}
