/** A random id of 128 bits, about 25 letters and digits. `crypto.randomUUID` is absent on pages without https. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('');
}
