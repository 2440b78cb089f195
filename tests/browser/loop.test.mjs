// The whole loop by hand, each person in a browser of their own: a resident reports on the phone,
// the centre accepts, the street hands out and whistles, two departments answer, another checks,
// the resident is called back, and every page shows it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { inDays, openDemo, pointIn } from '../functional/office.mjs'
import { act, choose, onFailure, openBrowser, signedIn, visitor } from './hands.mjs'

const street = '222401002'
const words = '胡同口路灯三天不亮，老人夜里出门怕摔。'
const departments = [
  { login: 'officer_lighting_office', name: '路灯管理所', share: '主办', what: '更换灯具' },
  { login: 'officer_water', name: '自来水公司', share: '协办', what: '查看井盖积水' },
]
let office, browser, place

before(async () => {
  office = await openDemo()
  browser = await openBrowser()
  place = await pointIn(office.resident(), street)
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

const idOf = (page) => new URL(page.url()).pathname.split('/').pop()
const reads = (page, text) => page.getByText(text).first().waitFor()

/** The loop bar of the open matter stands at this stage, and has ticked all before it. */
async function standsAt(page, stage) {
  const bar = page.getByRole('list', { name: '办理环节' })
  await bar.locator('li[aria-current=step]', { hasText: stage }).waitFor()
  const steps = await bar.locator('li').evaluateAll((all) => all.map((one) => one.ariaCurrent === 'step' ? 'now' : one.classList[0]))
  const now = steps.indexOf('now')
  assert.deepEqual(steps, steps.map((_, at) => (at < now ? 'done' : at === now ? 'now' : 'ahead')))
}

/** The count of one figure, as the figures page shows it. */
async function figureOn(page, name) {
  await page.goto(`/figures?unit=${street}`)
  const tile = page.getByRole('link', { name })
  await tile.locator('.value', { hasNotText: '…' }).waitFor()
  return Number((await tile.locator('.value').innerText()).replace(/\D/g, ''))
}

/** Opens the part of a matter that lies with an organisation, from the table of its parts. */
async function openPart(page, matter, organisation) {
  await page.goto(`/matters/${matter}`)
  await page.getByRole('row', { name: new RegExp(organisation) }).getByRole('link').first().click()
  await page.waitForURL((url) => /\/matters\/\d+$/.test(url.pathname) && !url.pathname.endsWith(`/${matter}`))
  return idOf(page)
}

test('a resident reports, the city answers, the figures say so', async (t) => {
  const pages = []
  const person = async (login) => {
    pages.push(await signedIn(browser, office, login))
    return pages.at(-1)
  }
  const step = (name, walk) => t.test(name, () => onFailure(pages, 'loop', walk))
  const dispatcher = await person('dispatcher_beishan_street')
  const came = await figureOn(dispatcher, /诉求量/)
  const resident = await visitor(browser, office, { at: place })
  pages.push(resident)
  let receipt, number, id, whistle
  const tasks = [], calls = []

  await step('anybody may report: position, words, how to be reached, one button', async () => {
    await resident.goto('/m/report')
    await resident.getByRole('button', { name: '用我的位置' }).click()
    await resident.locator('.under strong').waitFor()
    await resident.getByLabel('诉求内容').fill(words)
    await resident.locator('input[type=tel]').fill('138 1234 1234')
    await resident.getByRole('button', { name: '提交', exact: true }).click()
    receipt = (await resident.locator('.receipt').innerText()).trim()
    number = (await resident.getByText(/^编号/).innerText()).match(/\d{4}-\d+/)[0]
    assert.equal(await resident.getByRole('alert').count(), 0)
  })
  await step('it lies in a grid with a clock, and the resident reads who has it', async () => {
    await resident.getByRole('link', { name: '看进度' }).click()
    await reads(resident, number)
    await reads(resident, /网格/)
    await reads(resident, /现在由.*办理，应于/)
  })

  const centre = await person('centre_1')
  await step('the centre finds it by its number and accepts it; the contact stays sealed', async () => {
    await centre.goto(`/desk?scope=territory&words=${number}`)
    await centre.locator('a.entry', { hasText: words.slice(0, 8) }).dblclick()
    await centre.waitForURL(/\/matters\/\d+/)
    id = idOf(centre)
    await reads(centre, '受理时限')
    await standsAt(centre, '诉求受理')
    assert.ok(!(await centre.locator('body').innerText()).includes('13812341234'))
    await act(centre, '受理', async (dialog) => {
      await choose(dialog, dialog.getByRole('combobox'), '路灯')
    })
    await reads(centre, '已受理')
    await standsAt(centre, '分解落实')
  })

  await step('the street hands it out in two tasks', async () => {
    await dispatcher.goto(`/matters/${id}`)
    await act(dispatcher, '分解交办', async (dialog) => {
      for (const [at, { name, share, what }] of departments.entries()) {
        await dialog.getByRole('button', { name: '加一行' }).click()
        const row = dialog.getByRole('region', { name: `第 ${at + 1} 行` })
        await choose(row, row.getByRole('combobox'), name)
        await row.getByRole('radio', { name: share }).check()
        await row.locator('textarea').fill(what)
        await row.locator('input[type=date]').fill(inDays(5))
      }
    })
    await reads(dispatcher, '办理中')
    await standsAt(dispatcher, '处置')
    for (const { name } of departments) tasks.push(await openPart(dispatcher, id, name))
  })

  await step('and whistles the same two departments, from the appeal itself', async () => {
    await dispatcher.goto(`/matters/${id}`)
    await dispatcher.getByRole('link', { name: /^吹哨/ }).click()
    await dispatcher.getByLabel('吹哨事由').fill('积水淹了路灯线路')
    await dispatcher.getByRole('radio', { name: '应急' }).check()
    const called = dispatcher.getByRole('group', { name: '召集部门' })
    for (const { name } of departments) {
      await called.getByRole('searchbox').fill(name)
      await called.getByRole('checkbox', { name }).check()
    }
    await dispatcher.getByRole('button', { name: '吹哨', exact: true }).click()
    await dispatcher.waitForURL(/\/matters\/\d+/)
    whistle = idOf(dispatcher)
    assert.notEqual(whistle, id)
    for (const { name } of departments) calls.push(await openPart(dispatcher, whistle, name))
  })

  const officers = []
  await step('each department hears of both, reports in and works as itself', async () => {
    for (const [at, { login, name }] of departments.entries()) {
      const officer = await person(login)
      officers.push(officer)
      await officer.goto('/notices')
      await officer.locator(`a[href="/matters/${calls[at]}"]`).first().click()
      await act(officer, '报到')
      await officer.goto(`/matters/${tasks[at]}`)
      await officer.getByRole('button', { name: '签收' }).first().click()
      await reads(officer, '办理中')
      await act(officer, '报结', (dialog) => dialog.getByLabel('办理结果').fill(`${name}：已处置，现场正常。`))
      await officer.goto(`/matters/${tasks[1 - at]}`)
      assert.equal(await officer.getByRole('button', { name: '报结' }).count(), 0, 'nobody answers for another')
    }
  })
  await step('who has worked never checks; another of the street does', async () => {
    await officers[0].goto(`/matters/${tasks[0]}`)
    await reads(officers[0], '待核查')
    assert.equal(await officers[0].getByRole('button', { name: '核查通过' }).count(), 0)
    const second = await person('second_dispatcher')
    for (const task of tasks) {
      await second.goto(`/matters/${task}`)
      await act(second, '核查通过')
      await reads(second, '办结')
    }
  })
  await step('the whistle is worked off: plan, work, verified', async () => {
    await dispatcher.goto(`/matters/${whistle}`)
    await act(dispatcher, '议定分工', (dialog) => dialog.getByLabel('分工方案').fill('一家换灯，一家疏通'))
    for (const [at, officer] of officers.entries()) {
      await officer.goto(`/matters/${calls[at]}`)
      await act(officer, '报结', (dialog) => dialog.getByLabel('办理结果').fill('已处置'))
    }
    for (const call of calls) {
      await dispatcher.goto(`/matters/${call}`)
      await act(dispatcher, '核验通过')
    }
  })
  await step('the resident is called back and answers; it is closed', async () => {
    const caller = await person('caller_beishan_street')
    await caller.goto(`/matters/${id}`)
    await standsAt(caller, '跟踪回访')
    const desk = caller.getByRole('region', { name: '跟踪回访' })
    await desk.getByRole('radio', { name: '回访', exact: true }).check()
    await desk.getByRole('radio', { name: '是' }).check()
    await desk.getByRole('button', { name: '回访', exact: true }).click()
    await desk.getByText('已试 1 次').waitFor()
    await resident.goto(`/m/p/${receipt}`)
    await act(resident, '居民答复', async (dialog) => {
      await dialog.getByRole('radio', { name: '已解决' }).check()
      await dialog.getByLabel('意见').fill('修好了，谢谢。')
    })
    await reads(resident, /办结/)
    await reads(resident, /修好了，谢谢/)
    const page = await resident.locator('body').innerText()
    for (const said of ['受理', '分解交办', '回访', '居民答复']) assert.ok(page.includes(said), said)
  })
  await step('the loop bar has all its stages behind it', async () => {
    await dispatcher.goto(`/matters/${id}`)
    const bar = dispatcher.getByRole('list', { name: '办理环节' })
    await bar.locator('li').first().waitFor()
    assert.equal(await bar.locator('[aria-current]').count(), 0, 'nothing is under way')
  })
  await step('the figures count it, and the figure opens to it', async () => {
    assert.equal(await figureOn(dispatcher, /诉求量/), came + 1)
    await dispatcher.getByRole('link', { name: /诉求量/ }).click()
    await dispatcher.getByRole('dialog').getByText(number).first().waitFor()
  })
  for (const page of pages) assert.deepEqual(page.heard, [])
})
