// What an administrator does with accounts, posts and tables of a place: nobody else may, and he
// never learns a password.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gewu, openDemo } from './office.mjs'

let office, admin
const password = 'a long enough password'
before(async () => {
  office = await openDemo()
  office.addAdministrator('admin_one', password)
  admin = await office.person('admin_one', password)
})
after(() => office.stop())
const postOf = async (words) => (await admin.get(`/all-posts?words=${encodeURIComponent(words)}&rows=200`)).json.posts

test('nobody else sees or changes any of it', async () => {
  const centre = await office.person('centre_1')
  for (const path of ['/accounts', '/accounts/centre_1', '/all-posts', '/definitions', '/definitions/yanji/appeal', '/office']) {
    const refused = await centre.get(path)
    assert.equal(refused.status, 403, path)
    assert.equal(refused.key, 'account.administer')
    assert.equal((await office.resident().get(path)).status, 401)
  }
  const changes = [['/accounts', { login: 'x2' }], ['/accounts/officer_water/disable', {}], ['/accounts/officer_water/posts', { post: '1', as: 'leave' }], ['/imports/posts', { csv: 'key,role,unit\n' }]]
  for (const [path, body] of changes) assert.equal((await centre.post(path, body)).key, 'account.administer', path)
})

test('an account is made without a password; its owner sets one by the token, once', async () => {
  const [post] = (await postOf('')).filter(({ role }) => role === 'grid_worker')
  const made = await admin.post('/accounts', { login: 'new_worker', display_name: '新网格员', posts: post.holders.length ? [] : [post.id] })
  assert.equal(made.status, 201, made.text)
  assert.equal((await admin.post('/accounts', { login: 'new_worker' })).key, 'account.login.taken')
  assert.equal((await admin.post('/accounts', { login: 'no spaces' })).key, 'account.login')
  assert.equal((await admin.get('/accounts/new_worker')).json.no_password, true)
  const owner = office.resident()
  assert.equal((await owner.post('/sign-in', { login: 'new_worker', password: '' })).status, 401)
  assert.equal((await owner.post('/password-resets/use', { token: made.json.token, password })).status, 204)
  assert.equal((await owner.post('/password-resets/use', { token: made.json.token, password })).key, 'account.reset_token')
  await office.person('new_worker', password)
  assert.equal((await admin.get('/accounts/new_worker')).json.no_password, undefined)
})

test('accounts are found, seated, deputise and leave, each with its day', async () => {
  const { json } = await admin.get('/accounts?words=officer_&rows=2')
  assert.equal(json.accounts.length, 2)
  assert.equal(json.more, true)
  const before = (await admin.get('/accounts/officer_water')).json
  const [seat] = before.posts
  assert.ok(Date.parse(seat.from) < Date.now())
  const other = (await admin.get('/accounts/officer_lighting_office')).json.posts[0]
  assert.equal((await admin.post('/accounts/officer_water/posts', { post: seat.id, as: 'holder' })).key, 'post.seat.held')
  assert.equal((await admin.post('/accounts/officer_water/posts', { post: other.id, as: 'deputy' })).status, 204)
  assert.equal((await admin.post('/accounts/officer_water/posts', { post: seat.id, as: 'leave' })).status, 204)
  assert.equal((await admin.post('/accounts/officer_water/posts', { post: seat.id, as: 'leave' })).key, 'post.leave.not_held')
  const after = (await admin.get('/accounts/officer_water')).json.posts
  assert.equal(after.find(({ id }) => id === other.id).deputy, true)
  assert.ok(after.find(({ id }) => id === seat.id).until)
  const person = await office.person('officer_water')
  assert.deepEqual(person.me.posts.map(({ id }) => id), [other.id])
  for (const [path, body, key] of [
    ['/accounts/nobody_there/posts', { post: seat.id, as: 'holder' }, 'account.unknown'],
    ['/accounts/officer_water/posts', { post: '1', as: 'holder' }, 'post.unknown'],
    ['/accounts/officer_water/posts', { post: 'x', as: 'holder' }, 'post.form'],
    ['/accounts/officer_water/posts', { post: seat.id, as: 'king' }, 'account.form'],
  ]) assert.equal((await admin.post(path, body)).key, key, path)
})

test('a disabled account is out at once, is still found, and comes back with its posts', async () => {
  const login = 'caller_beishan_street'
  const person = await office.person(login)
  assert.equal((await admin.post(`/accounts/${login}/disable`)).status, 204)
  assert.equal((await person.get('/notices')).status, 401)
  assert.equal((await office.resident().post('/sign-in', { login, password: office.password })).status, 401)
  assert.equal((await admin.get(`/accounts?words=${login}`)).json.accounts[0].disabled, true)
  assert.equal((await admin.post('/accounts/admin_one/disable')).key, 'account.self')
  assert.equal((await admin.post(`/accounts/${login}/enable`)).status, 204)
  assert.ok((await office.person(login)).me.posts.length > 0)
})

