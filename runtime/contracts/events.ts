import type { z } from "zod";

/** A kind of event that services tell each other over the bus: who sends it, what it is called, what it says. */
export interface EventType<Detail extends z.ZodType = z.ZodType> {
  /** Such as `strata.catalog`. */
  readonly source: string;
  /** Such as `CatalogChanged`. */
  readonly type: string;
  readonly detail: Detail;
}

/** An event for the bus. */
export interface BusEvent {
  readonly source: string;
  readonly type: string;
  readonly detail: unknown;
}

/** Declares a kind of event. Each stands once, in the contract of the service that sends it. */
export function defineEvent<Detail extends z.ZodType>(
  source: `strata.${string}`,
  type: string,
  detail: Detail,
): EventType<Detail> {
  return { source, type, detail };
}

/** An event of a kind. What the kind doesn't tell is left out of it. */
export function eventOf<Detail extends z.ZodType>(
  { source, type, detail }: EventType<Detail>,
  told: z.input<Detail>,
): BusEvent {
  return { source, type, detail: detail.parse(told) };
}
