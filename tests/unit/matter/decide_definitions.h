#pragma once

#include <string_view>

// A small system for the tests of decide: the loop of appeals, tasks, supervision, whistles and
// rows of a register, after the drafts.

namespace gewu::test {

inline constexpr std::string_view kSystem = R"YAML(
system: common
label: 公共件
roles:
  grid_worker: {label: 网格员, unit: territory}
  desk: {label: 社区坐班, unit: territory}
  dispatcher: {label: 街道调度员, unit: territory}
  street_lead: {label: 街道书记, unit: territory}
  centre: {label: 诉求中心, unit: territory}
  caller: {label: 回访员, unit: territory}
  officer: {label: 部门经办, unit: organisation}
  unit_head: {label: 单位负责人, unit: organisation, second_factor: true}
lists:
  builtin_state: {transferred: 已移交}
  outcome: {solved: 解决, merged: 并入, withdrawn: 撤回, transferred: 移交, no_answer: 未联系上}
  grounds: {weather: 天气, waiting_resident: 等待居民, wrong_place: 地点有误, not_a_duplicate: 非重复件}
  unseal_grounds: {call_back: 回访, verify: 核实}
  supervisors: {centre: 诉求中心}
  why_listed: {late: 超期, chosen: 点办}
  channel: {web: 网络, phone: 电话}
  purposes: {handling: 办理, contact: 联系}
  answer: {solved: 已解决, not_solved: 未解决}
  appeal_category:
    props: {answer_limit: {kind: limit}, office: {kind: organisation}}
    lighting: {label: 路灯, answer_limit: 5 day_working, office: lighting_office}
    other: {label: 其他, answer_limit: 10 day_working}
books:
  quota: {label: 名额, unit: 名, accounts: [organisation], floor: 0}
  cash: {label: 经费, unit: money, accounts: [organisation], floor: none}
  points: {label: 积分, unit: 分, accounts: [organisation], floor: 0, expires: 30 day_natural}
settings:
  personal_purpose: {kind: choice, list: purposes, default: handling}
  personal_retention: {kind: limit, default: 3 year}
  supervise_time: {kind: limit, default: 5 day_working}
  accept_time: {kind: limit, default: 2 hour_working}
  check_time: {kind: limit, default: 2 day_working}
  bounce_most: {kind: number, default: 2}
  reopen_most: {kind: number, default: 2}
  call_tries: {kind: number, default: 3}
---
type: task
version: 1
label: 交办任务
fields:
  about: {kind: link, label: 所属, to: any, parent: true}
  what: {kind: text, label: 事项, required: true}
  by_whom: {kind: organisation, label: 承办, required: true, index: true}
  due: {kind: date, label: 期限}
  result: {kind: text, label: 结果}
  bounces: {kind: number, label: 退回次数, value: times(return)}
belongs: {territory: about.territory, owner: about.owner, handler: by_whom}
states: {sent: 待签收, doing: 办理中, returned: 已退回, reported: 待核查, done: {label: 办结, final: true}, withdrawn: {label: 收回, final: true}}
actions:
  send: {label: 派, stage: dispatch, opens: sent, by: [system], then: {ring: {tell: officer@by_whom}}}
  take: {label: 签收, stage: report_in, from: [sent], to: doing, by: [officer@by_whom]}
  return: {label: 退回, from: [sent, doing], to: returned, by: [officer@by_whom], input: {reason: {kind: text, label: 理由, required: true}}}
  resend: {label: 重派, stage: dispatch, from: [returned], to: sent, by: [dispatcher], input: {by_whom: {kind: organisation, label: 承办}}, set: {by_whom: input.by_whom else by_whom}, most: 5, then: {ring: {tell: officer@by_whom}}}
  withdraw: {label: 收回, stage: close, from: [sent, doing, returned], to: withdrawn, by: [dispatcher, system]}
  report: {label: 报结, stage: handle, from: [doing], to: reported, by: [officer@by_whom], asks: [result], must: {result: {label: 有结果, that: has(result)}}}
  pass: {label: 通过, stage: verify, from: [reported], to: done, by: [dispatcher, desk]}
  redo: {label: 重办, stage: verify, from: [reported], to: doing, by: [dispatcher, desk], most: 5, input: {reason: {kind: text, label: 理由, required: true}}}
clocks:
  deal: {label: 办理, from: [send, resend, redo], again: restart, until: [report, withdraw, return], at: due, owner: by_whom,
         lamp: {"80%": yellow, "100%": red}, then: {"100%": {list_it: {open: supervision, with: {about: this, why: late}}}}}
  check: {label: 核查, from: report, again: restart, until: [pass, redo], within: setting.check_time, owner: owner}
---
type: supervision
version: 1
label: 挂牌督办
fields: {about: {kind: link, label: 对象, to: any, required: true}, why: {kind: choice, label: 缘由, list: why_listed, required: true}, result: {kind: text, label: 结果}}
belongs: {territory: about.territory, owner: about.owner, handler: about.handler}
holds: {once: {label: 不重复挂牌, of: about, in: [listed, answered], most: 1}}
states: {listed: 挂牌, answered: 报结, struck: {label: 销号, final: true}}
actions:
  list: {label: 挂牌, opens: listed, by: [system, dispatcher, street_lead, centre], asks: [about, why], then: {say: {tell: unit_head@handler}}}
  answer: {label: 报结, stage: handle, from: [listed], to: answered, by: [officer@handler], asks: [result], must: {result: {label: 有结果, that: has(result)}}}
  strike: {label: 销号, stage: verify, from: [answered], to: struck, by: [street_lead, centre]}
  reject: {label: 驳回, stage: verify, from: [answered], to: listed, by: [street_lead, centre], most: 3}
clocks: {own: {label: 督办, from: list, until: strike, within: setting.supervise_time, owner: handler, lamp: {"100%": red}}}
indicators: {listed: {label: 挂牌数, flow: list}, open_now: {label: 在挂, stock: [listed, answered]}}
---
type: appeal
version: 1
label: 群众诉求
fields:
  text: {kind: text, label: 内容, required: true, length_max: 50}
  place: {kind: place, label: 地点, required: true}
  channel: {kind: choice, label: 渠道, list: channel, default: web, index: true}
  category: {kind: choice, label: 类别, list: appeal_category, index: true}
  photos: {kind: file, label: 照片, many: true, max: 2}
  contact: {kind: contact, label: 联系方式}
  into: {kind: link, label: 并入, to: appeal}
  listed: {kind: yes_no, label: 挂牌, value: "any(supervisions[not is_final])"}
sets: {tasks: task.about, supervisions: supervision.about, joined: appeal.into}
belongs: {territory: grid_of(place), owner: "office(up(territory, subdistrict))", handler: category.office}
states:
  received: 待受理
  waiting: 待补充
  accepted: 已受理
  handling: 办理中
  escalated: 上提
  calling: 待回访
  reopened: 重办
  closed: {label: 办结归档, final: true}
  merged: {label: 已并案, final: true}
  withdrawn: {label: 已撤回, final: true}
actions:
  submit: {label: 提出, stage: collect, opens: received, by: [public, grid_worker, desk, system], asks: [text, place, photos, contact, channel], offline: 3 day_natural}
  ask_more: {label: 补充, stage: receive, from: [received], to: waiting, by: [centre, desk], apart: {submit: person}, most: 5, input: {ground: {kind: choice, label: 理由, list: grounds, required: true}, question: {kind: text, label: 问题, required: true}}, then: {ask: {tell: author}}}
  supplement: {label: 补充材料, stage: collect, from: [waiting], to: received, by: [author, desk], asks: [text, photos]}
  accept: {label: 受理, stage: receive, from: [received], to: accepted, by: [centre, desk], asks: [category], must: {category: {label: 有类别, that: has(category)}}, offline: 1 day_natural}
  reclassify: {label: 改类, stage: receive, from: [accepted, handling], by: [centre], asks: [category], must: {category: {label: 有类别, that: has(category)}}}
  merge:
    label: 并案
    stage: close
    from: [received, accepted]
    to: merged
    by: [centre, dispatcher]
    input: {into: {kind: link, label: 并入, to: appeal, required: true}}
    must: {other: {label: 不同, that: input.into != this}, open: {label: 未结, that: not input.into.is_final}, no_chain: {label: 不连环, that: none(joined)}, no_tasks: {label: 无任务, that: none(tasks)}}
    set: {into: input.into}
    outcome: merged
    undo: unmerge
    then: {say: {tell: author}}
  unmerge:
    label: 拆案
    stage: receive
    from: [merged]
    to: "if(times(accept) > 0, accepted, received)"
    by: [centre, dispatcher]
    reopens: true
    most: 2
    input: {ground: {kind: choice, label: 理由, list: grounds, required: true}}
    set: {into: none}
  split:
    label: 分派
    stage: dispatch
    from: [accepted, handling, escalated, reopened]
    to: handling
    by: [dispatcher]
    most: 10
    input:
      tasks: {kind: rows, label: 任务, required: true, max: 12, fields: {by_whom: {kind: organisation, label: 承办, required: true}, what: {kind: text, label: 事项, required: true}, due: {kind: date, label: 期限, required: true}}}
    then: {make: {open: tasks, each: input.tasks, with: {by_whom: it.by_whom, what: it.what, due: it.due}}}
  bounced: {label: 上提, from: [handling], to: escalated, auto: true, most: 1, when: "any(tasks[bounces >= setting.bounce_most])"}
  all_done: {label: 全部办结, stage: handle, from: [handling], to: calling, auto: true, when: "any(tasks) and all(tasks, is_final)"}
  call: {label: 回访, stage: follow_up, from: [calling], by: [caller], most: setting.call_tries, input: {reached: {kind: yes_no, label: 接通, required: true}}}
  reply:
    label: 回答
    stage: follow_up
    from: [calling]
    to: "if(input.answer == solved, closed, if(times(reply) >= setting.reopen_most, escalated, reopened))"
    by: [author, caller]
    input: {answer: {kind: choice, label: 回答, list: answer, required: true}}
    outcome: "if(input.answer == solved, solved, none)"
  not_reached: {label: 未接通, stage: follow_up, from: [calling], to: closed, by: [caller], when: times(call) >= setting.call_tries, outcome: no_answer}
  reopen: {label: 重办, stage: follow_up, from: [closed], to: reopened, by: [author], reopens: true, most: setting.reopen_most}
  withdraw: {label: 撤回, stage: close, from: [received, waiting, accepted, handling, escalated, reopened], to: withdrawn, by: [author], outcome: withdrawn, then: {stop: {do: withdraw, on: "tasks[state in [sent, doing, returned]]"}}}
clocks:
  accept: {label: 受理, from: submit, until: accept, within: setting.accept_time, owner: owner, pause: {in: [waiting], most: 35 hour_working, total: 70 hour_working}}
  promise:
    label: 答复
    from: [accept, reply, reopen]
    again: keep
    until: all_done
    within: category.answer_limit
    owner: owner
    change: recompute
    extend: {by: [centre], most: 1, up_to: 5 day_working}
    exempt: {by: [centre]}
    lamp: {"80%": yellow, "100%": red}
    then: {"100%": {list_it: {open: supervision, with: {about: this, why: late}}}}
  call_back: {label: 回访, from: all_done, again: restart, until: [reply, not_reached], within: 3 day_working, owner: owner}
see:
  author: {fields: all}
  caller: {fields: all, sealed: true}
  officer@tasks.by_whom: {fields: [text, place, category, photos]}
  street_lead: {fields: [text, place, category, photos]}
  public: {fields: [category], in: [closed]}
erase: {contact: {after: closed, in: 180 day_natural, purpose: contact}, all: {after: closed, in: 5 year}}
indicators:
  came_in: {label: 来件, flow: submit, by: [channel]}
  on_time: {label: 及时率, ratio: [{clock: promise, where: met and not exempt}, {clock: promise, where: not exempt}]}
  satisfied: {label: 满意率, ratio: [{flow: reply, where: input.answer == solved}, {flow: reply}]}
  open_now: {label: 在办, stock: [received, waiting, accepted, handling]}
---
type: power
version: 1
label: 下放权力
reference: {active: [in_force], from: start, until: end}
fields:
  opens_action: {kind: action, label: 动作, required: true, index: true}
  holder: {kind: organisation, label: 持有, required: true, index: true}
  start: {kind: date, label: 起}
  end: {kind: date, label: 止}
states: {in_force: {label: 有效, resting: true}, ended: {label: 终止, final: true}}
actions:
  grant: {label: 下放, opens: in_force, by: [centre]}
  extend_to: {label: 延长, from: [in_force], by: [centre], asks: [end]}
  stop: {label: 终止, from: [in_force], to: ended, by: [centre]}
---
type: whistle
version: 1
label: 吹哨
fields:
  reason: {kind: text, label: 事由, required: true}
  place: {kind: place, label: 地点, required: true}
  issues: {kind: link, label: 诉求, to: appeal, many: true, min: 1, max: 5}
  called: {kind: organisation, label: 部门, many: true, min: 1, max: 5}
sets: {calls: whistle_call.whistle}
belongs: {territory: grid_of(place), owner: actor.organisation, handler: owner}
states: {sounded: 已吹哨, gathered: 已报到, answered: 待销哨, stood_down: {label: 已销哨, final: true}}
actions:
  sound:
    label: 吹哨
    stage: dispatch
    opens: sounded
    by: [dispatcher]
    asks: [reason, place, issues, called]
    basis: "power[opens_action == 'whistle.sound' and holder == actor.organisation]"
    then: {call: {open: calls, each: called, with: {unit: it}}}
  gather: {label: 到齐, stage: report_in, from: [sounded], to: gathered, auto: true, when: "all(calls, state in [reported_in, done])"}
  answer: {label: 办毕, stage: handle, from: [gathered], to: answered, auto: true, when: "all(calls, is_final) and all(issues, is_final)"}
  stand_down: {label: 销哨, stage: verify, from: [answered], to: stood_down, by: [dispatcher]}
clocks: {whole: {label: 全程, from: sound, until: stand_down, within: 15 day_working, owner: owner}}
---
type: duty_round
label: 周期台账
fields:
  duty: {kind: text, label: 任务, required: true}
  what: {kind: text, label: 名称}
  slot: {kind: period, label: 周期, required: true}
  ground: {kind: territory, label: 辖区, required: true}
  expected: {kind: number, label: 应完成}
  done: {kind: number, label: 已完成}
  missing_territories: {kind: territory, label: 未完成, many: true}
belongs: {territory: ground, owner: office(ground)}
states: {running: {label: 进行, resting: true}, closed: {label: 已结, final: true}}
actions:
  begin: {label: 起, opens: running, by: [system]}
  finish: {label: 结, from: [running], to: closed, by: [system]}
see: {centre: {fields: all}}
---
type: patrol
label: 巡
fields:
  grid: {kind: territory, label: 网格, required: true}
  minutes: {kind: number, label: 分钟}
belongs: {territory: grid, owner: "office(up(grid, subdistrict))"}
states: {marked: {label: 已记, final: true}}
actions: {mark: {label: 记, opens: marked, by: [grid_worker, centre]}}
duties:
  daily:
    label: 每日巡
    of: "territory[level == grid]"
    every: day
    until: '18:00'
    count: mark
    match: grid
    lamp: {"50%": yellow, "100%": red}
    then: {"-1 hour_natural": {warn: {tell: dispatcher}}, "100%": {say: {tell: "street_lead@up(it, subdistrict)"}}}
indicators:
  walked: {label: 巡过, flow: mark, distinct: grid}
  middle: {label: 中位, flow: mark, median: minutes}
  mean_minutes: {label: 平均, flow: mark, mean: minutes}
---
type: evening
label: 夜间坐班
fields:
  street: {kind: territory, label: 街道, required: true}
  slot: {kind: period, label: 时段, required: true}
  leader: {kind: organisation, label: 带班, rota: {among: "[lighting_office, housing_office, call_centre]", rule: in_order}}
  helper: {kind: organisation, label: 帮手, rota: {among: "[lighting_office, housing_office]", rule: fair}}
belongs: {territory: street, owner: office(street)}
states: {planned: {label: 已排, resting: true}, held: {label: 已办, final: true}}
actions:
  plan: {label: 排, opens: planned, by: [system]}
  swap: {label: 换, from: [planned], by: [dispatcher], input: {leader: {kind: organisation, label: 带班}, helper: {kind: organisation, label: 帮手}}, set: {leader: input.leader else leader, helper: input.helper else helper}, most: 3}
  hold: {label: 办, from: [planned], to: held, by: [dispatcher]}
plan:
  weekly: {label: 每周三, each: "territory[level == subdistrict]", as: street, on: {every: week, day: wed, from: '18:30', to: '20:30'}, ahead: 7 day_natural, fill: slot, action: plan}
---
type: transfer
label: 调拨
fields:
  from: {kind: organisation, label: 从}
  to: {kind: organisation, label: 到}
  amount: {kind: number, label: 数}
  money: {kind: money, label: 钱}
belongs: {territory: actor.unit, owner: actor.organisation}
states: {booked: {label: 已记, resting: true}, spent: {label: 用掉, final: true}}
actions:
  grant: {label: 核, opens: booked, by: [centre], then: {into: {move: quota, to: to, amount: amount}, pay: {move: cash, to: to, amount: money, when: has(money)}}}
  shift: {label: 调, opens: booked, by: [centre], then: {over: {move: quota, from: from, to: to, amount: amount}}}
  reward: {label: 奖, opens: booked, by: [centre], then: {into: {move: points, to: to, amount: amount}}}
  spend: {label: 花, from: [booked], to: spent, by: [centre], must: {enough: {label: 够, that: "balance(points, to) >= amount"}}, then: {out: {move: points, from: to, amount: amount}}}
indicators:
  granted: {label: 核定, book: quota, sum: in}
  standing: {label: 名额, book: quota, balance: true}
  growth: {label: 增减, change: standing, since: today}
  paid: {label: 经费, book: cash}
---
type: whistle_call
version: 1
label: 报到
fields:
  whistle: {kind: link, label: 哨, to: whistle, parent: true, required: true}
  unit: {kind: organisation, label: 部门, required: true, index: true}
belongs: {territory: whistle.territory, owner: whistle.owner, handler: unit}
states: {waiting: 待报到, reported_in: 已报到, done: {label: 完成, final: true}}
actions:
  call: {label: 呼叫, stage: dispatch, opens: waiting, by: [system], then: {ring: {tell: officer@unit}}}
  report_in: {label: 报到, stage: report_in, from: [waiting], to: reported_in, by: [officer@unit], offline: 1 day_natural}
  finish: {label: 完成, stage: handle, from: [reported_in], to: done, by: [officer@unit]}
  check: {label: 核, stage: verify, from: [reported_in, done], by: [dispatcher]}
clocks:
  report_in:
    label: 报到
    from: call
    until: report_in
    within: 30 minute
    owner: unit
    lamp: {"50%": yellow, "100%": red}
    then: {"80%": {urge: {tell: unit_head@unit}}, "100%": {list_it: {open: supervision, with: {about: this, why: late}}}}
indicators:
  report_in_rate: {label: 报到率, ratio: [{clock: report_in, where: met and not exempt}, {clock: report_in, where: not exempt}], book_to: unit}
)YAML";

inline constexpr std::string_view kPlaces = R"YAML(
locality: town
label: 市
territory: "222401"
systems: {common: on}
calendar: synthetic
calendars:
  synthetic:
    zone: Asia/Shanghai
    frames: {mon: ["08:30-12:00", "13:30-17:00"], tue: ["08:30-12:00", "13:30-17:00"], wed: ["08:30-12:00", "13:30-17:00"], thu: ["08:30-12:00", "13:30-17:00"], fri: ["08:30-12:00", "13:30-17:00"]}
    holidays: ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04", "2026-10-05", "2026-10-06", "2026-10-07"]
    makeup: {"2026-09-27": "as:mon", "2026-10-10": "as:mon"}
    years: [2024, 2025, 2026, 2027, 2028, 2029, 2030, 2031, 2032]
---
locality: county
label: 县
extends: town
territory: "220521"
)YAML";

}  // namespace gewu::test
