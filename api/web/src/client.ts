// The one place that talks to the service: typed calls, problems as Failure, and files.
import createClient from 'openapi-fetch'
import type { components, paths } from './api'
import { locale } from './i18n'

type Schemas = components['schemas']
export type Me = Schemas['Me']
export type Meeting = Schemas['Meeting']
export type MeetingSummary = Schemas['MeetingSummary']
export type LedgerView = Schemas['LedgerView']
export type LedgerLine = Schemas['LedgerLine']
export type LedgerEntry = Schemas['LedgerEntry']
export type LedgerBreak = Schemas['LedgerBreak']
export type Batch = Schemas['Batch']
export type BatchPage = Schemas['BatchPage']
export type Problem = Schemas['Problem']
export type TrialResult = Schemas['TrialResult']
export type TrialFinding = Schemas['TrialFinding']
export type CommentList = Schemas['CommentList']
export type Comment = Schemas['Comment']
export type TypedState = Exclude<Comment['state'], 'waiting'>
export type QueueRow = Schemas['QueueRow']
export type Queue = Schemas['Queue']
export type RowLayout = Schemas['RowLayout']
export type Decision = Schemas['Decision']
export type DecidedRow = Schemas['DecidedRow']
export type PageSummary = Schemas['PageSummary']
export type PageDetail = Schemas['Page']
export type AuditView = Schemas['AuditView']
export type CVRExport = Schemas['CVRExport']
export type Bundle = Schemas['Bundle']
export type RowDifference = Schemas['RowDifference']
export type Checkpoint = Schemas['Checkpoint']
export type Archiving = Schemas['Archiving']
export type Result = Schemas['ResultPart']
export type ResultSubject = Schemas['ResultSubject']
export type ResultTable = Schemas['ResultTable']
export type Subject = Schemas['Subject']
export type VoterGroup = Schemas['VoterGroup']
export type ExcludedRule = Schemas['ExcludedRule']
export type Venue = Schemas['Venue']
export type Rules = Schemas['Rules']
export type Groups = Schemas['Groups']
export type Roll = Schemas['Roll']
export type DraftRoster = Schemas['DraftRoster']
export type Preview = Schemas['Preview']
export type FormPage = Schemas['FormPage']
/** One of the things that are wrong: its row in a file, or the field at fault. */
export type Fault = Pick<Schemas['ProblemItem'], 'code' | 'detail' | 'row' | 'location'>

export type Signing = Schemas['Signing']
export type Vouching = Schemas['Vouching']
export type NewFactor = Schemas['NewFactor']
export type Act = Schemas['Act']

/** Roles, in the order of the work. */
export const roles = ['admin', 'printing', 'scanning', 'scrutineer', 'committee', 'auditor'] as const
export type Role = (typeof roles)[number]

/** States of a meeting, in their order. */
export const states = ['draft', 'sealed', 'open', 'balanced', 'certified', 'released', 'archived'] as const
export type State = (typeof states)[number]

/** A refusal by the service, or a request that had no answer: "network" where something was asked for, "unanswered"
 *  where something was to be done, of which nobody here knows whether it was. */
export class Failure extends Error {
  readonly code: string
  readonly items: string[]
  /** Every single failure, also where there is one alone. */
  readonly faults: Fault[]
  constructor(problem: Pick<Problem, 'code' | 'detail' | 'errors' | 'row' | 'location'>) {
    super(problem.detail)
    this.code = problem.code
    this.items = (problem.errors ?? []).map((e) => e.detail)
    this.faults = problem.errors?.length ? problem.errors : [problem]
  }
}

export const api = createClient<paths>({ baseUrl: '' })
api.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', locale())
    return request
  },
  onError: ({ request }) => noAnswer(request.method),
})

function noAnswer(method: string): Failure {
  return new Failure({ code: method === 'GET' ? 'network' : 'unanswered', detail: '' })
}

/** Whether nobody knows if what was asked for is done. */
export const unanswered = (e: unknown): boolean => e instanceof Failure && e.code === 'unanswered'

/** Someone whose session has ended is told by this: the router shows the sign-in page. */
let signedOut: () => void = () => undefined
export function onSignedOut(then: () => void): void {
  signedOut = then
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body
}

/** The problem document of a failed answer, or what can be said without one. */
export function failureOf(body: unknown, status: number): Failure {
  const failure = new Failure(isProblem(body) ? body : { code: 'network', detail: `HTTP ${status}` })
  if (failure.code === 'unauthenticated') signedOut()
  return failure
}

/** Gives an answer's data, or throws the Failure. */
export async function take<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const answer = await call
  if (!answer.response.ok) throw failureOf(answer.error, answer.response.status)
  return answer.data as T
}

/** A part of a draft with its tag, which tells whether somebody else has changed it since. */
export interface Tagged<T> {
  value: T
  tag: string
}

export async function takeTagged<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<Tagged<T>> {
  let tag = ''
  const value = await take(call.then((answer) => {
    tag = answer.response.headers.get('ETag') ?? ''
    return answer
  }))
  return { value, tag }
}

/** Gives the answer to a request that is made by hand, or throws the Failure. */
export async function answered(request: Promise<Response>, method: 'GET' | 'POST' = 'GET'): Promise<Response> {
  let answer: Response
  try {
    answer = await request
  } catch {
    throw noAnswer(method)
  }
  if (!answer.ok) throw failureOf(json(await answer.text()), answer.status)
  return answer
}

/** Sends a file to a path of a meeting, for an answer of JSON. */
export async function send<T>(path: string, file: File): Promise<T> {
  const body = new FormData()
  body.append('file', file, file.name)
  const answer = await answered(fetch(path, { method: 'POST', body, headers: { 'Accept-Language': locale() } }), 'POST')
  return json(await answer.text()) as T
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Sends files as a form; progress is the share of their bytes that were sent, 0…1, which fetch cannot tell. Gives the answer. */
export function sendFiles(path: string, files: readonly File[], progress: (share: number) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.setRequestHeader('Accept-Language', locale())
    request.upload.onprogress = (e) => progress(e.total > 0 ? e.loaded / e.total : 0)
    request.onload = () => (request.status < 300 ? resolve(json(request.responseText)) : reject(failureOf(json(request.responseText), request.status)))
    request.onerror = () => reject(noAnswer('POST'))
    const form = new FormData()
    for (const file of files) form.append('file', file, file.name)
    request.send(form)
  })
}

/** Sends one file of scans into a batch. */
export async function upload(meeting: string, batch: string, file: File, progress: (share: number) => void): Promise<void> {
  await sendFiles(`/api/v1/meetings/${encodeURIComponent(meeting)}/batches/${encodeURIComponent(batch)}/uploads`, [file], progress)
}

/** Has the scans of a trial run read. */
export async function readTrial(meeting: string, group: string, files: readonly File[], progress: (share: number) => void): Promise<TrialResult> {
  return (await sendFiles(`/api/v1/meetings/${encodeURIComponent(meeting)}/trial?group=${encodeURIComponent(group)}`, files, progress)) as TrialResult
}
