import type { Readable } from './readable.ts';
import { type Area, unit } from './unit.ts';
export type { Area } from './unit.ts';

interface Shape<out T extends number = number> {
  readonly name: string;
  area(this: Shape<T>): Area | undefined;
  [key: `data-${string}`]: unknown;
}

abstract class Base<T extends number> implements Shape<T> {
  declare static count: number;
  private readonly sides?: readonly T[];
  get: T
  set!: string
  static: boolean = false
  abstract readonly name: string;
  protected constructor(...sides: T[]) { this.sides = sides as readonly T[]; }
  area(): Area;
  area<const U>(scale?: U): Area | undefined;
  area(scale: any = 1): Area | undefined { return (scale satisfies number)! as unknown as Area; }
  *[Symbol.iterator](): IterableIterator<T> { yield* this.sides!; }
}

declare global { var shapes: Shape[]; }
declare const secret: unique symbol;
namespace Types { export type Side = number; }

export const largest = async <T extends Shape,>(
  shapes: Map<string, T>,
): Promise<
  T | null
> => [...shapes.values()].sort((a, b): -1 | 1 => a.area()! < b.area()! ? 1 : -1)[0] ?? null;

function isShape(value: unknown): value is Shape { return !!value && 'area' in (value as object) }
let found = isShape(unit) ? unit as Shape : null
;(found as any)?.area!()
label: for (const [key, value] of Object.entries(unit as {}) as [string, any][]) continue label;
try { largest<any>(new Map<string, never>()); } catch (error: unknown) { throw `${error as Error}`; }
