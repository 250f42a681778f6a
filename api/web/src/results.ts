// Shows figures that the service counted: nothing is computed from them here.
import type { EChartsOption } from './chart'
import type { Result, ResultSubject, ResultTable } from './client'

/** The figures of a subject that are shown: of one group where one is chosen, of all together otherwise. */
export function tableOf(subject: ResultSubject, group: string): ResultTable {
  const one = group === '' ? undefined : subject.groups?.find((t) => t.group === group)
  return one ?? subject.overall
}

/** Rate of the best grade as shown: of the group, or weighted over the groups. */
export function goodOf(subject: ResultSubject, group: string): string {
  return group === '' ? (subject.good?.text ?? '') : tableOf(subject, group).good.text
}

/** Score as shown: of the group, or weighted over the groups. */
export function scoreOf(subject: ResultSubject, group: string): string {
  return (group === '' ? subject.score : tableOf(subject, group).score)?.text ?? ''
}

/** Whether the rules give grades points. */
export const scored = (result: Result): boolean => (result.rules.scores ?? []).length > 0

/** Per cent, or a dash where there is no figure. */
export const percent = (text: string): string => (text === '' ? '—' : `${text}%`)

/** Reads a colour of the theme by the name of its CSS variable. */
export type Colours = (name: string) => string

export interface ChartWords {
  blank: string
  invalid: string
  ballots: (n: number) => string
}

/** Height of the chart in CSS pixels for so many subjects. */
export const chartHeight = (subjects: number): number => 90 + 26 * subjects

/** Stacked bars: one a subject in the order given, one piece a grade, then abstentions and invalid rows. */
export function gradesChart(subjects: readonly ResultSubject[], group: string, grades: readonly string[], words: ChartWords, font: string, colour: Colours): EChartsOption {
  const tables = subjects.map((s) => tableOf(s, group))
  const bar = (name: string, color: string, data: number[]) =>
    ({ type: 'bar' as const, stack: 'votes', name, data, itemStyle: { color }, barWidth: 16, emphasis: { focus: 'series' as const } })
  return {
    animation: false,
    textStyle: { fontFamily: font, fontSize: 15, color: colour('--el-text-color-regular') },
    grid: { left: 130, right: 40, top: 56, bottom: 24 },
    legend: { top: 4, left: 'center', itemGap: 22, textStyle: { fontSize: 15, color: colour('--el-text-color-regular') } },
    // Text, not HTML: the content security policy refuses the style attributes of the HTML kind.
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, renderMode: 'richText', textStyle: { fontSize: 15 } },
    xAxis: { type: 'value', position: 'top', minInterval: 1, max: 'dataMax', axisLabel: { formatter: (n: number) => words.ballots(n), color: colour('--el-text-color-secondary') }, splitLine: { lineStyle: { color: colour('--el-border-color-lighter') } } },
    yAxis: {
      type: 'category', inverse: true, data: subjects.map((s) => `${s.no}  ${s.name}`), axisTick: { show: false },
      axisLabel: { interval: 0, fontSize: 15, color: colour('--el-text-color-primary'), width: 116, overflow: 'truncate' },
    },
    series: [
      ...grades.map((g, i) => bar(g, colour(`--grade-${i + 1}`), tables.map((t) => t.counts?.[i] ?? 0))),
      bar(words.blank, colour('--grade-blank'), tables.map((t) => t.blank)),
      bar(words.invalid, colour('--grade-invalid'), tables.map((t) => t.invalid)),
    ],
  }
}

/** Columns that the service sorts by. */
export const sortKeys = ['no', 'name', 'org', 'mode', 'rank', 'good', 'score', 'blank', 'invalid'] as const
export type SortKey = (typeof sortKeys)[number]
export const sortKey = (name: unknown): SortKey | undefined => sortKeys.find((k) => k === name)
