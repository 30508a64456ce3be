import type { Language, SourceCode } from '@krait/core'
import { awaitsInLoopsFact } from './facts/awaits-in-loops.ts'
import { attributeAssignmentsFact } from './facts/attribute-assignments.ts'
import { classHeadsFact, classNamesFact } from './facts/class-facts.ts'
import { callFact } from './facts/call-fact.ts'
import { attributeUsesFact } from './facts/attribute-uses.ts'
import { calledNamesFact } from './facts/called-names.ts'
import { importsFact } from './facts/imports-fact.ts'
import { instanceAttributesFact } from './facts/instance-attributes.ts'
import { moduleFact } from './facts/module-fact.ts'
import { itemSettersFact } from './facts/item-setters.ts'
import { parameterFatesFact } from './facts/parameter-fates.ts'
import { parameterUsesFact } from './facts/parameter-uses.ts'
import { memberPlaceFact } from './facts/member-place-fact.ts'
import { placeFact } from './facts/place-fact.ts'
import { sqlTextFact } from './facts/sql-text-fact.ts'
import { raiseFact } from './facts/raise-fact.ts'
import { wholeTryFact } from './facts/whole-try.ts'
import { timeoutFact } from './facts/timeout-fact.ts'
import { semanticsOf } from './file-semantics.ts'
import { migrationFact } from './frameworks/alembic/operations-fact.ts'
import { definitionPlaceFact } from './facts/definition-place-fact.ts'
import { exceptionHandlerFact } from './frameworks/exception-handler-fact.ts'
import { webFunctionsFact } from './frameworks/web-functions-fact.ts'
import { wiringFact } from './frameworks/fastapi/wiring-fact.ts'
import { mappingFact } from './frameworks/sqlalchemy/mapping-fact.ts'
import { associatedTypesFact } from './frameworks/sqlalchemy/collection-columns.ts'
import { deleteListenersFact } from './frameworks/sqlalchemy/delete-listeners.ts'
import { heldFact } from './frameworks/sqlalchemy/held-fact.ts'
import { engineUrlsFact, importedDialectsFact } from './frameworks/sqlalchemy/dialect-index.ts'
import { changedParametersFact } from './frameworks/sqlalchemy/statements/changed-parameters.ts'
import { sessionFactoryFact } from './frameworks/sqlalchemy/session-factories.ts'
import { tablesFact } from './frameworks/sqlalchemy/tables-fact.ts'
import { statementFunctionsFact } from './frameworks/sqlalchemy/statements/functions-fact.ts'
import { pythonIndexes } from './indexes.ts'
import { annotatedAttributesFact } from './kinds/alias-users.ts'
import { mentionsFact } from './kinds/mentions-fact.ts'
import { guardedReturnsFact } from './kinds/guarded-returns.ts'
import { textWriteLinesFact, textWritesFact } from './kinds/text-writes.ts'
import { PythonServices } from './services.ts'
import { localAttributeUsesFact } from './facts/local-attribute-uses.ts'
import { returnedCallsFact } from './facts/returned-calls.ts'
import { returnedLocalsFact } from './shared/returned-locals.ts'
import { statementRange } from './statement-range.ts'
import type { PythonParser } from './syntax/parser.ts'
import { findSyntaxProblem } from './syntax/syntax-errors.ts'

/** Python as a language of the host. @param parser what `loadPython` gave */
export function createPythonLanguage(parser: Pick<PythonParser, 'parse'>): Language {
  return {
    name: 'python',
    displayName: 'Python',
    extensions: ['.py', '.pyi'],
    parse: (text) => parser.parse(text),
    facts: [
      moduleFact,
      importsFact,
      classHeadsFact,
      classNamesFact,
      tablesFact,
      webFunctionsFact,
      heldFact,
      mentionsFact,
      annotatedAttributesFact,
      associatedTypesFact,
      attributeUsesFact,
      changedParametersFact,
      deleteListenersFact,
      engineUrlsFact,
      importedDialectsFact,
      awaitsInLoopsFact,
      attributeAssignmentsFact,
      instanceAttributesFact,
      callFact,
      calledNamesFact,
      definitionPlaceFact,
      exceptionHandlerFact,
      guardedReturnsFact,
      mappingFact,
      memberPlaceFact,
      migrationFact,
      itemSettersFact,
      parameterFatesFact,
      parameterUsesFact,
      placeFact,
      raiseFact,
      localAttributeUsesFact,
      returnedCallsFact,
      returnedLocalsFact,
      sqlTextFact,
      sessionFactoryFact,
      statementFunctionsFact,
      wholeTryFact,
      timeoutFact,
      textWriteLinesFact,
      textWritesFact,
      wiringFact,
    ],
    indexes: pythonIndexes,
    createServices: (input) => new PythonServices(input),
    createFactServices: ({ tree }: SourceCode) => semanticsOf(tree),
    imports: ({ tree }, modules) => modules.some((module) => semanticsOf(tree).imports(module)),
    statementRange,
    findSyntaxProblem,
  }
}
