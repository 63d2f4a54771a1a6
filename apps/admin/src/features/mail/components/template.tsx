import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { TenantFactsFragment } from '../../../generated/graphql.ts'
import { useKeepDraft, useKeptDraft } from '../../../lib/drafts.tsx'
import { mailLanguage } from '../languages.ts'
import { type Look, lookChanges, lookOf } from '../look.ts'
import { type Drafts, textsOf, withDrafts } from '../own-texts.ts'
import { LookForm } from './look-form.tsx'
import { OwnTexts } from './own-texts.tsx'
import { Preview } from './preview.tsx'
import styles from './template.module.css'
import { TestMail } from './test-mail.tsx'

interface TemplateProps {
  readonly tenant: TenantFactsFragment
  readonly onSaved: () => void
}

/** What was typed in both forms, and what it was typed over. */
interface Draft {
  readonly lookBase: TenantFactsFragment
  readonly textBase: TenantFactsFragment
  readonly typedLook: Look | undefined
  readonly drafts: Drafts
}

const AFTER_TYPING_MS = 400

/**
 * The tenant's mail as it is typed: look and texts in every language beside its preview, and a test mail.
 * What is not saved is still there when one comes back from another page.
 */
export function Template({ tenant, onSaved }: TemplateProps) {
  // What is loaded again meanwhile is not taken for what the person has seen. Each form has its own, because
  // one can be saved while something is typed in the other.
  const { id, settings } = tenant
  const form = `mail of ${id}`
  const kept = useKeptDraft<Draft>(form)
  const [lookBase, setLookBase] = useState(kept?.lookBase ?? tenant)
  const [textBase, setTextBase] = useState(kept?.textBase ?? tenant)
  const [chosen, setLocale] = useState<string>()
  const locale = chosen ?? mailLanguage(settings.locale)
  const saved = lookOf(lookBase.settings.mail)
  const [typedLook, setLook] = useState(kept?.typedLook)
  const [drafts, setDrafts] = useState<Drafts>(kept?.drafts ?? {})
  const texts = textBase.settings.mail.texts ?? []
  const look = typedLook ?? saved

  const isDraft = Object.entries(drafts).some(
    ([language, values]) => JSON.stringify(values) !== JSON.stringify(textsOf(texts, language)),
  )
  const changedLook = lookChanges(saved, look)
  const isLookChanged = Object.keys(changedLook).length > 0
  useKeepDraft<Draft>(form, isDraft || isLookChanged ? { lookBase, textBase, typedLook, drafts } : undefined)
  const unsaved = { ...changedLook, ...(isDraft && { texts: withDrafts(texts, drafts) }) }
  // With what was typed, although it is as before: over what somebody else has saved it would be a change.
  if (!isLookChanged && isNewer(tenant, lookBase)) {
    setLookBase(tenant)
    setLook(undefined)
  }
  if (!isDraft && isNewer(tenant, textBase)) {
    setTextBase(tenant)
    setDrafts({})
  }
  const [shown] = useDebouncedValue(JSON.stringify(unsaved), AFTER_TYPING_MS)

  return (
    <div className={styles.template}>
      <Preview tenantId={id} locale={locale} onLocale={setLocale} unsaved={JSON.parse(shown)} />
      <div className={styles.forms}>
        <LookForm
          base={lookBase}
          look={look}
          onChange={setLook}
          onSaved={(now) => {
            setLook(undefined)
            setLookBase(now)
            if (isNext(now, textBase)) setTextBase(now)
            onSaved()
          }}
          onGone={onSaved}
        />
        <OwnTexts
          base={textBase}
          language={locale}
          drafts={drafts}
          isChanged={isDraft}
          onChange={setDrafts}
          onSaved={(now) => {
            setDrafts({})
            setTextBase(now)
            if (isNext(now, lookBase)) setLookBase(now)
            onSaved()
          }}
          onGone={onSaved}
        />
        <TestMail tenantId={id} locale={locale} />
      </div>
    </div>
  )
}

const isNewer = (one: TenantFactsFragment, than: TenantFactsFragment) =>
  one.settings.version > than.settings.version

/** Whether nobody else has changed the tenant between the two. */
const isNext = (one: TenantFactsFragment, after: TenantFactsFragment) =>
  one.settings.version === after.settings.version + 1
