/** The message format of src/locales: `{name}` is replaced, ` | ` divides singular and plural.
 *  Nothing else is special, so that a translator may write any character. */
export interface MessageContext {
  named(key: string): unknown
  plural(forms: string[]): string
}

export function compileMessage(message: unknown): (context: MessageContext) => string {
  const forms = String(message).split(' | ')
  return (context) => {
    const form = forms.length > 1 ? context.plural(forms) : forms[0]!
    return form.replace(/\{([a-z_]+)\}/g, (whole, name: string) => {
      const value = context.named(name)
      return value === undefined || value === null ? whole : String(value)
    })
  }
}
