/** The address in a door code: the place, and of a thing in it also which. It holds no secret: whoever
 *  reads it finds what everybody is told of the place, and a worker the sheet of the place. */
export function doorAddress(origin: string, code: string, facility?: string): string {
  return `${origin}/at/${code}${facility ? `?facility=${facility}` : ''}`
}
