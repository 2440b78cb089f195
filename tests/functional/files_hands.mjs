// What the tests of files need beside an office: a new start of its server, and a run to the end.
import { spawnSync } from 'node:child_process'
import { executable, gewu, openDemo as openOffice, pointIn, serve, until } from './office.mjs'

export { gewu, pointIn, until }

export function run(args) {
  const done = spawnSync(executable, args, { encoding: 'utf8' })
  return { status: done.status, out: done.stdout, err: done.stderr }
}

/** An office whose server can be started anew on the same folder. */
export async function openDemo() {
  const office = await openOffice()
  office.restart = async () => {
    const ended = new Promise((done) => office.child.once('exit', done))
    office.child.kill('SIGTERM')
    await ended
    const again = await serve(office.folder, office.printed)
    Object.assign(office, { url: again.url, child: again.child })
  }
  return office
}
