// The administrator's pages: what two of them do with a calendar notice; accounts, posts, tables of a
// place, definitions.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { gewu, inDays, openDemo, pointIn, submitAppeal, until } from '../functional/office.mjs'
import { choose, desk, onFailure, openBrowser, phone, signedIn, visitor } from './hands.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const password = 'a long enough password'
let office, browser, definitions

before(async () => {
  office = await openDemo()
  for (const login of ['admin_one', 'admin_two']) office.addAdministrator(login, password, '--import-past')
  definitions = mkdtempSync(join(tmpdir(), 'gewu-definitions-'))
  // Without the scenarios: what is changed here says otherwise than they do.
  for (const folder of ['systems', 'localities']) cpSync(join(root, folder), join(definitions, folder), { recursive: true, filter: (path) => !path.endsWith('.scenario') })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
  rmSync(definitions, { recursive: true, force: true })
})
const admin = (login, viewport = desk) => signedIn(browser, office, login, { password, viewport })

test('a calendar notice: one administrator proposes, another one sees the same clocks and moves them', async () => {
  const { id } = await submitAppeal(office)
  const centre = await office.person('centre_1')
  assert.equal((await centre.act(id, 'accept', { category: 'lighting' })).status, 200)
  const file = join(definitions, 'localities/yanbian/calendars/yanbian.yaml')
  const days = Array.from({ length: 9 }, (_, at) => `      - ${inDays(at + 1)}\n`).join('')
  writeFileSync(file, readFileSync(file, 'utf8').replace('    holidays:\n', `    holidays:\n${days}`))
  const first = await admin('admin_one')
  const second = await admin('admin_two', phone)
  await onFailure([first, second], 'admin-calendar', async () => {
    await first.goto('/admin/calendar')
    await first.getByText('没有需要调整的时限').waitFor()
    gewu(['publish', definitions, '--data', office.data, '--locality', 'yanji'])
    await until(async () => {
      await first.getByRole('link', { name: '运行情况' }).click()
      await first.getByRole('link', { name: '节假日通知' }).click()
      return first.getByRole('rowheader').first().isVisible()
    }, 60_000)
    assert.match(await first.getByRole('row').nth(1).innerText(), /推后 \d+ (天|小时)/)
    await first.getByRole('button', { name: '提议调整' }).click()
    await first.getByRole('dialog').getByText(/推后 [1-9]\d* 个时限/).waitFor()
    await first.getByRole('dialog').getByRole('button', { name: '提议调整' }).click()
    await first.getByText('您已提议调整').waitFor()
    assert.equal(await first.getByRole('button', { name: '提议调整' }).count(), 0)

    const before = (await centre.get(`/matters/${id}`)).json.version
    await second.goto('/admin/calendar')
    await second.getByText('另一位管理员已提议调整').waitFor()
    await second.getByRole('button', { name: '同意并调整' }).click()
    await second.getByRole('dialog').getByRole('button', { name: '同意并调整' }).click()
    await second.getByText('没有需要调整的时限').waitFor()
    assert.equal((await centre.get(`/matters/${id}`)).json.version, before + 1)
  })
  assert.deepEqual([...first.heard, ...second.heard], [])
})

test('whoever is no administrator is told so', async () => {
  const page = await signedIn(browser, office, 'centre_1')
  await page.goto('/admin/calendar')
  await page.getByText('这一页只给管理员看').waitFor()
  assert.equal(await page.getByRole('table').count(), 0)
})

