/** The message format of src/locales: `{name}` is replaced, ` | ` divides singular and plural.
 *  Nothing else is special, so that a translator may write any character. */
export function messageWords(message: string, named: Record<string, unknown>, n?: number): string {
  const forms = message.split(' | ')
  const form = (n === undefined || n === 1 ? forms[0] : forms.at(-1)) ?? message
  return form.replace(/\{([a-z_]+)\}/g, (whole, name: string) => {
    const value = named[name]
    return value === undefined || value === null ? whole : String(value)
  })
}
