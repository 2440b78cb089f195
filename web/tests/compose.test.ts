import { expect, test } from 'vitest'
import type { ActionForm, Field, TypeSummary } from '@/api/types'
import { callingOf, callsAbout, composeAt } from '@/define/compose'

const label = { zh: '词' }
const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, label, kind, ...more })
const opening = (fields: Field[]): ActionForm => ({ action: 'go', label, stage: 'dispatch', fields })
const type = (name: string, fields: Field[]): TypeSummary => ({ name, label, system: 's', opens: [opening(fields)] })
const called = field('who', 'organisation', { many: true, max: '3' })
const inside = field('what', 'link', { many: true, to: 'ask', max: '5' })

test('an opening that calls several organisations to several matters has the composer', () => {
  expect(callingOf(opening([field('text', 'text'), called, inside]))).toEqual({ called, inside })
  expect(callingOf(opening([field('one', 'organisation'), inside]))).toBeUndefined()
  expect(callingOf(opening([called, field('one', 'link', { to: 'ask' })]))).toBeUndefined()
  expect(callingOf(undefined)).toBeUndefined()
})

test('it is offered for matters of the type it links to, with all of them inside', () => {
  const types = [type('horn', [called, inside]), type('other', [called, field('what', 'link', { many: true, to: 'elsewhere' })])]
  const calls = callsAbout(types, 'ask')
  expect(calls.map(({ key, most }) => [key, most])).toEqual([['horn/go', 5]])
  expect(composeAt(calls[0]!, ['7', '8'])).toEqual({ path: '/open/horn', query: { action: 'go', from: '7', what: '7,8' } })
  expect(callsAbout(types, undefined)).toEqual([])
})