test('an account is made, its owner sets a password by the link, it changes posts and is disabled', async () => {
  const page = await admin('admin_one')
  const owner = await visitor(browser, office)
  await onFailure([page, owner], 'admin-accounts', async () => {
    await page.goto('/admin/accounts')
    await page.getByRole('button', { name: '新建账号' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('账号').fill('centre_1')
    await dialog.getByRole('button', { name: '建账号' }).click()
    await dialog.getByText('已有这个登录名').waitFor()
    await dialog.getByLabel('账号').fill('worker_new')
    await dialog.getByLabel('姓名').fill('林小满')
    await dialog.getByRole('button', { name: '建账号' }).click()
    const link = await dialog.locator('code').innerText()
    assert.match(link, /\/reset#[0-9A-Z-]{10,}$/)
    await dialog.getByRole('button', { name: '已记下' }).click()

    await owner.goto(new URL(link).pathname + new URL(link).hash)
    await owner.getByLabel('新密码').fill('short')
    await owner.getByLabel('再写一遍').fill('short')
    await owner.getByRole('button', { name: '设好并去登录' }).click()
    await owner.getByText('密码至少十个字').first().waitFor()
    await owner.getByLabel('新密码').fill(password)
    await owner.getByLabel('再写一遍').fill(password)
    await owner.getByRole('button', { name: '设好并去登录' }).click()
    await owner.waitForURL(/sign-in/)
    await owner.locator('#login').fill('worker_new')
    await owner.locator('#password').fill(password)
    await owner.locator('button[type=submit]').click()
    await owner.waitForURL((url) => !url.pathname.includes('sign-in'))

    await page.getByLabel('查找').fill('林小满')
    await page.getByRole('link', { name: '林小满' }).click()
    const panel = page.getByRole('dialog')
    await panel.getByText('现在不在任何岗位上').waitFor()
    await choose(panel, panel.getByRole('combobox', { name: '加一个岗位' }), '路灯')
    await panel.getByLabel('作为代理').check()
    await panel.getByRole('button', { name: '就任' }).click()
    await panel.getByText('代理', { exact: true }).waitFor()
    await panel.getByRole('button', { name: /^离任/ }).click()
    await panel.getByRole('button', { name: '确定离任' }).click()
    await panel.getByText('以前的岗位（1）').waitFor()
    await panel.getByRole('button', { name: '停用账号' }).click()
    await panel.getByRole('button', { name: '确定停用' }).click()
    await panel.getByText('已停用', { exact: true }).first().waitFor()
    await owner.goto('/me')
    await owner.waitForURL(/sign-in/)
  })
  assert.deepEqual([...page.heard, ...owner.heard], [])
})

test('the logs are asked by account, event and matter, on a phone too', async () => {
  const { id, number } = await submitAppeal(office)
  const clerk = await office.person('caller_beishan_street')
  assert.equal((await clerk.act(id, 'unseal', { ground: 'verify', reason: '联系诉求人核实地点' })).status, 200)
  const page = await admin('admin_one', phone)
  await onFailure([page], 'admin-audit', async () => {
    await page.goto('/admin/audit')
    await page.getByRole('row').nth(1).waitFor()
    await page.getByLabel('操作').selectOption({ label: '打开联系方式' })
    await page.getByRole('button', { name: '查询' }).click()
    await page.getByRole('cell', { name: `matter ${id}` }).waitFor()
    await page.getByRole('link', { name: '查阅记录' }).click()
    await until(async () => {
      await page.getByLabel('事项编号').fill(number)
      await page.getByRole('button', { name: '查询' }).click()
      return page.getByRole('row').filter({ hasText: '打开联系方式' }).first().isVisible()
    })
    assert.equal(await page.getByText('13812341234').count(), 0)
    await page.getByLabel('事项编号').fill('no such')
    await page.getByRole('button', { name: '查询' }).click()
    await page.getByText('不存在').or(page.getByText('没有找到')).or(page.getByRole('alert')).first().waitFor()
    await page.getByRole('button', { name: '清空条件' }).click()
    await page.getByRole('row').nth(1).waitFor()
  })
  assert.deepEqual(page.heard, [])
})

test('a canary is planted by hand, looks like another matter to a clerk, and its reader stands in the log', async () => {
  const at = await pointIn(office.resident(), '222401002')
  const page = await signedIn(browser, office, 'admin_one', { password, viewport: phone, at })
  await onFailure([page], 'admin-canary', async () => {
    await page.goto('/admin/canaries')
    await page.getByText('还没有诱饵事项').waitFor()
    await page.getByLabel('业务').selectOption({ label: '群众诉求' })
    await page.getByLabel('诉求内容').fill('门禁坏了很久，进出不便。')
    await page.getByRole('button', { name: '放置诱饵事项' }).click()
    await page.getByText('请选择办结状态').waitFor()
    await page.getByLabel('办结状态').selectOption({ label: '已撤回' })
    await page.getByRole('button', { name: '用我的位置' }).click()
    await page.locator('.under strong').waitFor()
    await page.getByRole('button', { name: '放置诱饵事项' }).click()
    await page.getByText('请填写编造的联系方式').first().waitFor()
    await page.locator('input[type=tel]').fill('13000000007')
    await page.getByRole('button', { name: '放置诱饵事项' }).click()
    const row = page.getByRole('row').filter({ hasText: '群众诉求' })
    await row.waitFor()
    const number = (await row.innerText()).match(/\d{4}-\d+/)[0]
    const clerk = await office.person('dispatcher_beishan_street')
    const found = (await clerk.get(`/search?q=${encodeURIComponent('门禁坏了')}`)).json.matters
    const { id } = found.find((one) => one.number === number)
    assert.equal((await clerk.get(`/matters/${id}`)).status, 200)
    const auditor = await office.person('admin_one', password)
    await until(async () => (await auditor.get('/audit/log?event=canary_read')).json.lines.length > 0, 30_000)
    await page.goto('/admin/audit?event=canary_read')
    await page.getByText('看了第 1 号诱饵事项').first().waitFor()
    assert.equal(await page.getByText(number).count(), 0)
  })
  assert.deepEqual(page.heard, [])
})

test('a table is checked cell by cell, then its good rows go in', async () => {
  const page = await admin('admin_one')
  await onFailure([page], 'admin-import', async () => {
    await page.goto('/admin/import')
    await page.getByRole('button', { name: '先检查' }).click()
    await page.getByText('请先选文件或贴上表').waitFor()
    await page.getByRole('radio', { name: '岗位' }).check()
    await page.getByLabel('或把表贴在这里').fill('key,role,unit,organisation,seats\nspare_desk,dispatcher,territory:222401002,,1\nbad_desk,dispatcher,nowhere,,1\nodd_desk,dispacher,territory:222401002,,1\n')
    await page.getByRole('button', { name: '先检查' }).click()
    await page.getByText('2 行可以导入').waitFor()
    const row = page.getByRole('row').filter({ hasText: 'bad_desk' })
    assert.match(await row.locator('.marked').innerText(), /^错误：\s*nowhere$/)
    await row.getByText('岗位所在写作').waitFor()
    assert.equal(await page.getByRole('row').filter({ hasText: 'spare_desk' }).count(), 0)
    // Taken, though nobody who sits there could do anything.
    await page.getByText('1 行没有错，但有提示').waitFor()
    const odd = page.getByRole('row').filter({ hasText: 'odd_desk' })
    assert.equal(await odd.locator('.marked').innerText(), 'dispacher')
    await odd.getByText('没有这个角色').waitFor()
    await page.getByRole('button', { name: '只导入没问题的 2 行' }).click()
    await page.getByText('已导入 2 行').waitFor()
    await page.goto('/admin/accounts?see=posts&words=调度')
    await page.getByText('空缺').first().waitFor()
  })
  assert.deepEqual(page.heard, [])
})

const mapping = `mapping: old_file
type: appeal
locality: yanji
key: no
zone: Asia/Shanghai
fields: {text: {column: words}, place: {column: grid}, channel: {fixed: phone}}
steps: {submit: {by: public, at: made}}
`
test('matters of the past: a large file is brought up, judged, imported, and its bad rows are kept as a file', async () => {
  const page = await admin('admin_one')
  await onFailure([page], 'admin-matters', async () => {
    const made = (at) => (at === 40 ? 'never' : `2025-03-${String(1 + (at % 28)).padStart(2, '0')} 09:00`)
    const rows = Array.from({ length: 300 }, (_, at) => `${at},${made(at)},"第 ${at} 件，${'楼道灯不亮。'.repeat(40)}",222401002001007\n`)
    const csv = Buffer.from(`no,made,words,grid\n${rows.join('')}`)
    assert.ok(csv.length > 200_000, `${csv.length}`)
    await page.goto('/admin/import')
    await page.getByRole('radio', { name: '往年事项' }).check()
    await page.getByLabel('选文件').setInputFiles({ name: 'old.csv', mimeType: 'text/csv', buffer: csv })
    await page.getByRole('button', { name: '先检查' }).click()
    await page.getByText('请再选映射文件').waitFor()
    await page.getByLabel('映射文件').setInputFiles({ name: 'old.yaml', mimeType: 'text/yaml', buffer: Buffer.from(mapping) })
    await page.getByRole('button', { name: '先检查' }).click()
    await page.getByText('299 行没有看得出的问题，1 行有问题').waitFor()
    const row = page.getByRole('row').filter({ hasText: 'never' })
    assert.equal(await row.getByRole('rowheader').innerText(), '42')
    assert.match(await row.locator('.marked').innerText(), /never$/)
    await row.getByText('时间缺失、写错').waitFor()
    const kept = page.waitForEvent('download')
    await page.getByRole('button', { name: '下载有问题的行' }).click()
    const text = readFileSync(await (await kept).path(), 'utf8')
    assert.match(text, /^\uFEFFrefused_line,refused_reason,refused_words,no,made,words,grid\r\n42,import\.time column=made,时间缺失.*,40,never,/)
    await page.getByRole('button', { name: '只导入没问题的 299 行' }).click()
    await page.getByText('已导入 299 件，0 件早已在库，1 行没有导入').waitFor()
    // The mended file goes in as it is.
    await page.getByLabel('选文件').setInputFiles({ name: 'mended.csv', mimeType: 'text/csv', buffer: Buffer.from(text.replace('never', '2025-03-05 10:00')) })
    await page.getByRole('button', { name: '先检查' }).click()
    await page.getByRole('button', { name: '导入 1 行' }).click()
    await page.getByText('已导入 1 件').waitFor()
  })
  assert.deepEqual(page.heard, [])
})

test('a table beside a register: its keeper sees what changed and says yes to just that', async () => {
  const keeper = await office.person('unit_keeper_1')
  const open = async (values) => (await keeper.post('/matters', { type: 'party_unit', action: 'create', values })).json.id
  const street = await open({ name: '街道组织', level: 'street', place: '222401002' })
  const community = await open({ name: '社区组织', level: 'community', place: '222401002001', above: street })
  const unit = await open({ name: '七格支部', level: 'grid', form: 'branch', place: '222401002001007', above: community })
  const page = await signedIn(browser, office, 'unit_keeper_1', { viewport: phone })
  await onFailure([page], 'admin-register', async () => {
    await page.goto('/desk?type=party_unit')
    await page.getByRole('link', { name: '网格组织年度核对' }).click()
    await page.getByRole('button', { name: '比对' }).click()
    await page.getByText('请先选文件').waitFor()
    const csv = '名称,网格代码,成立日期,人数\n七格第一支部,222401002001007,,12\n坏行,2224,,很多\n'
    await page.getByLabel('选文件').setInputFiles({ name: 'units.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await page.getByRole('button', { name: '比对' }).click()
    await page.getByText('变更 1').first().waitFor()
    await page.getByRole('cell', { name: /名称/ }).waitFor()
    await page.getByRole('link', { name: '有问题' }).click()
    await page.getByRole('cell', { name: /^人数（仅计数）/ }).waitFor()
    await page.getByRole('button', { name: '确认这 1 处变动' }).click()
    await page.getByText('已按比对结果办理').waitFor()
    assert.equal((await keeper.get(`/matters/${unit}`)).json.title, '七格第一支部')
    await page.goto('/desk/import/party_unit/nothing')
    await page.getByText('这项比对导入不归现在的岗位').waitFor()
  })
  assert.deepEqual(page.heard, [])
})

test('a bundle: its faults by file and line, what it changes, one proposes and another one publishes', async () => {
  const bundle = mkdtempSync(join(tmpdir(), 'gewu-bundle-'))
  for (const folder of ['systems', 'localities']) cpSync(join(root, folder), join(bundle, 'b', folder), { recursive: true })
  const file = join(bundle, 'b/systems/appeals/appeal.yaml')
  const whole = readFileSync(file, 'utf8')
  let zips = 0
  const zipOf = (text) => {
    writeFileSync(file, text)
    const zip = join(bundle, `${zips++}.zip`)
    execFileSync('python3', ['-m', 'zipfile', '-c', zip, join(bundle, 'b')])
    return zip
  }
  const first = await admin('admin_one')
  const second = await admin('admin_two', phone)
  await onFailure([first, second], 'admin-publish', async () => {
    await first.goto('/admin/publish')
    await first.getByLabel('选 zip 包').setInputFiles(zipOf(whole.replace(/^version: /m, 'nonsense: 1\nversion: ')))
    await first.getByRole('button', { name: '先检查' }).click()
    await first.getByText(/systems\/appeals\/appeal\.yaml:\d+/).first().waitFor()
    await first.getByText('改好才能发布').waitFor()
    assert.equal(await first.getByRole('button', { name: '提议发布' }).count(), 0)
    await first.getByLabel('选 zip 包').setInputFiles(zipOf(whole.replace(/^(label: \{zh: )([^,}]+)/m, '$1$2（改）')))
    await first.getByRole('button', { name: '先检查' }).click()
    await first.getByText('没有错误。会更新').waitFor()
    await first.locator('summary').first().click()
    await first.locator('tr.new').first().waitFor()
    await first.getByRole('button', { name: '提议发布' }).click()
    await first.getByRole('dialog').getByRole('button', { name: '提议发布' }).click()
    await first.getByText('等另一位管理员确认。').waitFor()
    assert.equal(await first.getByRole('button', { name: '确认并发布' }).count(), 0)

    await second.goto('/admin/publish')
    await second.getByText('另一位管理员于').waitFor()
    assert.equal(await second.getByRole('button', { name: '确认并发布' }).count(), 0, 'not before it was looked at')
    await second.getByRole('button', { name: '看会改什么' }).click()
    await second.getByRole('button', { name: '确认并发布' }).click()
    await second.getByRole('dialog').getByRole('button', { name: '确认并发布' }).click()
    await second.getByText('已发布').waitFor()
    await second.getByLabel('选 zip 包').waitFor()
    await first.goto('/admin/audit')
    await first.getByRole('cell', { name: '发布定义', exact: true }).first().waitFor()
  })
  rmSync(bundle, { recursive: true, force: true })
  assert.deepEqual([...first.heard, ...second.heard], [])
})

test('a type is read line by line, what an overlay laid on is marked', async () => {
  const page = await admin('admin_one')
  await onFailure([page], 'admin-definitions', async () => {
    await page.goto('/admin/definitions')
    await page.getByLabel('地方').selectOption('yanji')
    await page.getByLabel('事项类型').selectOption('alliance')
    const laid = page.getByRole('row').filter({ hasText: /localities\/\w+\/locality\.yaml:\d+/ })
    await laid.first().waitFor()
    await page.getByRole('row').filter({ hasText: 'systems/alliances/alliance.yaml:' }).first().waitFor()
  })
  assert.deepEqual(page.heard, [])
})