test('a table is judged cell by cell before anything is stored', async () => {
  const csv = 'key,label,kind,parent\nnew_house,新单位,department,\nNew House,坏,department,\nchild,子,department,no_such_house\nnew_house,重复,department,\n'
  const preview = await admin.post('/imports/organisations', { csv, preview: true })
  assert.equal(preview.status, 200, preview.text)
  assert.equal(preview.json.stored, false)
  assert.equal(preview.json.taken, 1)
  assert.deepEqual(preview.json.refused.map(({ line, column, key }) => [line, column, key]), [[3, 'key', 'organisation.key'], [4, 'parent', 'organisation.parent'], [5, 'key', 'import.repeat']])
  const refused = (await admin.post('/imports/organisations', { csv })).json
  assert.equal(refused.stored, false)
  assert.equal(refused.taken, 0)
  const organisations = async () => (await admin.get('/organisations?locality=yanji')).json.organisations.map(({ code, key }) => code ?? key)
  assert.ok(!(await organisations()).includes('new_house'))
  const taken = (await admin.post('/imports/organisations', { csv, partial: true })).json
  assert.deepEqual([taken.stored, taken.taken, taken.refused.length], [true, 1, 3])
  const again = (await admin.post('/imports/organisations', { csv: 'key,label,kind\nnew_house,新单位,department\n' })).json
  assert.deepEqual([again.taken, again.unchanged], [0, 1])
  assert.equal((await admin.post('/imports/nothing', { csv })).key, 'import.table')
  assert.equal((await admin.post('/imports/posts', { csv: 'key,role\n' })).key, 'csv.column.missing')
})

test('a table of posts says which cell, one of accounts gives a token each and takes no password', async () => {
  const posts = 'key,role,unit,organisation,seats\nnew_post,officer,organisation:new_house,new_house,1\nbad_unit,officer,somewhere,,1\nbad_seats,officer,organisation:new_house,,none\n'
  const seen = (await admin.post('/imports/posts', { csv: posts, preview: true })).json
  assert.deepEqual(seen.refused.map(({ line, column }) => [line, column]), [[3, 'unit'], [4, 'seats']])
  assert.equal((await admin.post('/imports/posts', { csv: posts, partial: true })).json.taken, 1)

  const accounts = 'login,display_name,post,password\nhouse_one,甲,new_post,\nhouse_two,乙,new_post,\nhouse_three,丙,nowhere,\nhouse_four,丁,,secret words\n'
  const judged = (await admin.post('/imports/accounts', { csv: accounts, preview: true })).json
  assert.deepEqual(judged.refused.map(({ line, column, key }) => [line, column, key]), [[3, 'post', 'post.seat.full'], [4, 'post', 'post.unknown'], [5, 'password', 'import.password']])
  assert.deepEqual(judged.tokens, [])
  assert.equal((await admin.get('/accounts/house_one')).status, 404)
  const made = (await admin.post('/imports/accounts', { csv: accounts, partial: true })).json
  assert.deepEqual(made.tokens.map(({ login }) => login), ['house_one'])
  assert.equal((await office.resident().post('/password-resets/use', { token: made.tokens[0].token, password })).status, 204)
  assert.equal((await office.person('house_one', password)).me.posts[0].role, 'officer')
})

test('what a type says in its place, line by line with its file', async () => {
  const { json } = await admin.get('/definitions')
  const place = json.localities.find(({ name }) => name === 'yanji')
  assert.ok(place.types.some(({ name, version }) => name === 'appeal' && version >= 1))
  const text = (await admin.get('/definitions/yanji/appeal')).json
  assert.equal(text.has_origins, true)
  assert.match(text.yaml, / {2}# systems\/appeals\/appeal\.yaml:\d+$/m)
  const { yaml } = (await admin.get('/definitions/yanji/alliance')).json
  assert.match(yaml, /^  zh: \S+ {2}# localities\/\w+\/locality\.yaml:\d+$/m)
  assert.match(yaml, /^version: \d+ {2}# systems\/alliances\/alliance\.yaml:\d+$/m)
  assert.equal((await admin.get('/definitions/yanji/nothing')).key, 'type.unknown')
  assert.equal((await admin.get('/definitions/nowhere/appeal')).key, 'locality.unknown')
})

test('the office says when it was last backed up', async () => {
  assert.equal((await admin.get('/office')).json.backed_up_at, undefined)
  const started = Date.now()
  gewu(['backup', `${office.folder}/backup`, '--data', office.data])
  assert.ok(Date.parse((await admin.get('/office')).json.backed_up_at) >= started - 1000)
})
