import type { Handled } from "../../../runtime/specs/handle/handle";
import { handleEvent } from "../../../runtime/specs/handle/handle";
import { now, recordingLog } from "../shared/recorder";
import { FakeBucket, FakeBuilder, FakeLeases, FakeRecords, s3Event, snsEvent } from "./fakes";

/** The function that handles specs, with everything around it in memory. */
export function workshop() {
  const parts = {
    bucket: new FakeBucket(),
    records: new FakeRecords(),
    leases: new FakeLeases(),
    builder: new FakeBuilder(),
    log: recordingLog(),
  };
  let invocations = 0;
  const handle = async (event: unknown, owner = `request-${String(invocations++)}`, revision = "r1") => {
    const { builder, ...rest } = parts;
    return handleEvent(event, owner, { ...rest, build: builder.build, builder: revision, now });
  };
  return {
    ...parts,
    handle,
    /** Tells of one key. */
    tell: (key: string, sequencer?: string): Promise<readonly Handled[]> =>
      handle(snsEvent(s3Event({ key, ...(sequencer === undefined ? {} : { sequencer }) }))),
    /** Puts a spec into the bucket and tells of it. */
    upload: async (key: string, text: string): Promise<readonly Handled[]> => {
      parts.bucket.upload(key, text);
      return handle(snsEvent(s3Event({ key })));
    },
    /** Takes an object out of the bucket and tells of it. */
    remove: async (key: string): Promise<readonly Handled[]> => {
      parts.bucket.objects.delete(key);
      return handle(snsEvent(s3Event({ key })));
    },
    note: (key: string): unknown => {
      const text = parts.bucket.text(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
  };
}
