import { beforeAll, describe, expect, it } from 'vitest'
import en from '../src/locales/en.json'
import zh from '../src/locales/zh-CN.json'
import ko from '../src/locales/ko.json'
import { i18n } from '../src/words'

const { t, locale, setLocaleMessage } = i18n.global

describe('messages', () => {
  beforeAll(() => {
    setLocaleMessage('zh-CN', zh as never)
    setLocaleMessage('ko', ko as never)
    setLocaleMessage('en', en as never)
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
})
