/** Adds to what stands under a name; a name with nothing gets no entry. */
export function addToSet<Item>(sets: Map<string, Set<Item>>, name: string, items: readonly Item[]): void {
  if (items.length === 0) return
  const known = sets.get(name)
  if (known) for (const item of items) known.add(item)
  else sets.set(name, new Set(items))
}
