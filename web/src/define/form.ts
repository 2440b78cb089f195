import { reactive, ref, shallowRef } from 'vue'
import { ApiError } from '@/api/errors'
import type { Field, Values } from '@/api/types'
import { check, decode, encode, fieldOfKey, isEnterable, type Draft } from './kinds'
import { useSay } from './say'

export interface FormError {
  id: string
  name: string
  text: string
}
let forms = 0

/** A form from its fields: drafts, faults in words, and what is sent. Fields that hold something
 *  beforehand and are emptied are sent as null, which clears them. */
export function useForm() {
  const { t, label, problem, refusal } = useSay()
  const prefix = `form${(forms += 1)}`
  const fields = shallowRef<readonly Field[]>([])
  const given = shallowRef<Values>({})
  const drafts = reactive<Record<string, Draft>>({})
  const errors = ref<FormError[]>([])

  const idOf = (name: string) => `${prefix}-${name}`
  function start(of: readonly Field[], values: Values = {}) {
    fields.value = of.filter((field) => !field.computed)
    given.value = values
    errors.value = []
    Object.keys(drafts).forEach((name) => delete drafts[name])
    for (const field of fields.value) drafts[field.name] = decode(field, values[field.name] ?? field.default)
  }
  function errorOf(name: string): string | undefined {
    return errors.value.find((error) => error.name === name)?.text
  }
  /** All faults together, so that a person mends them in one go. */
  function isComplete(): boolean {
    errors.value = fields.value.flatMap((field) => {
      const fault = check(field, drafts[field.name])
      if (!fault) return []
      const text = t(fault.key, { field: label(field.label, field.name), ...fault.named })
      return [{ id: idOf(field.name), name: field.name, text }]
    })
    return !errors.value.length
  }
  function values(): Values {
    const sent: Values = {}
    for (const field of fields.value) {
      if (!isEnterable(field)) continue
      const value = encode(field, drafts[field.name])
      const had = given.value[field.name]
      if (value !== undefined) sent[field.name] = value
      else if (had !== undefined && had !== null) sent[field.name] = null
    }
    return sent
  }
  /** A refusal at the fields it names; what names none stands above the form. */
  function refused(error: unknown) {
    if (!(error instanceof ApiError)) {
      errors.value = [{ id: '', name: '', text: refusal(error) }]
      return
    }
    errors.value = error.all.map((one) => {
      const name = fieldOfKey(one.key, fields.value) ?? ''
      const field = fields.value.find((candidate) => candidate.name === name)
      const ending = one.key.split('.').at(-1)
      const text =
        field && !one.label && ending === 'required'
          ? t('ui.form.fault.required', { field: label(field.label, name) })
          : field && !one.label
            ? `${label(field.label, name)}：${problem(one)}`
            : problem(one)
      return { id: name ? idOf(name) : '', name, text }
    })
  }
  function set(name: string, draft: Draft) {
    drafts[name] = draft
  }
  return { fields, drafts, errors, idOf, start, set, errorOf, isComplete, values, refused }
}
export type Form = ReturnType<typeof useForm>
