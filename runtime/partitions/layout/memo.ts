/** Texts that are kept for each owner. */
const MAX_TEXTS = 5_000;

/**
 * Keeps what was computed from a text, separately for each owner: the folders of a table repeat their years, days and
 * hours, and computing each of them once is enough.
 */
export class Memo<Owner extends object, Answer> {
  private readonly answers = new WeakMap<Owner, Map<string, Answer>>();

  /** The answer for a text; `compute` runs only when the text is new. */
  get(owner: Owner, text: string, compute: () => Answer): Answer {
    const known = this.answers.get(owner) ?? new Map<string, Answer>();
    this.answers.set(owner, known);
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as Answer;
    const answer = compute();
    if (known.size < MAX_TEXTS) known.set(text, answer);
    return answer;
  }
}
