type Item = { readonly id: number; cents: number; tags?: readonly string[] };
interface Discount<T extends Item = Item> { (item: T, quantity: number): number | undefined }

export class Cart<T extends Item> implements Iterable<T> {
  private readonly items: Map<number, [item: T, quantity: number]> = new Map();
  #discounts: Discount<T>[] = [];

  add(item: T, quantity?: number): this {
    const [, before] = this.items.get(item.id) ?? [item, 0];
    this.items.set(item.id, [item, before + (quantity ?? 1)] as [T, number]);
    return this;
  }
  total(): number;
  total(discounts: Discount<T>[]): number;
  total(discounts: Discount<T>[] = this.#discounts): number {
    let sum: number = 0;
    for (const [item, quantity] of this.items.values()) {
      const best = discounts.map((f): number => f(item, quantity) ?? 0).sort().at(-1)!;
      sum += item.cents * quantity - (best as number);
    }
    return sum satisfies number;
  }
  *[Symbol.iterator](): IterableIterator<T> {
    for (const [item] of this.items.values()) yield item;
  }
}
