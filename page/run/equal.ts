// Whether two values are strictly deep-equal, as Node's assert.deepStrictEqual means it.

/** Same primitives, or objects of one prototype whose own enumerable parts are so. */
export function deepEqual(a: unknown, b: unknown, pairs: readonly (readonly [object, object])[] = []): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (pairs.some(([x, y]) => x === a && y === b)) return true;
  const inside = [...pairs, [a, b] as const];
  const same = (x: unknown, y: unknown): boolean => deepEqual(x, y, inside);
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (a instanceof RegExp) return String(a) === String(b);
  if (a instanceof Error && (a.message !== (b as Error).message || a.name !== (b as Error).name)) return false;
  if (a instanceof Map) return sameMap(a, b as Map<unknown, unknown>, same);
  if (a instanceof Set) return sameSet(a, b as Set<unknown>, same);
  return sameProperties(a, b, same);
}

type Same = (x: unknown, y: unknown) => boolean;

function sameMap(a: Map<unknown, unknown>, b: Map<unknown, unknown>, same: Same): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([key, value]) =>
    b.has(key) ? same(value, b.get(key)) : [...b].some(([other, its]) => same(key, other) && same(value, its)),
  );
}

function sameSet(a: Set<unknown>, b: Set<unknown>, same: Same): boolean {
  return a.size === b.size && [...a].every((value) => b.has(value) || [...b].some((other) => same(value, other)));
}

function sameProperties(a: object, b: object, same: Same): boolean {
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  const keysOf = (object: object): PropertyKey[] =>
    Reflect.ownKeys(object).filter((key) => Object.prototype.propertyIsEnumerable.call(object, key));
  const keys = keysOf(a);
  if (keys.length !== keysOf(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && same(Reflect.get(a, key) as unknown, Reflect.get(b, key) as unknown),
  );
}
