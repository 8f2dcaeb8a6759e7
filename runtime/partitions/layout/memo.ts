/** Texts that are kept with what they came to. */
const MOST_KEPT = 5_000;

/** What texts came to, for each owner on its own: a table's folders repeat their years, days and hours. */
export class Remembered<Owner extends object, Answer> {
  private readonly known = new WeakMap<Owner, Map<string, Answer>>();

  /** What `work` made of the text the first time. */
  of(owner: Owner, text: string, work: () => Answer): Answer {
    const known = this.known.get(owner) ?? new Map<string, Answer>();
    this.known.set(owner, known);
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as Answer;
    const answer = work();
    if (known.size < MOST_KEPT) known.set(text, answer);
    return answer;
  }
}
