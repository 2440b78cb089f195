import { beforeAll, describe, expect, it } from 'vitest'
import { computed } from 'vue'
import en from '../src/locales/en.json'
import zh from '../src/locales/zh-CN.json'
import ko from '../src/locales/ko.json'
import enDesk from '../src/locales/desk/en.json'
import koDesk from '../src/locales/desk/ko.json'
import zhDesk from '../src/locales/desk/zh-CN.json'
import { addWords, useWords } from '../src/words'

const { t, te, locale } = useWords()

describe('messages', () => {
  beforeAll(() => {
    addWords('zh-CN', zh)
    addWords('ko', ko)
    addWords('en', en)
    addWords('zh-CN', zhDesk)
    addWords('ko', koDesk)
    addWords('en', enDesk)
  })

  it('puts named values in and leaves what is unknown visible', () => {
    locale.value = 'zh-CN'
    expect(t('ui.form.fault.min', { field: '面积', min: '3' })).toBe('面积不能小于 3')
    expect(t('ui.matter.nth', { n: 1 })).toBe('第 1 / {of} 件')
  })

  it('chooses singular and plural in English only', () => {
    locale.value = 'en'
    expect(t('ui.desk.updates', { n: 1 }, 1)).toBe('1 update')
    expect(t('ui.desk.updates', { n: 3 }, 3)).toBe('3 updates')
    locale.value = 'ko'
    expect(t('ui.desk.updates', { n: 3 }, 3)).toBe('업데이트 3건')
  })

  it('shows a key that has no words, and takes up a part that comes later', () => {
    locale.value = 'en'
    expect(te('ui.later.word')).toBe(false)
    expect(t('ui.later.word')).toBe('ui.later.word')
    const said = computed(() => t('ui.later.word'))
    expect(said.value).toBe('ui.later.word')
    addWords('en', { ui: { later: { word: 'a price of $& and {n}' } } })
    expect(said.value).toBe('a price of $& and {n}')
    expect(t('ui.later.word', { n: '$&' })).toBe('a price of $& and $&')
    expect(t('ui.form.yes')).toBe('Yes')
  })
})
