/** Works something out once for each thing, such as an operation or a list of them, and forgets it with the thing. */
export function oncePer<Thing extends WeakKey, Made>(make: (thing: Thing) => Made): (thing: Thing) => Made {
  const known = new WeakMap<Thing, Made>()
  return (thing) => {
    if (!known.has(thing)) known.set(thing, make(thing))
    return known.get(thing) as Made
  }
}
