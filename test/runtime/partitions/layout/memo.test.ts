import { expect } from "chai";
import { Memo } from "../../../../runtime/partitions/layout/memo";

describe("Memo", () => {
  it("computes a text once for each owner, even if the answer is undefined", () => {
    const memo = new Memo<object, string | undefined>();
    const [one, other] = [{}, {}];
    const worked: string[] = [];
    const ask = (owner: object, text: string, answer?: string) =>
      memo.get(owner, text, () => {
        worked.push(text);
        return answer;
      });
    expect([ask(one, "a", "A"), ask(one, "a", "B"), ask(other, "a", "C")]).to.deep.equal(["A", "A", "C"]);
    expect([ask(one, "none"), ask(one, "none", "late")]).to.deep.equal([undefined, undefined]);
    expect(worked).to.deep.equal(["a", "a", "none"]);
  });

  it("keeps a limited number of texts, and computes the others each time", () => {
    const memo = new Memo<object, number>();
    const owner = {};
    let count = 0;
    const ask = (text: number) => memo.get(owner, String(text), () => count++);
    for (let text = 0; text <= 5000; text++) ask(text);
    expect([ask(0), ask(5000), ask(5000)]).to.deep.equal([0, 5001, 5002]);
  });
});
