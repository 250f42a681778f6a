// Failures and questions in words.
import { Failure } from './client'
import { ElMessage, ElMessageBox } from './element'
import { i18n } from './i18n'

const t = i18n.global.t

/** What went wrong, in words. Anything but a Failure is a fault of these pages, and is thrown on. */
export function reason(e: unknown): string {
  if (!(e instanceof Failure)) throw e
  if (e.message !== '') return e.message
  return t(e.code === 'unanswered' ? 'problem.unanswered' : 'problem.network')
}

/** Shows a failure until it is read; the end of a session is told by the sign-in page. */
export function complain(e: unknown): void {
  const text = reason(e)
  if (e instanceof Failure && e.code === 'unauthenticated') return
  ElMessage({ type: 'error', message: text, duration: 10_000, showClose: true })
}

export function succeed(text: string): void {
  ElMessage({ type: 'success', message: text, duration: 5_000, showClose: true })
}

/** Tells what a signature did: by are those who have signed an act that waits for a second person; null where it is done. */
export function tellSigned(act: string, by: string[] | null): void {
  succeed(by ? t('act.signed', { by: by.join(t('common.listSeparator')) }) : t('act.done', { act: t(`act.${act}`) }))
}

/** Asks for the reason of an act; null where the person thinks better of it. */
export async function because(text: string, act: string): Promise<string | null> {
  try {
    const { value } = await ElMessageBox.prompt(text, act, { confirmButtonText: act, cancelButtonText: t('common.cancel'), type: 'warning', inputPattern: /\S/, inputErrorMessage: t('act.reason'), inputPlaceholder: t('act.reason') })
    return value.trim()
  } catch {
    return null // closed or cancelled
  }
}

/** Asks before an act that cannot be taken back; false where the person thinks better of it. */
export async function sure(text: string, act: string, dangerous = false): Promise<boolean> {
  try {
    await ElMessageBox.confirm(text, act, {
      confirmButtonText: act, cancelButtonText: t('common.cancel'), type: 'warning', autofocus: false,
      confirmButtonClass: dangerous ? 'el-button--danger' : '',
    })
    return true
  } catch {
    return false // closed or cancelled
  }
}
