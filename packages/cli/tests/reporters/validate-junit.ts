import { readFileSync } from 'node:fs'
import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm'

const schema = XmlDocument.fromString(readFileSync(new URL('schemas/junit.xsd', import.meta.url), 'utf8'))
const validator = XsdValidator.fromDoc(schema)

/** A failed or passed test case, as a reader of the XML sees it. */
export interface TestCase {
  readonly suite: string
  readonly name: string
  readonly message: string | undefined
  readonly details: string | undefined
}

/**
 * Reads a JUnit report with a conforming parser and checks it against the schema.
 * @throws if it is not well-formed or not valid
 */
export function readJunit(text: string): TestCase[] {
  const document = XmlDocument.fromString(text)
  try {
    validator.validate(document)
    return elements(document, '//testcase').map((testcase) => {
      const failure = testcase.get('failure')
      return {
        suite: testcase.parent?.attr('name')?.value ?? '',
        name: testcase.attr('name')?.value ?? '',
        message: failure instanceof XmlElement ? failure.attr('message')?.value : undefined,
        details: failure?.content,
      }
    })
  } finally {
    document.dispose()
  }
}

function elements(document: XmlDocument, path: string): XmlElement[] {
  return document.find(path).filter((node) => node instanceof XmlElement)
}
