import type { MessageData } from '@krait/core'

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g

/** The message with its `{{placeholders}}` filled; those without a value stay. */
export function fillTemplate(template: string, data: MessageData): string {
  return template.replace(PLACEHOLDER, (placeholder, name: string) => {
    const value = data[name]
    return value === undefined ? placeholder : String(value)
  })
}

/** The placeholders of a template that still stand in the message made from it. */
export function unfilledPlaceholders(template: string, message: string): string[] {
  return [...new Set(template.match(PLACEHOLDER) ?? [])].filter((placeholder) => message.includes(placeholder))
}
